//! Who checks which letter, and where a letter goes once the worker has judged a statement about
//! it. Every change is guarded by the state and the revision it starts from.

use domain::id::{ArrangementId, LetterId, MembershipId, PersonId, StaffId, StatementId, TeamId};
use jiff::{Timestamp, civil::Date};

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, date_to_sql, from_sql, to_sql},
    error::one,
};

/// A member of staff who may check letters of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub staff: StaffId,
    /// The human being.
    pub person: PersonId,
    /// Whether they manage the team.
    pub lead: bool,
    /// Letters allocated to them that are still to be checked.
    pub open: u64,
}

/// Those who may check a team's letters now, with fewest open letters first, then by id, so that
/// the same rows always give the same order.
pub async fn list_candidates(
    tx: &mut Tx,
    team: TeamId,
    now: Timestamp,
) -> Result<Vec<Candidate>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select c.staff_id as "staff!", c.person_id as "person!", c.lead as "lead!",
    (select count(*) from letters l where l.agency_id = $1 and l.allocated_to = c.staff_id
        and l.state in ('with_agency', 'being_checked')) as "open!"
from (
    select staff_id, (array_agg(person_id))[1] as person_id, bool_or('lead' = any (roles)) as lead
    from certificates
    where agency_id = $1 and kind = 'staff' and $2 = any (teams) and ended_at is null
        and (until_at is null or until_at > $3) and roles && array['coordinator', 'lead']
    group by staff_id) as c
order by 4, 1
"#,
        agency,
        team.uuid(),
        to_sql(now),
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Candidate {
            staff: StaffId::from_uuid(row.staff),
            person: PersonId::from_uuid(row.person),
            lead: row.lead,
            open: row.open.unsigned_abs(),
        })
        .collect())
}

/// A letter as the worker sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Who wrote it.
    pub author: MembershipId,
    /// Who checks it.
    pub team: TeamId,
    /// A word of `letters.state`.
    pub state: String,
    /// The `submit` of its newest revision.
    pub head: StatementId,
    /// When that came in.
    pub submitted_at: Timestamp,
    /// When it may be passed on.
    pub release_at: Option<Timestamp>,
    /// A word of `arrangements.state`.
    pub arrangement_state: String,
    /// Its arrangement.
    pub arrangement: ArrangementId,
}

/// A letter, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, letter: LetterId) -> Result<Option<Letter>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        "select l.author, l.team_id, l.state, l.head_id, l.submitted_at, l.release_at,
             l.arrangement_id, a.state as arrangement_state
         from letters l join arrangements a using (agency_id, arrangement_id)
         where l.agency_id = $1 and l.letter_id = $2 for update of l",
        agency,
        letter.uuid(),
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(Letter {
            author: MembershipId::from_uuid(row.author),
            team: TeamId::from_uuid(row.team_id),
            state: row.state,
            head: StatementId::from_sql(&row.head_id)?,
            submitted_at: from_sql(row.submitted_at)?,
            release_at: row.release_at.map(from_sql).transpose()?,
            arrangement_state: row.arrangement_state,
            arrangement: ArrangementId::from_uuid(row.arrangement_id),
        })
    })
    .transpose()
}

/// Puts a letter in the team's queue: verified, due by a day, given to somebody if there is
/// anybody. From with the agency, from being checked (when one person has decided and another
/// must), or from where it rested when another look was asked for.
pub async fn allocate(
    tx: &mut Tx,
    letter: LetterId,
    head: StatementId,
    due_on: Date,
    to: Option<StaffId>,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "update letters set state = 'with_agency', due_on = $4, allocated_to = $5, decided_at = null
         where agency_id = $1 and letter_id = $2 and head_id = $3
             and state in ('with_agency', 'being_checked', 'kept', 'needs_change')",
        agency,
        letter.uuid(),
        head.sql(),
        date_to_sql(due_on),
        to.map(Id16::uuid),
    )
    .execute(tx.conn())
    .await?;
    one(&done)
}

/// Where a final decision sends a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// On, not before this time.
    PassingOn(Timestamp),
    /// Back to its writer.
    NeedsChange,
    /// Safe on file.
    Kept,
}

/// Carries out a final decision on a letter's newest revision, and ends any claim on it.
/// [`StoreError::Stale`] unless it is with the agency or being checked.
pub async fn settle(
    tx: &mut Tx,
    letter: LetterId,
    head: StatementId,
    settled: Settled,
    now: Timestamp,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let (state, release_at) = match settled {
        Settled::PassingOn(at) => ("passing_on", Some(to_sql(at))),
        Settled::NeedsChange => ("needs_change", None),
        Settled::Kept => ("kept", None),
    };
    let done = sqlx::query!(
        "update letters set state = $4, decided_at = $5, release_at = $6
         where agency_id = $1 and letter_id = $2 and head_id = $3
             and state in ('with_agency', 'being_checked')",
        agency,
        letter.uuid(),
        head.sql(),
        state,
        to_sql(now),
        release_at,
    )
    .execute(tx.conn())
    .await?;
    one(&done)?;
    end_checks(tx, letter, now).await
}

/// Ends an open claim on a letter, if there is one.
pub async fn end_checks(tx: &mut Tx, letter: LetterId, now: Timestamp) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "update checks set ended_at = greatest($3, claimed_at, renewed_at)
         where agency_id = $1 and letter_id = $2 and ended_at is null",
        agency,
        letter.uuid(),
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Confirms that a letter was taken back; it may be marked so already. Ends any claim on it.
/// [`StoreError::Stale`] once it was decided.
pub async fn withdraw(
    tx: &mut Tx,
    letter: LetterId,
    head: StatementId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "update letters set state = 'withdrawn' where agency_id = $1 and letter_id = $2
             and head_id = $3 and state in ('with_agency', 'being_checked', 'withdrawn')",
        agency,
        letter.uuid(),
        head.sql(),
    )
    .execute(tx.conn())
    .await?;
    one(&done)?;
    end_checks(tx, letter, now).await
}

/// Gives a letter that came too late back to its writer, who is to send it again. The writer; none
/// if it was taken back meanwhile.
pub async fn ask_again(
    tx: &mut Tx,
    letter: LetterId,
    head: StatementId,
) -> Result<Option<MembershipId>, StoreError> {
    let agency = tx.agency().uuid();
    let author = sqlx::query_scalar!(
        "update letters set state = 'send_again' where agency_id = $1 and letter_id = $2
             and head_id = $3 and state = 'with_agency'
         returning author",
        agency,
        letter.uuid(),
        head.sql(),
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(author.map(MembershipId::from_uuid))
}

/// Undoes the mark of a withdrawal whose statement did not verify: nobody took the letter back.
/// Not when another one did, nor when the letter itself did not: it rests. Whether it was undone.
pub async fn restore(tx: &mut Tx, letter: LetterId, head: StatementId) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        r#"
update letters set state = 'with_agency'
where agency_id = $1 and letter_id = $2 and head_id = $3 and state = 'withdrawn'
    and not exists (
        select from statement_references r
        join statements s using (agency_id, statement_id)
        join verdicts v using (agency_id, statement_id)
        where r.agency_id = $1 and r.refers_to = $3 and s.kind = 'withdraw'
            and v.verdict = 'logged')
    and not exists (
        select from verdicts v
        where v.agency_id = $1 and v.statement_id = $3 and v.verdict = 'quarantined')
"#,
        agency,
        letter.uuid(),
        head.sql(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The letter that has this revision as its newest.
pub async fn find_by_head(tx: &mut Tx, head: StatementId) -> Result<Option<LetterId>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        "select letter_id from letters where agency_id = $1 and head_id = $2",
        agency,
        head.sql(),
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| LetterId::from_uuid(row.letter_id)))
}

/// The letter and the revision that a stored decision is about.
pub async fn find_by_decision(
    tx: &mut Tx,
    decision: StatementId,
) -> Result<Option<(LetterId, StatementId)>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        "select letter_id, submit_id from decisions where agency_id = $1 and statement_id = $2",
        agency,
        decision.sql(),
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| Ok((LetterId::from_uuid(row.letter_id), StatementId::from_sql(&row.submit_id)?)))
        .transpose()
}

/// Whose decisions on a revision count so far: another person is to have the next say.
pub async fn list_deciders(tx: &mut Tx, submit: StatementId) -> Result<Vec<PersonId>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query_scalar!(
        r#"
select distinct c.person_id as "person!" from decisions d
join certificates c on c.agency_id = d.agency_id and c.staff_id = d.staff_id
where d.agency_id = $1 and d.submit_id = $2 and d.verdict in ('counted', 'final')
    and c.person_id is not null
"#,
        agency,
        submit.sql(),
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(PersonId::from_uuid).collect())
}

/// Stops a letter about whose newest revision something does not verify, and ends any claim on
/// it. What was passed on or taken back stays so.
pub async fn quarantine(
    tx: &mut Tx,
    letter: LetterId,
    head: StatementId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "update letters set state = 'quarantined' where agency_id = $1 and letter_id = $2
             and head_id = $3 and state not in ('passed_on', 'withdrawn', 'quarantined')",
        agency,
        letter.uuid(),
        head.sql(),
    )
    .execute(tx.conn())
    .await?;
    end_checks(tx, letter, now).await
}

/// The verdict on a decision. [`StoreError::Stale`] if it has one.
pub async fn judge_decision(
    tx: &mut Tx,
    decision: StatementId,
    verdict: &str,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "update decisions set verdict = $3
         where agency_id = $1 and statement_id = $2 and verdict = 'waiting'",
        agency,
        decision.sql(),
        verdict,
    )
    .execute(tx.conn())
    .await?;
    one(&done)
}
