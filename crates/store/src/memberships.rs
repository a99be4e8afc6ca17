//! Certifying: a `member` statement and the card it names, left to the worker to judge.

use domain::id::{ArrangementId, MembershipId, TeamId};

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, to_sql, uuids},
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
