//! Sessions that the issuer ends, by tokens each of which is good once.

use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    accounts::Audience,
    convert::{Id16, to_sql},
};

/// Whose sessions end: one of the names, or both, given by the issuer.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// The site.
    pub audience: Audience,
    /// Who ends them.
    pub issuer: &'a str,
    /// The person.
    pub subject: Option<&'a str>,
    /// The issuer's own session.
    pub sid: Option<&'a str>,
}

/// Takes a token, kept until it would be refused for its age. `false` if it was taken before.
pub async fn take(
    tx: &mut Tx,
    token_hash: &[u8; 32],
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let taken = sqlx::query!(
        "insert into logout_tokens (agency_id, token_hash, expires_at) values ($1, $2, $3)
         on conflict do nothing",
        agency,
        token_hash.as_slice(),
        to_sql(expires_at),
    )
    .execute(tx.conn())
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Ends the sessions; how many there were. Without a name nobody's end.
pub async fn end(tx: &mut Tx, ended: &Ended<'_>) -> Result<u64, StoreError> {
    let agency = tx.agency().uuid();
    let done = sqlx::query!(
        "delete from sessions s using accounts a
         where s.agency_id = $1 and a.agency_id = s.agency_id and a.account_id = s.account_id
             and a.audience = $2 and a.issuer = $3
             and ($4::text is not null or $5::text is not null)
             and ($4::text is null or a.subject = $4)
             and ($5::text is null or s.issuer_sid = $5)",
        agency,
        ended.audience.as_str(),
        ended.issuer,
        ended.subject,
        ended.sid,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
