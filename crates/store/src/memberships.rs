//! Certifying: a `member` statement and the card it names, left to the worker to judge; and new
//! keys on their way in a member's name.

use domain::id::{ArrangementId, MembershipId, StatementId, TeamId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, from_sql, to_sql, uuids},
    jobs::Queue,
    statements::NewStatement,
};

/// Stores a `member` statement, with the card it names. `false` when it was there already.
pub async fn certify(
    tx: &mut Tx,
    membership: MembershipId,
    card: Option<&[u8]>,
    statement: &NewStatement<'_>,
) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
with recorded as materialized (
    select record_statement($2, 'member', $3, $4, $5, $6, $7) as stored
),
filed as (
    insert into arrangement_documents (agency_id, statement_id, kind, membership_id, sealed)
    select $1, $2, 'card', $8, $9 from recorded where stored and $9::bytea is not null
)
select stored as "stored!" from recorded
"#,
        agency,
        statement.id.sql(),
        statement.envelope,
        statement.account.map(Id16::uuid),
        &byteas(statement.refers_to),
        statement.ends.as_ref().map(Id32::sql),
        to_sql(statement.received_at),
        membership.uuid(),
        card,
    )
    .fetch_one(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.stored)
}

/// The arrangement of a membership that was invited or stands in one, if `teams` look after it.
pub async fn find_arrangement(
    tx: &mut Tx,
    membership: MembershipId,
    teams: &[TeamId],
) -> Result<Option<ArrangementId>, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(teams));
    let row = sqlx::query!(
        r#"
select a.arrangement_id from (
    select i.arrangement_id from invites i where i.agency_id = $1 and i.membership_id = $2
    union
    select m.arrangement_id from arrangement_members m
        where m.agency_id = $1 and m.membership_id = $2) as of_membership
join arrangements a on a.agency_id = $1 and a.arrangement_id = of_membership.arrangement_id
where a.team_id = any ($3::uuid[])
limit 1
"#,
        agency,
        membership.uuid(),
        &teams,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| ArrangementId::from_uuid(row.arrangement_id)))
}

/// First halves of what would end one of these certificates, oldest first: the statement, its
/// envelope, when it came. Not those that were refused, completed or objected to.
pub async fn list_replacing(
    tx: &mut Tx,
    certificates: &[StatementId],
) -> Result<Vec<(StatementId, Vec<u8>, Timestamp)>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select s.statement_id, s.envelope, s.received_at
from statement_references r
join statements s on s.agency_id = r.agency_id and s.statement_id = r.statement_id
    and s.kind = 'member'
left join verdicts v on v.agency_id = s.agency_id and v.statement_id = s.statement_id
where r.agency_id = $1 and r.refers_to = any ($2::bytea[]) and r.ends
    and v.verdict is distinct from 'quarantined'
    -- A second half names the first, and so is none.
    and not exists (
        select from statement_references f
        join statement_references o on o.agency_id = f.agency_id
            and o.statement_id = f.refers_to and o.refers_to = r.refers_to and o.ends
        where f.agency_id = r.agency_id and f.statement_id = r.statement_id)
    and not exists (
        select from statement_references e
        where e.agency_id = r.agency_id and e.refers_to = s.statement_id and e.ends)
order by s.received_at, s.statement_id
"#,
        agency,
        &byteas(certificates),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let statement = StatementId::from_sql(&row.statement_id)?;
            Ok((statement, row.envelope, from_sql(row.received_at)?))
        })
        .collect()
}
