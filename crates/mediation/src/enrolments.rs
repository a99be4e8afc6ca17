//! What somebody who has just joined waits with: their own enrolments, until they are certified.

use domain::id::{ArrangementId, MembershipId, StatementId};
use serde::Serialize;
use store::invites::Enrolled;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::Json;
use crate::principal::Proved;
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::EnvelopeView;

/// Far more codes than anybody types in.
const MOST: i64 = 100;

/// The routes of enrolments.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// An enrolment that waits to be certified.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = WaitingEnrolment)]
struct EnrolmentView {
    /// The `enrol` statement: its eight digits are read out on the telephone.
    #[schema(value_type = String)]
    statement: StatementId,
    envelope: EnvelopeView,
    /// The role offered.
    role: String,
    /// The place offered; both null for staff.
    #[schema(value_type = Option<String>)]
    membership: Option<MembershipId>,
    #[schema(value_type = Option<String>)]
    arrangement: Option<ArrangementId>,
}

impl EnrolmentView {
    fn read(it: Enrolled) -> Result<Self, Problem> {
        let (membership, arrangement) = it.membership.unzip();
        Ok(Self {
            statement: it.statement,
            envelope: EnvelopeView::read(&it.envelope)?,
            role: it.role,
            membership,
            arrangement,
        })
    }
}

/// The caller's own enrolments that have no certificate yet, oldest first.
#[utoipa::path(get, path = "/api/enrolments", tag = "invites",
    responses((status = 200, body = [EnrolmentView])))]
async fn list(proved: Proved) -> Result<Json<Vec<EnrolmentView>>, Problem> {
    let Proved { mut tx, session, .. } = proved;
    let enrolled = store::invites::list_enrolled(&mut tx, session.account, MOST).await?;
    tx.commit().await?;
    Ok(Json(enrolled.into_iter().map(EnrolmentView::read).collect::<Result<_, _>>()?))
}
