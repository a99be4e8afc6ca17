//! Receipts: a reader's short answer to a letter that was passed on to them.

use domain::id::{LetterId, MembershipId, Realm, StatementId};

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, to_sql},
    error::one,
    jobs::Queue,
    statements::NewStatement,
};

/// A receipt to store.
#[derive(Clone, Debug)]
pub struct NewReceipt<'a> {
    /// The `receipt` statement.
    pub statement: NewStatement<'a>,
    /// The realm it names.
    pub realm: Realm,
    /// The letter.
    pub letter: LetterId,
    /// The revision that was passed on.
    pub submit: StatementId,
    /// The reader.
    pub membership: MembershipId,
    /// `thanks` or `will-write`.
    pub phrase: &'a str,
}

/// Stores a receipt, or nothing at all: `false` when the revision was not passed on to this reader
/// or has their answer, which [`explain`] tells apart. Of two at one moment the second fails on
/// `receipts_one_each`.
pub async fn insert(tx: &mut Tx, new: &NewReceipt<'_>) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
with gate as materialized (
    select d.letter_id from deliveries d
    where d.agency_id = $1 and d.submit_id = $2 and d.membership_id = $3 and d.letter_id = $4
        and exists (select from agencies g where g.agency_id = $1 and g.realm = $5)
        and not exists (
            select from receipts r where r.agency_id = $1 and r.submit_id = $2
                and r.membership_id = $3 and r.verdict <> 'quarantined')
),
recorded as materialized (
    select letter_id, record_statement($6, 'receipt', $7, $8, $9, null, $10) as stored from gate
),
answered as (
    insert into receipts (agency_id, statement_id, submit_id, letter_id, membership_id, phrase,
        received_at)
    select $1, $6, $2, letter_id, $3, $11, $10 from recorded where stored
)
select stored as "stored!" from recorded
"#,
        agency,
        new.submit.sql(),
        new.membership.uuid(),
        new.letter.uuid(),
        new.realm.sql(),
        new.statement.id.sql(),
        new.statement.envelope,
        new.statement.account.map(Id16::uuid),
        &byteas(new.statement.refers_to),
        to_sql(new.statement.received_at),
        new.phrase,
    )
    .fetch_optional(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.is_some_and(|row| row.stored))
}

/// Why [`insert`] stored nothing, or that there was nothing left to store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The very same statement is there already: sending twice is harmless.
    Repeated,
    /// The reader has answered this revision.
    Answered,
    /// The very same statement was refused by the worker.
    Refused,
    /// The letter was not passed on to this reader, or not this revision of it.
    NotFound,
}

/// Looks at each guard of [`insert`] in turn. For the path of errors only.
pub async fn explain(tx: &mut Tx, new: &NewReceipt<'_>) -> Result<Held, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select
    exists (select from receipts r where r.agency_id = $1 and r.statement_id = $2
        and r.verdict <> 'quarantined') as "repeated!",
    exists (select from receipts r where r.agency_id = $1 and r.submit_id = $3
        and r.membership_id = $4 and r.verdict <> 'quarantined') as "answered!",
    exists (select from receipts r where r.agency_id = $1 and r.statement_id = $2) as "refused!"
"#,
        agency,
        new.statement.id.sql(),
        new.submit.sql(),
        new.membership.uuid(),
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(if row.repeated {
        Held::Repeated
    } else if row.answered {
        Held::Answered
    } else if row.refused {
        Held::Refused
    } else {
        Held::NotFound
    })
}

/// Says what the worker found: `logged` or `quarantined`.
pub async fn judge(tx: &mut Tx, statement: StatementId, verdict: &str) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let judged = sqlx::query!(
        "update receipts set verdict = $3 where agency_id = $1 and statement_id = $2",
        agency,
        statement.sql(),
        verdict,
    )
    .execute(tx.conn())
    .await?;
    one(&judged)
}
