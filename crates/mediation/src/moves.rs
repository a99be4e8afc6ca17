//! Moves between teams: what a lead of one team offered, for a lead of the other to look at and take.
//! Both halves are versions of the arrangement, and come in where versions do.

use domain::id::{ArrangementId, StatementId, TeamId};
use jiff::Timestamp;
use seal::statement::Role;
use serde::Serialize;
use store::moves::Move;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::arrangements::kept_teams;
use crate::json::{Base64, Json, Path, Query};
use crate::log::Seen;
use crate::principal::Staff;
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::{ProofView, holds, proof};

/// The routes of moves.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get))
}

/// An arrangement that one team offers to another.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Move)]
struct MoveView {
    /// The first half of its next version.
    #[schema(value_type = String)]
    statement: StatementId,
    #[schema(value_type = String)]
    arrangement: ArrangementId,
    /// The team that has it now.
    #[schema(value_type = String)]
    from: TeamId,
    /// The team it is offered to.
    #[schema(value_type = String)]
    to: TeamId,
    #[schema(value_type = String)]
    offered_at: Timestamp,
}

impl From<Move> for MoveView {
    fn from(it: Move) -> Self {
        Self {
            statement: it.statement,
            arrangement: it.arrangement,
            from: it.from,
            to: it.to,
            offered_at: it.offered_at,
        }
    }
}

/// What the caller's teams offer or are offered, oldest first.
#[utoipa::path(get, path = "/api/moves", tag = "arrangements",
    responses((status = 200, body = [MoveView]), (status = 404)))]
async fn list(staff: Staff) -> Result<Json<Vec<MoveView>>, Problem> {
    let Staff { mut tx, session, .. } = staff;
    let moves = store::moves::list(&mut tx, &kept_teams(&session)).await?;
    tx.commit().await?;
    Ok(Json(moves.into_iter().map(MoveView::from).collect()))
}

/// An offer, with what whoever takes it opens first and sends again.
#[derive(Serialize, utoipa::ToSchema)]
struct WholeMove {
    #[serde(flatten)]
    offer: MoveView,
    /// The sealed plan.
    plan: Base64,
    /// The sealed notes.
    notes: Base64,
    /// The first half, the caller's certificates, and all they rest on.
    proof: ProofView,
}

/// One offer to the caller's team. Its managers only.
#[utoipa::path(get, path = "/api/moves/{statement}", tag = "arrangements",
    params(("statement" = String, Path, description = "the first half's id"), Seen),
    responses((status = 200, body = WholeMove), (status = 404)))]
async fn get(
    staff: Staff,
    Path(statement): Path<StatementId>,
    Query(seen): Query<Seen>,
) -> Result<Json<WholeMove>, Problem> {
    let Staff { mut tx, session, .. } = staff;
    let leads = |team: &TeamId| {
        let mut leads = session.staff_certificates().filter(|it| holds(it, &[Role::Lead]));
        leads.any(|it| it.teams.contains(team))
    };
    let found = store::moves::find(&mut tx, statement)
        .await?
        .filter(|it| leads(&it.offer.to))
        .ok_or_else(Problem::not_found)?;
    let mut roots = vec![statement];
    roots.extend(session.certificates.iter().map(|it| it.id));
    let proof = proof(&mut tx, roots, seen).await?;
    tx.commit().await?;
    Ok(Json(WholeMove {
        offer: found.offer.into(),
        plan: Base64(found.plan),
        notes: Base64(found.notes),
        proof,
    }))
}
