//! The sealed files that statements name, for rehashing before anything rests on them, and the
//! moment a letter is passed on.

use domain::id::{FileHash, LetterId, MembershipId, StatementId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, to_sql},
    error::one,
};

/// A stored grant.
#[derive(Clone, Debug)]
pub struct Grant {
    /// `epoch`, `archive`, `self` or `member`.
    pub kind: String,
    /// The reader of a `self` or `member` grant.
    pub membership: Option<MembershipId>,
    /// The file.
    pub sealed: Vec<u8>,
}

/// The grants that came with a `submit` or `decision`.
pub async fn list_grants(tx: &mut Tx, statement: StatementId) -> Result<Vec<Grant>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        "select grantee_kind, membership_id, sealed from grants
         where agency_id = $1 and statement_id = $2 order by grantee_kind, membership_id",
        agency,
        statement.sql(),
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Grant {
            kind: row.grantee_kind,
            membership: row.membership_id.map(MembershipId::from_uuid),
            sealed: row.sealed,
        })
        .collect())
}

/// The sealed letter of a revision.
pub async fn find_ciphertext(
    tx: &mut Tx,
    submit: StatementId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        "select sealed from ciphertexts where agency_id = $1 and statement_id = $2",
        agency,
        submit.sql(),
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| row.sealed))
}

/// A small sealed letter that came with a decision.
#[derive(Clone, Debug)]
pub struct Attached {
    /// SHA-256 of the file, as the API wrote it down.
    pub ct_hash: FileHash,
    /// The file.
    pub sealed: Vec<u8>,
    /// Its reader's grant; none for the team's.
    pub grant: Option<Vec<u8>>,
    /// The epoch's grant.
    pub review_grant: Vec<u8>,
    /// The archive's grant.
    pub archive_grant: Vec<u8>,
}

/// Everything attached to a decision.
pub async fn list_attached(
    tx: &mut Tx,
    decision: StatementId,
) -> Result<Vec<Attached>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        "select ct_hash, sealed, grant_sealed, review_grant_sealed, archive_grant_sealed
         from attachments where agency_id = $1 and statement_id = $2 order by ct_hash",
        agency,
        decision.sql(),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Attached {
                ct_hash: FileHash::from_sql(&row.ct_hash)?,
                sealed: row.sealed,
                grant: row.grant_sealed,
                review_grant: row.review_grant_sealed,
                archive_grant: row.archive_grant_sealed,
            })
        })
        .collect()
}

/// Lets a letter be passed on from now on: the hour it waited for had been found by a clock that ran
/// ahead, and is not before this one.
pub async fn bring_forward(
    tx: &mut Tx,
    letter: LetterId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "update letters set release_at = $3
         where agency_id = $1 and letter_id = $2 and state = 'passing_on' and release_at > $3",
        agency,
        letter.uuid(),
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    one(&done)
}

/// Marks a letter as passed on. [`StoreError::Stale`] unless it waits for its hour and the hour
/// has come, so that it happens once.
pub async fn pass_on(
    tx: &mut Tx,
    letter: LetterId,
    head: StatementId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "update letters set state = 'passed_on', released_at = $4
         where agency_id = $1 and letter_id = $2 and head_id = $3
             and state = 'passing_on' and release_at <= $4",
        agency,
        letter.uuid(),
        head.sql(),
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    one(&done)
}
