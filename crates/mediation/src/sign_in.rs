//! Signing in: to the site's provider and back, bound to the browser that began.
//!
//! Code flow with PKCE, nonce and state. The three wait in the database under the hash of a
//! cookie, so an answer counts once, in the browser that asked, for ten minutes. Whatever goes
//! wrong ends on the front page with `?sign-in=<outcome>`, nothing lost: these are pages a person
//! sees, not API answers.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::id::AccountId;
use jiff::SignedDuration;
use rand_core::CryptoRng;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use store::StoreError;
use store::accounts::Subject;
use store::sessions::NewSession;
use store::sign_ins::SignIn;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::Query;
use crate::network::Caller;
use crate::principal::Visitor;
use crate::problem::Problem;
use crate::provider::{ProviderError, Secrets};
use crate::session::{self, Token};
use crate::state::AppState;

/// How long somebody may take at the provider.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// The longest place to return to.
const RETURN_MOST: usize = 256;

/// The sign-in routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(start)).routes(routes!(callback))
}

/// Why nobody was signed in. The outcome is what the front page is told.
#[derive(Debug)]
enum Refusal {
    /// Too long ago, twice, or begun in another browser.
    Expired,
    /// Too many from this network in an hour.
    Busy,
    /// The person said no at the provider.
    Declined,
    /// The provider or the database does not answer.
    Away(String),
    /// The answer proves nothing.
    Failed(String),
}

impl Refusal {
    fn outcome(&self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Busy => "busy",
            Self::Declined => "declined",
            Self::Away(_) => "away",
            Self::Failed(_) => "failed",
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Away(problem.into_cause())
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl From<ProviderError> for Refusal {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::Away(_) => Self::Away(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Start {
    /// A path of this site to come back to; `/` when absent or not one.
    return_to: Option<String>,
}

/// Sends the browser to the provider.
#[utoipa::path(get, path = "/api/sign-in", tag = "session", params(Start),
    responses((status = 303, description = "to the provider, or to `/?sign-in=away`")))]
async fn start(
    State(state): State<AppState>,
    caller: Caller,
    Query(query): Query<Start>,
) -> Response {
    match begin(&state, caller, query.return_to).await {
        Ok((cookie, url)) => see_other(&url, [Some(cookie), None]),
        Err(refusal) => turn_back(&state, &refusal),
    }
}

async fn begin(
    state: &AppState,
    caller: Caller,
    return_to: Option<String>,
) -> Result<(HeaderValue, String), Refusal> {
    count(state, caller, "sign-in").await?;
    let rng = &mut seal::random::System;
    let secrets = Secrets { state: secret(rng), nonce: secret(rng), pkce_verifier: secret(rng) };
    // Before anything is stored: a provider that is away leaves nothing behind.
    let url = state.site().provider.authorize_url(&secrets).await?;
    let browser = Token::new(rng);
    let Visitor { mut tx, now, .. } = Visitor::begin(state).await?;
    let sign_in = SignIn {
        nonce: secrets.nonce,
        pkce_verifier: secrets.pkce_verifier,
        return_to: return_to.filter(|path| is_local(path)).unwrap_or_else(|| "/".into()),
    };
    store::sign_ins::insert(
        &mut tx,
        &browser.hash(),
        state.site().audience,
        &state_hash(state, &secrets.state),
        &sign_in,
        now + PATIENCE,
    )
    .await?;
    tx.commit().await?;
    Ok((browser.sign_in_cookie(state.site(), PATIENCE.as_secs()), url.into()))
}

/// Counts one step of a sign-in from the caller's network, before the provider or anything that is
/// kept is troubled.
async fn count(state: &AppState, caller: Caller, step: &str) -> Result<(), Refusal> {
    let (subject, most) = (caller.network(state), state.service().sign_ins_per_network);
    let Visitor { mut tx, now, .. } = Visitor::begin(state).await?;
    let taken = store::limits::take(&mut tx, &subject, step, most, HOUR, now).await?;
    tx.commit().await?;
    taken.map_err(|_| Refusal::Busy)
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Answer {
    /// The authorization code.
    code: Option<String>,
    /// The state sent along at the start.
    state: Option<String>,
    /// The provider's own name (RFC 9207).
    iss: Option<String>,
    /// Instead of a code.
    error: Option<String>,
}

/// Takes the provider's answer and starts a restricted session.
#[utoipa::path(get, path = "/api/sign-in/callback", tag = "session", params(Answer),
    responses((status = 303, description = "to where the person was, or to `/?sign-in=<outcome>`")))]
async fn callback(
    State(state): State<AppState>,
    caller: Caller,
    Query(answer): Query<Answer>,
    headers: HeaderMap,
) -> Response {
    match finish(&state, caller, answer, &headers).await {
        Ok((account, cookie, return_to)) => {
            state.service().metrics.sign_in(state.site(), "signed-in");
            tracing::info!(%account, "signed in");
            see_other(&return_to, [Some(cookie), Some(session::no_sign_in_cookie(state.site()))])
        }
        Err(refusal) => turn_back(&state, &refusal),
    }
}

async fn finish(
    state: &AppState,
    caller: Caller,
    answer: Answer,
    headers: &HeaderMap,
) -> Result<(AccountId, HeaderValue, String), Refusal> {
    count(state, caller, "sign-in-answer").await?;
    let site = state.site();
    let browser = session::presented_sign_in(headers, site).ok_or(Refusal::Expired)?;
    let state_hash = state_hash(state, &answer.state.ok_or(Refusal::Expired)?);
    // Taken and committed before the code is used: no answer counts twice. A wrong state takes
    // nothing, so a forged link cannot spoil a sign-in under way.
    let Visitor { mut tx, now, .. } = Visitor::begin(state).await?;
    let pending = store::sign_ins::take(&mut tx, &browser, site.audience, &state_hash, now).await?;
    tx.commit().await?;
    let pending = pending.ok_or(Refusal::Expired)?;
    if let Some(error) = answer.error {
        return Err(match error.as_str() {
            "access_denied" => Refusal::Declined,
            "temporarily_unavailable" | "server_error" => Refusal::Away("provider error".into()),
            _ => Refusal::Failed("provider error".into()),
        });
    }
    let code = answer.code.ok_or_else(|| Refusal::Failed("no code".into()))?;
    let identity = site
        .provider
        .identify(code, answer.iss.as_deref(), pending.nonce, pending.pkce_verifier)
        .await?;

    let rng = &mut seal::random::System;
    let Visitor { mut tx, now, .. } = Visitor::begin(state).await?;
    let account = store::accounts::find_or_insert(
        &mut tx,
        AccountId::from_bytes(seal::random::bytes(rng)),
        &Subject {
            audience: site.audience,
            issuer: site.provider.issuer().to_owned(),
            subject: identity.subject,
        },
        now,
    )
    .await?;
    let token = Token::new(rng);
    let new = NewSession {
        hash: token.hash(),
        account,
        expires_at: now + session::ABSOLUTE,
        auth_time: identity.auth_time.unwrap_or(now),
        issuer_sid: identity.sid,
        // Whatever this browser carried ends here: the id always changes at sign-in.
        replaces: session::presented(headers, site),
    };
    store::sessions::insert(&mut tx, &new, now).await?;
    tx.commit().await?;
    Ok((account, token.session_cookie(site), pending.return_to))
}

/// What a sign-in is found by. With the issuer in it, an answer counts only at a site of the issuer
/// that was asked: another's token endpoint never sees the code.
fn state_hash(state: &AppState, secret: &str) -> [u8; 32] {
    let issuer = Sha256::digest(state.site().provider.issuer());
    Sha256::new().chain_update(issuer).chain_update(secret).finalize().into()
}

/// 256 bits in 43 characters of base64url: enough for state, nonce and PKCE (RFC 7636, 4.1).
fn secret(rng: &mut impl CryptoRng) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(seal::random::bytes::<32>(rng))
}

/// Whether a place to return to is a page of this site and cannot be read as anything else.
fn is_local(path: &str) -> bool {
    path.len() <= RETURN_MOST
        && path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/api/")
        // Browsers read a backslash as a slash, and drop tabs and line ends.
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

fn turn_back(state: &AppState, refusal: &Refusal) -> Response {
    let outcome = refusal.outcome();
    state.service().metrics.sign_in(state.site(), outcome);
    match refusal {
        Refusal::Away(cause) => tracing::error!(cause, "sign-in not possible"),
        Refusal::Failed(cause) => tracing::warn!(cause, "sign-in failed"),
        Refusal::Expired | Refusal::Busy | Refusal::Declined => {
            tracing::info!(outcome, "sign-in not finished");
        }
    }
    see_other(&format!("/?sign-in={outcome}"), [None, None])
}

fn see_other(location: &str, cookies: [Option<HeaderValue>; 2]) -> Response {
    let Ok(location) = HeaderValue::try_from(location) else {
        return Problem::internal("a location that is not a header").into_response();
    };
    let headers = [(header::LOCATION, location)]
        .into_iter()
        .chain(cookies.into_iter().flatten().map(|cookie| (header::SET_COOKIE, cookie)))
        .collect::<Vec<_>>();
    (StatusCode::SEE_OTHER, AppendHeaders(headers)).into_response()
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn a_place_to_return_to_is_a_page_of_this_site() {
        for good in ["/", "/join/words", "/letters/0011?x=1"] {
            assert!(is_local(good), "{good}");
        }
        for bad in
            ["", "x", "//evil.example", "/\\evil.example", "/a\tb", "/api/sign-out", "https://e"]
        {
            assert!(!is_local(bad), "{bad}");
        }
    }
}
