//! Teams of staff that check letters together, and the staff certified for them.

use domain::id::{AccountId, PersonId, StaffId, StatementId, TeamId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, from_sql, from_uuids, to_sql, uuids},
};

/// A team.
#[derive(Clone, Debug)]
pub struct Team {
    /// Its id.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// Its newest epoch; none before the first.
    pub epoch: Option<StatementId>,
    /// Since when somebody who held its newest key has left the team, or has lost what opens it.
    pub key_due_since: Option<Timestamp>,
}

/// Makes a team. Fails on `teams_name_unique` when there is one of that name.
pub async fn insert(tx: &mut Tx, team: TeamId, name: &str) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "insert into teams (agency_id, team_id, name) values ($1, $2, $3)",
        agency,
        team.uuid(),
        name,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Every team, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<Team>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select t.team_id, t.name, e.statement_id as "epoch?", (
    select min(c.ended_at) from certificates c
    where c.agency_id = t.agency_id and c.kind = 'staff' and t.team_id = any (c.teams)
        and c.roles && array['coordinator', 'lead']
        and c.effective_at <= e.effective_at and c.ended_at >= e.effective_at
        -- Certified anew with the same keys for the same team, nobody has left.
        and not exists (
            select from certificates n
            where n.agency_id = c.agency_id and n.kind = 'staff' and n.staff_id = c.staff_id
                and n.ended_at is null and t.team_id = any (n.teams) and n.seal_key = c.seal_key
                and n.roles && array['coordinator', 'lead'])) as "key_due_since?"
from teams t
left join lateral (
    select e.statement_id, e.effective_at from epochs e
    where e.agency_id = t.agency_id and e.team_id = t.team_id
    order by e.n desc limit 1) as e on true
where t.agency_id = $1
order by t.name, t.team_id
"#,
        agency,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Team {
                team: TeamId::from_uuid(row.team_id),
                name: row.name,
                epoch: row.epoch.map(|id| StatementId::from_sql(&id)).transpose()?,
                key_due_since: row.key_due_since.map(from_sql).transpose()?,
            })
        })
        .collect()
}

/// A staff certificate in force.
#[derive(Clone, Debug)]
pub struct StaffMember {
    /// The certificate.
    pub certificate: StatementId,
    /// The member of staff.
    pub staff: StaffId,
    /// The human being.
    pub person: PersonId,
    /// The account that enrolled.
    pub account: Option<AccountId>,
    /// Its roles.
    pub roles: Vec<String>,
    /// The teams they hold in.
    pub teams: Vec<TeamId>,
    /// The first name families see; none until it was given.
    pub name: Option<String>,
}

/// Every staff certificate in force, oldest first.
pub async fn list_staff(tx: &mut Tx) -> Result<Vec<StaffMember>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select c.certificate_id, c.staff_id as "staff_id!", c.person_id as "person_id!", c.account_id,
    c.roles, c.teams, n.name as "name?"
from certificates c
left join staff_names n on n.agency_id = c.agency_id and n.staff_id = c.staff_id
where c.agency_id = $1 and c.kind = 'staff' and c.ended_at is null
order by c.effective_at, c.certificate_id
"#,
        agency,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(StaffMember {
                certificate: StatementId::from_sql(&row.certificate_id)?,
                staff: StaffId::from_uuid(row.staff_id),
                person: PersonId::from_uuid(row.person_id),
                account: row.account_id.map(AccountId::from_uuid),
                roles: row.roles,
                teams: from_uuids(row.teams),
                name: row.name,
            })
        })
        .collect()
}

/// Gives a member of staff the first name families see, under every id they have.
pub async fn set_name(
    tx: &mut Tx,
    staff: &[StaffId],
    name: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (agency, staff) = (tx.agency().uuid(), uuids(staff));
    sqlx::query!(
        "insert into staff_names (agency_id, staff_id, name, changed_at)
         select $1, staff, $3, $4 from unnest($2::uuid[]) as staff
         on conflict (agency_id, staff_id) do update set name = $3, changed_at = $4",
        agency,
        &staff,
        name,
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
