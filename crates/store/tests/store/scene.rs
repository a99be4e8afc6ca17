//! Two agencies with a row in every table; see `scene.sql`.

use domain::id::{AccountId, AgencyId, StatementId};
use jiff::Timestamp;
use store::testing::TestDatabase;

pub struct Scene {
    pub db: TestDatabase,
}

/// The moment at which the scene was set.
pub const NOW: &str = "2026-11-23T10:00:00Z";

pub fn now() -> Timestamp {
    NOW.parse().expect("an instant")
}

impl Scene {
    pub async fn set() -> Self {
        let db = TestDatabase::create().await;
        let superuser = db.superuser().await;
        sqlx::raw_sql(include_str!("scene.sql")).execute(&superuser).await.expect("the scene");
        superuser.close().await;
        Self { db }
    }

    pub async fn superuser(&self, sql: &str) -> Result<u64, store::StoreError> {
        let pool = self.db.superuser().await;
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&pool).await;
        pool.close().await;
        Ok(done?.rows_affected())
    }
}

fn sixteen(agency: u8, n: u8) -> [u8; 16] {
    let mut bytes = [0; 16];
    (bytes[0], bytes[15]) = (agency, n);
    bytes
}

/// Numbers are read as in the SQL: two decimal digits as two hexadecimal ones.
fn digits(n: u8) -> u8 {
    n / 10 * 16 + n % 10
}

pub const A: AgencyId = AgencyId::from_bytes([0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
pub const EMPTY: AgencyId = AgencyId::from_bytes([0xe0; 16]);

pub fn account(n: u8) -> AccountId {
    AccountId::from_bytes(sixteen(0xa0, digits(n)))
}

pub fn statement(n: u8) -> StatementId {
    let mut bytes = [digits(n); 32];
    bytes[0] = 0xa0;
    StatementId::from_bytes(bytes)
}

/// Hex of a statement, or of the session with that number.
pub fn hex32(n: u8) -> String {
    statement(n).to_string()
}
