//! Sessions that end because the provider says so: OpenID Connect Back-Channel Logout 1.0.
//!
//! The provider's server posts a signed token here, without a browser. Its token is judged by
//! [`crate::provider`], counts once, and ends sessions of this site's own provider only.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use store::logouts::{Ended, end, take};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::principal::Visitor;
use crate::problem::Problem;
use crate::provider::ProviderError;
use crate::state::AppState;

/// Where the provider posts: to be registered there as `backchannel_logout_uri`.
pub const PATH: &str = "/api/sign-in/logout";

/// How long a taken token is remembered: longer than its age is accepted.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// The route.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(logout))
}

/// Form of the provider's request.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form")]
struct LogoutForm {
    /// The signed logout token.
    logout_token: String,
}

/// Ends the sessions that a provider's logout token names. For providers, not for browsers.
#[utoipa::path(post, path = "/api/sign-in/logout", tag = "session",
    request_body(content = LogoutForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "they have ended"), (status = 400), (status = 503)))]
async fn logout(State(state): State<AppState>, body: String) -> Response {
    match accept(&state, &body).await {
        Ok(ended) => {
            tracing::info!(ended, "logged out by the provider");
            StatusCode::OK.into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

async fn accept(state: &AppState, body: &str) -> Result<u64, Problem> {
    let mut tokens = url::form_urlencoded::parse(body.as_bytes())
        .filter_map(|(name, value)| (name == "logout_token").then_some(value));
    let (Some(token), None) = (tokens.next(), tokens.next()) else {
        return Err(refused("no logout token, or several"));
    };
    let site = state.site();
    let token = site.provider.logout(&token, state.now()).await.map_err(|error| match error {
        ProviderError::Away(cause) => Problem::away(cause),
        error => refused(&error.to_string()),
    })?;
    let Visitor { mut tx, now, .. } = Visitor::begin(state).await?;
    let hash = Sha256::new()
        .chain_update(Sha256::digest(site.provider.issuer()))
        .chain_update(&token.jti)
        .finalize();
    if !take(&mut tx, &hash.into(), now + REMEMBERED).await? {
        return Err(refused("a token that was taken before"));
    }
    let ended = Ended {
        audience: site.audience,
        issuer: site.provider.issuer(),
        subject: token.sub.as_deref(),
        sid: token.sid.as_deref(),
    };
    let ended = end(&mut tx, &ended).await?;
    tx.commit().await?;
    Ok(ended)
}

fn refused(why: &str) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "logout-refused",
        "This is no logout token for this site.",
    )
    .because(why)
}
