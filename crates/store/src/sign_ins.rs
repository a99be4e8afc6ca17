//! Sign-ins on their way to the issuer and back, each bound to the browser that began it.

use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    accounts::Audience,
    convert::{Id16, to_sql},
};

/// What waits for the issuer's answer.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Expected in the ID token.
    pub nonce: String,
    /// Shown with the code.
    pub pkce_verifier: String,
    /// A path of the site.
    pub return_to: String,
}

/// Keeps a sign-in until `expires_at`.
pub async fn insert(
    tx: &mut Tx,
    browser_hash: &[u8; 32],
    audience: Audience,
    state_hash: &[u8; 32],
    sign_in: &SignIn,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "insert into sign_ins (agency_id, browser_hash, audience, state_hash, nonce,
             pkce_verifier, return_to, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        agency,
        browser_hash.as_slice(),
        audience.as_str(),
        state_hash.as_slice(),
        sign_in.nonce,
        sign_in.pkce_verifier,
        sign_in.return_to,
        to_sql(expires_at),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes a sign-in out, once: only with the state it began with, in the browser it began in.
pub async fn take(
    tx: &mut Tx,
    browser_hash: &[u8; 32],
    audience: Audience,
    state_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<SignIn>, StoreError> {
    let agency = tx.agency().uuid();
    Ok(sqlx::query_as!(
        SignIn,
        "delete from sign_ins
         where agency_id = $1 and browser_hash = $2 and audience = $3 and state_hash = $4
             and expires_at > $5
         returning nonce, pkce_verifier, return_to",
        agency,
        browser_hash.as_slice(),
        audience.as_str(),
        state_hash.as_slice(),
        to_sql(now),
    )
    .fetch_optional(tx.conn())
    .await?)
}
