//! What the worker finds about a statement, and the history it looks at to find it.

use domain::id::{ArrangementId, LetterId, MembershipId, StaffId, StatementId, TeamId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, from_sql, to_sql},
};

/// The `last_error` of a job that waits for a statement to be logged first.
pub const WAITS: &str = "waits-for-reference";

/// The `last_error` of an epoch's job while something taken under the epoch before is to be judged.
pub const WAITS_ITS_TURN: &str = "waits-its-turn";

/// Refuses a statement for good.
pub async fn quarantine(
    tx: &mut Tx,
    statement: StatementId,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "insert into verdicts (agency_id, statement_id, verdict, reason, judged_at)
         values ($1, $2, 'quarantined', $3, $4)",
        agency,
        statement.sql(),
        reason,
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// When a statement was logged; none if it was not.
pub async fn find_logged_at(
    tx: &mut Tx,
    statement: StatementId,
) -> Result<Option<Timestamp>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        "select judged_at from verdicts
         where agency_id = $1 and statement_id = $2 and verdict = 'logged'",
        agency,
        statement.sql(),
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| from_sql(row.judged_at)).transpose()
}

/// What a statement is about, as far as its fields name it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subjects {
    /// An arrangement.
    pub arrangement: Option<ArrangementId>,
    /// A team.
    pub team: Option<TeamId>,
    /// A membership.
    pub membership: Option<MembershipId>,
    /// A member of staff.
    pub staff: Option<StaffId>,
    /// A signing key.
    pub sign_key: Option<[u8; 32]>,
    /// A letter.
    pub letter: Option<LetterId>,
    /// An `invite` statement.
    pub invite: Option<StatementId>,
}

/// The logged statements that say what stands about these subjects now, and to which a new
/// statement need not refer: the governing arrangement, the newest epochs of its team, certificates,
/// the newest contact point, a use of the invite, and every logged step of the letter: revisions,
/// withdrawals, decisions, receipts, reseals, and the messages about those.
pub async fn list_standing(tx: &mut Tx, about: &Subjects) -> Result<Vec<StatementId>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
with recursive letter (statement_id) as (
    select s.statement_id from submissions s where s.agency_id = $1 and s.letter_id = $7
    union
    select next.statement_id from letter
    join statement_references r on r.agency_id = $1 and r.refers_to = letter.statement_id
    join statements next on next.agency_id = $1 and next.statement_id = r.statement_id
        and next.kind in ('submit', 'withdraw', 'decision', 'message', 'receipt', 'reseal')
),
found as (
    select a.statement_id from arrangements a where a.agency_id = $1 and a.arrangement_id = $2
    union all
    select e.statement_id from epochs e
    where e.agency_id = $1 and e.team_id in (
        $3, (select a.team_id from arrangements a where a.agency_id = $1 and a.arrangement_id = $2))
    union all
    select c.certificate_id from certificates c
    where c.agency_id = $1 and c.kind = 'member' and c.membership_id = $4
    union all
    select c.certificate_id from certificates c
    where c.agency_id = $1 and c.kind = 'staff' and c.staff_id = $5
    union all
    select c.certificate_id from certificates c where c.agency_id = $1 and c.sign_key = $6
    union all
    select c.statement_id from contacts c where c.agency_id = $1 and c.membership_id = $4
    union all
    select r.statement_id from statement_references r
    join statements s on s.agency_id = r.agency_id and s.statement_id = r.statement_id
        and s.kind = 'enrol'
    where r.agency_id = $1 and r.refers_to = $8
    union all
    select statement_id from letter
)
select distinct v.statement_id from found
join verdicts v on v.agency_id = $1 and v.statement_id = found.statement_id
    and v.verdict = 'logged'
"#,
        agency,
        about.arrangement.map(Id16::uuid),
        about.team.map(Id16::uuid),
        about.membership.map(Id16::uuid),
        about.staff.map(Id16::uuid),
        about.sign_key.as_ref().map(<[u8; 32]>::as_slice),
        about.letter.map(Id16::uuid),
        about.invite.as_ref().map(Id32::sql),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(|row| StatementId::from_sql(&row.statement_id)).collect()
}

/// Whether the stored references of a statement are exactly these, with exactly that one marked as
/// brought to an end. They are written by the API; proofs and revocations are found by them.
pub async fn has_references(
    tx: &mut Tx,
    statement: StatementId,
    refers_to: &[StatementId],
    ends: Option<StatementId>,
) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select count(*) = cardinality($3::bytea[])
    and coalesce(bool_and(refers_to = any ($3) and ends = coalesce(refers_to = $4, false)), true)
    as "same!"
from statement_references where agency_id = $1 and statement_id = $2
"#,
        agency,
        statement.sql(),
        &byteas(refers_to),
        ends.as_ref().map(Id32::sql),
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(row.same)
}

/// Lets the jobs run at once that wait for this statement, or may have waited for it to go first.
pub async fn wake_waiting(
    tx: &mut Tx,
    statement: StatementId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let woken = sqlx::query!(
        r#"
update jobs set run_at = $3
where agency_id = $1 and queue = 'verify' and state = 'ready' and run_at > $3
    and (last_error = $5 or last_error = $4 and subject in (
        select encode(r.statement_id, 'hex') from statement_references r
        where r.agency_id = $1 and r.refers_to = $2))
"#,
        agency,
        statement.sql(),
        to_sql(now),
        WAITS,
        WAITS_ITS_TURN,
    )
    .execute(tx.conn())
    .await?;
    if woken.rows_affected() > 0 {
        tx.wake(crate::jobs::Queue::Verify);
    }
    Ok(())
}

/// Forgets what has run out in this agency: replaced wraps, sign-ins, sessions, limits.
pub async fn forget_expired(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query!("select forget_expired($1)", to_sql(now)).execute(tx.conn()).await?;
    Ok(())
}
