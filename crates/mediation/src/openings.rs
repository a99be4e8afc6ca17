//! Who of the agency looked into a letter, when and why: for its writer and its readers.

use domain::id::{LetterId, OpeningId, StaffId, StatementId};
use jiff::Timestamp;
use serde::Serialize;
use store::openings::Opening;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Json, Path, Query};
use crate::letters::{memberships, sight};
use crate::paging::{Page, Paged, cursor};
use crate::principal::{Member, Proved};
use crate::problem::Problem;
use crate::state::AppState;

/// Entries to a page.
const PAGE: u16 = 50;

/// The routes of openings.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(list_of_letter))
}

/// One opening of a letter by staff.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Opening)]
struct OpeningView {
    #[schema(value_type = String)]
    opening: OpeningId,
    #[schema(value_type = String)]
    letter: LetterId,
    /// The revision that was opened.
    #[schema(value_type = String)]
    submit: StatementId,
    #[schema(value_type = String)]
    staff: StaffId,
    /// Their first name; null until it was given.
    name: Option<String>,
    role: String,
    #[schema(value_type = String)]
    at: Timestamp,
    why: String,
}

impl From<Opening> for OpeningView {
    fn from(it: Opening) -> Self {
        Self {
            opening: it.opening,
            letter: it.letter,
            submit: it.submit,
            staff: it.staff,
            name: it.name,
            role: it.role,
            at: it.opened_at,
            why: it.why,
        }
    }
}

/// Everybody of the agency who opened one of the caller's letters, sent or received, newest first.
#[utoipa::path(get, path = "/api/openings", tag = "decisions", params(Page),
    responses((status = 200, body = [OpeningView],
        headers(("link" = String, description = "the next page")))))]
async fn list(member: Member, Query(page): Query<Page>) -> Result<Paged<OpeningView>, Problem> {
    let Member { mut tx, session, .. } = member;
    let (mine, before) = (memberships(&session), page.moment()?);
    let limit = page.limit(PAGE);
    let openings = store::openings::list_of_members(&mut tx, &mine, before, limit).await?;
    tx.commit().await?;
    let last = openings.last().map(|it| cursor(it.opened_at, it.opening));
    Ok(page.answer(openings.into_iter().map(OpeningView::from).collect(), PAGE, last))
}

/// Everybody of the agency who opened a letter, when and why, oldest first.
#[utoipa::path(get, path = "/api/letters/{id}/openings", tag = "decisions",
    params(("id" = String, Path, description = "the letter's id")),
    responses((status = 200, body = [OpeningView]), (status = 404)))]
async fn list_of_letter(
    mut proved: Proved,
    Path(letter): Path<LetterId>,
) -> Result<Json<Vec<OpeningView>>, Problem> {
    sight(&mut proved, letter).await?;
    let mut tx = proved.tx;
    let openings = store::openings::list(&mut tx, letter).await?;
    tx.commit().await?;
    Ok(Json(openings.into_iter().map(OpeningView::from).collect()))
}
