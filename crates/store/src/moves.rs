//! Moves of an arrangement between teams: offered by a lead of the one, until a lead of the other
//! takes it or another version governs.

use domain::id::{ArrangementId, StatementId, TeamId};
use jiff::Timestamp;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, from_sql, to_sql, uuids},
};

/// An arrangement on offer.
#[derive(Clone, Debug)]
pub struct Move {
    /// The first half of its next version.
    pub statement: StatementId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The team that gives it away.
    pub from: TeamId,
    /// The team it is offered to.
    pub to: TeamId,
    /// Since when.
    pub offered_at: Timestamp,
}

/// Records a first half that was logged. `prev` is the version it would follow.
pub async fn insert(tx: &mut Tx, new: &Move, prev: StatementId) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        r#"
insert into moves (agency_id, statement_id, arrangement_id, prev, from_team, to_team, offered_at)
values ($1, $2, $3, $4, $5, $6, $7)
"#,
        agency,
        new.statement.sql(),
        new.arrangement.uuid(),
        prev.sql(),
        new.from.uuid(),
        new.to.uuid(),
        to_sql(new.offered_at),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

struct Row {
    statement_id: Vec<u8>,
    arrangement_id: Uuid,
    from_team: Uuid,
    to_team: Uuid,
    offered_at: OffsetDateTime,
}

impl Row {
    fn read(self) -> Result<Move, StoreError> {
        Ok(Move {
            statement: StatementId::from_sql(&self.statement_id)?,
            arrangement: ArrangementId::from_uuid(self.arrangement_id),
            from: TeamId::from_uuid(self.from_team),
            to: TeamId::from_uuid(self.to_team),
            offered_at: from_sql(self.offered_at)?,
        })
    }
}

/// What is on offer from or to some teams, oldest first; of one arrangement the newest offer.
pub async fn list(tx: &mut Tx, teams: &[TeamId]) -> Result<Vec<Move>, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(teams));
    let rows = sqlx::query_as!(
        Row,
        r#"
select statement_id as "statement_id!", arrangement_id as "arrangement_id!",
    from_team as "from_team!", to_team as "to_team!", offered_at as "offered_at!"
from (
    select distinct on (m.arrangement_id) m.* from moves m
    join arrangements a on a.agency_id = m.agency_id and a.arrangement_id = m.arrangement_id
        and a.statement_id = m.prev
    where m.agency_id = $1
    order by m.arrangement_id, m.offered_at desc, m.statement_id) as newest
where from_team = any ($2::uuid[]) or to_team = any ($2::uuid[])
order by offered_at, statement_id
"#,
        agency,
        &teams,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// An offer with its sealed documents.
#[derive(Clone, Debug)]
pub struct WholeMove {
    /// The offer.
    pub offer: Move,
    /// Its plan.
    pub plan: Vec<u8>,
    /// Its notes.
    pub notes: Vec<u8>,
}

/// One offer that stands open, whoever asks: the caller decides whether to show it.
pub async fn find(tx: &mut Tx, statement: StatementId) -> Result<Option<WholeMove>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select m.statement_id, m.arrangement_id, m.from_team, m.to_team, m.offered_at,
    plan.sealed as plan, notes.sealed as notes
from moves m
join arrangements a on a.agency_id = m.agency_id and a.arrangement_id = m.arrangement_id
    and a.statement_id = m.prev
join arrangement_documents plan on plan.agency_id = m.agency_id
    and plan.statement_id = m.statement_id and plan.kind = 'plan'
join arrangement_documents notes on notes.agency_id = m.agency_id
    and notes.statement_id = m.statement_id and notes.kind = 'notes'
where m.agency_id = $1 and m.statement_id = $2
"#,
        agency,
        statement.sql(),
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let offer = Row {
        statement_id: row.statement_id,
        arrangement_id: row.arrangement_id,
        from_team: row.from_team,
        to_team: row.to_team,
        offered_at: row.offered_at,
    };
    Ok(Some(WholeMove { offer: offer.read()?, plan: row.plan, notes: row.notes }))
}

/// Whether a letter of an arrangement waits to be decided, or a message to be answered: both are sealed
/// to the team that has it now, and another could open neither.
pub async fn is_held_up(tx: &mut Tx, arrangement: ArrangementId) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select exists (
    select from letters l where l.agency_id = $1 and l.arrangement_id = $2
        and l.state in ('with_agency', 'being_checked'))
or exists (
    select from messages m where m.agency_id = $1 and m.arrangement_id = $2
        and m.answered_at is null) as "waits!"
"#,
        agency,
        arrangement.uuid(),
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(row.waits)
}
