//! New keys on their way in somebody's name, for whoever still has the old ones: they see it when
//! they open their letterbox, and their signed objection stops it.

use axum::http::StatusCode;
use domain::id::StatementId;
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::statement::{Body, Refusal};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::Json;
use crate::principal::Member;
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::{EnvelopeView, Stored, refused, signed_by, wrong_kind};

/// The routes of replacements.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(object))
}

/// The first half of what would end a certificate of the caller's.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Replacement)]
struct ReplacementView {
    /// The `member` statement.
    #[schema(value_type = String)]
    statement: StatementId,
    envelope: EnvelopeView,
    #[schema(value_type = String)]
    at: Timestamp,
}

/// New keys on their way for the caller's own places, oldest first, unless they were objected to.
#[utoipa::path(get, path = "/api/replacements", tag = "account",
    responses((status = 200, body = [ReplacementView])))]
async fn list(member: Member) -> Result<Json<Vec<ReplacementView>>, Problem> {
    let Member { mut tx, session, .. } = member;
    let mine: Vec<_> = session.member_certificates().map(|it| it.id).collect();
    let found = store::memberships::list_replacing(&mut tx, &mine).await?;
    tx.commit().await?;
    let view = |(statement, envelope, at): (StatementId, Vec<u8>, Timestamp)| {
        Ok(ReplacementView { statement, envelope: EnvelopeView::read(&envelope)?, at })
    };
    found.into_iter().map(view).collect::<Result<_, Problem>>().map(Json)
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Objection {
    /// A `revoke` whose target is the first half.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
}

/// Stops new keys in the caller's name, with the keys that are still there.
#[utoipa::path(post, path = "/api/replacements/objections", tag = "account",
    request_body = Objection,
    responses((status = 201, body = Stored), (status = 403), (status = 404), (status = 422)))]
async fn object(
    member: Member,
    Json(new): Json<Objection>,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    let Member { mut tx, session, now, .. } = member;
    let (received, certificate) = signed_by(&new.statement, &session)?;
    let Body::Revoke(revoke) = &received.statement.body else { return Err(wrong_kind()) };
    let agency = store::agencies::find(&mut tx).await?.ok_or_else(Problem::not_found)?;
    if received.statement.realm != agency.realm {
        return Err(refused(Refusal::WrongRealm));
    }
    let target = store::statements::find(&mut tx, revoke.target_id).await?;
    let target = target.and_then(|it| Envelope::parse(&it.envelope).ok());
    let is_about_this = target.is_some_and(|it| match &it.unverified().body {
        Body::Member(body) => body.replaces == Some(certificate.id),
        _ => false,
    });
    if !is_about_this {
        return Err(Problem::not_found());
    }
    store::statements::insert(&mut tx, &received.as_new(session.account, now)).await?;
    tx.commit().await?;
    tracing::info!(statement = %received.id, "new keys objected to");
    Ok((StatusCode::CREATED, Json(Stored { statement: received.id })))
}
