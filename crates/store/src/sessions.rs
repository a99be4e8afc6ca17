//! Sessions, known by the SHA-256 of their cookie, and what a session may act as.

use domain::id::{AccountId, ArrangementId, MembershipId, PersonId, StaffId, StatementId, TeamId};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::{
    StoreError, Tx,
    accounts::Audience,
    convert::{Id16, from_sql, to_sql},
    error::one,
};

/// A session to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of the cookie.
    pub hash: [u8; 32],
    /// Whose it is.
    pub account: AccountId,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// When the person proved to the issuer who they are.
    pub auth_time: Timestamp,
    /// The issuer's own session, where it names one.
    pub issuer_sid: Option<String>,
    /// The session this browser carried before, which ends.
    pub replaces: Option<[u8; 32]>,
}

/// A live session.
#[derive(Clone, Debug)]
pub struct Session {
    /// SHA-256 of the cookie.
    pub hash: [u8; 32],
    /// Whose it is.
    pub account: AccountId,
    /// The site the account belongs to.
    pub audience: Audience,
    /// The account's proof key; none while it is new.
    pub proof_key: Option<[u8; 32]>,
    /// Whether a challenge was signed; restricted until then.
    pub proved: bool,
    /// When the person proved to the issuer who they are.
    pub auth_time: Timestamp,
    /// The account's certificates in force, oldest first.
    pub certificates: Vec<Certificate>,
}

/// A certificate in force.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The statement that certified.
    pub id: StatementId,
    /// Whom it certifies.
    pub holder: Holder,
    /// The Ed25519 key their statements verify under.
    pub sign_key: [u8; 32],
    /// The hybrid recipient letters are sealed to, `age1pq1…`.
    pub seal_key: String,
    /// As the certificate spells them.
    pub roles: Vec<String>,
    /// Empty for a member.
    pub teams: Vec<TeamId>,
}

/// Whom a certificate certifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A member of staff.
    Staff {
        /// The staff id.
        staff: StaffId,
        /// The human being.
        person: PersonId,
    },
    /// One person in one arrangement.
    Member {
        /// The membership.
        membership: MembershipId,
        /// The arrangement.
        arrangement: ArrangementId,
    },
}

impl Session {
    /// The staff certificates in force.
    pub fn staff_certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().filter(|it| matches!(it.holder, Holder::Staff { .. }))
    }

    /// The member certificates in force.
    pub fn member_certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().filter(|it| matches!(it.holder, Holder::Member { .. }))
    }
}

/// Turns a session into the actor of this transaction: one round trip, which also writes that it
/// was seen (once a minute). None if there is no such session, it ended, or it lay idle too long.
pub async fn authenticate(
    tx: &mut Tx,
    hash: &[u8; 32],
    idle: SignedDuration,
    now: Timestamp,
) -> Result<Option<Session>, StoreError> {
    let agency = tx.agency().uuid();
    // The subquery sees the row as it was before this very statement marks it as seen.
    let row = sqlx::query!(
        r#"select account_id as "account_id!", audience as "audience!", proof_key, proved_at,
                  auth_time as "auth_time!", certificates as "certificates!"
           from authenticate($2, $3)
           where exists (select from sessions
                         where agency_id = $1 and session_hash = $2 and seen_at > $4)"#,
        agency,
        hash.as_slice(),
        to_sql(now),
        to_sql(now - idle),
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let certificates: Vec<CertificateRow> = serde_json::from_value(row.certificates)
        .map_err(|_| StoreError::Corrupt("certificates of a session"))?;
    Ok(Some(Session {
        hash: *hash,
        account: AccountId::from_uuid(row.account_id),
        audience: Audience::from_sql(&row.audience)?,
        proof_key: row
            .proof_key
            .map(|key| key.try_into().map_err(|_| StoreError::Corrupt("proof key")))
            .transpose()?,
        proved: row.proved_at.is_some(),
        auth_time: from_sql(row.auth_time)?,
        certificates: certificates
            .into_iter()
            .map(CertificateRow::read)
            .collect::<Result<_, _>>()?,
    }))
}

/// Whether a live session has this cookie, and whether its keys were opened. Marks nothing.
pub async fn is_proved(
    tx: &mut Tx,
    hash: &[u8; 32],
    idle: SignedDuration,
    now: Timestamp,
) -> Result<Option<bool>, StoreError> {
    let agency = tx.agency().uuid();
    Ok(sqlx::query_scalar!(
        r#"select proved_at is not null as "proved!" from sessions
           where agency_id = $1 and session_hash = $2 and expires_at > $3 and seen_at > $4"#,
        agency,
        hash.as_slice(),
        to_sql(now),
        to_sql(now - idle),
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// Begins a session, and ends the one it replaces and the account's that have run out.
pub async fn insert(tx: &mut Tx, new: &NewSession, now: Timestamp) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let result = sqlx::query!(
        "with ended as (
             delete from sessions
             where agency_id = $1
                 and (session_hash = $8 or (account_id = $3 and expires_at <= $4))
         )
         insert into sessions (agency_id, session_hash, account_id, created_at, seen_at,
             expires_at, auth_time, issuer_sid)
         values ($1, $2, $3, $4, $4, $5, $6, $7)",
        agency,
        new.hash.as_slice(),
        new.account.uuid(),
        to_sql(now),
        to_sql(new.expires_at),
        to_sql(new.auth_time),
        new.issuer_sid,
        new.replaces.as_ref().map(<[u8; 32]>::as_slice),
    )
    .execute(tx.conn())
    .await?;
    one(&result)
}

/// Sets the challenge to be signed; the one before is forgotten.
pub async fn set_challenge(
    tx: &mut Tx,
    hash: &[u8; 32],
    challenge: &[u8; 32],
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let result = sqlx::query!(
        "update sessions set challenge = $3 where agency_id = $1 and session_hash = $2",
        agency,
        hash.as_slice(),
        challenge.as_slice(),
    )
    .execute(tx.conn())
    .await?;
    one(&result)
}

/// The challenge that waits to be signed.
pub async fn challenge(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<[u8; 32]>, StoreError> {
    let agency = tx.agency().uuid();
    let challenge = sqlx::query_scalar!(
        "select challenge from sessions where agency_id = $1 and session_hash = $2",
        agency,
        hash.as_slice(),
    )
    .fetch_optional(tx.conn())
    .await?
    .flatten();
    challenge
        .map(|bytes| bytes.try_into().map_err(|_| StoreError::Corrupt("challenge")))
        .transpose()
}

/// Lifts the restriction: the session goes on under a new cookie, its challenge used up.
pub async fn prove(
    tx: &mut Tx,
    hash: &[u8; 32],
    new_hash: &[u8; 32],
    now: Timestamp,
) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let result = sqlx::query!(
        "with old as (
             delete from sessions
             where agency_id = $1 and session_hash = $2 and challenge is not null
             returning account_id, created_at, expires_at, auth_time, issuer_sid
         )
         insert into sessions (agency_id, session_hash, account_id, created_at, seen_at,
             expires_at, proved_at, auth_time, issuer_sid)
         select $1, $3, account_id, created_at, $4, expires_at, $4, auth_time, issuer_sid from old",
        agency,
        hash.as_slice(),
        new_hash.as_slice(),
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    one(&result)
}

/// Ends a session, or every session of its account. No such session is no error.
pub async fn delete(tx: &mut Tx, hash: &[u8; 32], everywhere: bool) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "delete from sessions
         where agency_id = $1 and (session_hash = $2 or ($3 and account_id =
             (select account_id from sessions where agency_id = $1 and session_hash = $2)))",
        agency,
        hash.as_slice(),
        everywhere,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// One element of what the database's `authenticate` says.
#[derive(Deserialize)]
struct CertificateRow {
    certificate: StatementId,
    staff: Option<StaffId>,
    person: Option<PersonId>,
    membership: Option<MembershipId>,
    arrangement: Option<ArrangementId>,
    roles: Vec<String>,
    teams: Vec<TeamId>,
    sign_key: String,
    seal_key: String,
}

impl CertificateRow {
    fn read(self) -> Result<Certificate, StoreError> {
        let corrupt = || StoreError::Corrupt("certificate");
        let holder = match (self.staff, self.person, self.membership, self.arrangement) {
            (Some(staff), Some(person), None, None) => Holder::Staff { staff, person },
            (None, _, Some(membership), Some(arrangement)) => {
                Holder::Member { membership, arrangement }
            }
            _ => return Err(corrupt()),
        };
        let mut sign_key = [0; 32];
        hex::decode_to_slice(&self.sign_key, &mut sign_key).map_err(|_| corrupt())?;
        Ok(Certificate {
            id: self.certificate,
            holder,
            sign_key,
            seal_key: self.seal_key,
            roles: self.roles,
            teams: self.teams,
        })
    }
}
