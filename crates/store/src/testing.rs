//! A database per test, made from a migrated template on a private cluster, with a store for each
//! service under that service's own role, as superusers and owners see through the policies.

use std::{
    str::FromStr,
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{Role, Store, StoreError, Tx, migrate};

/// A superuser's URL on a cluster made for tests.
pub const URL_VARIABLE: &str = "POSTERN_TEST_DATABASE_URL";

/// One test's database, dropped with it.
#[derive(Debug)]
pub struct TestDatabase {
    server: PgConnectOptions,
    name: String,
}

impl TestDatabase {
    /// Makes one.
    ///
    /// # Panics
    ///
    /// If no cluster was given, or it does not do as it is told: there is nothing to test then.
    pub async fn create() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let url = std::env::var(URL_VARIABLE).unwrap_or_else(|_| {
            panic!("{URL_VARIABLE} is not set: run `cargo xtask test`, which starts a private PostgreSQL")
        });
        let server = PgConnectOptions::from_str(&url).expect("a PostgreSQL URL");
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("postern_test_{}_{number}", std::process::id());
        let mut conn = server.connect().await.expect("the test cluster answers");
        let template = template(&server, &mut conn).await;
        run(&mut conn, format!("drop database if exists {name} with (force)")).await;
        run(&mut conn, format!("create database {name} template {template} owner migrator")).await;
        conn.close().await.expect("closing the connection");
        Self { server, name }
    }

    /// The URL by which a role's service connects.
    pub fn url(&self, role: Role) -> String {
        self.server.clone().username(&role.login()).database(&self.name).to_url_lossy().to_string()
    }

    /// A superuser's URL of this database: for what an operator does.
    pub fn superuser_url(&self) -> String {
        self.server.clone().database(&self.name).to_url_lossy().to_string()
    }

    /// A store under a role.
    ///
    /// # Panics
    ///
    /// If the cluster does not answer.
    pub async fn store(&self, role: Role) -> Store {
        let options = self.server.clone().username(&role.login()).database(&self.name);
        Store::connect_with(options, role).await.expect("the test cluster answers")
    }

    /// A superuser's pool, past every policy: to set a scene and to look behind one.
    ///
    /// # Panics
    ///
    /// If the cluster does not answer.
    pub async fn superuser(&self) -> PgPool {
        PgPoolOptions::new()
            .max_connections(2)
            .connect_with(self.server.clone().database(&self.name))
            .await
            .expect("the test cluster answers")
    }
}

impl Tx {
    /// Tries any SQL as this transaction's role; rows affected. To prove what a role may not do.
    pub async fn attempt(&mut self, sql: &str) -> Result<u64, StoreError> {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(self.conn()).await?;
        Ok(done.rows_affected())
    }

    /// The one number that a query gives, as this transaction's role.
    pub async fn number(&mut self, sql: &str) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(self.conn()).await?)
    }

    /// The one JSON value that a query gives, as text, as this transaction's role.
    pub async fn json(&mut self, sql: &str) -> Result<String, StoreError> {
        let sql = format!("select found.value::text from ({sql}) as found (value)");
        Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(self.conn()).await?)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let server = self.server.clone();
        let statement = format!("drop database if exists {} with (force)", self.name);
        // A thread of its own: a runtime cannot wait within a runtime.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                runtime.block_on(async {
                    if let Ok(mut conn) = server.connect().await {
                        let _ = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut conn).await;
                    }
                });
            }
        });
        let _ = dropped.join();
    }
}

/// The template for this set of migrations, made by whichever test comes first.
async fn template(server: &PgConnectOptions, conn: &mut PgConnection) -> String {
    let name = format!("postern_template_{}", migrate::fingerprint());
    // Test processes may start together; the others wait here.
    run(conn, "select pg_advisory_lock(7060501)".to_owned()).await;
    let ready: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&name)
            .fetch_one(&mut *conn)
            .await
            .expect("listing databases");
    if !ready {
        migrate::create_roles_on(conn).await.expect("creating roles");
        let making = format!("{name}_making");
        run(conn, format!("drop database if exists {making} with (force)")).await;
        run(conn, format!("create database {making} owner migrator")).await;
        let mut inside =
            server.clone().database(&making).connect().await.expect("the new database");
        migrate::migrate_on(&mut inside).await.expect("migrating the template");
        inside.close().await.expect("closing the connection");
        // Only a whole template ever has the name.
        run(conn, format!("alter database {making} rename to {name}")).await;
    }
    run(conn, "select pg_advisory_unlock(7060501)".to_owned()).await;
    name
}

async fn run(conn: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(conn).await.expect("the statement works");
}
