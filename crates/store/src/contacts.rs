//! Contact points: sealed to the notification service, which alone reads them.

use domain::id::{MembershipId, StatementId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, from_sql, to_sql, uuids},
    jobs::Queue,
    statements::NewStatement,
};

/// A contact point to store.
#[derive(Clone, Debug)]
pub struct NewContact<'a> {
    /// The `contact` statement.
    pub statement: NewStatement<'a>,
    /// Whose.
    pub membership: MembershipId,
    /// Version, from 1.
    pub n: i32,
    /// `email`, `text` or `post`.
    pub channel: &'a str,
    /// The sealed contact file.
    pub sealed: &'a [u8],
}

/// Stores a contact point. `false` when it was there already; fails on `contacts_pkey` when there
/// is another of that version.
pub async fn insert(tx: &mut Tx, new: &NewContact<'_>) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
with recorded as materialized (
    select record_statement($2, 'contact', $3, $4, $5, null, $6) as stored
),
waiting as (
    insert into contacts (agency_id, membership_id, n, statement_id, channel, sealed)
    select $1, $7, $8, $2, $9, $10 from recorded where stored
)
select stored as "stored!" from recorded
"#,
        agency,
        new.statement.id.sql(),
        new.statement.envelope,
        new.statement.account.map(Id16::uuid),
        &byteas(new.statement.refers_to),
        to_sql(new.statement.received_at),
        new.membership.uuid(),
        new.n,
        new.channel,
        new.sealed,
    )
    .fetch_one(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.stored)
}

/// A contact point, without its content.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Whose.
    pub membership: MembershipId,
    /// Version.
    pub n: i32,
    /// The `contact` statement.
    pub statement: StatementId,
    /// `email`, `text` or `post`.
    pub channel: String,
    /// `waiting`, `in_use`, `replaced`, `failing` or `quarantined`.
    pub state: String,
    /// Since when it fails.
    pub failed_at: Option<Timestamp>,
}

/// The contact points of some memberships, newest version first.
pub async fn list(tx: &mut Tx, memberships: &[MembershipId]) -> Result<Vec<Contact>, StoreError> {
    let (agency, mine) = (tx.agency().uuid(), uuids(memberships));
    let rows = sqlx::query!(
        r#"
select membership_id, n, statement_id, channel, state, failed_at from contacts
where agency_id = $1 and membership_id = any ($2::uuid[])
order by membership_id, n desc
"#,
        agency,
        &mine,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Contact {
                membership: MembershipId::from_uuid(row.membership_id),
                n: row.n,
                statement: StatementId::from_sql(&row.statement_id)?,
                channel: row.channel,
                state: row.state,
                failed_at: row.failed_at.map(from_sql).transpose()?,
            })
        })
        .collect()
}
