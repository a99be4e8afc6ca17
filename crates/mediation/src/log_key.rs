//! The log's key: which one the operator has configured, and the root's word for it.

use axum::extract::State;
use axum::http::StatusCode;
use seal::envelope::Envelope;
use seal::key::PublicKey;
use seal::statement::{Body, Refusal, Role};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::Json;
use crate::principal::Staff;
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::{EnvelopeView, NewStatementBody, Stored, refused, signed_with, wrong_kind};

/// The routes of the log's key.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get, replace))
}

/// The key that the operator wants the log to have.
#[derive(Serialize, utoipa::ToSchema)]
struct LogKey {
    /// Ed25519, lowercase hex. It is the log's already unless the operator has made a new one.
    log_key: String,
    /// The agency's next statement, once it is handed in and until the worker has judged it: the worker
    /// must have the key that it names.
    waiting: Option<EnvelopeView>,
}

/// The log key that the operator has configured, and whether the root has named it already, for the
/// administrator who is to have it named.
#[utoipa::path(get, path = "/api/agency/log-key", tag = "agency",
    responses((status = 200, body = LogKey)))]
async fn get(State(state): State<AppState>, staff: Staff) -> Result<Json<LogKey>, Problem> {
    staff.with_role(&[Role::Administrator])?;
    let Staff { mut tx, .. } = staff;
    let waiting = store::agencies::find_waiting(&mut tx).await?;
    tx.commit().await?;
    let waiting = waiting.as_deref().map(EnvelopeView::read).transpose()?;
    Ok(Json(LogKey { log_key: state.log_key().to_owned(), waiting }))
}

/// Gives the log another key: the agency's next statement, which the root has signed, names the one
/// that the operator has configured and changes nothing else. An administrator brings it. Contact
/// points are sealed to the notifier's key and letters to the archive's: neither can follow so.
#[utoipa::path(post, path = "/api/agency/log-key", tag = "agency",
    request_body = NewStatementBody,
    responses((status = 201, body = Stored), (status = 404), (status = 422)))]
async fn replace(
    State(state): State<AppState>,
    staff: Staff,
    Json(new): Json<NewStatementBody>,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    staff.with_role(&[Role::Administrator])?;
    let Staff { mut tx, session, now, .. } = staff;
    let found = store::agencies::find(&mut tx).await?.ok_or_else(Problem::not_found)?;
    let root = PublicKey::from_bytes(&found.root_key).map_err(Problem::internal)?;
    if new.statement.key_hint().is_some() {
        return Err(refused(Refusal::NotEntitled));
    }
    let received = signed_with(&new.statement, &root)?;
    let before = Envelope::parse(&found.envelope).map_err(Problem::internal)?;
    let (Body::Agency(before), Body::Agency(after)) =
        (&before.unverified().body, &received.statement.body)
    else {
        return Err(wrong_kind());
    };
    if received.statement.realm != found.realm {
        return Err(refused(Refusal::WrongRealm));
    }
    if after.n != before.n + 1 || after.prev != Some(found.statement) {
        return Err(refused(Refusal::WrongVersion));
    }
    let is_configured = hex::encode(after.log_key.as_bytes()) == state.log_key();
    let others = (&after.notifier_key, &after.archive_key);
    if !is_configured || others != (&before.notifier_key, &before.archive_key) {
        return Err(Problem::invalid(
            "foreign-keys",
            "The statement may name the operator's new log key, and no other key than before.",
        ));
    }
    if after.log_key == before.log_key {
        return Err(Problem::conflict("same-key", "The log has this key already."));
    }
    store::statements::insert(&mut tx, &received.as_new(session.account, now)).await?;
    tx.commit().await?;
    tracing::info!(statement = %received.id, "another log key is named");
    Ok((StatusCode::CREATED, Json(Stored { statement: received.id })))
}
