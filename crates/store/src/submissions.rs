//! Handing in a letter: everything a revision consists of, in one statement.

use domain::id::{
    ArrangementId, FileHash, KeyHash, LetterId, MembershipId, Realm, StatementId, TeamId,
};
use jiff::civil::Date;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, date_to_sql, to_sql, uuids},
    jobs::Queue,
    statements::NewStatement,
};

/// A revision as its writer sent it. The caller has checked the signature, the hashes and the
/// shape of every file; what depends on rows is checked here.
#[derive(Clone, Debug)]
pub struct NewSubmission<'a> {
    /// The `submit` statement.
    pub statement: NewStatement<'a>,
    /// The certificate that signed it.
    pub signer: StatementId,
    /// The realm the statement names.
    pub realm: Realm,
    /// The letter.
    pub letter: LetterId,
    /// Revision, from 1.
    pub rev: i32,
    /// The revision before; none for the first.
    pub prev: Option<StatementId>,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The version of the arrangement its writer saw.
    pub arrangement_version: StatementId,
    /// The writer.
    pub author: MembershipId,
    /// Who it is for.
    pub addressees: &'a [MembershipId],
    /// The team that checks it.
    pub team: TeamId,
    /// The epoch it is sealed to.
    pub epoch: StatementId,
    /// SHA-256 of `ciphertext`.
    pub ct_hash: FileHash,
    /// SHA-256 of the letter key's recipient.
    pub key_hash: KeyHash,
    /// The day it was written.
    pub day: Date,
    /// The sealed letter.
    pub ciphertext: &'a [u8],
    /// Its key, sealed to the epoch.
    pub epoch_grant: File<'a>,
    /// Its key, sealed to the archive.
    pub archive_grant: File<'a>,
    /// Its key, sealed to the writer.
    pub self_grant: File<'a>,
}

/// A sealed file and its hash.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// SHA-256 of the bytes.
    pub hash: FileHash,
    /// The bytes.
    pub sealed: &'a [u8],
}

/// Stores a revision, or nothing at all: `false` when a guard held it back, which
/// [`explain`] names.
///
/// The guards: the realm is the agency's, the arrangement version governs and is active, the
/// signer's certificate stands in it with the right to write, every addressee reads on another
/// side, the epoch is the team's newest, neither version nor epoch is about to be followed by
/// another, and the revision follows a head that needs a change, or is the head itself once more,
/// sealed anew, when that came too late.
/// Fails on `submissions_key_hash_unique` when the letter key was used before.
pub async fn insert(tx: &mut Tx, new: &NewSubmission<'_>) -> Result<bool, StoreError> {
    let (agency, addressees) = (tx.agency().uuid(), uuids(new.addressees));
    let row = sqlx::query!(
        r#"
with gate as materialized (
    select a.arrangement_id, a.team_id
    from arrangements a
    join agencies g on g.agency_id = a.agency_id and g.realm = $2
    join arrangement_members me on me.agency_id = a.agency_id
        and me.arrangement_id = a.arrangement_id and me.membership_id = $3
        and me.can_write and me.certificate_id = $4
    join epochs e on e.agency_id = a.agency_id and e.statement_id = $5 and e.team_id = a.team_id
    where a.agency_id = $1 and a.arrangement_id = $6 and a.statement_id = $7 and a.team_id = $8
        and a.state = 'active' and not is_about_to_change(a.statement_id, $14)
        and is_open_epoch(e.statement_id, $14)
        and not exists (
            select from unnest($9::uuid[]) as addressee (id)
            left join arrangement_members r on r.agency_id = a.agency_id
                and r.arrangement_id = a.arrangement_id and r.membership_id = addressee.id
            where (r.can_read and r.side <> me.side) is not true)
),
recorded as materialized (
    select gate.*, record_statement($10, 'submit', $11, $12, $13, null, $14) as stored from gate
),
first as (
    insert into letters (agency_id, letter_id, arrangement_id, author, team_id, state, head_id,
        rev, submitted_at)
    select $1, $15, arrangement_id, $3, team_id, 'with_agency', $10, 1, $14
    from recorded where stored and $16 = 1
    on conflict do nothing
    returning letter_id
),
later as (
    update letters l set state = 'with_agency', head_id = $10, rev = $16, submitted_at = $14,
        team_id = recorded.team_id, due_on = null, allocated_to = null
    from recorded
    where stored and l.agency_id = $1 and l.letter_id = $15 and l.author = $3
        and l.arrangement_id = recorded.arrangement_id
        and (l.state = 'needs_change' and l.head_id = $17 and l.rev = $16 - 1
            or l.state = 'send_again' and l.rev = $16 and exists (
                select from submissions s where s.agency_id = $1 and s.statement_id = l.head_id
                    and s.prev is not distinct from $17))
    returning l.letter_id
),
wrote as (select letter_id from first union all select letter_id from later),
submission as (
    insert into submissions (agency_id, statement_id, letter_id, rev, prev,
        arrangement_statement_id, ct_hash, ct_len, key_hash, addressees, day)
    select $1, $10, letter_id, $16, $17, $7, $18, octet_length($19::bytea), $20, $9, $21 from wrote
),
ciphertext as (
    insert into ciphertexts (agency_id, statement_id, sealed) select $1, $10, $19 from wrote
),
granted as (
    insert into grants (agency_id, statement_id, grant_hash, letter_id, grantee_kind,
        membership_id, epoch_id, sealed)
    select $1, $10, g.hash, letter_id, g.kind, g.membership_id, g.epoch_id, g.sealed
    from wrote, (values
        ('epoch', null::uuid, $5::bytea, $22::bytea, $23::bytea),
        ('archive', null, null, $24, $25),
        ('self', $3, null, $26, $27)) as g (kind, membership_id, epoch_id, hash, sealed)
)
select exists (select from wrote) as "wrote!"
"#,
        agency,
        new.realm.sql(),
        new.author.uuid(),
        new.signer.sql(),
        new.epoch.sql(),
        new.arrangement.uuid(),
        new.arrangement_version.sql(),
        new.team.uuid(),
        &addressees,
        new.statement.id.sql(),
        new.statement.envelope,
        new.statement.account.map(Id16::uuid),
        &byteas(new.statement.refers_to),
        to_sql(new.statement.received_at),
        new.letter.uuid(),
        new.rev,
        new.prev.as_ref().map(Id32::sql),
        new.ct_hash.sql(),
        new.ciphertext,
        new.key_hash.sql(),
        date_to_sql(new.day),
        new.epoch_grant.hash.sql(),
        new.epoch_grant.sealed,
        new.archive_grant.hash.sql(),
        new.archive_grant.sealed,
        new.self_grant.hash.sql(),
        new.self_grant.sealed,
    )
    .fetch_one(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.wrote)
}

/// Why [`insert`] stored nothing, or that there was nothing left to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// The very same statement is there already: sending twice is harmless.
    Repeated,
    /// The arrangement is not one of the writer's.
    NotFound,
    /// The arrangement has a newer version.
    StaleArrangement(StatementId),
    /// A newer version is still to be judged.
    Changing,
    /// The arrangement is paused or ended.
    NotActive,
    /// The writer may read here and not write, or has no certificate in this version.
    NoWriteRight,
    /// An addressee is nobody this writer may write to.
    WrongReader,
    /// Sealed to an older key of the team.
    StaleEpoch,
    /// A newer key of the team is still to be judged.
    KeyChanging,
    /// The revision does not follow the newest one, or nobody asked for a change.
    WrongRevision,
    /// The statement names another agency or team.
    Foreign,
}

/// Looks at each guard of [`insert`] in turn. For the path of errors only.
pub async fn explain(tx: &mut Tx, new: &NewSubmission<'_>) -> Result<Held, StoreError> {
    let (agency, addressees) = (tx.agency().uuid(), uuids(new.addressees));
    let row = sqlx::query!(
        r#"
select
    exists (select from submissions s where s.agency_id = $1 and s.statement_id = $2) as "repeated!",
    a.statement_id as version, a.state, a.team_id,
    is_about_to_change(a.statement_id, $8) as "changing!",
    me.can_write and me.certificate_id is not distinct from $3 as "may_write!",
    g.realm = $4 as "realm!",
    not exists (
        select from unnest($5::uuid[]) as addressee (id)
        left join arrangement_members r on r.agency_id = a.agency_id
            and r.arrangement_id = a.arrangement_id and r.membership_id = addressee.id
        where (r.can_read and r.side <> me.side) is not true) as "readers!",
    e.statement_id as "epoch?", is_about_to_change(e.statement_id, $8) as "key_changing!"
from arrangements a
join agencies g on g.agency_id = a.agency_id
join arrangement_members me on me.agency_id = a.agency_id
    and me.arrangement_id = a.arrangement_id and me.membership_id = $6
left join lateral (
    select e.statement_id from epochs e where e.agency_id = a.agency_id and e.team_id = a.team_id
    order by e.n desc limit 1) as e on true
where a.agency_id = $1 and a.arrangement_id = $7
"#,
        agency,
        new.statement.id.sql(),
        new.signer.sql(),
        new.realm.sql(),
        &addressees,
        new.author.uuid(),
        new.arrangement.uuid(),
        to_sql(new.statement.received_at),
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(Held::NotFound) };
    Ok(if row.repeated {
        Held::Repeated
    } else if row.version != new.arrangement_version.as_bytes() {
        Held::StaleArrangement(StatementId::from_sql(&row.version)?)
    } else if row.changing {
        Held::Changing
    } else if row.state != "active" {
        Held::NotActive
    } else if !row.may_write {
        Held::NoWriteRight
    } else if !row.realm || row.team_id != new.team.uuid() {
        Held::Foreign
    } else if !row.readers {
        Held::WrongReader
    } else if row.epoch.as_deref() != Some(new.epoch.as_bytes()) {
        Held::StaleEpoch
    } else if row.key_changing {
        Held::KeyChanging
    } else {
        Held::WrongRevision
    })
}
