//! Guesses at an account's words: how many, since when.

use domain::id::AccountId;
use jiff::{SignedDuration, Timestamp};

use crate::{
    StoreError, Tx,
    convert::{Id16, from_sql, to_sql},
};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What became of a wish to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// Counted; it may be answered once this is committed.
    Counted,
    /// Too many this hour; the next may come then.
    Wait {
        /// When the hour is over.
        until: Timestamp,
    },
    /// Too many since the keys were last opened: the agency re-verifies the person.
    Locked,
}

/// Counts a guess, if there may be one more within the limits. An hour that seems to begin more than
/// an hour from now was begun by a clock that ran ahead: it is over.
pub async fn guess(
    tx: &mut Tx,
    account: AccountId,
    most_in_hour: i32,
    most_since_proof: i32,
    now: Timestamp,
) -> Result<Guess, StoreError> {
    let agency = tx.agency().uuid();
    let counted = sqlx::query!(
        "insert into gates
             (agency_id, account_id, hour_started_at, tries_in_hour, tries_since_proof)
         values ($1, $2, $3, 1, 1)
         on conflict (agency_id, account_id) do update set
             hour_started_at =
                 case when gates.hour_started_at > $4 and gates.hour_started_at <= $7
                     then gates.hour_started_at else $3 end,
             tries_in_hour =
                 case when gates.hour_started_at > $4 and gates.hour_started_at <= $7
                     then gates.tries_in_hour + 1 else 1 end,
             tries_since_proof = gates.tries_since_proof + 1
         where gates.tries_since_proof < $6
             and (gates.tries_in_hour < $5
                 or not (gates.hour_started_at > $4 and gates.hour_started_at <= $7))",
        agency,
        account.uuid(),
        to_sql(now),
        to_sql(now - HOUR),
        most_in_hour,
        most_since_proof,
        to_sql(now + HOUR),
    )
    .execute(tx.conn())
    .await?;
    if counted.rows_affected() == 1 {
        return Ok(Guess::Counted);
    }
    let row = sqlx::query!(
        "select hour_started_at, tries_since_proof from gates
         where agency_id = $1 and account_id = $2",
        agency,
        account.uuid(),
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(if row.tries_since_proof >= most_since_proof {
        Guess::Locked
    } else {
        Guess::Wait { until: from_sql(row.hour_started_at)? + HOUR }
    })
}

/// Starts the long count anew, since the keys were opened, and gives back the one guess that opened
/// them: whoever comes back often is not shut out, and nobody else gains a guess by it.
pub async fn forgive(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "update gates set tries_since_proof = 0, tries_in_hour = greatest(tries_in_hour - 1, 0)
         where agency_id = $1 and account_id = $2",
        agency,
        account.uuid(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
