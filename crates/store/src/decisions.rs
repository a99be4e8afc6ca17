//! Deciding: one person's step on a revision, stored whole and left to the worker to judge.

use domain::id::{FileHash, LetterId, MembershipId, Realm, StaffId, StatementId, TeamId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, from_sql, to_sql, uuids},
    jobs::Queue,
    statements::NewStatement,
};

/// A decision as its signer sent it. The caller has checked the signature, the hashes and the
/// shape of every file; what depends on rows is checked here.
#[derive(Clone, Debug)]
pub struct NewDecision<'a> {
    /// The `decision` statement.
    pub statement: NewStatement<'a>,
    /// The realm the statement names.
    pub realm: Realm,
    /// The letter.
    pub letter: LetterId,
    /// The revision decided on.
    pub submit: StatementId,
    /// The version of the arrangement it was decided under.
    pub arrangement_version: StatementId,
    /// `deliver`, `change` or `keep`.
    pub outcome: &'a str,
    /// Place in the chain, from 1.
    pub step: i16,
    /// The step before, or the decision this one closes.
    pub prior: Option<StatementId>,
    /// Who decides.
    pub staff: StaffId,
    /// In which role.
    pub role: &'a str,
    /// The teams this role holds in.
    pub teams: &'a [TeamId],
    /// Why, a word of a closed list.
    pub reason: &'a str,
    /// The addressees' grants.
    pub grants: &'a [MemberGrant<'a>],
    /// Small sealed letters by staff.
    pub attached: &'a [NewAttachment<'a>],
}

/// A grant to an addressee.
#[derive(Clone, Copy, Debug)]
pub struct MemberGrant<'a> {
    /// The addressee.
    pub membership: MembershipId,
    /// SHA-256 of the file.
    pub hash: FileHash,
    /// The file.
    pub sealed: &'a [u8],
}

/// A small sealed letter that travels with a decision.
#[derive(Clone, Copy, Debug)]
pub struct NewAttachment<'a> {
    /// `comment`, `note` or `team`.
    pub kind: &'a str,
    /// Its reader; none for `team`.
    pub membership: Option<MembershipId>,
    /// SHA-256 of `sealed`.
    pub hash: FileHash,
    /// The sealed letter.
    pub sealed: &'a [u8],
    /// Its key, sealed to the reader; none for `team`.
    pub grant: Option<&'a [u8]>,
    /// Its key, sealed to the epoch.
    pub review_grant: &'a [u8],
    /// Its key, sealed to the archive.
    pub archive_grant: &'a [u8],
}

/// Stores a decision and ends the claim it was made under, or nothing at all: `false` when a guard
/// held it back, which [`explain`] names.
///
/// The guards: the realm is the agency's; the letter is in those teams, being checked, and this is
/// its newest revision; the decider holds a claim in force and has had no say on this revision;
/// the arrangement version governs; no decision on it is still to be judged.
pub async fn insert(tx: &mut Tx, new: &NewDecision<'_>) -> Result<bool, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(new.teams));
    let now = new.statement.received_at;
    let grants = Columns::of_grants(new.grants);
    let attached = AttachmentColumns::of(new.attached);
    let row = sqlx::query!(
        r#"
with gate as materialized (
    select l.letter_id, c.check_id
    from letters l
    join agencies g on g.agency_id = l.agency_id and g.realm = $2
    join arrangements a on a.agency_id = l.agency_id and a.arrangement_id = l.arrangement_id
        and a.statement_id = $3
    join checks c on c.agency_id = l.agency_id and c.letter_id = l.letter_id
        and c.submit_id = l.head_id and c.staff_id = $4 and c.ended_at is null
        and c.renewed_at + (select claim_idle()) > $8
    where l.agency_id = $1 and l.letter_id = $5 and l.head_id = $6
        and l.team_id = any ($7::uuid[]) and l.state = 'being_checked'
        and not exists (
            select from decisions d where d.agency_id = l.agency_id and d.submit_id = l.head_id
                and d.verdict = 'waiting')
        and not has_decided(l.head_id, $4)
),
-- First of all: of two that come together, one finds the claim ended.
ended as (
    update checks c set ended_at = greatest($8, c.claimed_at) from gate
    where c.agency_id = $1 and c.check_id = gate.check_id and c.ended_at is null
    returning c.letter_id
),
recorded as materialized (
    select letter_id, record_statement($9, 'decision', $10, $11, $12, null, $8) as stored
    from ended
),
decided as (
    insert into decisions (agency_id, statement_id, submit_id, letter_id, outcome, step, prior,
        staff_id, role, reason, decided_at)
    select $1, $9, $6, letter_id, $13, $14, $15, $4, $16, $17, $8 from recorded where stored
    returning letter_id
),
granted as (
    insert into grants (agency_id, statement_id, grant_hash, letter_id, grantee_kind,
        membership_id, sealed)
    select $1, $9, g.hash, letter_id, 'member', g.membership_id, g.sealed
    from decided, unnest($18::uuid[], $19::bytea[], $20::bytea[])
        as g (membership_id, hash, sealed)
),
attached as (
    insert into attachments (agency_id, statement_id, ct_hash, kind, membership_id, sealed,
        grant_sealed, review_grant_sealed, archive_grant_sealed)
    select $1, $9, a.hash, a.kind, a.membership_id, a.sealed, a.grant_sealed, a.review, a.archive
    from decided, unnest($21::bytea[], $22::text[], $23::uuid[], $24::bytea[], $25::bytea[],
            $26::bytea[], $27::bytea[])
        as a (hash, kind, membership_id, sealed, grant_sealed, review, archive)
)
select exists (select from decided) as "decided!"
"#,
        agency,
        new.realm.sql(),
        new.arrangement_version.sql(),
        new.staff.uuid(),
        new.letter.uuid(),
        new.submit.sql(),
        &teams,
        to_sql(now),
        new.statement.id.sql(),
        new.statement.envelope,
        new.statement.account.map(Id16::uuid),
        &byteas(new.statement.refers_to),
        new.outcome,
        new.step,
        new.prior.as_ref().map(Id32::sql),
        new.role,
        new.reason,
        &grants.memberships,
        &grants.hashes as &[&[u8]],
        &grants.sealed as &[&[u8]],
        &attached.hashes as &[&[u8]],
        &attached.kinds as &[&str],
        &attached.memberships as &[Option<uuid::Uuid>],
        &attached.sealed as &[&[u8]],
        &attached.grants as &[Option<&[u8]>],
        &attached.review_grants as &[&[u8]],
        &attached.archive_grants as &[&[u8]],
    )
    .fetch_one(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.decided)
}

struct Columns<'a> {
    memberships: Vec<uuid::Uuid>,
    hashes: Vec<&'a [u8]>,
    sealed: Vec<&'a [u8]>,
}

impl<'a> Columns<'a> {
    fn of_grants(grants: &'a [MemberGrant<'a>]) -> Self {
        Self {
            memberships: grants.iter().map(|it| it.membership.uuid()).collect(),
            hashes: grants.iter().map(|it| it.hash.sql()).collect(),
            sealed: grants.iter().map(|it| it.sealed).collect(),
        }
    }
}

struct AttachmentColumns<'a> {
    hashes: Vec<&'a [u8]>,
    kinds: Vec<&'a str>,
    memberships: Vec<Option<uuid::Uuid>>,
    sealed: Vec<&'a [u8]>,
    grants: Vec<Option<&'a [u8]>>,
    review_grants: Vec<&'a [u8]>,
    archive_grants: Vec<&'a [u8]>,
}

impl<'a> AttachmentColumns<'a> {
    fn of(attached: &'a [NewAttachment<'a>]) -> Self {
        Self {
            hashes: attached.iter().map(|it| it.hash.sql()).collect(),
            kinds: attached.iter().map(|it| it.kind).collect(),
            memberships: attached.iter().map(|it| it.membership.map(Id16::uuid)).collect(),
            sealed: attached.iter().map(|it| it.sealed).collect(),
            grants: attached.iter().map(|it| it.grant).collect(),
            review_grants: attached.iter().map(|it| it.review_grant).collect(),
            archive_grants: attached.iter().map(|it| it.archive_grant).collect(),
        }
    }
}

/// Why [`insert`] stored nothing, or that there was nothing left to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// The very same statement is there already: sending twice is harmless.
    Repeated,
    /// There is no such letter in the decider's teams.
    NotFound,
    /// The statement names another agency.
    Foreign,
    /// There is a newer revision, or the letter is not open for checking.
    NotHead,
    /// The arrangement has a newer version.
    StaleArrangement(StatementId),
    /// The decider has had their say on this revision; another person must look.
    Decided,
    /// A decision on this revision is still to be judged.
    Waiting,
    /// The decider holds no claim in force.
    NoClaim,
}

/// Looks at each guard of [`insert`] in turn. For the path of errors only.
pub async fn explain(tx: &mut Tx, new: &NewDecision<'_>) -> Result<Held, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(new.teams));
    let row = sqlx::query!(
        r#"
select
    exists (select from decisions d where d.agency_id = $1 and d.statement_id = $2) as "repeated!",
    g.realm = $3 as "realm!", a.statement_id as version,
    l.head_id = $4 and l.state in ('with_agency', 'being_checked') as "head!",
    exists (select from decisions d where d.agency_id = $1 and d.submit_id = l.head_id
        and d.verdict = 'waiting') as "waiting!",
    has_decided(l.head_id, $5) as "decided!"
from letters l
join agencies g on g.agency_id = l.agency_id
join arrangements a on a.agency_id = l.agency_id and a.arrangement_id = l.arrangement_id
where l.agency_id = $1 and l.letter_id = $6 and l.team_id = any ($7::uuid[])
"#,
        agency,
        new.statement.id.sql(),
        new.realm.sql(),
        new.submit.sql(),
        new.staff.uuid(),
        new.letter.uuid(),
        &teams,
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(Held::NotFound) };
    Ok(if row.repeated {
        Held::Repeated
    } else if !row.realm {
        Held::Foreign
    } else if !row.head {
        Held::NotHead
    } else if row.decided {
        Held::Decided
    } else if row.waiting {
        Held::Waiting
    } else if row.version != new.arrangement_version.sql() {
        Held::StaleArrangement(StatementId::from_sql(&row.version)?)
    } else {
        Held::NoClaim
    })
}

/// A decision on a letter.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The statement.
    pub id: StatementId,
    /// The revision decided on.
    pub submit: StatementId,
    /// `deliver`, `change` or `keep`.
    pub outcome: String,
    /// Place in its chain.
    pub step: i16,
    /// Who decided.
    pub staff: StaffId,
    /// Their first name, as families see it.
    pub name: Option<String>,
    /// In which role.
    pub role: String,
    /// Why, a word of a closed list.
    pub reason: String,
    /// `waiting`, `counted`, `final` or `quarantined`.
    pub verdict: String,
    /// When.
    pub decided_at: Timestamp,
}

/// Every decision on a letter, oldest first; only final ones for its writer and readers. The
/// caller has checked that they may see them.
pub async fn list(
    tx: &mut Tx,
    letter: LetterId,
    final_only: bool,
) -> Result<Vec<Decision>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select d.statement_id, d.submit_id, d.outcome, d.step, d.staff_id, n.name as "name?", d.role,
    d.reason, d.verdict, d.decided_at
from decisions d
left join staff_names n on n.agency_id = d.agency_id and n.staff_id = d.staff_id
where d.agency_id = $1 and d.letter_id = $2 and (d.verdict = 'final' or not $3)
order by d.decided_at, d.statement_id
"#,
        agency,
        letter.uuid(),
        final_only,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Decision {
                id: StatementId::from_sql(&row.statement_id)?,
                submit: StatementId::from_sql(&row.submit_id)?,
                outcome: row.outcome,
                step: row.step,
                staff: StaffId::from_uuid(row.staff_id),
                name: row.name,
                role: row.role,
                reason: row.reason,
                verdict: row.verdict,
                decided_at: from_sql(row.decided_at)?,
            })
        })
        .collect()
}
