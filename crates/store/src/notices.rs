//! Notices: that there is something, never what. The worker makes them, the notification service
//! sends them.

use domain::id::{MembershipId, NoticeId, StatementId};
use jiff::{Timestamp, civil::Date};

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, date_to_sql, from_sql, to_sql},
    error::one,
    jobs::{self, NewJob, Queue},
};

/// A notice to send.
#[derive(Clone, Debug)]
pub struct NewNotice<'a> {
    /// Its id; 16 fresh random bytes.
    pub id: NoticeId,
    /// To whom.
    pub membership: MembershipId,
    /// `news` or `security`.
    pub body: &'a str,
    /// What happened, for the record; never worded.
    pub event: &'a str,
    /// One notice for one event of a membership, however often its job runs.
    pub event_key: &'a str,
    /// The day it is for.
    pub for_day: Date,
    /// Not before this time.
    pub run_at: Timestamp,
}

/// Makes a notice and the job that sends it; nothing if this event has one.
pub async fn insert(tx: &mut Tx, new: &NewNotice<'_>, now: Timestamp) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "insert into notices (agency_id, notice_id, membership_id, body, event, event_key, for_day,
             created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (agency_id, membership_id, event_key) do nothing",
        agency,
        new.id.uuid(),
        new.membership.uuid(),
        new.body,
        new.event,
        new.event_key,
        date_to_sql(new.for_day),
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Ok(());
    }
    let subject = new.id.to_string();
    let job = NewJob {
        queue: Queue::Notice,
        subject: &subject,
        run_at: new.run_at,
        dedupe_key: &subject,
    };
    jobs::enqueue(tx, &job, now).await
}

/// Whether the notice of an event has yet to go out, by whatever way.
pub async fn is_waiting(
    tx: &mut Tx,
    membership: MembershipId,
    event_key: &str,
) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"select exists (
               select from notices where agency_id = $1 and membership_id = $2
                   and event_key = $3 and state = 'waiting') as "waiting!""#,
        agency,
        membership.uuid(),
        event_key,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(row.waiting)
}

/// A notice as the notification service sees it.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// To whom.
    pub membership: MembershipId,
    /// `news` or `security`.
    pub body: String,
    /// What happened.
    pub event: String,
    /// The key of the event.
    pub event_key: String,
    /// `waiting`, `sent`, `merged` or `failed`.
    pub state: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
}

/// A notice.
pub async fn find(tx: &mut Tx, id: NoticeId) -> Result<Option<Notice>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        "select membership_id, body, event, event_key, state, created_at, attempts from notices
         where agency_id = $1 and notice_id = $2",
        agency,
        id.uuid(),
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(Notice {
            id,
            membership: MembershipId::from_uuid(row.membership_id),
            body: row.body,
            event: row.event,
            event_key: row.event_key,
            state: row.state,
            created_at: from_sql(row.created_at)?,
            attempts: row.attempts.unsigned_abs(),
        })
    })
    .transpose()
}

/// What a piece of news has to reckon with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It speaks for all that waits.
    Speaks,
    /// Another speaks for it; it is merged now.
    Merged,
    /// The person had news on this day.
    NotToday,
}

/// Decides whether a waiting piece of news is the one to send. The oldest that waits for its
/// member is; the others are merged into it, here or when it is sent. One transaction at a time for
/// one member.
pub async fn take_turn(tx: &mut Tx, notice: &Notice, today: Date) -> Result<Turn, StoreError> {
    one_at_a_time(tx, notice.membership).await?;
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select exists (
        select from notices n where n.agency_id = $1 and n.membership_id = $2
            and n.body = 'news' and n.state = 'sent' and n.for_day = $4) as "had!",
    exists (
        select from notices n where n.agency_id = $1 and n.membership_id = $2 and n.body = 'news'
            and n.state = 'waiting' and (n.created_at, n.notice_id) < ($5, $3)) as "covered!"
"#,
        agency,
        notice.membership.uuid(),
        notice.id.uuid(),
        date_to_sql(today),
        to_sql(notice.created_at),
    )
    .fetch_one(tx.conn())
    .await?;
    if row.covered {
        merge(tx, notice.id).await?;
        return Ok(Turn::Merged);
    }
    Ok(if row.had { Turn::NotToday } else { Turn::Speaks })
}

/// Until the transaction ends, no other decides about a member's news.
async fn one_at_a_time(tx: &mut Tx, membership: MembershipId) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('news ' || $1::uuid::text || $2::uuid::text, 0))",
        agency,
        membership.uuid(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn merge(tx: &mut Tx, id: NoticeId) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "update notices set state = 'merged'
         where agency_id = $1 and notice_id = $2 and state = 'waiting'",
        agency,
        id.uuid(),
    )
    .execute(tx.conn())
    .await?;
    one(&done)
}

/// A contact point as the notification service gets it: sealed, and to be believed only after its
/// statement has been verified.
#[derive(Clone, Debug)]
pub struct SealedContact {
    /// Its version.
    pub n: i32,
    /// Its statement.
    pub statement: StatementId,
    /// `email`, `text` or `post`.
    pub channel: String,
    /// The sealed file.
    pub sealed: Vec<u8>,
    /// Whether it has failed.
    pub failing: bool,
}

/// The contact point in use of a membership, or the one that was in use before version `before`.
pub async fn find_contact(
    tx: &mut Tx,
    membership: MembershipId,
    before: Option<i32>,
) -> Result<Option<SealedContact>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        "select n, statement_id, channel, sealed, state from contacts
         where agency_id = $1 and membership_id = $2
             and case when $3::integer is null then state in ('in_use', 'failing')
                 else state in ('in_use', 'failing', 'replaced') and n < $3 end
         order by n desc limit 1",
        agency,
        membership.uuid(),
        before,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(SealedContact {
            n: row.n,
            statement: StatementId::from_sql(&row.statement_id)?,
            channel: row.channel,
            sealed: row.sealed,
            failing: row.state == "failing",
        })
    })
    .transpose()
}

/// The statements that a contact point's verification needs and does not refer to, beside the
/// agency's own: the versions of the arrangement its signer was put into.
pub async fn list_standing(
    tx: &mut Tx,
    contact: StatementId,
) -> Result<Vec<StatementId>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select versions.statement_id as "id!" from statement_references of_contact
join statement_references versions
    on versions.agency_id = $1 and versions.refers_to = of_contact.refers_to
join statements s
    on s.agency_id = $1 and s.statement_id = versions.statement_id and s.kind = 'arrangement'
where of_contact.agency_id = $1 and of_contact.statement_id = $2
"#,
        agency,
        contact.sql(),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(|row| StatementId::from_sql(&row.id)).collect()
}

/// Records that a notice was sent; a piece of news has spoken for all that wait for its member now.
/// What comes later was never said, even if a clock that went back makes it look older than this.
/// [`StoreError::Stale`] unless it was waiting.
pub async fn sent(
    tx: &mut Tx,
    notice: &Notice,
    today: Date,
    now: Timestamp,
) -> Result<(), StoreError> {
    let is_news = notice.body == "news";
    if is_news {
        one_at_a_time(tx, notice.membership).await?;
    }
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "update notices set state = 'sent', sent_at = $3, for_day = $4, attempts = attempts + 1
         where agency_id = $1 and notice_id = $2 and state = 'waiting'",
        agency,
        notice.id.uuid(),
        to_sql(now),
        date_to_sql(today),
    )
    .execute(tx.conn())
    .await?;
    one(&done)?;
    if is_news {
        sqlx::query!(
            "update notices set state = 'merged'
             where agency_id = $1 and membership_id = $2 and body = 'news' and state = 'waiting'
                 and created_at <= $3",
            agency,
            notice.membership.uuid(),
            to_sql(now),
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Records a failure: a stage and a code, never a server's words or an address. With `for_good`
/// the notice is over.
pub async fn failed(
    tx: &mut Tx,
    notice: &Notice,
    error: &str,
    for_good: bool,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "update notices set attempts = attempts + 1, last_error = $3,
             state = case when $4 then 'failed' else state end
         where agency_id = $1 and notice_id = $2 and state = 'waiting'",
        agency,
        notice.id.uuid(),
        error,
        for_good,
    )
    .execute(tx.conn())
    .await?;
    one(&done)
}

/// Marks a contact point as failing, for the agency's attention, or as working again.
pub async fn mark_contact(
    tx: &mut Tx,
    membership: MembershipId,
    n: i32,
    failing_since: Option<Timestamp>,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "update contacts set state = case when $4::timestamptz is null then 'in_use' else 'failing' end,
             failed_at = $4
         where agency_id = $1 and membership_id = $2 and n = $3 and state in ('in_use', 'failing')",
        agency,
        membership.uuid(),
        n,
        failing_since.map(to_sql),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Leaves a notice for the agency to print, because its member is reached by post.
/// [`StoreError::Stale`] unless it was waiting.
pub async fn leave_for_post(tx: &mut Tx, notice: &Notice) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "update notices set state = 'to_post', attempts = attempts + 1
         where agency_id = $1 and notice_id = $2 and state = 'waiting'",
        agency,
        notice.id.uuid(),
    )
    .execute(tx.conn())
    .await?;
    one(&done)
}

/// A notice to be printed and posted.
#[derive(Clone, Debug)]
pub struct ToPost {
    /// The notice.
    pub id: NoticeId,
    /// Whose.
    pub membership: MembershipId,
    /// `news` or `security`.
    pub body: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What staff are to print and post, oldest first, at most 200.
pub async fn list_to_post(tx: &mut Tx) -> Result<Vec<ToPost>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        "select notice_id, membership_id, body, created_at from notices
         where agency_id = $1 and state = 'to_post' order by created_at, notice_id limit 200",
        agency,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(ToPost {
                id: NoticeId::from_uuid(row.notice_id),
                membership: MembershipId::from_uuid(row.membership_id),
                body: row.body,
                created_at: from_sql(row.created_at)?,
            })
        })
        .collect()
}
