//! Arrangements: the version that governs, who stands in it, and its sealed documents.

use domain::id::{ArrangementId, MembershipId, StatementId, TeamId};
use jiff::civil::Date;
use time::Date as SqlDate;
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, date_from_sql, to_sql, uuids},
    epochs,
    jobs::Queue,
    statements::NewStatement,
};

/// The governing version of an arrangement.
#[derive(Clone, Debug)]
pub struct Arrangement {
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The statement of this version.
    pub statement: StatementId,
    /// Its number.
    pub n: i32,
    /// The team that checks its letters.
    pub team: TeamId,
    /// How many persons must agree to deliver.
    pub reviewers: i16,
    /// `draft`, `active`, `paused` or `ended`.
    pub state: String,
    /// When it is to be looked at again.
    pub next_review_on: Option<Date>,
}

struct Row {
    arrangement_id: Uuid,
    statement_id: Vec<u8>,
    n: i32,
    team_id: Uuid,
    reviewers: i16,
    state: String,
    next_review_on: Option<SqlDate>,
}

impl Row {
    fn read(self) -> Result<Arrangement, StoreError> {
        Ok(Arrangement {
            arrangement: ArrangementId::from_uuid(self.arrangement_id),
            statement: StatementId::from_sql(&self.statement_id)?,
            n: self.n,
            team: TeamId::from_uuid(self.team_id),
            reviewers: self.reviewers,
            state: self.state,
            next_review_on: self.next_review_on.map(date_from_sql).transpose()?,
        })
    }
}

/// The arrangements some memberships stand in.
pub async fn list_of_members(
    tx: &mut Tx,
    memberships: &[MembershipId],
) -> Result<Vec<Arrangement>, StoreError> {
    let (agency, mine) = (tx.agency().uuid(), uuids(memberships));
    let rows = sqlx::query_as!(
        Row,
        r#"
select a.arrangement_id, a.statement_id, a.n, a.team_id, a.reviewers, a.state, a.next_review_on
from arrangements a
where a.agency_id = $1 and a.arrangement_id in (
    select m.arrangement_id from arrangement_members m
    where m.agency_id = $1 and m.membership_id = any ($2::uuid[]))
order by a.arrangement_id
"#,
        agency,
        &mine,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// A page of the arrangements some teams look after, in the order of their ids, after `after`.
pub async fn list_of_teams(
    tx: &mut Tx,
    teams: &[TeamId],
    after: Option<ArrangementId>,
    limit: i64,
) -> Result<Vec<Arrangement>, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(teams));
    let rows = sqlx::query_as!(
        Row,
        r#"
select a.arrangement_id as "arrangement_id!", a.statement_id as "statement_id!", a.n as "n!",
    a.team_id as "team_id!", a.reviewers as "reviewers!", a.state as "state!", a.next_review_on
from unnest($2::uuid[]) as team (id)
cross join lateral (
    select * from arrangements a
    where a.agency_id = $1 and a.team_id = team.id
        and a.arrangement_id > $3
    -- A number, not a parameter: see `letters::list`.
    order by a.arrangement_id limit 100) as a
order by a.arrangement_id
limit $4
"#,
        agency,
        &teams,
        after.map_or(Uuid::nil(), Id16::uuid),
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The governing version of an arrangement, whoever asks: the caller decides whether to show it.
/// A family session finds its own only.
pub async fn find(
    tx: &mut Tx,
    arrangement: ArrangementId,
) -> Result<Option<Arrangement>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query_as!(
        Row,
        r#"
select arrangement_id, statement_id, n, team_id, reviewers, state, next_review_on
from arrangements where agency_id = $1 and arrangement_id = $2
"#,
        agency,
        arrangement.uuid(),
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(Row::read).transpose()
}

/// The governing version of an arrangement with what its readers open and write to.
#[derive(Clone, Debug)]
pub struct WholeArrangement {
    /// The version.
    pub arrangement: Arrangement,
    /// Its sealed plan.
    pub plan: Option<Vec<u8>>,
    /// Its sealed notes. A family session never finds them.
    pub notes: Option<Vec<u8>>,
    /// The newest epoch of its team; none before the first.
    pub epoch: Option<epochs::Newest>,
}

/// The governing version with its documents and the newest epoch of its team. Whoever may [`find`]
/// it finds it.
pub async fn find_whole(
    tx: &mut Tx,
    arrangement: ArrangementId,
) -> Result<Option<WholeArrangement>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select a.arrangement_id, a.statement_id, a.n, a.team_id, a.reviewers, a.state, a.next_review_on,
    plan.sealed as "plan?", notes.sealed as "notes?",
    e.statement_id as "epoch_id?", e.n as "epoch_n?", e.review_key as "review_key?"
from arrangements a
left join arrangement_documents plan on plan.agency_id = a.agency_id
    and plan.statement_id = a.statement_id and plan.kind = 'plan'
left join arrangement_documents notes on notes.agency_id = a.agency_id
    and notes.statement_id = a.statement_id and notes.kind = 'notes'
left join lateral (
    select e.statement_id, e.n, e.review_key from epochs e
    where e.agency_id = a.agency_id and e.team_id = a.team_id
    order by e.n desc limit 1) as e on true
where a.agency_id = $1 and a.arrangement_id = $2
"#,
        agency,
        arrangement.uuid(),
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let epoch = match (row.epoch_id, row.epoch_n, row.review_key) {
        (Some(id), Some(n), Some(review_key)) => {
            Some(epochs::Newest { id: StatementId::from_sql(&id)?, n, review_key })
        }
        _ => None,
    };
    let arrangement = Row {
        arrangement_id: row.arrangement_id,
        statement_id: row.statement_id,
        n: row.n,
        team_id: row.team_id,
        reviewers: row.reviewers,
        state: row.state,
        next_review_on: row.next_review_on,
    };
    Ok(Some(WholeArrangement {
        arrangement: arrangement.read()?,
        plan: row.plan,
        notes: row.notes,
        epoch,
    }))
}

/// Somebody in the governing version.
#[derive(Clone, Debug)]
pub struct Member {
    /// Their membership.
    pub membership: MembershipId,
    /// Their side: `a` to `f`.
    pub side: String,
    /// May receive letters.
    pub can_read: bool,
    /// May write letters.
    pub can_write: bool,
    /// Their certificate; none while on paper.
    pub certificate: Option<StatementId>,
}

/// Who stands in the governing version, by membership.
pub async fn list_members(
    tx: &mut Tx,
    arrangement: ArrangementId,
) -> Result<Vec<Member>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select membership_id, side, can_read, can_write, certificate_id from arrangement_members
where agency_id = $1 and arrangement_id = $2
order by membership_id
"#,
        agency,
        arrangement.uuid(),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Member {
                membership: MembershipId::from_uuid(row.membership_id),
                side: row.side,
                can_read: row.can_read,
                can_write: row.can_write,
                certificate: row.certificate_id.map(|id| StatementId::from_sql(&id)).transpose()?,
            })
        })
        .collect()
}

/// A version of an arrangement, with its sealed documents.
#[derive(Clone, Debug)]
pub struct NewArrangement<'a> {
    /// The `arrangement` statement.
    pub statement: NewStatement<'a>,
    /// The plan.
    pub plan: Option<&'a [u8]>,
    /// The notes.
    pub notes: Option<&'a [u8]>,
    /// Cards of people who have none from an invitation.
    pub cards: Vec<(MembershipId, &'a [u8])>,
}

/// Stores a version for the worker to verify. `false` when it was there already.
pub async fn insert(tx: &mut Tx, new: &NewArrangement<'_>) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let mut kinds: Vec<&str> = Vec::new();
    let mut memberships: Vec<Option<Uuid>> = Vec::new();
    let mut sealed: Vec<&[u8]> = Vec::new();
    let alone = [("plan", new.plan), ("notes", new.notes)];
    let alone = alone.into_iter().filter_map(|(kind, file)| Some((kind, None, file?)));
    let cards = new.cards.iter().map(|(id, file)| ("card", Some(id.uuid()), *file));
    for (kind, membership, file) in alone.chain(cards) {
        kinds.push(kind);
        memberships.push(membership);
        sealed.push(file);
    }
    let row = sqlx::query!(
        r#"
with recorded as materialized (
    select record_statement($2, 'arrangement', $3, $4, $5, null, $6) as stored
),
filed as (
    insert into arrangement_documents (agency_id, statement_id, kind, membership_id, sealed)
    select $1, $2, d.kind, d.membership_id, d.sealed
    from recorded, unnest($7::text[], $8::uuid[], $9::bytea[]) as d (kind, membership_id, sealed)
    where stored
)
select stored as "stored!" from recorded
"#,
        agency,
        new.statement.id.sql(),
        new.statement.envelope,
        new.statement.account.map(Id16::uuid),
        &byteas(new.statement.refers_to),
        to_sql(new.statement.received_at),
        &kinds as &[&str],
        &memberships as &[Option<Uuid>],
        &sealed as &[&[u8]],
    )
    .fetch_one(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.stored)
}

/// The newest card about each person in an arrangement, for its staff. Only what the worker has
/// verified counts: otherwise another team's staff could put theirs in its place.
pub async fn list_cards(
    tx: &mut Tx,
    arrangement: ArrangementId,
) -> Result<Vec<(MembershipId, Vec<u8>)>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select distinct on (card.membership_id) card.membership_id as "membership_id!",
    card.sealed as "sealed!"
from (
    select d.membership_id, d.sealed, d.statement_id
    from arrangement_members m
    join arrangement_documents d on d.agency_id = m.agency_id
        and d.membership_id = m.membership_id and d.kind = 'card'
    where m.agency_id = $1 and m.arrangement_id = $2
    union all
    select i.membership_id, i.card, i.statement_id from invites i
    where i.agency_id = $1 and i.arrangement_id = $2 and i.card is not null) as card
join statements s on s.agency_id = $1 and s.statement_id = card.statement_id
join verdicts v on v.agency_id = $1 and v.statement_id = card.statement_id and v.verdict = 'logged'
order by card.membership_id, s.received_at desc
"#,
        agency,
        arrangement.uuid(),
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (MembershipId::from_uuid(row.membership_id), row.sealed))
        .collect())
}
