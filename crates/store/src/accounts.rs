//! Accounts: a subject of a site's issuer, and the key that proves its keys were opened.

use std::fmt;

use domain::id::{AccountId, InviteId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    StoreError, Tx,
    convert::{Id16, to_sql},
    wraps::NewWrap,
};

/// Which of an agency's two sites: each has its own origin, issuer and accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Adoptive families, birth families, adopted people.
    Family,
    /// The agency's staff.
    Staff,
}

impl Audience {
    /// The word in rows, cookies and configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Staff => "staff",
        }
    }

    pub(crate) fn from_sql(text: &str) -> Result<Self, StoreError> {
        match text {
            "family" => Ok(Self::Family),
            "staff" => Ok(Self::Staff),
            _ => Err(StoreError::Corrupt("audience")),
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The outer name of an account: what its issuer calls it.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The site.
    pub audience: Audience,
    /// The issuer, exactly as configured.
    pub issuer: String,
    /// The issuer's name for the person; opaque.
    pub subject: String,
}

/// The account of a subject, made under `fresh` if this is their first sign-in.
pub async fn find_or_insert(
    tx: &mut Tx,
    fresh: AccountId,
    subject: &Subject,
    now: Timestamp,
) -> Result<AccountId, StoreError> {
    let agency = tx.agency().uuid();
    // Two first sign-ins at one time: the later sees neither its own row nor, in this statement's
    // snapshot, the earlier one's. Asking again sees it.
    for _ in 0..2 {
        let found = sqlx::query_scalar!(
            r#"with made as (
                   insert into accounts (agency_id, account_id, audience, issuer, subject, created_at)
                   values ($1, $2, $3, $4, $5, $6)
                   on conflict (agency_id, audience, issuer, subject) where state = 'in_use'
                       do nothing
                   returning account_id
               )
               select account_id as "account_id!" from made
               union all
               select account_id from accounts
               where agency_id = $1 and audience = $3 and issuer = $4 and subject = $5
                   and state = 'in_use'
               limit 1"#,
            agency,
            fresh.uuid(),
            subject.audience.as_str(),
            subject.issuer,
            subject.subject,
            to_sql(now),
        )
        .fetch_optional(tx.conn())
        .await?;
        if let Some(account) = found {
            return Ok(AccountId::from_uuid(account));
        }
    }
    Err(StoreError::Conflict)
}

/// Gives an account its keys: proof key, first bundle and wraps, in one round trip. False, and no
/// change, if it has some already.
pub async fn open(
    tx: &mut Tx,
    account: AccountId,
    proof_key: &[u8; 32],
    bundle: &[u8],
    wraps: &[NewWrap],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let ids: Vec<_> = wraps.iter().map(|wrap| wrap.id.uuid()).collect();
    let kinds: Vec<_> = wraps.iter().map(|wrap| wrap.kind.as_str().to_owned()).collect();
    let sealed: Vec<_> = wraps.iter().map(|wrap| wrap.sealed.clone()).collect();
    let versions: Vec<_> = wraps.iter().map(|wrap| wrap.gate_version).collect();
    let result = sqlx::query!(
        r#"with opened as (
               update accounts set proof_key = $3
               where agency_id = $1 and account_id = $2 and proof_key is null
               returning account_id
           ), bundle as (
               insert into bundles (agency_id, account_id, version, sealed)
               select $1, account_id, 1, $4 from opened
           )
           insert into wraps
               (agency_id, wrap_id, account_id, kind, sealed, gate_version, created_at)
           select $1, w.wrap_id, o.account_id, w.kind, w.sealed, w.gate_version, $5
           from opened o
           cross join unnest($6::uuid[], $7::text[], $8::bytea[], $9::int4[])
               as w (wrap_id, kind, sealed, gate_version)"#,
        agency,
        account.uuid(),
        proof_key.as_slice(),
        bundle,
        to_sql(now),
        &ids,
        &kinds,
        &sealed,
        &versions as &[Option<i32>],
    )
    .execute(tx.conn())
    .await?;
    Ok(result.rows_affected() > 0)
}

/// Moves a session to the account that is to take the place of its own: a new one under `fresh` for
/// whoever has the unused code of an invitation to a place that the account had, otherwise the one
/// begun before; that one too if it is certified for another place already. None, and no change, where
/// there is neither. Nothing of the old account is touched.
pub async fn renew(
    tx: &mut Tx,
    fresh: AccountId,
    invite: Option<InviteId>,
    session: &[u8; 32],
    new_session: &[u8; 32],
    now: Timestamp,
) -> Result<Option<AccountId>, StoreError> {
    let account = sqlx::query_scalar!(
        "select renew_account($1, $2, $3, $4, $5)",
        fresh.uuid(),
        invite.map(Id16::uuid),
        session.as_slice(),
        new_session.as_slice(),
        to_sql(now),
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(account.map(AccountId::from_uuid))
}
