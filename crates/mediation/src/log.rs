//! The log's newest checkpoint: what clients pin, and what every decision names.

use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::Json;
use crate::principal::Proved;
use crate::problem::Problem;
use crate::state::AppState;

/// The routes of the log.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get))
}

/// A signed tree head.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Checkpoint)]
struct CheckpointView {
    /// The C2SP signed note.
    note: String,
    size: u64,
    /// The root hash, lowercase hex.
    root: String,
}

/// The newest checkpoint; 404 before the first.
#[utoipa::path(get, path = "/api/log/checkpoint", tag = "log",
    responses((status = 200, body = CheckpointView), (status = 404)))]
async fn get(proved: Proved) -> Result<Json<CheckpointView>, Problem> {
    let Proved { mut tx, .. } = proved;
    let newest = store::log::find_checkpoint(&mut tx).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok(Json(CheckpointView {
        note: newest.note,
        size: newest.size,
        root: hex::encode(newest.root),
    }))
}
