//! Wraps: an account's key `K`, sealed under words, a passkey or a device. One that was replaced
//! is kept for 90 days.

use domain::id::{AccountId, WrapId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    StoreError, Tx,
    convert::{Id16, to_sql},
};

/// What opens a wrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WrapKind {
    /// Words from a card, hardened by the gate.
    Words,
    /// A passkey's PRF.
    Passkey,
    /// A key this device keeps.
    Device,
}

impl WrapKind {
    /// The word in rows and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Passkey => "passkey",
            Self::Device => "device",
        }
    }

    fn from_sql(text: &str) -> Result<Self, StoreError> {
        match text {
            "words" => Ok(Self::Words),
            "passkey" => Ok(Self::Passkey),
            "device" => Ok(Self::Device),
            _ => Err(StoreError::Corrupt("wrap kind")),
        }
    }
}

/// A wrap to keep.
#[derive(Clone, Debug)]
pub struct NewWrap {
    /// Random.
    pub id: WrapId,
    /// What opens it.
    pub kind: WrapKind,
    /// The sealed key.
    pub sealed: Vec<u8>,
    /// For words: the version of the gate key that hardened them.
    pub gate_version: Option<i32>,
}

/// A wrap in use.
#[derive(Clone, Debug)]
pub struct Wrap {
    /// Its id.
    pub id: WrapId,
    /// What opens it.
    pub kind: WrapKind,
    /// The sealed key.
    pub sealed: Vec<u8>,
    /// For words: the version of the gate key that hardened them.
    pub gate_version: Option<i32>,
}

/// What became of a removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// Out of use, and kept for 90 days.
    Done,
    /// It is the last one that is not a device's, and stays.
    Last,
    /// The account has no such wrap in use.
    Absent,
}

/// The wraps in use, oldest first.
pub async fn list(tx: &mut Tx, account: AccountId) -> Result<Vec<Wrap>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        "select wrap_id, kind, sealed, gate_version from wraps
         where agency_id = $1 and account_id = $2 and replaced_at is null
         order by created_at, wrap_id",
        agency,
        account.uuid(),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Wrap {
                id: WrapId::from_uuid(row.wrap_id),
                kind: WrapKind::from_sql(&row.kind)?,
                sealed: row.sealed,
                gate_version: row.gate_version,
            })
        })
        .collect()
}

/// Adds a wrap, unless the account has `most` in use already: then false.
pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    wrap: &NewWrap,
    most: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let result = sqlx::query!(
        "insert into wraps (agency_id, wrap_id, account_id, kind, sealed, gate_version, created_at)
         select $1, $3, $2, $4, $5, $6, $7
         where (select count(*) from wraps
                where agency_id = $1 and account_id = $2 and replaced_at is null) < $8",
        agency,
        account.uuid(),
        wrap.id.uuid(),
        wrap.kind.as_str(),
        wrap.sealed,
        wrap.gate_version,
        to_sql(now),
        most,
    )
    .execute(tx.conn())
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Takes a wrap out of use.
pub async fn remove(
    tx: &mut Tx,
    account: AccountId,
    wrap: WrapId,
    now: Timestamp,
) -> Result<Removed, StoreError> {
    let agency = tx.agency().uuid();
    // The lock first, in a statement of its own: two devices that each remove "the other one"
    // would otherwise both see one left.
    let in_use = sqlx::query!(
        "select wrap_id, kind from wraps
         where agency_id = $1 and account_id = $2 and replaced_at is null
         order by wrap_id for update",
        agency,
        account.uuid(),
    )
    .fetch_all(tx.conn())
    .await?;
    let lasting = |kind: &str| kind != WrapKind::Device.as_str();
    let Some(target) = in_use.iter().find(|row| row.wrap_id == wrap.uuid()) else {
        return Ok(Removed::Absent);
    };
    if lasting(&target.kind) && in_use.iter().filter(|row| lasting(&row.kind)).count() == 1 {
        return Ok(Removed::Last);
    }
    sqlx::query!(
        "update wraps set replaced_at = greatest($4, created_at)
         where agency_id = $1 and account_id = $2 and wrap_id = $3",
        agency,
        account.uuid(),
        wrap.uuid(),
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    Ok(Removed::Done)
}
