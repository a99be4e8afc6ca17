//! Who works here: staff certificates in force, with the proof of each.

use domain::id::{PersonId, StaffId, StatementId, TeamId};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::Json;
use crate::principal::Staff;
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::{ProofView, proof};

/// The routes of staff.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Serialize, utoipa::ToSchema)]
struct Everybody {
    staff: Vec<StaffView>,
    /// The certificates and all they rest on.
    proof: ProofView,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Staff)]
struct StaffView {
    /// The certificate: its `staff` statement is in the proof.
    #[schema(value_type = String)]
    statement: StatementId,
    #[schema(value_type = String)]
    staff: StaffId,
    #[schema(value_type = String)]
    person: PersonId,
    roles: Vec<String>,
    #[schema(value_type = Vec<String>)]
    teams: Vec<TeamId>,
}

/// Everybody with a staff certificate in force, oldest first.
#[utoipa::path(get, path = "/api/staff", tag = "staff",
    responses((status = 200, body = Everybody)))]
async fn list(staff: Staff) -> Result<Json<Everybody>, Problem> {
    let Staff { mut tx, .. } = staff;
    let everybody = store::teams::list_staff(&mut tx).await?;
    let certificates = everybody.iter().map(|it| it.certificate).collect();
    let proof = proof(&mut tx, certificates).await?;
    tx.commit().await?;
    let staff = everybody
        .into_iter()
        .map(|it| StaffView {
            statement: it.certificate,
            staff: it.staff,
            person: it.person,
            roles: it.roles,
            teams: it.teams,
        })
        .collect();
    Ok(Json(Everybody { staff, proof }))
}
