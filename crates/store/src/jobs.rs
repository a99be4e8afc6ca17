//! Jobs: work that one process leaves for another, in the transaction that makes it necessary.
//!
//! At least once: a handler may run again after a crash and must not mind. A leased job belongs to
//! its token until the lease runs out; [`complete`] and [`fail`] belong in the transaction that
//! holds the handler's own changes, so that an outdated lease undoes those too.

use std::{fmt, str::FromStr};

use domain::id::AgencyId;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    convert::{Id16, from_sql, to_sql},
    error::one,
};

/// The longest that a job waits after a failure, or for another, before it is tried again.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// A queue, worked on by one kind of process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Statements to verify; the worker's. Subject: the statement id.
    Verify,
    /// Letters to release at their time; the worker's. Subject: the letter id.
    Release,
    /// Notices to send; the notifier's. Subject: the notice id.
    Notice,
}

impl Queue {
    /// The queue's name in the database and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Release => "release",
            Self::Notice => "notice",
        }
    }
}

impl fmt::Display for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Queue {
    type Err = StoreError;
    fn from_str(name: &str) -> Result<Self, StoreError> {
        [Self::Verify, Self::Release, Self::Notice]
            .into_iter()
            .find(|queue| queue.as_str() == name)
            .ok_or(StoreError::Corrupt("queue"))
    }
}

/// A job to enqueue in the transaction's agency.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    /// Where it goes.
    pub queue: Queue,
    /// What it is about: an id in hex, never content.
    pub subject: &'a str,
    /// Not before this time.
    pub run_at: Timestamp,
    /// Two jobs of a queue and agency with one key are one job, for as long as it is remembered.
    pub dedupe_key: &'a str,
}

/// A leased job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Whose it is: begin the handler's transaction for this agency.
    pub agency: AgencyId,
    /// Its number.
    pub id: i64,
    /// Its queue.
    pub queue: Queue,
    /// The id it is about, in hex.
    pub subject: String,
    /// Attempts, this one included.
    pub attempts: u32,
    max_attempts: u32,
    token: Uuid,
}

/// What becomes of a failed job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It runs again at this time.
    Again(Timestamp),
    /// It has had all its attempts; an operator must look.
    Dead,
}

/// A job that was given up.
#[derive(Clone, Debug)]
pub struct DeadJob {
    /// Its number.
    pub id: i64,
    /// Its queue.
    pub queue: Queue,
    /// The id it is about, in hex.
    pub subject: String,
    /// Attempts made.
    pub attempts: u32,
    /// Why the last one failed.
    pub last_error: String,
}

/// Puts a job in its queue; the listeners are woken after the commit. A job with the same key is
/// left as it is.
pub async fn enqueue(tx: &mut Tx, job: &NewJob<'_>, now: Timestamp) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "insert into jobs (agency_id, queue, subject, run_at, dedupe_key, created_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing",
        agency,
        job.queue.as_str(),
        job.subject,
        to_sql(job.run_at),
        job.dedupe_key,
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    tx.wake(job.queue);
    Ok(())
}

/// Leases up to `limit` due jobs of a queue, of all agencies, oldest first, and takes over those
/// whose lease ran out. A clock that ran ahead and was set right keeps no job waiting: what was to
/// be done at once when it was put in its queue is due, and so is what seems leased or put off
/// after a failure for longer than anything ever is. Two leasers never get the same job. A job whose
/// last permitted attempt never reported back is dead. `token` is 16 fresh random bytes. Use
/// [`crate::Store::begin_queues`].
pub async fn lease(
    tx: &mut Tx,
    queue: Queue,
    now: Timestamp,
    lease_for: SignedDuration,
    limit: u16,
    token: [u8; 16],
) -> Result<Vec<Job>, StoreError> {
    let rows = sqlx::query!(
        "with expired as (
             select agency_id, job_id from jobs
             where queue = $1 and state = 'leased' and (leased_until <= $2 or leased_until > $6)
             order by leased_until limit $3
             for update skip locked
         ), ready as (
             select agency_id, job_id from jobs
             where queue = $1 and state = 'ready'
                 and (run_at <= $2 or run_at = created_at or last_error is not null and run_at > $7)
             order by run_at, job_id limit $3 - (select count(*) from expired)
             for update skip locked
         ), due as (
             select agency_id, job_id from expired union all select agency_id, job_id from ready
         )
         update jobs set
             state = case when attempts < max_attempts then 'leased' else 'dead' end,
             lease_token = case when attempts < max_attempts then $4::uuid end,
             leased_until = case when attempts < max_attempts then $5::timestamptz end,
             last_error = case when attempts < max_attempts then last_error else 'lease-ran-out' end,
             attempts = least(attempts + 1, max_attempts)
         from due
         where jobs.agency_id = due.agency_id and jobs.job_id = due.job_id
         returning jobs.agency_id, jobs.job_id, subject, attempts, max_attempts, run_at, state",
        queue.as_str(),
        to_sql(now),
        i64::from(limit),
        Uuid::from_bytes(token),
        to_sql(now + lease_for),
        to_sql(now + lease_for * 2),
        to_sql(now + LONGEST_WAIT * 2),
    )
    .fetch_all(tx.conn())
    .await?;
    let mut leased: Vec<_> = rows.into_iter().filter(|row| row.state == "leased").collect();
    // `update … returning` promises no order.
    leased.sort_by_key(|row| (row.run_at, row.job_id));
    Ok(leased
        .into_iter()
        .map(|row| Job {
            agency: AgencyId::from_uuid(row.agency_id),
            id: row.job_id,
            queue,
            subject: row.subject,
            attempts: row.attempts.unsigned_abs(),
            max_attempts: row.max_attempts.unsigned_abs(),
            token: Uuid::from_bytes(token),
        })
        .collect())
}

/// Marks a leased job as done. [`StoreError::Stale`] if the lease was taken over: roll back.
pub async fn complete(tx: &mut Tx, job: &Job) -> Result<(), StoreError> {
    let done = sqlx::query!(
        "update jobs set state = 'done', lease_token = null, leased_until = null
         where agency_id = $1 and job_id = $2 and state = 'leased' and lease_token = $3",
        job.agency.uuid(),
        job.id,
        job.token,
    )
    .execute(tx.conn())
    .await?;
    one(&done)
}

/// Gives a leased job back after a failure: it runs again after 2, 4, 8 … seconds up to an hour,
/// or is dead when it has had all its attempts. `error` is a code or a short cause, never content;
/// `jitter` is between 0 and 1 and spreads the retries over the second half of the wait.
pub async fn fail(
    tx: &mut Tx,
    job: &Job,
    error: &str,
    now: Timestamp,
    jitter: f64,
) -> Result<Fate, StoreError> {
    let fate = if job.attempts < job.max_attempts {
        Fate::Again(now + backoff(job.attempts, jitter))
    } else {
        Fate::Dead
    };
    let (state, run_at) = match fate {
        Fate::Again(at) => ("ready", Some(to_sql(at))),
        Fate::Dead => ("dead", None),
    };
    let failed = sqlx::query!(
        "update jobs set state = $4, run_at = coalesce($5, run_at), last_error = $6,
             lease_token = null, leased_until = null
         where agency_id = $1 and job_id = $2 and state = 'leased' and lease_token = $3",
        job.agency.uuid(),
        job.id,
        job.token,
        state,
        run_at,
        error,
    )
    .execute(tx.conn())
    .await?;
    one(&failed)?;
    Ok(fate)
}

/// Gives a leased job back untried, to run at another time: it was not its moment.
pub async fn postpone(tx: &mut Tx, job: &Job, run_at: Timestamp) -> Result<(), StoreError> {
    let postponed = sqlx::query!(
        "update jobs set state = 'ready', run_at = $4, attempts = attempts - 1, last_error = null,
             lease_token = null, leased_until = null
         where agency_id = $1 and job_id = $2 and state = 'leased' and lease_token = $3",
        job.agency.uuid(),
        job.id,
        job.token,
        to_sql(run_at),
    )
    .execute(tx.conn())
    .await?;
    one(&postponed)
}

/// Gives a leased job back untried because something else must happen first: it runs again then,
/// within an hour, whatever `what` it waits for, or when somebody who knows that it has happened makes
/// it due.
pub async fn wait(tx: &mut Tx, job: &Job, what: &str, run_at: Timestamp) -> Result<(), StoreError> {
    let given_back = sqlx::query!(
        "update jobs set state = 'ready', run_at = $4, attempts = attempts - 1, last_error = $5,
             lease_token = null, leased_until = null
         where agency_id = $1 and job_id = $2 and state = 'leased' and lease_token = $3",
        job.agency.uuid(),
        job.id,
        job.token,
        to_sql(run_at),
        what,
    )
    .execute(tx.conn())
    .await?;
    one(&given_back)
}

/// Lets the jobs of this agency run at once that wait for `what`.
pub async fn wake(tx: &mut Tx, queue: Queue, what: &str, now: Timestamp) -> Result<(), StoreError> {
    let woken = sqlx::query!(
        "update jobs set run_at = $4
         where agency_id = $1 and queue = $2 and state = 'ready' and run_at > $4
             and last_error = $3",
        tx.agency().uuid(),
        queue.as_str(),
        what,
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    if woken.rows_affected() > 0 {
        tx.wake(queue);
    }
    Ok(())
}

/// The role's dead jobs in every agency it can see, oldest first, at most 200.
pub async fn list_dead(tx: &mut Tx) -> Result<Vec<(AgencyId, DeadJob)>, StoreError> {
    let rows = sqlx::query!(
        r#"select agency_id, job_id, queue, subject, attempts, last_error as "last_error!"
           from jobs where state = 'dead' order by agency_id, queue, job_id limit 200"#,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let job = DeadJob {
                id: row.job_id,
                queue: row.queue.parse()?,
                subject: row.subject,
                attempts: row.attempts.unsigned_abs(),
                last_error: row.last_error,
            };
            Ok((AgencyId::from_uuid(row.agency_id), job))
        })
        .collect()
}

/// Gives a dead job all its attempts again.
pub async fn retry(
    tx: &mut Tx,
    agency: AgencyId,
    id: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let retried = sqlx::query!(
        "update jobs set state = 'ready', attempts = 0, run_at = $3
         where agency_id = $1 and job_id = $2 and state = 'dead'",
        agency.uuid(),
        id,
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    one(&retried)
}

/// How many jobs of a queue wait or are being worked on, and since when the oldest is due.
pub async fn depth(tx: &mut Tx, queue: Queue) -> Result<(u64, Option<Timestamp>), StoreError> {
    let row = sqlx::query!(
        r#"select count(*) as "waiting!", min(run_at) as oldest
           from jobs where queue = $1 and state in ('ready', 'leased')"#,
        queue.as_str(),
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.waiting.unsigned_abs(), row.oldest.map(from_sql).transpose()?))
}

/// Forgets done jobs of the role's queues that were made before a time; their keys may come again.
pub async fn forget_done(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    let forgotten =
        sqlx::query!("delete from jobs where state = 'done' and created_at < $1", to_sql(before))
            .execute(tx.conn())
            .await?;
    Ok(forgotten.rows_affected())
}

fn backoff(attempts: u32, jitter: f64) -> SignedDuration {
    let full = SignedDuration::from_secs(1 << attempts.min(12)).min(LONGEST_WAIT);
    full.mul_f64(0.5 + 0.5 * jitter.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_spread_over_their_second_half() {
        assert_eq!(backoff(1, 1.0), SignedDuration::from_secs(2));
        assert_eq!(backoff(1, 0.0), SignedDuration::from_secs(1));
        assert_eq!(backoff(5, 1.0), SignedDuration::from_secs(32));
        assert_eq!(backoff(30, 1.0), SignedDuration::from_hours(1));
        assert_eq!(backoff(30, 0.0), SignedDuration::from_mins(30));
    }
}
