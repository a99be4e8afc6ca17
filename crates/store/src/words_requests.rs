//! People who have lost their words and ask for new ones: one request an account.

use domain::id::{AccountId, ArrangementId, MembershipId, StaffId, TeamId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, from_sql, to_sql, uuids},
    keyset,
};

/// Asks; who asked before keeps their place. Since when.
pub async fn ask(tx: &mut Tx, account: AccountId, now: Timestamp) -> Result<Timestamp, StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "insert into words_requests (agency_id, account_id, asked_at) values ($1, $2, $3)
         on conflict do nothing",
        agency,
        account.uuid(),
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    Ok(find(tx, account).await?.unwrap_or(now))
}

/// Since when an account has been asking.
pub async fn find(tx: &mut Tx, account: AccountId) -> Result<Option<Timestamp>, StoreError> {
    let agency = tx.agency().uuid();
    let asked_at = sqlx::query_scalar!(
        "select asked_at from words_requests where agency_id = $1 and account_id = $2",
        agency,
        account.uuid(),
    )
    .fetch_optional(tx.conn())
    .await?;
    asked_at.map(from_sql).transpose()
}

/// The acting account's keys were opened after all: nobody need ring, and no other account takes
/// its place. Unless all of them were stopped: whoever opens those is not who asks.
pub async fn forget(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "with gone as (
             delete from words_requests where agency_id = $1 and account_id = $2
                 and (exists (
                         select from certificates c where c.agency_id = $1 and c.account_id = $2
                             and c.ended_at is null)
                     or not exists (
                         select from certificates c where c.agency_id = $1 and c.account_id = $2))
         )
         select abandon_renewal()",
        agency,
        account.uuid(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Somebody who asks, as staff see it.
#[derive(Clone, Debug)]
pub struct Asking {
    /// Who.
    pub account: AccountId,
    /// Since when.
    pub asked_at: Timestamp,
    /// The member of staff this account is; none for families.
    pub staff: Option<StaffId>,
    /// Whose letterboxes wait for it, as far as the caller looks after them.
    pub memberships: Vec<(MembershipId, ArrangementId)>,
}

/// A page of those who ask, oldest first, after `after`: who is in an arrangement of `teams`, or
/// everybody if `all`. An account whose certificates have all ended has had its new keys, unless
/// they were stopped and nobody else's took their place.
pub async fn list(
    tx: &mut Tx,
    teams: &[TeamId],
    all: bool,
    after: Option<(Timestamp, AccountId)>,
    limit: i64,
) -> Result<Vec<Asking>, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(teams));
    let (after_at, after_id) = keyset::after(after);
    let rows = sqlx::query!(
        r#"
select r.account_id, r.asked_at, held.memberships as "memberships!",
    held.arrangements as "arrangements!",
    (select c.staff_id from certificates c
        where c.agency_id = $1 and c.account_id = r.account_id and c.kind = 'staff'
            and c.ended_at is null
        order by c.effective_at, c.certificate_id limit 1) as "staff_id?"
from words_requests r
cross join lateral (
    select coalesce(array_agg(place.membership_id order by place.membership_id), '{}')
            as memberships,
        coalesce(array_agg(place.arrangement_id order by place.membership_id), '{}')
            as arrangements
    from (
        select c.membership_id, c.arrangement_id from certificates c
        where c.agency_id = $1 and c.account_id = r.account_id and c.kind = 'member'
            and c.ended_at is null
        union
        -- Enrolled, and not certified yet.
        select m.membership_id, m.arrangement_id from memberships m
        where m.agency_id = $1 and m.account_id = r.account_id and m.certificate_id is null
    ) as place
    left join arrangements a on a.agency_id = $1 and a.arrangement_id = place.arrangement_id
    where $3 or a.team_id = any ($2::uuid[])
) as held
where r.agency_id = $1 and (r.asked_at, r.account_id) > ($4, $5)
    and ($3 or cardinality(held.memberships) > 0)
    and (not exists (
            select from certificates c where c.agency_id = $1 and c.account_id = r.account_id)
        or exists (
            select from certificates c where c.agency_id = $1 and c.account_id = r.account_id
                and c.ended_at is null)
        or exists (
            select from memberships m where m.agency_id = $1 and m.account_id = r.account_id
                and m.certificate_id is null))
order by r.asked_at, r.account_id
limit $6
"#,
        agency,
        &teams,
        all,
        after_at,
        after_id,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let memberships = row.memberships.into_iter().map(MembershipId::from_uuid);
            let arrangements = row.arrangements.into_iter().map(ArrangementId::from_uuid);
            Ok(Asking {
                account: AccountId::from_uuid(row.account_id),
                asked_at: from_sql(row.asked_at)?,
                staff: row.staff_id.map(StaffId::from_uuid),
                memberships: memberships.zip(arrangements).collect(),
            })
        })
        .collect()
}
