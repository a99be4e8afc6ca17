//! Key bundles: one sealed file per account, replaced only by its next version.

use domain::id::AccountId;

use crate::{StoreError, Tx, convert::Id16};

/// A bundle as it lies there.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// 1 for the first.
    pub version: i64,
    /// AES-GCM under the account's `K`.
    pub sealed: Vec<u8>,
}

/// What became of a replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// The new bundle is in place.
    Done,
    /// Another device was first: the version there is not the one before.
    Stale,
}

/// The bundle of the acting account; none while it is new.
pub async fn find(tx: &mut Tx, account: AccountId) -> Result<Option<Bundle>, StoreError> {
    let agency = tx.agency().uuid();
    Ok(sqlx::query_as!(
        Bundle,
        "select version, sealed from bundles where agency_id = $1 and account_id = $2",
        agency,
        account.uuid(),
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// Compare-and-set: puts `version` in the place of `version - 1`.
pub async fn replace(
    tx: &mut Tx,
    account: AccountId,
    version: i64,
    sealed: &[u8],
) -> Result<Replaced, StoreError> {
    let agency = tx.agency().uuid();
    let result = sqlx::query!(
        "update bundles set version = $3, sealed = $4
         where agency_id = $1 and account_id = $2 and version + 1 = $3",
        agency,
        account.uuid(),
        version,
        sealed,
    )
    .execute(tx.conn())
    .await?;
    Ok(if result.rows_affected() == 1 { Replaced::Done } else { Replaced::Stale })
}
