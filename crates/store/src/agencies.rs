//! The agency's own row: made once by its first administrator, shown to everybody who signs in.

use domain::id::{FileHash, Realm, StatementId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, to_sql},
};

/// The agency of the transaction.
#[derive(Clone, Debug)]
pub struct Agency {
    /// SHA-256 of the root key.
    pub realm: Realm,
    /// The Ed25519 root public key.
    pub root_key: [u8; 32],
    /// Its name.
    pub name: String,
    /// Its policy as JSON; absent keys mean the national default.
    pub policy: String,
    /// The newest `agency` statement that is logged; before any is, the first that came.
    pub statement: StatementId,
    /// Its envelope.
    pub envelope: Vec<u8>,
}

/// The agency, once it is set up.
pub async fn find(tx: &mut Tx) -> Result<Option<Agency>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select g.realm, g.root_key, g.name, g.policy::text as "policy!", s.statement_id, s.envelope
from agencies g
join lateral (
    select s.statement_id, s.envelope from statements s
    left join verdicts v on v.agency_id = s.agency_id and v.statement_id = s.statement_id
    where s.agency_id = g.agency_id and s.kind = 'agency'
        and v.verdict is distinct from 'quarantined'
    order by v.log_index desc nulls last, s.received_at limit 1) as s on true
where g.agency_id = $1
"#,
        agency,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(Agency {
            realm: Realm::from_sql(&row.realm)?,
            // A hash in form only: 32 bytes from a `bytea` column.
            root_key: FileHash::from_sql(&row.root_key)?.to_bytes(),
            name: row.name,
            policy: row.policy,
            statement: StatementId::from_sql(&row.statement_id)?,
            envelope: row.envelope,
        })
    })
    .transpose()
}

/// The envelope of the `agency` statement that came last and waits for the worker.
pub async fn find_waiting(tx: &mut Tx) -> Result<Option<Vec<u8>>, StoreError> {
    let agency = tx.agency().uuid();
    let envelope = sqlx::query_scalar!(
        r#"
select s.envelope from statements s
left join verdicts v on v.agency_id = s.agency_id and v.statement_id = s.statement_id
where s.agency_id = $1 and s.kind = 'agency' and v.statement_id is null
order by s.received_at desc limit 1
"#,
        agency,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(envelope)
}

/// Makes the agency; `false` when it is there already.
pub async fn insert(
    tx: &mut Tx,
    root_key: &[u8; 32],
    realm: Realm,
    name: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        r#"
insert into agencies (agency_id, realm, root_key, name, created_at) values ($1, $2, $3, $4, $5)
on conflict do nothing
"#,
        agency,
        realm.sql(),
        root_key.as_slice(),
        name,
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Replaces the policy, a JSON object that `domain` has read.
pub async fn update_policy(tx: &mut Tx, policy: &str) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "update agencies set policy = $2::text::jsonb where agency_id = $1",
        agency,
        policy,
    )
    .execute(tx.conn())
    .await?;
    crate::error::one(&done)
}
