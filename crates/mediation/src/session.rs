//! Sessions: a cookie of 32 random bytes, of which the database knows the SHA-256.
//!
//! A new session is restricted: it reaches what is needed to open the keys and nothing else, so
//! taking over somebody's sign-in shows nothing. Signing the challenge lifts that, and changes the
//! cookie, so that a session somebody planted or copied before is worth nothing after.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use domain::id::{AccountId, AgencyId, ArrangementId, MembershipId, StaffId, StatementId, TeamId};
use jiff::SignedDuration;
use rand_core::CryptoRng;
use seal::key::{PublicKey, Signature};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::sessions::{Certificate, Holder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::config::Audience;
use crate::json::{Base64, Json, Query};
use crate::principal::{SignedIn, Visitor};
use crate::problem::Problem;
use crate::state::{AppState, Site};

/// How long a session lives whatever happens.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// How long a session lives without a request.
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);

/// What a browser throws away at sign-out: copies of pages, those to go back to among them.
const LEFT_BEHIND: HeaderValue = HeaderValue::from_static("\"cache\"");
// Not "storage": it holds what somebody asked their own phone to keep, the way to open the letterbox
// there and writing that never reached the server, both sealed. Not "cookies": that reaches other
// sites of the same domain, and the session's own is taken back by name.
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// A fresh secret for a cookie.
pub struct Token([u8; 32]);

impl Token {
    /// 32 random bytes.
    pub fn new(rng: &mut impl CryptoRng) -> Self {
        Self(seal::random::bytes(rng))
    }

    /// What the database may know of it.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// The `Set-Cookie` of a session.
    pub fn session_cookie(&self, site: &Site) -> HeaderValue {
        cookie(&session_name(site), &hex::encode(self.0), None)
    }

    /// The `Set-Cookie` that binds a sign-in to the browser that began it.
    pub fn sign_in_cookie(&self, site: &Site, seconds: i64) -> HeaderValue {
        cookie(&sign_in_name(site), &hex::encode(self.0), Some(seconds))
    }
}

/// The `Set-Cookie` that ends a session in the browser.
pub fn no_session_cookie(site: &Site) -> HeaderValue {
    cookie(&session_name(site), "", Some(0))
}

/// The `Set-Cookie` that forgets a sign-in.
pub fn no_sign_in_cookie(site: &Site) -> HeaderValue {
    cookie(&sign_in_name(site), "", Some(0))
}

/// The hash of the session cookie a request presents, if it is shaped like one.
pub fn presented(headers: &HeaderMap, site: &Site) -> Option<[u8; 32]> {
    hash_of_cookie(headers, &session_name(site))
}

/// The hash of the sign-in cookie a request presents.
pub fn presented_sign_in(headers: &HeaderMap, site: &Site) -> Option<[u8; 32]> {
    hash_of_cookie(headers, &sign_in_name(site))
}

fn session_name(site: &Site) -> String {
    // `__Host-`: set by this very host over TLS, for all of it, never by a neighbour. The audience
    // keeps two sites on one development host apart, because cookies ignore ports.
    format!("__Host-postern-{}", site.audience.as_str())
}

fn sign_in_name(site: &Site) -> String {
    format!("{}-sign-in", session_name(site))
}

fn cookie(name: &str, value: &str, max_age: Option<i64>) -> HeaderValue {
    let age = max_age.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    HeaderValue::try_from(format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}"))
        .expect("hex and fixed names are a valid header")
}

fn hash_of_cookie(headers: &HeaderMap, name: &str) -> Option<[u8; 32]> {
    let value = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(value, &mut bytes).ok()?;
    Some(Sha256::digest(bytes).into())
}

/// The session's routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get))
        .routes(routes!(challenge))
        .routes(routes!(prove))
        .routes(routes!(sign_out))
}

/// Who is signed in here, and what they may act as.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Session)]
struct SessionView {
    #[schema(value_type = String)]
    account: AccountId,
    #[schema(value_type = String)]
    audience: Audience,
    #[schema(value_type = String)]
    agency: AgencyId,
    /// Whether the keys still have to be opened in this session.
    restricted: bool,
    /// Whether the account has no keys yet.
    new: bool,
    certificates: Vec<CertificateView>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SessionCertificate)]
struct CertificateView {
    #[schema(value_type = String)]
    certificate: StatementId,
    /// `staff` or `member`.
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    staff: Option<StaffId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    membership: Option<MembershipId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    arrangement: Option<ArrangementId>,
    roles: Vec<String>,
    #[schema(value_type = Vec<String>)]
    teams: Vec<TeamId>,
}

impl From<Certificate> for CertificateView {
    fn from(certificate: Certificate) -> Self {
        let (kind, staff, membership, arrangement) = match certificate.holder {
            Holder::Staff { staff, .. } => ("staff", Some(staff), None, None),
            Holder::Member { membership, arrangement } => {
                ("member", None, Some(membership), Some(arrangement))
            }
        };
        Self {
            certificate: certificate.id,
            kind,
            staff,
            membership,
            arrangement,
            roles: certificate.roles,
            teams: certificate.teams,
        }
    }
}

/// The session of this browser.
#[utoipa::path(get, path = "/api/session", tag = "session",
    responses((status = 200, body = SessionView), (status = 401)))]
async fn get(signed_in: SignedIn) -> Result<Json<SessionView>, Problem> {
    let SignedIn { tx, agency, session, .. } = signed_in;
    tx.commit().await?;
    Ok(Json(SessionView {
        account: session.account,
        audience: session.audience,
        agency,
        // A certified session is told apart by its certificates; until then they stay unsaid.
        restricted: !session.proved,
        new: session.proof_key.is_none(),
        certificates: if session.proved {
            session.certificates.into_iter().map(CertificateView::from).collect()
        } else {
            Vec::new()
        },
    }))
}

#[derive(Serialize, utoipa::ToSchema)]
struct Challenge {
    /// 32 bytes to sign with the account's proof key, as the protocol words it.
    challenge: Base64,
}

/// A fresh challenge; it replaces the one before.
#[utoipa::path(post, path = "/api/session/challenge", tag = "session",
    responses((status = 200, body = Challenge), (status = 401)))]
async fn challenge(signed_in: SignedIn) -> Result<Json<Challenge>, Problem> {
    let SignedIn { mut tx, session, .. } = signed_in;
    let challenge: [u8; 32] = seal::random::bytes(&mut seal::random::System);
    store::sessions::set_challenge(&mut tx, &session.hash, &challenge).await?;
    tx.commit().await?;
    Ok(Json(Challenge { challenge: Base64(challenge.to_vec()) }))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SignedChallenge {
    /// The Ed25519 signature over the challenge, 64 bytes.
    signature: Base64,
}

/// Proves that the keys were opened. The session is no longer restricted and gets a new cookie.
#[utoipa::path(post, path = "/api/session/proof", tag = "session", request_body = SignedChallenge,
    responses((status = 204), (status = 401), (status = 403)))]
async fn prove(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Json(proof): Json<SignedChallenge>,
) -> Result<impl IntoResponse, Problem> {
    let SignedIn { mut tx, session, now, .. } = signed_in;
    let refused = || {
        Problem::new(
            StatusCode::FORBIDDEN,
            "proof-refused",
            "Those keys did not open this letterbox. Open it again with your words.",
        )
    };
    let key = session.proof_key.ok_or_else(refused)?;
    let challenge =
        store::sessions::challenge(&mut tx, &session.hash).await?.ok_or_else(refused)?;
    let key = PublicKey::from_bytes(&key).map_err(Problem::internal)?;
    let signature =
        proof.signature.0.try_into().map(Signature::from_bytes).map_err(|_| refused())?;
    seal::proof::verify(&key, session.account, &challenge, &signature).map_err(|_| refused())?;
    let token = Token::new(&mut seal::random::System);
    store::sessions::prove(&mut tx, &session.hash, &token.hash(), now).await?;
    store::gates::forgive(&mut tx, session.account).await?;
    store::words_requests::forget(&mut tx, session.account).await?;
    tx.commit().await?;
    tracing::info!(account = %session.account, "keys opened");
    let cookie = token.session_cookie(state.site());
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct SignOut {
    /// Also ends the account's sessions on other devices.
    #[serde(default)]
    everywhere: bool,
}

/// Ends the session. Succeeds without one too: the person wanted to be signed out and is.
#[utoipa::path(post, path = "/api/sign-out", tag = "session", params(SignOut),
    responses((status = 204)))]
async fn sign_out(
    State(state): State<AppState>,
    Query(how): Query<SignOut>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    if let Some(hash) = presented(&headers, state.site()) {
        let Visitor { mut tx, .. } = Visitor::begin(&state).await?;
        store::sessions::delete(&mut tx, &hash, how.everywhere).await?;
        tx.commit().await?;
    }
    let cookie = no_session_cookie(state.site());
    let left = [(header::SET_COOKIE, cookie), (CLEAR_SITE_DATA, LEFT_BEHIND)];
    Ok((StatusCode::NO_CONTENT, AppendHeaders(left)))
}
