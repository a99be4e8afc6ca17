//! What the worker projects from logged statements about people: certificates, arrangements, team
//! keys and contact points.

use domain::id::{ArrangementId, MembershipId, PersonId, StaffId, StatementId, TeamId};
use jiff::{Timestamp, civil::Date};

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, date_to_sql, to_sql, uuids},
    error::one,
};

/// Whose a certificate is.
#[derive(Clone, Debug)]
pub enum Holder<'a> {
    /// A member of staff.
    Staff {
        /// Who.
        staff: StaffId,
        /// The human being.
        person: PersonId,
        /// The teams its roles hold in.
        teams: &'a [TeamId],
    },
    /// One person in one arrangement.
    Member {
        /// The membership.
        membership: MembershipId,
        /// The arrangement.
        arrangement: ArrangementId,
    },
}

/// A certificate that was logged.
#[derive(Clone, Debug)]
pub struct NewCertificate<'a> {
    /// Its statement.
    pub id: StatementId,
    /// Whose it is.
    pub holder: Holder<'a>,
    /// The `enrol` statement: whose session brought it is whose certificate this is.
    pub enrol: StatementId,
    /// Ed25519 public key.
    pub sign_key: [u8; 32],
    /// Hybrid recipient.
    pub seal_key: &'a str,
    /// Roles, as statements spell them.
    pub roles: Vec<String>,
    /// Until when; none for no end.
    pub until: Option<Timestamp>,
    /// The certificate it replaces.
    pub replaces: Option<StatementId>,
}

/// Puts a certificate in force; a member's replaces the one before, and becomes the one of its
/// membership. Its account takes the place of one it renews, of which nothing else is in force.
pub async fn certify(
    tx: &mut Tx,
    new: &NewCertificate<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(old) = new.replaces {
        end(tx, old, now).await?;
    }
    let agency = tx.agency().uuid();
    let (kind, staff, person, teams, membership, arrangement) = match new.holder {
        Holder::Staff { staff, person, teams } => {
            ("staff", Some(staff.uuid()), Some(person.uuid()), uuids(teams), None, None)
        }
        Holder::Member { membership, arrangement } => {
            ("member", None, None, Vec::new(), Some(membership.uuid()), Some(arrangement.uuid()))
        }
    };
    sqlx::query!(
        r#"
insert into certificates (agency_id, certificate_id, kind, staff_id, membership_id, person_id,
    account_id, sign_key, seal_key, roles, teams, arrangement_id, until_at, effective_at)
values ($1, $2, $3, $4, $5, $6,
    (select e.account_id from statements e
        where e.agency_id = $1 and e.statement_id = $7 and e.kind = 'enrol'),
    $8, $9, $10, $11, $12, $13, $14)
"#,
        agency,
        new.id.sql(),
        kind,
        staff,
        membership,
        person,
        new.enrol.sql(),
        new.sign_key.as_slice(),
        new.seal_key,
        &new.roles,
        &teams,
        arrangement,
        new.until.map(to_sql),
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    if let Some(membership) = membership {
        sqlx::query!(
            r#"
insert into memberships (agency_id, membership_id, arrangement_id, account_id, certificate_id)
select $1, $2, $3, c.account_id, $4
from certificates c where c.agency_id = $1 and c.certificate_id = $4
on conflict (agency_id, membership_id) do update
    set certificate_id = excluded.certificate_id,
        account_id = coalesce(excluded.account_id, memberships.account_id)
"#,
            agency,
            membership,
            arrangement,
            new.id.sql(),
        )
        .execute(tx.conn())
        .await?;
    }
    finish_renewal(tx, new.id, now).await
}

/// After a certificate was logged or has ended.
async fn finish_renewal(
    tx: &mut Tx,
    certificate: StatementId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        r#"select finish_renewal(account_id, $3) as "finished?" from certificates
           where agency_id = $1 and certificate_id = $2"#,
        agency,
        certificate.sql(),
        to_sql(now),
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(())
}

/// Ends a certificate, if it is one in force (a revoked invite is none). A member of staff loses their
/// wraps of the keys of every team that no certificate in force names for the same keys of theirs:
/// what was sealed to keys that are no longer certified opens nothing for anybody.
pub async fn end(tx: &mut Tx, id: StatementId, now: Timestamp) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let ended = sqlx::query!(
        r#"
update certificates set ended_at = greatest($3, effective_at)
where agency_id = $1 and certificate_id = $2 and ended_at is null
returning staff_id, seal_key
"#,
        agency,
        id.sql(),
        to_sql(now),
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(ended) = ended else { return Ok(()) };
    finish_renewal(tx, id, now).await?;
    let Some(staff) = ended.staff_id else {
        sqlx::query!(
            "update memberships set certificate_id = null
             where agency_id = $1 and certificate_id = $2",
            agency,
            id.sql(),
        )
        .execute(tx.conn())
        .await?;
        return Ok(());
    };
    // A wrap that came with an epoch still waiting is looked at when that is logged.
    sqlx::query!(
        r#"
delete from epoch_wraps w
where w.agency_id = $1 and w.grantee = 'staff:' || replace($2::uuid::text, '-', '')
    and not exists (
        select from certificates c
        left join epochs e on e.agency_id = w.agency_id and e.statement_id = w.statement_id
        where c.agency_id = $1 and c.staff_id = $2 and c.kind = 'staff' and c.ended_at is null
            and c.roles && array['coordinator', 'lead']
            and (e.statement_id is null or e.team_id = any (c.teams) and c.seal_key = $3))
"#,
        agency,
        staff,
        ended.seal_key,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A membership in an arrangement.
#[derive(Clone, Debug)]
pub struct ArrangementMember {
    /// The membership.
    pub membership: MembershipId,
    /// `a` to `f`.
    pub side: String,
    /// May receive.
    pub read: bool,
    /// May write.
    pub write: bool,
    /// None while on paper.
    pub certificate: Option<StatementId>,
}

/// A version of an arrangement that now governs.
#[derive(Clone, Debug)]
pub struct NewArrangement<'a> {
    /// The arrangement.
    pub id: ArrangementId,
    /// The version's statement.
    pub statement: StatementId,
    /// Its number.
    pub n: i32,
    /// The team that checks its letters.
    pub team: TeamId,
    /// How many people must agree to deliver.
    pub reviewers: i16,
    /// Everybody in it.
    pub members: &'a [ArrangementMember],
    /// When it is next looked at together, for a first version.
    pub next_review_on: Date,
}

/// Puts a version of an arrangement in force. [`StoreError::Stale`] unless it is the next.
pub async fn arrange(tx: &mut Tx, new: &NewArrangement<'_>) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        r#"
insert into arrangements (agency_id, arrangement_id, statement_id, n, team_id, reviewers,
    next_review_on)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (agency_id, arrangement_id) do update
    set statement_id = excluded.statement_id, n = excluded.n, team_id = excluded.team_id,
        reviewers = excluded.reviewers
    where arrangements.n < excluded.n
"#,
        agency,
        new.id.uuid(),
        new.statement.sql(),
        new.n,
        new.team.uuid(),
        new.reviewers,
        date_to_sql(new.next_review_on),
    )
    .execute(tx.conn())
    .await?;
    one(&done)?;
    sqlx::query!(
        "delete from arrangement_members where agency_id = $1 and arrangement_id = $2",
        agency,
        new.id.uuid(),
    )
    .execute(tx.conn())
    .await?;
    let memberships: Vec<_> = new.members.iter().map(|member| member.membership.uuid()).collect();
    let sides: Vec<String> = new.members.iter().map(|member| member.side.clone()).collect();
    let read: Vec<bool> = new.members.iter().map(|member| member.read).collect();
    let write: Vec<bool> = new.members.iter().map(|member| member.write).collect();
    let certificates: Vec<Option<Vec<u8>>> =
        new.members.iter().map(|member| member.certificate.map(|id| id.sql().to_vec())).collect();
    sqlx::query!(
        r#"
insert into arrangement_members (agency_id, arrangement_id, membership_id, side, can_read,
    can_write, certificate_id)
select $1, $2, m.membership_id, m.side, m.can_read, m.can_write, m.certificate_id
from unnest($3::uuid[], $4::text[], $5::boolean[], $6::boolean[], $7::bytea[])
    as m (membership_id, side, can_read, can_write, certificate_id)
"#,
        agency,
        new.id.uuid(),
        &memberships,
        &sides,
        &read,
        &write,
        &certificates as &[Option<Vec<u8>>],
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts a team's new key in force. Whoever has left the team while it waited loses their wrap of it.
pub async fn start_epoch(
    tx: &mut Tx,
    statement: StatementId,
    team: TeamId,
    n: i32,
    review_key: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "insert into epochs (agency_id, statement_id, team_id, n, review_key, effective_at)
         values ($1, $2, $3, $4, $5, $6)",
        agency,
        statement.sql(),
        team.uuid(),
        n,
        review_key,
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        r#"
delete from epoch_wraps w
where w.agency_id = $1 and w.statement_id = $2 and w.grantee like 'staff:%'
    and not exists (
        select from certificates c
        where c.agency_id = $1 and c.kind = 'staff' and c.ended_at is null
            and w.grantee = 'staff:' || replace(c.staff_id::text, '-', '')
            and $3 = any (c.teams) and c.roles && array['coordinator', 'lead'])
"#,
        agency,
        statement.sql(),
        team.uuid(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts a contact point in use in place of the one before; whether there was one.
/// [`StoreError::Stale`] if there is no such contact point waiting.
pub async fn use_contact(
    tx: &mut Tx,
    membership: MembershipId,
    statement: StatementId,
) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let before = sqlx::query!(
        "update contacts set state = 'replaced'
         where agency_id = $1 and membership_id = $2 and state in ('in_use', 'failing')",
        agency,
        membership.uuid(),
    )
    .execute(tx.conn())
    .await?;
    let done = sqlx::query!(
        "update contacts set state = 'in_use'
         where agency_id = $1 and membership_id = $2 and statement_id = $3 and state = 'waiting'",
        agency,
        membership.uuid(),
        statement.sql(),
    )
    .execute(tx.conn())
    .await?;
    one(&done)?;
    Ok(before.rows_affected() > 0)
}

/// Marks a contact point whose statement does not verify.
pub async fn quarantine_contact(tx: &mut Tx, statement: StatementId) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "update contacts set state = 'quarantined'
         where agency_id = $1 and statement_id = $2 and state = 'waiting'",
        agency,
        statement.sql(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
