//! Who works here: staff certificates in force, with the proof of each, and the first names by which
//! families know them.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::id::{PersonId, StaffId, StatementId, TeamId};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::sessions::Holder;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Json, Query};
use crate::log::Seen;
use crate::principal::Staff;
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::{ProofView, proof};

/// The longest first name, in characters.
const NAME_MOST: usize = 40;

/// The routes of staff.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(set_name))
}

/// Everybody with a staff certificate in force.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Everybody {
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
    /// Their first name as families see it; null until it was given.
    name: Option<String>,
}

/// Everybody with a staff certificate in force, oldest first.
#[utoipa::path(get, path = "/api/staff", tag = "staff", params(Seen),
    responses((status = 200, body = Everybody)))]
async fn list(staff: Staff, Query(seen): Query<Seen>) -> Result<Json<Everybody>, Problem> {
    let Staff { mut tx, .. } = staff;
    let everybody = everybody(&mut tx, seen).await?;
    tx.commit().await?;
    Ok(Json(everybody))
}

/// Everybody who works here, oldest first, for somebody who has `seen` so much of the log.
pub async fn everybody(tx: &mut Tx, seen: Seen) -> Result<Everybody, Problem> {
    let everybody = store::teams::list_staff(tx).await?;
    let certificates = everybody.iter().map(|it| it.certificate).collect();
    let proof = proof(tx, certificates, seen).await?;
    let staff = everybody
        .into_iter()
        .map(|it| StaffView {
            statement: it.certificate,
            staff: it.staff,
            person: it.person,
            roles: it.roles,
            teams: it.teams,
            name: it.name,
        })
        .collect();
    Ok(Everybody { staff, proof })
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct StaffName {
    /// 1 to 40 characters; white space around it is left out.
    name: String,
}

/// Says by which first name families are to know the caller.
#[utoipa::path(put, path = "/api/staff/name", tag = "staff", request_body = StaffName,
    responses((status = 204), (status = 422)))]
async fn set_name(staff: Staff, Json(new): Json<StaffName>) -> Result<StatusCode, Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let name = new.name.trim();
    if !(1..=NAME_MOST).contains(&name.chars().count()) || name.chars().any(is_unprintable) {
        return Err(Problem::invalid(
            "wrong-name",
            "Type the first name that families will see, in up to 40 characters.",
        ));
    }
    let ids: BTreeSet<_> = session
        .staff_certificates()
        .filter_map(|it| match it.holder {
            Holder::Staff { staff, .. } => Some(staff),
            Holder::Member { .. } => None,
        })
        .collect();
    let ids: Vec<_> = ids.into_iter().collect();
    store::teams::set_name(&mut tx, &ids, name, now).await?;
    tx.commit().await?;
    tracing::info!(account = %session.account, "staff name given");
    Ok(StatusCode::NO_CONTENT)
}

/// Controls, and what turns or hides the text around it: a name is to look like what it is.
fn is_unprintable(c: char) -> bool {
    let hidden = '\u{200b}'..='\u{200f}';
    let breaks_and_turns = '\u{2028}'..='\u{202e}';
    let isolates = '\u{2060}'..='\u{206f}';
    c.is_control()
        || hidden.contains(&c)
        || breaks_and_turns.contains(&c)
        || isolates.contains(&c)
        || c == '\u{feff}'
}
