//! Letters passed on, each to one reader. Written by the worker alone.

use domain::id::{LetterId, MembershipId, StatementId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, to_sql, uuids},
};

/// Gives a revision to its readers. Fails as a duplicate if one of them has it already: a letter
/// is passed on once.
pub async fn insert(
    tx: &mut Tx,
    letter: LetterId,
    submit: StatementId,
    decision: StatementId,
    readers: &[MembershipId],
    now: Timestamp,
) -> Result<(), StoreError> {
    let (agency, readers) = (tx.agency().uuid(), uuids(readers));
    sqlx::query!(
        "insert into deliveries (agency_id, submit_id, membership_id, letter_id, decision_id,
             released_at)
         select $1, $2, reader, $3, $4, $5 from unnest($6::uuid[]) as reader",
        agency,
        submit.sql(),
        letter.uuid(),
        decision.sql(),
        to_sql(now),
        &readers,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
