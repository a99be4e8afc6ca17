//! "I have lost my words": asking for new ones. Nothing is reset by it: a member of staff rings and
//! makes sure who asks, a colleague agrees, and only then a new code goes out.

use domain::id::{AccountId, ArrangementId, MembershipId, StaffId};
use jiff::Timestamp;
use seal::statement::Role;
use serde::Serialize;
use store::words_requests::Asking;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Json, Query};
use crate::paging::{Page, Paged, cursor};
use crate::principal::{SignedIn, Staff};
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::holds;

/// Entries to a page.
const PAGE: u16 = 50;

/// The routes of asking for new words.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, insert)).routes(routes!(get))
}

#[derive(Serialize, utoipa::ToSchema)]
struct WordsRequest {
    #[schema(value_type = String)]
    asked_at: Timestamp,
}

/// Asks for new words. Whoever asks again keeps their place.
#[utoipa::path(post, path = "/api/words-requests", tag = "account",
    responses((status = 200, body = WordsRequest), (status = 401), (status = 409)))]
async fn insert(signed_in: SignedIn) -> Result<Json<WordsRequest>, Problem> {
    let SignedIn { mut tx, session, now, .. } = signed_in;
    if session.proof_key.is_none() {
        return Err(Problem::conflict("no-words-yet", "You have no words yet. Make them first."));
    }
    let asked_at = store::words_requests::ask(&mut tx, session.account, now).await?;
    tx.commit().await?;
    tracing::info!(account = %session.account, "new words asked for");
    Ok(Json(WordsRequest { asked_at }))
}

/// The caller's own request; 404 when there is none.
#[utoipa::path(get, path = "/api/words-requests/mine", tag = "account",
    responses((status = 200, body = WordsRequest), (status = 401), (status = 404)))]
async fn get(signed_in: SignedIn) -> Result<Json<WordsRequest>, Problem> {
    let SignedIn { mut tx, session, .. } = signed_in;
    let asked_at = store::words_requests::find(&mut tx, session.account).await?;
    tx.commit().await?;
    asked_at.map(|asked_at| Json(WordsRequest { asked_at })).ok_or_else(Problem::not_found)
}

/// Somebody who asks.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AskingForWords)]
struct AskingView {
    #[schema(value_type = String)]
    account: AccountId,
    #[schema(value_type = String)]
    asked_at: Timestamp,
    /// The member of staff this account is; null for families.
    #[schema(value_type = Option<String>)]
    staff: Option<StaffId>,
    /// Their places; for a team those in its own arrangements.
    memberships: Vec<PlaceView>,
}

/// A place in an arrangement.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = MemberPlace)]
struct PlaceView {
    #[schema(value_type = String)]
    membership: MembershipId,
    #[schema(value_type = String)]
    arrangement: ArrangementId,
}

impl From<Asking> for AskingView {
    fn from(it: Asking) -> Self {
        let places = it.memberships.into_iter();
        Self {
            account: it.account,
            asked_at: it.asked_at,
            staff: it.staff,
            memberships: places
                .map(|(membership, arrangement)| PlaceView { membership, arrangement })
                .collect(),
        }
    }
}

/// Who asks for new words, oldest first: in the arrangements of the caller's teams; for an
/// administrator in all of the agency.
#[utoipa::path(get, path = "/api/words-requests", tag = "account", params(Page),
    responses((status = 200, body = [AskingView],
        headers(("link" = String, description = "the next page"))), (status = 404)))]
async fn list(staff: Staff, Query(page): Query<Page>) -> Result<Paged<AskingView>, Problem> {
    staff.with_role(&[Role::Coordinator, Role::Lead, Role::Administrator])?;
    let Staff { mut tx, session, .. } = staff;
    let all = session.staff_certificates().any(|it| holds(it, &[Role::Administrator]));
    let checkers =
        session.staff_certificates().filter(|it| holds(it, &[Role::Coordinator, Role::Lead]));
    let teams: Vec<_> = checkers.flat_map(|it| it.teams.iter().copied()).collect();
    let (after, limit) = (page.moment()?, page.limit(PAGE));
    let asking = store::words_requests::list(&mut tx, &teams, all, after, limit).await?;
    tx.commit().await?;
    let last = asking.last().map(|it| cursor(it.asked_at, it.account));
    Ok(page.answer(asking.into_iter().map(AskingView::from).collect(), PAGE, last))
}
