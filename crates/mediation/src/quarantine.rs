//! Quarantine: statements that did not verify, and letters stopped on their way, for leads to look
//! into. Nothing here was acted on.

use domain::id::StatementId;
use jiff::Timestamp;
use seal::statement::Role;
use serde::Serialize;
use store::statements::{Statement, Verdict};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::Json;
use crate::principal::Staff;
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::EnvelopeView;

/// The routes of the quarantine.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A statement that did not verify, or the newest revision of a letter that was stopped.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Quarantined)]
struct QuarantinedView {
    #[schema(value_type = String)]
    statement: StatementId,
    /// `submit`, `decision` and so on.
    kind: String,
    /// The failed check, a code of the protocol; null for a letter stopped by something else.
    reason: Option<String>,
    #[schema(value_type = String)]
    received_at: Timestamp,
    envelope: EnvelopeView,
}

impl TryFrom<Statement> for QuarantinedView {
    type Error = Problem;

    fn try_from(it: Statement) -> Result<Self, Problem> {
        Ok(Self {
            statement: it.id,
            kind: it.kind,
            reason: match it.verdict {
                Verdict::Quarantined { reason } => Some(reason),
                Verdict::Waiting | Verdict::Logged { .. } => None,
            },
            received_at: it.received_at,
            envelope: EnvelopeView::read(&it.envelope)?,
        })
    }
}

/// The newest 200 statements that did not verify or whose letter was stopped. Leads only.
#[utoipa::path(get, path = "/api/quarantine", tag = "statements",
    responses((status = 200, body = [QuarantinedView]), (status = 404)))]
async fn list(staff: Staff) -> Result<Json<Vec<QuarantinedView>>, Problem> {
    staff.with_role(&[Role::Lead])?;
    let Staff { mut tx, .. } = staff;
    let statements = store::statements::list_quarantined(&mut tx).await?;
    tx.commit().await?;
    let views = statements.into_iter().map(QuarantinedView::try_from);
    Ok(Json(views.collect::<Result<_, _>>()?))
}
