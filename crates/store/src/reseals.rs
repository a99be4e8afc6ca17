//! Reseals: letters given back to somebody who was certified anew, by two members of staff.

use domain::id::{
    ArrangementId, FileHash, LetterId, MembershipId, Realm, StaffId, StatementId, TeamId,
};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, from_sql, to_sql, uuids},
    jobs::Queue,
    statements::NewStatement,
};

/// One of the two statements that give a letter back.
#[derive(Clone, Debug)]
pub struct NewReseal<'a> {
    /// The `reseal` statement.
    pub statement: NewStatement<'a>,
    /// The realm it names.
    pub realm: Realm,
    /// The final decision on the revision.
    pub decision: StatementId,
    /// Whose letter it is.
    pub membership: MembershipId,
    /// Their new certificate.
    pub certificate: StatementId,
    /// Who signs.
    pub staff: StaffId,
    /// The teams they check in.
    pub teams: &'a [TeamId],
    /// The statement it agrees with; none for the first.
    pub prior: Option<StatementId>,
    /// The letter key sealed to the new certificate, with its hash; with `prior` only.
    pub grant: Option<(FileHash, &'a [u8])>,
}

/// Stores a reseal and its grant, or nothing at all: `false` when a guard held it back, which
/// [`explain`] names. Of two seconds at one moment the later fails on `reseals_one_each`.
///
/// The guards: the realm is the agency's; the decision is final and the letter was passed on to
/// this membership, or is its own; it is checked in those teams, or its arrangement is; the
/// arrangement names the new certificate; nobody gave it back to that before; and a second
/// statement agrees with somebody else's first.
pub async fn insert(tx: &mut Tx, new: &NewReseal<'_>) -> Result<bool, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(new.teams));
    let row = sqlx::query!(
        r#"
with gate as materialized (
    select d.letter_id, d.submit_id, l.author = $4 as own
    from decisions d
    join agencies g on g.agency_id = d.agency_id and g.realm = $2
    join letters l on l.agency_id = d.agency_id and l.letter_id = d.letter_id
    join arrangements a on a.agency_id = d.agency_id and a.arrangement_id = l.arrangement_id
    join arrangement_members m on m.agency_id = d.agency_id
        and m.arrangement_id = l.arrangement_id and m.membership_id = $4
        and m.certificate_id = $5
    where d.agency_id = $1 and d.statement_id = $3 and d.verdict = 'final'
        and (l.team_id = any ($6::uuid[]) or a.team_id = any ($6::uuid[]))
        and (l.author = $4 or exists (
            select from deliveries v where v.agency_id = $1 and v.decision_id = $3
                and v.membership_id = $4))
        and not exists (
            select from reseals r where r.agency_id = $1 and r.submit_id = d.submit_id
                and r.certificate_id = $5 and r.prior is not null and r.verdict <> 'quarantined')
        and ($7::bytea is null or exists (
            select from reseals f where f.agency_id = $1 and f.statement_id = $7
                and f.prior is null and f.submit_id = d.submit_id and f.certificate_id = $5
                and f.staff_id <> $8 and f.verdict <> 'quarantined'))
),
recorded as materialized (
    select letter_id, submit_id, own,
        record_statement($9, 'reseal', $10, $11, $12, null, $13) as stored
    from gate
),
resealed as (
    insert into reseals (agency_id, statement_id, prior, submit_id, letter_id, membership_id,
        certificate_id, staff_id, received_at)
    select $1, $9, $7, submit_id, letter_id, $4, $5, $8, $13 from recorded where stored
),
granted as (
    insert into grants (agency_id, statement_id, grant_hash, letter_id, grantee_kind,
        membership_id, sealed)
    select $1, $9, $14, letter_id, case when own then 'self' else 'member' end, $4, $15
    from recorded where stored and $15::bytea is not null
)
select stored as "stored!" from recorded
"#,
        agency,
        new.realm.sql(),
        new.decision.sql(),
        new.membership.uuid(),
        new.certificate.sql(),
        &teams,
        new.prior.as_ref().map(Id32::sql),
        new.staff.uuid(),
        new.statement.id.sql(),
        new.statement.envelope,
        new.statement.account.map(Id16::uuid),
        &byteas(new.statement.refers_to),
        to_sql(new.statement.received_at),
        new.grant.as_ref().map(|(hash, _)| hash.sql()),
        new.grant.map(|(_, sealed)| sealed),
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
    /// The letter was given back to these keys already.
    GivenBack,
    /// The same person signed the first statement.
    SamePerson,
    /// There is no such letter to give back.
    NotFound,
}

/// Looks at the guards of [`insert`] in turn. For the path of errors only.
pub async fn explain(tx: &mut Tx, new: &NewReseal<'_>) -> Result<Held, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select
    exists (select from reseals r where r.agency_id = $1 and r.statement_id = $2
        and r.verdict <> 'quarantined') as "repeated!",
    exists (select from reseals r
        join decisions d on d.agency_id = r.agency_id and d.submit_id = r.submit_id
        where r.agency_id = $1 and d.statement_id = $3 and r.certificate_id = $4
            and r.prior is not null and r.verdict <> 'quarantined') as "given_back!",
    exists (select from reseals f where f.agency_id = $1 and f.statement_id = $5
        and f.staff_id = $6) as "same_person!"
"#,
        agency,
        new.statement.id.sql(),
        new.decision.sql(),
        new.certificate.sql(),
        new.prior.as_ref().map(Id32::sql),
        new.staff.uuid(),
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(if row.repeated {
        Held::Repeated
    } else if row.given_back {
        Held::GivenBack
    } else if row.same_person {
        Held::SamePerson
    } else {
        Held::NotFound
    })
}

/// A letter that somebody had, or wrote, and cannot open with their new keys.
#[derive(Clone, Debug)]
pub struct Lost {
    /// The letter.
    pub letter: LetterId,
    /// The revision.
    pub submit: StatementId,
    /// Its final decision.
    pub decision: StatementId,
    /// The team that it is sealed to.
    pub team: TeamId,
    /// Whether it was passed on to them; otherwise they wrote it.
    pub received: bool,
    /// Their new certificate.
    pub certificate: StatementId,
    /// When it was decided on.
    pub decided_at: Timestamp,
    /// Who has said that it is to be given back.
    pub first: Option<First>,
    /// Whether a second person has agreed, and the worker has yet to judge it.
    pub agreed: bool,
}

/// The first of the two statements.
#[derive(Clone, Debug)]
pub struct First {
    /// The statement.
    pub id: StatementId,
    /// Who signed it.
    pub staff: StaffId,
    /// Their first name, as families see it.
    pub name: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What can be given back to a membership that was certified anew, oldest first, as far as it was
/// checked in those teams or belongs to an arrangement of theirs. Nothing for somebody who has the
/// keys they always had.
pub async fn list(
    tx: &mut Tx,
    membership: MembershipId,
    teams: &[TeamId],
) -> Result<Vec<Lost>, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(teams));
    let rows = sqlx::query!(
        r#"
with theirs as (
    select v.letter_id, v.submit_id, v.decision_id, true as received
    from deliveries v where v.agency_id = $1 and v.membership_id = $2
    union all
    select l.letter_id, l.head_id, d.statement_id, false
    from letters l
    join lateral (
        select d.statement_id from decisions d
        where d.agency_id = $1 and d.submit_id = l.head_id and d.verdict = 'final'
        order by d.decided_at desc limit 1) as d on true
    where l.agency_id = $1 and l.author = $2
)
select t.letter_id as "letter_id!", t.submit_id as "submit_id!",
    t.decision_id as "decision_id!", t.received as "received!", l.team_id,
    m.certificate_id as "certificate_id!", d.decided_at,
    f.statement_id as "first_id?", f.staff_id as "first_by?", f.name as "first_name?",
    f.received_at as "first_at?", s.statement_id is not null as "agreed!"
from theirs t
join letters l on l.agency_id = $1 and l.letter_id = t.letter_id
join arrangements a on a.agency_id = $1 and a.arrangement_id = l.arrangement_id
join arrangement_members m on m.agency_id = $1 and m.arrangement_id = l.arrangement_id
    and m.membership_id = $2
join decisions d on d.agency_id = $1 and d.statement_id = t.decision_id
left join reseals s on s.agency_id = $1 and s.submit_id = t.submit_id
    and s.certificate_id = m.certificate_id and s.prior is not null
    and s.verdict <> 'quarantined'
left join lateral (
    select f.statement_id, f.staff_id, n.name, f.received_at from reseals f
    left join staff_names n on n.agency_id = f.agency_id and n.staff_id = f.staff_id
    where f.agency_id = $1 and f.submit_id = t.submit_id and f.certificate_id = m.certificate_id
        and f.prior is null and f.verdict <> 'quarantined'
    order by f.received_at desc limit 1) as f on true
where (l.team_id = any ($3::uuid[]) or a.team_id = any ($3::uuid[]))
    and m.certificate_id is not null
    and (s.verdict is null or s.verdict = 'waiting')
    -- What they have, their keys of today are named for: by the decision, or as its signer's.
    and not exists (
        select from statement_references r where r.agency_id = $1
            and r.statement_id = case when t.received then t.decision_id else t.submit_id end
            and r.refers_to = m.certificate_id)
order by d.decided_at, t.letter_id
"#,
        agency,
        membership.uuid(),
        &teams,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let first = match (row.first_id, row.first_by, row.first_at) {
                (Some(id), Some(staff), Some(at)) => Some(First {
                    id: StatementId::from_sql(&id)?,
                    staff: StaffId::from_uuid(staff),
                    name: row.first_name,
                    at: from_sql(at)?,
                }),
                _ => None,
            };
            Ok(Lost {
                letter: LetterId::from_uuid(row.letter_id),
                submit: StatementId::from_sql(&row.submit_id)?,
                decision: StatementId::from_sql(&row.decision_id)?,
                team: TeamId::from_uuid(row.team_id),
                received: row.received,
                certificate: StatementId::from_sql(&row.certificate_id)?,
                decided_at: from_sql(row.decided_at)?,
                first,
                agreed: row.agreed,
            })
        })
        .collect()
}

/// Letters that one person would give back to a place, and that wait for a second.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// Whose letters they are.
    pub membership: MembershipId,
    /// In which arrangement.
    pub arrangement: ArrangementId,
    /// How many.
    pub letters: i64,
    /// Since when the first of them has waited.
    pub since: Timestamp,
}

/// What waits for a second person, the longest waiting first, as far as the letters were checked in
/// those teams or belong to an arrangement of theirs.
pub async fn proposed(tx: &mut Tx, teams: &[TeamId]) -> Result<Vec<Proposed>, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(teams));
    let rows = sqlx::query!(
        r#"
select f.membership_id, l.arrangement_id, count(distinct f.submit_id) as "letters!",
    min(f.received_at) as "since!"
from reseals f
join letters l on l.agency_id = f.agency_id and l.letter_id = f.letter_id
join arrangements a on a.agency_id = f.agency_id and a.arrangement_id = l.arrangement_id
join arrangement_members m on m.agency_id = f.agency_id
    and m.arrangement_id = l.arrangement_id and m.membership_id = f.membership_id
    and m.certificate_id = f.certificate_id
where f.agency_id = $1 and f.prior is null and f.verdict = 'logged'
    and (l.team_id = any ($2::uuid[]) or a.team_id = any ($2::uuid[]))
    and not exists (
        select from reseals s where s.agency_id = f.agency_id and s.submit_id = f.submit_id
            and s.certificate_id = f.certificate_id and s.prior is not null
            and s.verdict <> 'quarantined')
group by f.membership_id, l.arrangement_id
order by "since!", f.membership_id
"#,
        agency,
        &teams,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Proposed {
                membership: MembershipId::from_uuid(row.membership_id),
                arrangement: ArrangementId::from_uuid(row.arrangement_id),
                letters: row.letters,
                since: from_sql(row.since)?,
            })
        })
        .collect()
}

/// Says what the worker found: `logged` or `quarantined`. Nothing for a statement that came by
/// another way than [`insert`].
pub async fn judge(tx: &mut Tx, statement: StatementId, verdict: &str) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "update reseals set verdict = $3 where agency_id = $1 and statement_id = $2",
        agency,
        statement.sql(),
        verdict,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
