//! Drafts: unsent writing, sealed by its account; each replaced only by its next version.

use domain::id::{AccountId, LetterId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, from_sql, to_sql},
    keyset,
};

/// A draft as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The letter it is to become.
    pub letter: LetterId,
    /// 1 for the first.
    pub version: i64,
    /// AES-GCM under a key of the account's.
    pub sealed: Vec<u8>,
    /// When this version came.
    pub saved_at: Timestamp,
}

/// What became of a version that was to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is in place.
    Done,
    /// It was there already, byte for byte: a lost answer, asked for again. Since then:
    Already(Timestamp),
    /// Another device was first: this is there now, or the draft is gone.
    Changed(Option<Draft>),
    /// The account has as many as it may.
    TooMany,
}

/// A page of the account's drafts, saved last first, before `before`.
pub async fn list(
    tx: &mut Tx,
    account: AccountId,
    before: Option<(Timestamp, LetterId)>,
    limit: i64,
) -> Result<Vec<Draft>, StoreError> {
    let agency = tx.agency().uuid();
    let (before_at, before_id) = keyset::before(before);
    let rows = sqlx::query!(
        "select letter_id, version, sealed, saved_at from drafts
         where agency_id = $1 and account_id = $2 and (saved_at, letter_id) < ($3, $4)
         order by saved_at desc, letter_id desc
         limit $5",
        agency,
        account.uuid(),
        before_at,
        before_id,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Draft {
                letter: LetterId::from_uuid(row.letter_id),
                version: row.version,
                sealed: row.sealed,
                saved_at: from_sql(row.saved_at)?,
            })
        })
        .collect()
}

/// Compare-and-set: puts `version` in the place of `version - 1`, or makes the draft with version
/// 1 unless the account has `most` already. One round trip, two when it cannot be saved.
pub async fn save(
    tx: &mut Tx,
    account: AccountId,
    draft: &Draft,
    most: i64,
) -> Result<Saved, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
with later as (
    update drafts set version = $4, sealed = $5, saved_at = $6
    where agency_id = $1 and account_id = $2 and letter_id = $3 and version + 1 = $4
    returning letter_id
),
first as (
    insert into drafts (agency_id, account_id, letter_id, version, sealed, saved_at)
    select $1, $2, $3, 1, $5, $6
    where $4 = 1 and (
        select count(*) from drafts where agency_id = $1 and account_id = $2) < $7
    on conflict do nothing
    returning letter_id
)
select exists (select from later union all select from first) as "saved!"
"#,
        agency,
        account.uuid(),
        draft.letter.uuid(),
        draft.version,
        draft.sealed,
        to_sql(draft.saved_at),
        most,
    )
    .fetch_one(tx.conn())
    .await?;
    if row.saved {
        return Ok(Saved::Done);
    }
    Ok(match find(tx, account, draft.letter).await? {
        Some(there) if there.version == draft.version && there.sealed == draft.sealed => {
            Saved::Already(there.saved_at)
        }
        None if draft.version == 1 => Saved::TooMany,
        newest => Saved::Changed(newest),
    })
}

async fn find(
    tx: &mut Tx,
    account: AccountId,
    letter: LetterId,
) -> Result<Option<Draft>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        "select version, sealed, saved_at from drafts
         where agency_id = $1 and account_id = $2 and letter_id = $3",
        agency,
        account.uuid(),
        letter.uuid(),
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        let saved_at = from_sql(row.saved_at)?;
        Ok(Draft { letter, version: row.version, sealed: row.sealed, saved_at })
    })
    .transpose()
}

/// Throws a draft away. No such draft is no error: its letter was sent from another device.
pub async fn delete(tx: &mut Tx, account: AccountId, letter: LetterId) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "delete from drafts where agency_id = $1 and account_id = $2 and letter_id = $3",
        agency,
        account.uuid(),
        letter.uuid(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
