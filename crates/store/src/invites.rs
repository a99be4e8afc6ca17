//! Invitations: found by the locator of a printed code, used once, until they run out.

use std::collections::HashMap;

use domain::id::{AccountId, ArrangementId, InviteId, MembershipId, StatementId, TeamId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, from_sql, to_sql, uuids},
    jobs::Queue,
    keyset,
    statements::NewStatement,
};

/// An invitation to store.
#[derive(Clone, Debug)]
pub struct NewInvite<'a> {
    /// The `invite` statement.
    pub statement: NewStatement<'a>,
    /// The locator.
    pub invite: InviteId,
    /// The membership and arrangement offered; none for staff.
    pub membership: Option<(MembershipId, ArrangementId)>,
    /// The role offered.
    pub role: &'a str,
    /// The person's card, sealed.
    pub card: Option<&'a [u8]>,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// Stores an invitation. `false` when the very same one was there already; fails on
/// `invites_pkey` when its locator is taken.
pub async fn insert(tx: &mut Tx, new: &NewInvite<'_>) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
with recorded as materialized (
    select record_statement($2, 'invite', $3, $4, $5, null, $6) as stored
),
invited as (
    insert into invites (agency_id, invite_id, statement_id, membership_id, arrangement_id, role,
        card, expires_at)
    select $1, $7, $2, $8, $9, $10, $11, $12 from recorded where stored
)
select stored as "stored!" from recorded
"#,
        agency,
        new.statement.id.sql(),
        new.statement.envelope,
        new.statement.account.map(Id16::uuid),
        &byteas(new.statement.refers_to),
        to_sql(new.statement.received_at),
        new.invite.uuid(),
        new.membership.map(|(membership, _)| membership.uuid()),
        new.membership.map(|(_, arrangement)| arrangement.uuid()),
        new.role,
        new.card,
        to_sql(new.expires_at),
    )
    .fetch_one(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.stored)
}

/// An invitation, as somebody with its code may see it.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Its statement.
    pub statement: StatementId,
    /// The envelope of the statement.
    pub envelope: Vec<u8>,
    /// The role offered.
    pub role: String,
    /// Whether it is for staff.
    pub is_for_staff: bool,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// Whether it was used.
    pub is_used: bool,
    /// Whether it was revoked, or refused by the worker.
    pub is_void: bool,
}

/// The invitation of a locator.
pub async fn find(tx: &mut Tx, invite: InviteId) -> Result<Option<Invite>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select i.statement_id, s.envelope, i.role, i.membership_id is null as "is_for_staff!",
    i.expires_at, i.used_at is not null as "is_used!",
    v.verdict is not distinct from 'quarantined' or exists (
        select from statement_references r
        join verdicts w on w.agency_id = r.agency_id and w.statement_id = r.statement_id
        where r.agency_id = i.agency_id and r.refers_to = i.statement_id and r.ends
            and w.verdict = 'logged') as "is_void!"
from invites i
join statements s on s.agency_id = i.agency_id and s.statement_id = i.statement_id
left join verdicts v on v.agency_id = i.agency_id and v.statement_id = i.statement_id
where i.agency_id = $1 and i.invite_id = $2
"#,
        agency,
        invite.uuid(),
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(Invite {
            statement: StatementId::from_sql(&row.statement_id)?,
            envelope: row.envelope,
            role: row.role,
            is_for_staff: row.is_for_staff,
            expires_at: from_sql(row.expires_at)?,
            is_used: row.is_used,
            is_void: row.is_void,
        })
    })
    .transpose()
}

/// Uses an invitation up: binds it, and the membership it offers, to the account. `false`, and
/// nothing is stored, when somebody was first or its time is over.
pub async fn enrol(
    tx: &mut Tx,
    invite: InviteId,
    account: AccountId,
    statement: &NewStatement<'_>,
) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
with used as (
    update invites set enrol_id = $3, account_id = $4, used_at = $7
    where agency_id = $1 and invite_id = $2 and used_at is null and expires_at > $7
    returning membership_id, arrangement_id
),
recorded as materialized (
    select used.*, record_statement($3, 'enrol', $5, $4, $6, null, $7) as stored from used
),
bound as (
    -- A membership whose keys were lost is there already; its certificate says whose it is.
    insert into memberships (agency_id, membership_id, arrangement_id, account_id)
    select $1, membership_id, arrangement_id, $4 from recorded where membership_id is not null
    on conflict do nothing
)
select stored as "stored!" from recorded
"#,
        agency,
        invite.uuid(),
        statement.id.sql(),
        account.uuid(),
        statement.envelope,
        &byteas(statement.refers_to),
        to_sql(statement.received_at),
    )
    .fetch_optional(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.is_some_and(|row| row.stored))
}

/// An invitation, as staff follow it.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The locator.
    pub invite: InviteId,
    /// Its statement.
    pub statement: StatementId,
    /// The membership and arrangement offered; none for staff.
    pub membership: Option<(MembershipId, ArrangementId)>,
    /// The role offered.
    pub role: String,
    /// The person's card, sealed.
    pub card: Option<Vec<u8>>,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// The `enrol` statement and its envelope.
    pub enrol: Option<(StatementId, Vec<u8>)>,
    /// Whether the keys enrolled by it have a certificate.
    pub is_certified: bool,
    /// What was signed to certify them, oldest first.
    pub certificates: Vec<Certifying>,
}

/// A statement that certifies an enrolment, or half of one, whatever the worker made of it.
#[derive(Clone, Debug)]
pub struct Certifying {
    /// The statement.
    pub statement: StatementId,
    /// Its envelope.
    pub envelope: Vec<u8>,
    /// The worker's verdict: `logged` or `quarantined`; none while it waits.
    pub verdict: Option<String>,
    /// When the worker judged it.
    pub judged_at: Option<Timestamp>,
    /// Whether somebody has signed its end, and was not refused: of the first half of new keys,
    /// whoever still has the old.
    pub is_ended: bool,
    /// Whether it is a certificate in force. One that is logged and not in force is a first half,
    /// or has ended.
    pub is_in_force: bool,
}

/// A page of invitations, newest first, after `before`: those into arrangements of `teams`, and
/// those of staff if `of_staff`.
pub async fn list(
    tx: &mut Tx,
    teams: &[TeamId],
    of_staff: bool,
    before: Option<(Timestamp, InviteId)>,
    limit: i64,
) -> Result<Vec<Followed>, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(teams));
    let (before_at, before_id) = keyset::before(before);
    let rows = sqlx::query!(
        r#"
select i.invite_id, i.statement_id, i.membership_id, i.arrangement_id, i.role, i.card,
    s.received_at, i.expires_at, i.used_at, i.enrol_id as "enrol_id?", e.envelope as "enrol?",
    exists (
        select from statement_references r
        join certificates c on c.agency_id = r.agency_id and c.certificate_id = r.statement_id
        where r.agency_id = i.agency_id and r.refers_to = i.enrol_id
            and r.statement_id = c.certificate_id) as "is_certified!"
from statements s
join invites i on i.agency_id = s.agency_id and i.statement_id = s.statement_id
left join statements e on e.agency_id = i.agency_id and e.statement_id = i.enrol_id
left join arrangements a on a.agency_id = i.agency_id and a.arrangement_id = i.arrangement_id
where s.agency_id = $1 and s.kind = 'invite'
    and (a.team_id = any ($2::uuid[]) or (i.membership_id is null and $3))
    and (s.received_at, i.invite_id) < ($4, $5)
order by s.received_at desc, i.invite_id desc
limit $6
"#,
        agency,
        &teams,
        of_staff,
        before_at,
        before_id,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    let enrols: Vec<_> = rows.iter().filter_map(|row| row.enrol_id.clone()).collect();
    let mut certifying = certifying(tx, &enrols).await?;
    rows.into_iter()
        .map(|row| {
            let certificates = row.enrol_id.as_ref().and_then(|enrol| certifying.remove(enrol));
            Ok(Followed {
                invite: InviteId::from_uuid(row.invite_id),
                statement: StatementId::from_sql(&row.statement_id)?,
                membership: row
                    .membership_id
                    .map(MembershipId::from_uuid)
                    .zip(row.arrangement_id.map(ArrangementId::from_uuid)),
                role: row.role,
                card: row.card,
                made_at: from_sql(row.received_at)?,
                expires_at: from_sql(row.expires_at)?,
                used_at: row.used_at.map(from_sql).transpose()?,
                enrol: match (row.enrol_id, row.enrol) {
                    (Some(id), Some(envelope)) => Some((StatementId::from_sql(&id)?, envelope)),
                    _ => None,
                },
                is_certified: row.is_certified,
                certificates: certificates.unwrap_or_default(),
            })
        })
        .collect()
}

/// What was signed to certify some enrolments, by enrolment, oldest first.
async fn certifying(
    tx: &mut Tx,
    enrols: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, Vec<Certifying>>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select r.refers_to, s.statement_id, s.envelope, v.verdict as "verdict?", v.judged_at as "judged_at?",
    c.certificate_id is not null as "is_in_force!",
    exists (
        select from statement_references e
        left join verdicts o on o.agency_id = e.agency_id and o.statement_id = e.statement_id
        where e.agency_id = s.agency_id and e.refers_to = s.statement_id and e.ends
            and o.verdict is distinct from 'quarantined') as "is_ended!"
from statement_references r
join statements s on s.agency_id = r.agency_id and s.statement_id = r.statement_id
left join verdicts v on v.agency_id = s.agency_id and v.statement_id = s.statement_id
left join certificates c on c.agency_id = s.agency_id and c.certificate_id = s.statement_id
    and c.ended_at is null
where r.agency_id = $1 and r.refers_to = any ($2::bytea[]) and s.kind in ('staff', 'member')
order by s.received_at, s.statement_id
"#,
        agency,
        enrols,
    )
    .fetch_all(tx.conn())
    .await?;
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        found.entry(row.refers_to).or_default().push(Certifying {
            statement: StatementId::from_sql(&row.statement_id)?,
            envelope: row.envelope,
            verdict: row.verdict,
            judged_at: row.judged_at.map(from_sql).transpose()?,
            is_ended: row.is_ended,
            is_in_force: row.is_in_force,
        });
    }
    Ok(found)
}

/// The membership and arrangement an enrolment was for; none for staff or an unknown one.
pub async fn find_enrolled(
    tx: &mut Tx,
    enrol: StatementId,
) -> Result<Option<(MembershipId, ArrangementId)>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select membership_id as "membership_id!", arrangement_id as "arrangement_id!" from invites
where agency_id = $1 and enrol_id = $2 and membership_id is not null
"#,
        agency,
        enrol.sql(),
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| {
        (MembershipId::from_uuid(row.membership_id), ArrangementId::from_uuid(row.arrangement_id))
    }))
}

/// An enrolment that waits to be certified.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// The `enrol` statement.
    pub statement: StatementId,
    /// Its envelope.
    pub envelope: Vec<u8>,
    /// The role offered.
    pub role: String,
    /// The membership and arrangement offered; none for staff.
    pub membership: Option<(MembershipId, ArrangementId)>,
    /// For keys in the place of others: the first half, once a second person has signed as well and
    /// nobody has objected; its envelope and when it was logged.
    pub agreed: Option<(Vec<u8>, Timestamp)>,
}

/// The enrolments of an account that have no certificate yet, oldest first; one the worker refused
/// will never have any, and is not among them.
pub async fn list_enrolled(
    tx: &mut Tx,
    account: AccountId,
    most: i64,
) -> Result<Vec<Enrolled>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select e.statement_id, e.envelope, i.role, i.membership_id, i.arrangement_id,
    first.envelope as "first?", first.judged_at as "agreed_since?"
from invites i
join statements e on e.agency_id = i.agency_id and e.statement_id = i.enrol_id
left join lateral (
    select s.envelope, v.judged_at from statement_references h
    join verdicts v on v.agency_id = h.agency_id and v.statement_id = h.statement_id
        and v.verdict = 'logged'
    join statements s on s.agency_id = h.agency_id and s.statement_id = h.statement_id
    where h.agency_id = $1 and h.refers_to = i.enrol_id and i.membership_id is not null
        -- What ends it is an objection; what rests on it and ends nothing of it is the second.
        and exists (
            select from statement_references r
            left join verdicts o on o.agency_id = $1 and o.statement_id = r.statement_id
            where r.agency_id = $1 and r.refers_to = h.statement_id and not r.ends
                and o.verdict is distinct from 'quarantined')
        and not exists (
            select from statement_references r
            left join verdicts o on o.agency_id = $1 and o.statement_id = r.statement_id
            where r.agency_id = $1 and r.refers_to = h.statement_id and r.ends
                and o.verdict is distinct from 'quarantined')
    order by v.judged_at
    limit 1
) first on true
where i.agency_id = $1 and i.account_id = $2
    and not exists (
        select from verdicts v where v.agency_id = $1 and v.statement_id = i.enrol_id
            and v.verdict = 'quarantined')
    and not exists (
        select from statement_references r
        join certificates c on c.agency_id = r.agency_id and c.certificate_id = r.statement_id
        where r.agency_id = $1 and r.refers_to = i.enrol_id)
order by i.used_at, i.invite_id
limit $3
"#,
        agency,
        account.uuid(),
        most,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Enrolled {
                statement: StatementId::from_sql(&row.statement_id)?,
                envelope: row.envelope,
                role: row.role,
                membership: row
                    .membership_id
                    .map(MembershipId::from_uuid)
                    .zip(row.arrangement_id.map(ArrangementId::from_uuid)),
                agreed: match (row.first, row.agreed_since) {
                    (Some(envelope), Some(since)) => Some((envelope, from_sql(since)?)),
                    _ => None,
                },
            })
        })
        .collect()
}
