//! Drafts: unsent writing, sealed under the account's own key, so that it can be gone on with on
//! another device. The server keeps bytes and can open none of them.

use axum::http::StatusCode;
use domain::id::LetterId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::drafts::{Draft, Saved};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Base64, Json, Path, Query};
use crate::paging::{Page, Paged, cursor};
use crate::principal::Proved;
use crate::problem::Problem;
use crate::state::AppState;

/// The most drafts of an account.
const MOST: i64 = 64;
/// The most of one draft in bytes.
const SEALED_MOST: usize = 1 << 20;
/// A nonce and a tag: less is not AES-GCM.
const SEALED_LEAST: usize = 28;
/// Entries to a page at most; each carries a sealed draft.
const PAGE: u16 = 16;

/// The routes of drafts.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(save, delete))
}

/// A draft.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Draft)]
struct DraftView {
    /// The letter it is to become.
    #[schema(value_type = String)]
    letter: LetterId,
    version: i64,
    /// Nonce, then AES-256-GCM, as the protocol says.
    sealed: Base64,
    #[schema(value_type = String)]
    saved_at: Timestamp,
}

impl From<Draft> for DraftView {
    fn from(it: Draft) -> Self {
        Self {
            letter: it.letter,
            version: it.version,
            sealed: it.sealed.into(),
            saved_at: it.saved_at,
        }
    }
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDraft {
    /// 1 for a new draft, otherwise one more than the version it was written on.
    version: i64,
    sealed: Base64,
}

/// What is in place now.
#[derive(Serialize, utoipa::ToSchema)]
struct SavedDraft {
    version: i64,
    #[schema(value_type = String)]
    saved_at: Timestamp,
}

/// The caller's drafts, saved last first.
#[utoipa::path(get, path = "/api/drafts", tag = "drafts", params(Page),
    responses((status = 200, body = [DraftView],
        headers(("link" = String, description = "the next page")))))]
async fn list(proved: Proved, Query(page): Query<Page>) -> Result<Paged<DraftView>, Problem> {
    let Proved { mut tx, session, .. } = proved;
    let page = page.at_most(PAGE);
    let (before, limit) = (page.moment()?, page.limit(PAGE));
    let drafts = store::drafts::list(&mut tx, session.account, before, limit).await?;
    tx.commit().await?;
    let last = drafts.last().map(|it| cursor(it.saved_at, it.letter));
    Ok(page.answer(drafts.into_iter().map(DraftView::from).collect(), PAGE, last))
}

/// Saves a draft over the version it was written on; 409 when another device was first.
#[utoipa::path(put, path = "/api/drafts/{letter}", tag = "drafts",
    params(("letter" = String, Path, description = "the id of the letter it is to become")),
    request_body = NewDraft,
    responses((status = 200, body = SavedDraft), (status = 413), (status = 422),
        (status = 409, description = "`draft-changed` with `newest`: `version`, `sealed` and \
            `saved_at` of what is there now, or null when it is gone; or `too-many-drafts`")))]
async fn save(
    proved: Proved,
    Path(letter): Path<LetterId>,
    Json(new): Json<NewDraft>,
) -> Result<Json<SavedDraft>, Problem> {
    let Proved { mut tx, session, now, .. } = proved;
    check(&new)?;
    let draft = Draft { letter, version: new.version, sealed: new.sealed.0, saved_at: now };
    let saved_at = match store::drafts::save(&mut tx, session.account, &draft, MOST).await? {
        Saved::Done => {
            tx.commit().await?;
            now
        }
        Saved::Already(since) => since,
        Saved::Changed(newest) => return Err(changed(newest)),
        Saved::TooMany => {
            return Err(Problem::conflict(
                "too-many-drafts",
                "You have a lot of letters you have not sent. Send one or throw one away first.",
            ));
        }
    };
    Ok(Json(SavedDraft { version: draft.version, saved_at }))
}

fn check(new: &NewDraft) -> Result<(), Problem> {
    if new.version < 1 {
        return Err(Problem::invalid("draft-version", "Versions of a draft count from 1."));
    }
    if new.sealed.0.len() > SEALED_MOST {
        return Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "This is too long to keep here. It is still on this device.",
        ));
    }
    if new.sealed.0.len() < SEALED_LEAST {
        return Err(Problem::invalid("draft-size", "This draft has an impossible size."));
    }
    Ok(())
}

fn changed(newest: Option<Draft>) -> Problem {
    let newest = newest.map(
        |it| json!({"version": it.version, "sealed": Base64(it.sealed), "saved_at": it.saved_at}),
    );
    Problem::conflict(
        "draft-changed",
        "You changed this letter on another device. Choose which one to keep.",
    )
    .with_value("newest", newest.into())
}

/// Throws a draft away; also when it is gone already.
#[utoipa::path(delete, path = "/api/drafts/{letter}", tag = "drafts",
    params(("letter" = String, Path, description = "the id of the letter it was to become")),
    responses((status = 204)))]
async fn delete(proved: Proved, Path(letter): Path<LetterId>) -> Result<StatusCode, Problem> {
    let Proved { mut tx, session, .. } = proved;
    store::drafts::delete(&mut tx, session.account, letter).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
