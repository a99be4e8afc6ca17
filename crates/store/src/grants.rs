//! Sealed letters with their grants, and attachments: a key is sealed to one reader and handed to
//! that reader only.

use domain::id::{LetterId, MembershipId, StatementId};

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, uuids},
};

/// The sealed letter of a revision, and its key for the one who asked. Whether they may have it, the
/// caller has found out by [`letters::find`](crate::letters::find), or by recording an opening.
#[derive(Clone, Debug)]
pub struct SealedLetter {
    /// The sealed letter; none once it was purged.
    pub ciphertext: Option<Vec<u8>>,
    /// Its key, sealed to the one who asked.
    pub grant: Option<Vec<u8>>,
}

/// One revision for its writer: with their own copy of the key, the first or one given back to new
/// keys, whichever their keys of today are for.
pub async fn find_for_writer(
    tx: &mut Tx,
    submit: StatementId,
    memberships: &[MembershipId],
) -> Result<SealedLetter, StoreError> {
    let (agency, mine) = (tx.agency().uuid(), uuids(memberships));
    let found = sqlx::query_as!(
        SealedLetter,
        r#"
select
    (select sealed from ciphertexts where agency_id = $1 and statement_id = $2) as ciphertext,
    (select g.sealed
        from submissions s
        join present_grants g on g.agency_id = $1 and g.letter_id = s.letter_id
            and g.grantee_kind = 'self' and g.membership_id = any ($3::uuid[])
        where s.agency_id = $1 and s.statement_id = $2
            and s.statement_id in (g.statement_id, g.gives_back)
        limit 1) as "grant"
"#,
        agency,
        submit.sql(),
        &mine,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(found)
}

/// One revision for the team that checks it, sealed to the epoch of its day.
pub async fn find_for_team(tx: &mut Tx, submit: StatementId) -> Result<SealedLetter, StoreError> {
    let agency = tx.agency().uuid();
    let found = sqlx::query_as!(
        SealedLetter,
        r#"
select
    (select sealed from ciphertexts where agency_id = $1 and statement_id = $2) as ciphertext,
    (select sealed from grants
        where agency_id = $1 and statement_id = $2 and grantee_kind = 'epoch') as "grant"
"#,
        agency,
        submit.sql(),
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(found)
}

/// One revision for some memberships it was passed on to, with the grant to their keys of today:
/// from the decision that delivered it, or from the reseal that gave it back. No grant before its
/// release.
pub async fn find_for_readers(
    tx: &mut Tx,
    letter: LetterId,
    submit: StatementId,
    memberships: &[MembershipId],
) -> Result<SealedLetter, StoreError> {
    let (agency, mine) = (tx.agency().uuid(), uuids(memberships));
    let found = sqlx::query_as!(
        SealedLetter,
        r#"
select
    (select sealed from ciphertexts where agency_id = $1 and statement_id = $2) as ciphertext,
    (select g.sealed
        from deliveries v
        join present_grants g on g.agency_id = $1 and g.letter_id = v.letter_id
            and g.membership_id = v.membership_id and g.grantee_kind = 'member'
        where v.agency_id = $1 and v.letter_id = $3 and v.submit_id = $2
            and v.membership_id = any ($4::uuid[])
            and (g.statement_id = v.decision_id or g.gives_back = v.submit_id)
        limit 1) as "grant"
"#,
        agency,
        submit.sql(),
        letter.uuid(),
        &mine,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(found)
}

/// A small sealed letter by staff, with the grant for whoever asked.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The decision it travels with.
    pub decision: StatementId,
    /// `comment`, `note` or `team`.
    pub kind: String,
    /// The sealed letter.
    pub sealed: Vec<u8>,
    /// Its key, sealed to the one who asked: the member, or the team's epoch.
    pub grant: Vec<u8>,
}

/// The attachments of a letter for some memberships: comments once their decision counts, notes
/// once the letter was passed on.
pub async fn list_attached_for_members(
    tx: &mut Tx,
    letter: LetterId,
    memberships: &[MembershipId],
) -> Result<Vec<Attachment>, StoreError> {
    let (agency, mine) = (tx.agency().uuid(), uuids(memberships));
    let rows = sqlx::query!(
        r#"
select a.statement_id, a.kind, a.sealed, a.grant_sealed as "grant!"
from decisions d
join attachments a on a.agency_id = d.agency_id and a.statement_id = d.statement_id
where d.agency_id = $1 and d.letter_id = $2 and a.membership_id = any ($3::uuid[])
    -- What stood beside a letter is not given back with it.
    and is_for_present_keys(a.statement_id, a.membership_id)
    and ((a.kind = 'comment' and d.verdict = 'final')
        or (a.kind = 'note' and exists (
            select from deliveries v where v.agency_id = d.agency_id
                and v.decision_id = d.statement_id and v.letter_id = d.letter_id
                and v.membership_id = a.membership_id)))
order by d.decided_at, a.ct_hash
"#,
        agency,
        letter.uuid(),
        &mine,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Attachment {
                decision: StatementId::from_sql(&row.statement_id)?,
                kind: row.kind,
                sealed: row.sealed,
                grant: row.grant,
            })
        })
        .collect()
}

/// Every attachment to the decisions on one revision, with the team's grants: what the next
/// checker reads.
pub async fn list_attached_for_team(
    tx: &mut Tx,
    submit: StatementId,
) -> Result<Vec<Attachment>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select a.statement_id, a.kind, a.sealed, a.review_grant_sealed as grant_sealed
from decisions d
join attachments a on a.agency_id = d.agency_id and a.statement_id = d.statement_id
where d.agency_id = $1 and d.submit_id = $2 and d.verdict <> 'quarantined'
order by d.decided_at, a.ct_hash
"#,
        agency,
        submit.sql(),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Attachment {
                decision: StatementId::from_sql(&row.statement_id)?,
                kind: row.kind,
                sealed: row.sealed,
                grant: row.grant_sealed,
            })
        })
        .collect()
}
