//! Letters as their writers and readers see them: where each is, and, once it is theirs to open,
//! its sealed parts.

use domain::id::{ArrangementId, LetterId, MembershipId, Realm, StatementId, TeamId};
use jiff::{Timestamp, civil::Date};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, date_from_sql, from_sql, to_sql, uuids},
    jobs::Queue,
    keyset,
    statements::NewStatement,
};

/// A letter in a letterbox. Metadata only.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The letter.
    pub letter: LetterId,
    /// Whether it came to this letterbox; otherwise it was written here.
    pub received: bool,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// Who wrote it.
    pub author: MembershipId,
    /// Where it is: the words of `letters.state`.
    pub state: String,
    /// The `submit` of the revision.
    pub submit: StatementId,
    /// The revision.
    pub rev: i32,
    /// Length of its ciphertext, in bytes.
    pub ct_len: i32,
    /// When the revision came in.
    pub submitted_at: Timestamp,
    /// By when it is to be checked.
    pub due_on: Option<Date>,
    /// Whether its writer may still take it back: nobody has claimed it for checking.
    pub can_withdraw: bool,
    /// What was decided in the end.
    pub decided: Option<Decided>,
    /// When it was passed on (to this reader).
    pub released_at: Option<Timestamp>,
    /// For its writer, the first answer of a reader; for a reader, their own.
    pub receipt: Option<Receipt>,
    /// Whether its key is sealed to the keys that the one who asks has now: not so after new keys,
    /// until the letter was given back.
    pub is_readable: bool,
}

/// A reader's short answer.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The statement.
    pub id: StatementId,
    /// Whose it is.
    pub membership: MembershipId,
    /// `thanks` or `will-write`.
    pub phrase: String,
    /// When it came.
    pub at: Timestamp,
}

/// The final decision, as its writer is told.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The statement.
    pub id: StatementId,
    /// `deliver`, `change` or `keep`.
    pub outcome: String,
    /// The first name of who decided, as families see it.
    pub name: Option<String>,
    /// Their role.
    pub role: String,
    /// Why, a word of a closed list.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Where a page of a letterbox goes on: the moment and the letter of its last entry.
pub type Cursor = (Timestamp, LetterId);

impl Letter {
    /// Where the page after this entry begins.
    pub fn cursor(&self) -> Cursor {
        let at = if self.received { self.released_at } else { None };
        (at.unwrap_or(self.submitted_at), self.letter)
    }
}

/// A page of the letterbox of some memberships, newest first: what was written here, by the time
/// it came in, and what was passed on to here, by the time it was.
pub async fn list(
    tx: &mut Tx,
    memberships: &[MembershipId],
    before: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Letter>, StoreError> {
    let (agency, mine) = (tx.agency().uuid(), uuids(memberships));
    let (before_at, before_id) = keyset::before(before);
    let rows = sqlx::query_as!(
        Row,
        r#"
with page as materialized (
    (select sent.letter_id, sent.head_id as submit_id, sent.submitted_at as at,
            null::bytea as decision_id, null::timestamptz as delivered_at
        from unnest($2::uuid[]) as me (id) cross join lateral (
            select l.letter_id, l.head_id, l.submitted_at from letters l
            where l.agency_id = $1 and l.author = me.id
                and (l.submitted_at, l.letter_id) < ($3, $4)
            order by l.submitted_at desc, l.letter_id desc
            -- A number, not a parameter: the planner then trusts the index without replanning.
            limit 100) as sent)
    union all
    (select came.letter_id, came.submit_id, came.released_at, came.decision_id,
            came.released_at
        from unnest($2::uuid[]) as me (id) cross join lateral (
            select d.letter_id, d.submit_id, d.decision_id, d.released_at from deliveries d
            where d.agency_id = $1 and d.membership_id = me.id
                and (d.released_at, d.letter_id) < ($3, $4)
            order by d.released_at desc, d.letter_id desc limit 100) as came)
    order by at desc, letter_id desc
    limit $5
)
select l.letter_id as "letter_id!", page.delivered_at is not null as "received!",
    l.arrangement_id as "arrangement_id!", l.author as "author!", l.state as "state!",
    s.statement_id as "submit_id!", s.rev as "rev!", s.ct_len as "ct_len!",
    l.submitted_at as "submitted_at!", l.due_on as "due_on?",
    case when page.delivered_at is null and l.state = 'with_agency'
        then not was_claimed(l.head_id) else false end as "can_withdraw!",
    coalesce(page.delivered_at, l.released_at) as "released_at?",
    exists (
        select from present_grants g
        where g.agency_id = $1 and g.letter_id = l.letter_id
            and g.membership_id = any ($2::uuid[])
            and (g.statement_id in (s.statement_id, page.decision_id)
                or g.gives_back = s.statement_id)) as "is_readable!",
    d.statement_id as "decision_id?", d.outcome as "outcome?", d.name as "name?",
    d.role as "role?", d.reason as "reason?", d.decided_at as "decided_at?",
    r.statement_id as "receipt_id?", r.membership_id as "receipt_by?", r.phrase as "phrase?",
    r.received_at as "answered_at?"
from page
join letters l on l.agency_id = $1 and l.letter_id = page.letter_id
join submissions s on s.agency_id = $1 and s.statement_id = page.submit_id
left join lateral (
    select d.*, n.name from decisions d
    left join staff_names n on n.agency_id = d.agency_id and n.staff_id = d.staff_id
    where d.agency_id = $1 and d.submit_id = page.submit_id and d.verdict = 'final'
    order by d.decided_at desc limit 1) as d on true
left join lateral (
    select r.* from receipts r
    where r.agency_id = $1 and r.submit_id = page.submit_id and r.verdict <> 'quarantined'
        and case when page.delivered_at is null then r.verdict = 'logged'
            else r.membership_id = any ($2::uuid[]) end
    order by r.received_at, r.statement_id limit 1) as r on true
order by page.at desc, page.letter_id desc
"#,
        agency,
        &mine,
        before_at,
        before_id,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// One letter as a writer or a reader of it sees it: theirs to read if one of `memberships` wrote
/// it or it was passed on to one of them. None otherwise, whatever the reason.
pub async fn find(
    tx: &mut Tx,
    letter: LetterId,
    memberships: &[MembershipId],
) -> Result<Option<Letter>, StoreError> {
    let (agency, mine) = (tx.agency().uuid(), uuids(memberships));
    let row = sqlx::query_as!(
        Row,
        r#"
select l.letter_id, v.released_at is not null as "received!", l.arrangement_id, l.author, l.state,
    s.statement_id as submit_id, s.rev, s.ct_len, l.submitted_at, l.due_on,
    case when v.released_at is null and l.state = 'with_agency'
        then not was_claimed(l.head_id) else false end as "can_withdraw!",
    coalesce(v.released_at, l.released_at) as "released_at?",
    exists (
        select from present_grants g
        where g.agency_id = $1 and g.letter_id = l.letter_id
            and g.membership_id = any ($3::uuid[])
            and (g.statement_id in (s.statement_id, v.decision_id)
                or g.gives_back = s.statement_id)) as "is_readable!",
    d.statement_id as "decision_id?", d.outcome as "outcome?", d.name as "name?",
    d.role as "role?", d.reason as "reason?", d.decided_at as "decided_at?",
    r.statement_id as "receipt_id?", r.membership_id as "receipt_by?", r.phrase as "phrase?",
    r.received_at as "answered_at?"
from letters l
left join lateral (
    select * from deliveries v
    where v.agency_id = $1 and v.letter_id = l.letter_id and v.membership_id = any ($3::uuid[])
    order by v.released_at limit 1) as v on l.author <> all ($3::uuid[])
join submissions s on s.agency_id = $1 and s.statement_id = coalesce(v.submit_id, l.head_id)
left join lateral (
    select d.*, n.name from decisions d
    left join staff_names n on n.agency_id = d.agency_id and n.staff_id = d.staff_id
    where d.agency_id = $1 and d.submit_id = s.statement_id and d.verdict = 'final'
    order by d.decided_at desc limit 1) as d on true
left join lateral (
    select r.* from receipts r
    where r.agency_id = $1 and r.submit_id = s.statement_id and r.verdict <> 'quarantined'
        and case when v.released_at is null then r.verdict = 'logged'
            else r.membership_id = any ($3::uuid[]) end
    order by r.received_at, r.statement_id limit 1) as r on true
where l.agency_id = $1 and l.letter_id = $2
    and (l.author = any ($3::uuid[]) or v.submit_id is not null)
"#,
        agency,
        letter.uuid(),
        &mine,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(Row::read).transpose()
}

struct Row {
    letter_id: Uuid,
    received: bool,
    arrangement_id: Uuid,
    author: Uuid,
    state: String,
    submit_id: Vec<u8>,
    rev: i32,
    ct_len: i32,
    submitted_at: OffsetDateTime,
    due_on: Option<time::Date>,
    can_withdraw: bool,
    released_at: Option<OffsetDateTime>,
    decision_id: Option<Vec<u8>>,
    outcome: Option<String>,
    name: Option<String>,
    role: Option<String>,
    reason: Option<String>,
    decided_at: Option<OffsetDateTime>,
    receipt_id: Option<Vec<u8>>,
    receipt_by: Option<Uuid>,
    phrase: Option<String>,
    answered_at: Option<OffsetDateTime>,
    is_readable: bool,
}

impl Row {
    fn read(self) -> Result<Letter, StoreError> {
        let decided =
            match (self.decision_id, self.outcome, self.role, self.reason, self.decided_at) {
                (Some(id), Some(outcome), Some(role), Some(reason), Some(at)) => Some(Decided {
                    id: StatementId::from_sql(&id)?,
                    outcome,
                    name: self.name,
                    role,
                    reason,
                    at: from_sql(at)?,
                }),
                _ => None,
            };
        let receipt = match (self.receipt_id, self.receipt_by, self.phrase, self.answered_at) {
            (Some(id), Some(membership), Some(phrase), Some(at)) => Some(Receipt {
                id: StatementId::from_sql(&id)?,
                membership: MembershipId::from_uuid(membership),
                phrase,
                at: from_sql(at)?,
            }),
            _ => None,
        };
        Ok(Letter {
            letter: LetterId::from_uuid(self.letter_id),
            received: self.received,
            arrangement: ArrangementId::from_uuid(self.arrangement_id),
            author: MembershipId::from_uuid(self.author),
            state: self.state,
            submit: StatementId::from_sql(&self.submit_id)?,
            rev: self.rev,
            ct_len: self.ct_len,
            submitted_at: from_sql(self.submitted_at)?,
            due_on: self.due_on.map(date_from_sql).transpose()?,
            can_withdraw: self.can_withdraw,
            decided,
            released_at: self.released_at.map(from_sql).transpose()?,
            receipt,
            is_readable: self.is_readable,
        })
    }
}

/// The teams of a letter, for staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Teams {
    /// The one it is sealed to, which checks it.
    pub checks: TeamId,
    /// The one that has its arrangement now: another, after a move.
    pub keeps: TeamId,
}

/// The teams of a letter.
pub async fn find_teams(tx: &mut Tx, letter: LetterId) -> Result<Option<Teams>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select l.team_id as checks, a.team_id as keeps from letters l
join arrangements a on a.agency_id = l.agency_id and a.arrangement_id = l.arrangement_id
where l.agency_id = $1 and l.letter_id = $2
"#,
        agency,
        letter.uuid(),
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Teams {
        checks: TeamId::from_uuid(row.checks),
        keeps: TeamId::from_uuid(row.keeps),
    }))
}

/// For whom a proof is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofFor {
    /// The letter's writer.
    Writer,
    /// A reader.
    Reader,
    /// Staff.
    Staff,
}

/// The statements a letter's proof grows from: its revisions, what was decided in the end, which
/// names the steps before, and what was given back to new keys. For its writer also its readers'
/// answers. For staff also steps that are not final, and the version of the arrangement that governs
/// now. `memberships` are those of the one who asks; none for staff. What the worker has not judged
/// is in none: a reader holds every statement against the log, and nobody goes on from a step that
/// is on its way. Only the writer's own newest revision may be there without being logged. If it was
/// refused, what it rests on is all there is beside it: their own words open to them as they sent them.
pub async fn proof_roots(
    tx: &mut Tx,
    letter: LetterId,
    whom: ProofFor,
    memberships: &[MembershipId],
) -> Result<Vec<StatementId>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select s.statement_id as "statement_id!" from letters l
join submissions s on s.agency_id = $1 and s.letter_id = l.letter_id
left join verdicts v on v.agency_id = $1 and v.statement_id = s.statement_id
where l.agency_id = $1 and l.letter_id = $2
    and (v.verdict = 'logged' or ($4 and s.statement_id = l.head_id))
union all
select d.statement_id from decisions d
where d.agency_id = $1 and d.letter_id = $2
    and (d.verdict = 'final' or ($3 and d.verdict = 'counted'))
union all
select r.statement_id from reseals r
where r.agency_id = $1 and r.letter_id = $2 and r.verdict = 'logged'
    and (r.prior is not null or $3)
union all
-- For staff, for whoever is still in the arrangement, and after a move between teams: who may sign
-- for a team is told by the version that governed when they signed.
select a.statement_id from letters l
join arrangements a on a.agency_id = $1 and a.arrangement_id = l.arrangement_id
where l.agency_id = $1 and l.letter_id = $2
    and not ($4 and l.state = 'send_again')
    and ($3 or a.team_id <> l.team_id or exists (
        select from arrangement_members m where m.agency_id = $1
            and m.arrangement_id = l.arrangement_id and m.membership_id = any ($5::uuid[])))
union all
select r.statement_id from receipts r
where r.agency_id = $1 and r.letter_id = $2 and $4 and r.verdict = 'logged'
union all
-- Without the wish for another look the decision before it would be the last.
select m.statement_id from decisions d
join messages m on m.agency_id = $1 and m.subject_id = d.statement_id and m.about = 'look'
join verdicts v on v.agency_id = $1 and v.statement_id = m.statement_id and v.verdict = 'logged'
where d.agency_id = $1 and d.letter_id = $2 and $3
"#,
        agency,
        letter.uuid(),
        whom == ProofFor::Staff,
        whom == ProofFor::Writer,
        &uuids(memberships),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(|row| StatementId::from_sql(&row.statement_id)).collect()
}

/// A letter its writer takes back.
#[derive(Clone, Debug)]
pub struct NewWithdrawal<'a> {
    /// The `withdraw` statement.
    pub statement: NewStatement<'a>,
    /// The realm it names.
    pub realm: Realm,
    /// The letter.
    pub letter: LetterId,
    /// Its newest revision.
    pub submit: StatementId,
    /// The writer's memberships.
    pub memberships: &'a [MembershipId],
}

/// Takes a letter back, if nobody has claimed it yet; `false` otherwise, and nothing is stored.
pub async fn withdraw(tx: &mut Tx, new: &NewWithdrawal<'_>) -> Result<bool, StoreError> {
    let (agency, mine) = (tx.agency().uuid(), uuids(new.memberships));
    let row = sqlx::query!(
        r#"
with taken as (
    update letters l set state = 'withdrawn'
    where l.agency_id = $1 and l.letter_id = $2 and l.head_id = $3 and l.author = any ($4::uuid[])
        and l.state = 'with_agency' and not was_claimed(l.head_id)
        and exists (select from agencies g where g.agency_id = $1 and g.realm = $5)
        -- One that was refused is not taken a second time.
        and not exists (
            select from statements s where s.agency_id = $1 and s.statement_id = $6)
    returning l.letter_id
)
select record_statement($6, 'withdraw', $7, $8, $9, null, $10) as "stored!" from taken
"#,
        agency,
        new.letter.uuid(),
        new.submit.sql(),
        &mine,
        new.realm.sql(),
        new.statement.id.sql(),
        new.statement.envelope,
        new.statement.account.map(Id16::uuid),
        &byteas(new.statement.refers_to),
        to_sql(new.statement.received_at),
    )
    .fetch_optional(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.is_some_and(|row| row.stored))
}
