//! Counters of what is limited per window: by account, invite or a keyed hash of a network.

use jiff::{SignedDuration, Timestamp};

use crate::{
    StoreError, Tx,
    convert::{Id16, from_sql, to_sql},
};

/// Counts one use, if `most` in `window` leaves room; otherwise says when the window is over. One
/// that seems to begin later than the next was begun by a clock that ran ahead: it is over.
pub async fn take(
    tx: &mut Tx,
    subject: &str,
    kind: &str,
    most: i32,
    window: SignedDuration,
    now: Timestamp,
) -> Result<Result<(), Timestamp>, StoreError> {
    let agency = tx.agency().uuid();
    let taken = sqlx::query!(
        "insert into limits (agency_id, subject, kind, window_started_at, used)
         values ($1, $2, $3, $4, 1)
         on conflict (agency_id, subject, kind) do update set
             window_started_at =
                 case when limits.window_started_at > $5 and limits.window_started_at <= $7
                     then limits.window_started_at else $4 end,
             used = case when limits.window_started_at > $5 and limits.window_started_at <= $7
                 then limits.used + 1 else 1 end
         where limits.used < $6
             or not (limits.window_started_at > $5 and limits.window_started_at <= $7)",
        agency,
        subject,
        kind,
        to_sql(now),
        to_sql(now - window),
        most,
        to_sql(now + window),
    )
    .execute(tx.conn())
    .await?;
    if taken.rows_affected() == 1 {
        return Ok(Ok(()));
    }
    let started = sqlx::query_scalar!(
        "select window_started_at from limits
         where agency_id = $1 and subject = $2 and kind = $3",
        agency,
        subject,
        kind,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Err(from_sql(started)? + window))
}

/// Gives one use back: what it was spent on is none of what is limited.
pub async fn give_back(tx: &mut Tx, subject: &str, kind: &str) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "update limits set used = greatest(used - 1, 0)
         where agency_id = $1 and subject = $2 and kind = $3",
        agency,
        subject,
        kind,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
