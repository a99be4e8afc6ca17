//! Checking letters: the queue, and claims on it. One person holds a letter at a time; a claim
//! lapses when idle for as long as the agency's policy says (`claim_idle()` in the database), and
//! nobody claims where they have decided already.

use domain::id::{ArrangementId, CheckId, LetterId, StaffId, StatementId, TeamId};
use jiff::{Timestamp, civil::Date};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, date_from_sql, from_sql, to_sql, uuids},
    keyset,
};

/// Who is checking: one staff certificate of the session.
#[derive(Clone, Debug)]
pub struct Checker<'a> {
    /// The member of staff.
    pub staff: StaffId,
    /// Their certificate.
    pub certificate: StatementId,
    /// The teams in which it lets them check.
    pub teams: &'a [TeamId],
}

/// A claim in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who holds the letter.
    pub staff: StaffId,
    /// Their first name.
    pub name: Option<String>,
    /// Since when.
    pub claimed_at: Timestamp,
    /// When it lapses, unless renewed.
    pub lapses_at: Timestamp,
}

/// A letter waiting to be checked. Metadata only.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The letter.
    pub letter: LetterId,
    /// Its arrangement.
    pub arrangement: ArrangementId,
    /// The team that checks it.
    pub team: TeamId,
    /// `with_agency` or `being_checked`.
    pub state: String,
    /// The revision to be checked.
    pub submit: StatementId,
    /// Its number.
    pub rev: i32,
    /// Length of its ciphertext, in bytes.
    pub ct_len: i32,
    /// When it came in.
    pub submitted_at: Timestamp,
    /// By when it is to be checked.
    pub due_on: Option<Date>,
    /// Whom the worker gave it to.
    pub allocated_to: Option<StaffId>,
    /// Their first name.
    pub allocated_name: Option<String>,
    /// Steps already decided on this revision.
    pub steps: i64,
    /// Who holds it now.
    pub claim: Option<Claim>,
}

/// A page of the queue of `teams`, oldest first, after `after`. Letters the worker has not yet
/// verified are not in it.
pub async fn list(
    tx: &mut Tx,
    teams: &[TeamId],
    after: Option<(Timestamp, LetterId)>,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Waiting>, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(teams));
    let (after_at, after_id) = keyset::after(after);
    let rows = sqlx::query!(
        r#"
select l.letter_id, l.arrangement_id, l.team_id, l.state, l.head_id, l.rev, s.ct_len,
    l.submitted_at, l.due_on, l.allocated_to, given.name as "allocated_name?",
    (select count(*) from decisions d where d.agency_id = l.agency_id and d.submit_id = l.head_id
        and d.verdict in ('waiting', 'counted')) as "steps!",
    c.staff_id as "staff_id?", holds.name as "name?", c.claimed_at as "claimed_at?",
    c.renewed_at + (select claim_idle()) as "lapses_at?"
from (
    select l.* from unnest($2::uuid[]) as team (id)
    cross join lateral (
        select * from letters l
        where l.agency_id = $1 and l.team_id = team.id
            and l.state in ('with_agency', 'being_checked') and l.due_on is not null
            and (l.submitted_at, l.letter_id) > ($3, $4)
        order by l.submitted_at, l.letter_id
        -- A number, not a parameter: the planner then trusts the index without replanning.
        limit 100) as l
    order by l.submitted_at, l.letter_id
    limit $5) as l
join submissions s on s.agency_id = l.agency_id and s.statement_id = l.head_id
left join checks c on c.agency_id = l.agency_id and c.letter_id = l.letter_id
    and c.ended_at is null and c.renewed_at + (select claim_idle()) > $6
    and c.renewed_at <= $6 + (select claim_idle())
left join staff_names given on given.agency_id = l.agency_id and given.staff_id = l.allocated_to
left join staff_names holds on holds.agency_id = c.agency_id and holds.staff_id = c.staff_id
order by l.submitted_at, l.letter_id
"#,
        agency,
        &teams,
        after_at,
        after_id,
        limit,
        to_sql(now),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Waiting {
                letter: LetterId::from_uuid(row.letter_id),
                arrangement: ArrangementId::from_uuid(row.arrangement_id),
                team: TeamId::from_uuid(row.team_id),
                state: row.state,
                submit: StatementId::from_sql(&row.head_id)?,
                rev: row.rev,
                ct_len: row.ct_len,
                submitted_at: from_sql(row.submitted_at)?,
                due_on: row.due_on.map(date_from_sql).transpose()?,
                allocated_to: row.allocated_to.map(StaffId::from_uuid),
                allocated_name: row.allocated_name,
                steps: row.steps,
                claim: claim_from(row.staff_id, row.name, row.claimed_at, row.lapses_at)?,
            })
        })
        .collect()
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// It is the checker's, newly or still.
    Yes(Claim),
    /// Somebody else holds the letter.
    Held(Claim),
    /// The checker has decided on this revision; another person must look.
    Decided,
    /// A decision on it is being verified, or its letter is not open for checking.
    Closed,
    /// There is no such letter in the checker's teams.
    NotFound,
}

/// Claims a letter, or renews the checker's own claim on it.
///
/// A claim that has lapsed, or was on an older revision, ends here. One that seems to be of later
/// than it could be, by a clock that ran ahead, keeps nobody else from the letter. One round trip, two
/// when the letter cannot be had.
pub async fn claim(
    tx: &mut Tx,
    check: CheckId,
    letter: LetterId,
    checker: &Checker<'_>,
    now: Timestamp,
) -> Result<Claimed, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(checker.teams));
    let row = sqlx::query!(
        r#"
with letter as materialized (
    select l.letter_id, l.head_id from letters l
    where l.agency_id = $1 and l.letter_id = $2 and l.team_id = any ($3::uuid[])
        and l.state in ('with_agency', 'being_checked') and l.due_on is not null
        and not exists (
            select from decisions d where d.agency_id = l.agency_id and d.submit_id = l.head_id
                and d.verdict = 'waiting')
        and not has_decided(l.head_id, $4)
    for update
),
kept as (
    update checks c set renewed_at = greatest($6, c.claimed_at) from letter
    where c.agency_id = $1 and c.letter_id = letter.letter_id and c.ended_at is null
        and c.staff_id = $4 and c.submit_id = letter.head_id
        and c.renewed_at + (select claim_idle()) > $6
    returning c.staff_id, c.claimed_at, c.renewed_at
),
lapsed as (
    update checks c set ended_at = greatest($6, c.claimed_at) from letter
    where c.agency_id = $1 and c.letter_id = letter.letter_id and c.ended_at is null
        and (c.submit_id <> letter.head_id or c.renewed_at + (select claim_idle()) <= $6
            or c.staff_id <> $4 and c.renewed_at > $6 + (select claim_idle()))
    returning c.check_id
),
taken as (
    insert into checks (agency_id, check_id, letter_id, submit_id, staff_id, certificate_id,
        claimed_at, renewed_at)
    select $1, $7, letter_id, head_id, $4, $5, $6, $6 from letter
    -- Asking for the count makes the lapsed claim end before this row is tried.
    where (select count(*) from lapsed) >= 0 and not exists (select from kept)
    on conflict (agency_id, letter_id) where ended_at is null do nothing
    returning staff_id, claimed_at, renewed_at, letter_id
),
moved as (
    update letters l set state = 'being_checked' from taken
    where l.agency_id = $1 and l.letter_id = taken.letter_id and l.state = 'with_agency'
)
select mine.staff_id as "staff_id!", n.name as "name?", mine.claimed_at as "claimed_at!",
    mine.renewed_at + (select claim_idle()) as "lapses_at!"
from (
    select staff_id, claimed_at, renewed_at from kept
    union all select staff_id, claimed_at, renewed_at from taken) as mine
left join staff_names n on n.agency_id = $1 and n.staff_id = mine.staff_id
"#,
        agency,
        letter.uuid(),
        &teams,
        checker.staff.uuid(),
        checker.certificate.sql(),
        to_sql(now),
        check.uuid(),
    )
    .fetch_optional(tx.conn())
    .await?;
    match row {
        Some(row) => Ok(Claimed::Yes(Claim {
            staff: StaffId::from_uuid(row.staff_id),
            name: row.name,
            claimed_at: from_sql(row.claimed_at)?,
            lapses_at: from_sql(row.lapses_at)?,
        })),
        None => explain(tx, letter, checker, now).await,
    }
}

async fn explain(
    tx: &mut Tx,
    letter: LetterId,
    checker: &Checker<'_>,
    now: Timestamp,
) -> Result<Claimed, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(checker.teams));
    let row = sqlx::query!(
        r#"
select has_decided(l.head_id, $4) as "decided!",
    l.state in ('with_agency', 'being_checked') as "open!",
    c.staff_id as "staff_id?", n.name as "name?", c.claimed_at as "claimed_at?",
    c.renewed_at + (select claim_idle()) as "lapses_at?"
from letters l
left join checks c on c.agency_id = l.agency_id and c.letter_id = l.letter_id
    and c.ended_at is null and c.renewed_at + (select claim_idle()) > $5
    and c.renewed_at <= $5 + (select claim_idle())
left join staff_names n on n.agency_id = c.agency_id and n.staff_id = c.staff_id
where l.agency_id = $1 and l.letter_id = $2 and l.team_id = any ($3::uuid[])
"#,
        agency,
        letter.uuid(),
        &teams,
        checker.staff.uuid(),
        to_sql(now),
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(Claimed::NotFound) };
    let claim = claim_from(row.staff_id, row.name, row.claimed_at, row.lapses_at)?;
    Ok(match claim {
        _ if !row.open => Claimed::Closed,
        _ if row.decided => Claimed::Decided,
        Some(claim) if claim.staff != checker.staff => Claimed::Held(claim),
        _ => Claimed::Closed,
    })
}

/// Keeps the checker's claim from lapsing for as long again. `false` when it has lapsed or was never
/// theirs.
pub async fn renew(
    tx: &mut Tx,
    letter: LetterId,
    staff: StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        r#"
update checks set renewed_at = greatest($4, claimed_at)
where agency_id = $1 and letter_id = $2 and staff_id = $3 and ended_at is null
    and renewed_at + (select claim_idle()) > $4
"#,
        agency,
        letter.uuid(),
        staff.uuid(),
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives the letter back to the queue. `false` when the checker held no claim.
pub async fn end(
    tx: &mut Tx,
    letter: LetterId,
    staff: StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        r#"
update checks set ended_at = greatest($4, claimed_at)
where agency_id = $1 and letter_id = $2 and staff_id = $3 and ended_at is null
"#,
        agency,
        letter.uuid(),
        staff.uuid(),
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

fn claim_from(
    staff: Option<Uuid>,
    name: Option<String>,
    claimed_at: Option<OffsetDateTime>,
    lapses_at: Option<OffsetDateTime>,
) -> Result<Option<Claim>, StoreError> {
    let (Some(staff), Some(claimed_at), Some(lapses_at)) = (staff, claimed_at, lapses_at) else {
        return Ok(None);
    };
    Ok(Some(Claim {
        staff: StaffId::from_uuid(staff),
        name,
        claimed_at: from_sql(claimed_at)?,
        lapses_at: from_sql(lapses_at)?,
    }))
}
