//! Coming back with the same sign-in after everything was lost: the session moves to a second account
//! beside the first, which gets keys of its own. The first stays whole until the second was certified in
//! the place of all that is in force; opening it before that ends the second.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use domain::id::{AccountId, InviteId};
use seal::random::{self, System};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::Json;
use crate::principal::SignedIn;
use crate::problem::Problem;
use crate::session::Token;
use crate::state::AppState;

/// The routes of renewals.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(insert))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Renewal {
    /// The locator of the new code; without it, back to an account that was begun before.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    invite: Option<InviteId>,
}

#[derive(Serialize, utoipa::ToSchema)]
struct Renewed {
    /// The account that this session now belongs to.
    #[schema(value_type = String)]
    account: AccountId,
}

/// Goes on with new keys under the same sign-in, by a new code for a place that this account had; for
/// staff by any code for staff, since only the certificate says who somebody is.
/// The session gets a new cookie and is restricted, until the new keys are made or opened.
#[utoipa::path(post, path = "/api/account/renewal", tag = "account", request_body = Renewal,
    responses((status = 200, body = Renewed), (status = 401), (status = 404)))]
async fn insert(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Json(Renewal { invite }): Json<Renewal>,
) -> Result<impl IntoResponse, Problem> {
    let SignedIn { mut tx, session, now, .. } = signed_in;
    let fresh = AccountId::from_bytes(random::bytes(&mut System));
    let token = Token::new(&mut System);
    let moved =
        store::accounts::renew(&mut tx, fresh, invite, &session.hash, &token.hash(), now).await?;
    let account = moved.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    tracing::info!(account = %session.account, renewed_by = %account, "account renewed");
    let cookie = token.session_cookie(state.site());
    Ok((StatusCode::OK, AppendHeaders([(header::SET_COOKIE, cookie)]), Json(Renewed { account })))
}
