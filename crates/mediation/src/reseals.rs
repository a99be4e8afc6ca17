//! Giving letters back to somebody who lost everything and was certified anew: what there is to give
//! back, and the two statements by which two members of staff do it.

use axum::http::StatusCode;
use domain::id::{ArrangementId, LetterId, MembershipId, StaffId, StatementId, TeamId};
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::statement::{Body, Refusal, Reseal};
use serde::{Deserialize, Serialize};
use store::reseals::{First, Held, Lost, NewReseal, Proposed};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::checks::Desk;
use crate::json::{Base64, Json, Path};
use crate::principal::Staff;
use crate::problem::Problem;
use crate::sealed;
use crate::state::AppState;
use crate::statements::{EnvelopeView, Stored, refused, signed_by, wrong_kind};

/// The routes of giving back.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(proposed, insert))
}

/// A letter that somebody had, or wrote, and cannot open with their new keys.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LostLetter)]
struct LostView {
    #[schema(value_type = String)]
    letter: LetterId,
    /// The `submit` statement of the revision.
    #[schema(value_type = String)]
    statement: StatementId,
    /// Its final decision.
    #[schema(value_type = String)]
    decision: StatementId,
    /// The team that it is sealed to: whoever agrees opens it with that team's key.
    #[schema(value_type = String)]
    team: TeamId,
    /// `received` or `sent`, as seen by whoever it is given back to.
    direction: &'static str,
    /// The new certificate.
    #[schema(value_type = String)]
    certificate: StatementId,
    #[schema(value_type = String)]
    decided_at: Timestamp,
    /// Who has said that it is to be given back; null while nobody has.
    first: Option<FirstView>,
    /// Whether a second person has agreed, and the worker has yet to judge it.
    agreed: bool,
}

/// The first of the two statements.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = FirstReseal)]
struct FirstView {
    #[schema(value_type = String)]
    statement: StatementId,
    #[schema(value_type = String)]
    staff: StaffId,
    /// Their first name; null until it was given.
    name: Option<String>,
    #[schema(value_type = String)]
    at: Timestamp,
}

impl From<First> for FirstView {
    fn from(it: First) -> Self {
        Self { statement: it.id, staff: it.staff, name: it.name, at: it.at }
    }
}

impl From<Lost> for LostView {
    fn from(it: Lost) -> Self {
        Self {
            letter: it.letter,
            statement: it.submit,
            decision: it.decision,
            team: it.team,
            direction: if it.received { "received" } else { "sent" },
            certificate: it.certificate,
            decided_at: it.decided_at,
            first: it.first.map(FirstView::from),
            agreed: it.agreed,
        }
    }
}

/// What can be given back to a membership that was certified anew, oldest first: letters that were
/// passed on to it, and its own that were decided on.
#[utoipa::path(get, path = "/api/memberships/{id}/lost-letters", tag = "reseals",
    params(("id" = String, Path, description = "the membership's id")),
    responses((status = 200, body = [LostView]), (status = 404)))]
async fn list(
    staff: Staff,
    Path(membership): Path<MembershipId>,
) -> Result<Json<Vec<LostView>>, Problem> {
    let Staff { mut tx, session, .. } = staff;
    let desk = Desk::of(&session)?;
    let lost = store::reseals::list(&mut tx, membership, &desk.teams).await?;
    tx.commit().await?;
    Ok(Json(lost.into_iter().map(LostView::from).collect()))
}

/// Letters that one person would give back, by the place they would go to.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ProposedReseals)]
struct ProposedView {
    #[schema(value_type = String)]
    membership: MembershipId,
    #[schema(value_type = String)]
    arrangement: ArrangementId,
    /// How many.
    letters: i64,
    /// Since when the first of them has waited.
    #[schema(value_type = String)]
    since: Timestamp,
}

impl From<Proposed> for ProposedView {
    fn from(it: Proposed) -> Self {
        Self {
            membership: it.membership,
            arrangement: it.arrangement,
            letters: it.letters,
            since: it.since,
        }
    }
}

/// What waits for a second person to agree, the longest waiting first.
#[utoipa::path(get, path = "/api/reseals", tag = "reseals",
    responses((status = 200, body = [ProposedView]), (status = 404)))]
async fn proposed(staff: Staff) -> Result<Json<Vec<ProposedView>>, Problem> {
    let Staff { mut tx, session, .. } = staff;
    let desk = Desk::of(&session)?;
    let waiting = store::reseals::proposed(&mut tx, &desk.teams).await?;
    tx.commit().await?;
    Ok(Json(waiting.into_iter().map(ProposedView::from).collect()))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewResealBody {
    /// The `reseal` statement: the first, or one that agrees with it.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
    /// The letter key sealed to the new certificate, with the second statement.
    #[serde(default)]
    grant: Option<Base64>,
}

/// Says that a letter is to be given back, or agrees and brings its key for the new certificate.
/// Two different members of staff sign.
#[utoipa::path(post, path = "/api/reseals", tag = "reseals", request_body = NewResealBody,
    responses((status = 201, body = Stored), (status = 403), (status = 404), (status = 422),
        (status = 409, description = "`given-back`: these keys have it already")))]
async fn insert(
    staff: Staff,
    Json(new): Json<NewResealBody>,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let (received, certificate) = signed_by(&new.statement, &session)?;
    let Body::Reseal(reseal) = received.statement.body else { return Err(wrong_kind()) };
    let desk = Desk::of_certificate(certificate).ok_or_else(Problem::not_found)?;
    let row = NewReseal {
        statement: received.as_new(session.account, now),
        realm: received.statement.realm,
        decision: reseal.decision_id,
        membership: reseal.membership,
        certificate: reseal.cert_id,
        staff: desk.staff,
        teams: &desk.teams,
        prior: reseal.prior,
        grant: grant(&reseal, new.grant.as_ref())?,
    };
    let stored = match store::reseals::insert(&mut tx, &row).await {
        Err(error) if error.constraint() == Some("reseals_one_each") => {
            return Err(given_back().because(error));
        }
        stored => stored?,
    };
    if stored {
        tx.commit().await?;
        tracing::info!(reseal = %received.id, membership = %reseal.membership, "reseal stored");
    } else {
        match store::reseals::explain(&mut tx, &row).await? {
            // A lost answer, asked for again.
            Held::Repeated => {}
            Held::GivenBack => return Err(given_back()),
            Held::SamePerson => return Err(refused(Refusal::SamePerson)),
            Held::NotFound => return Err(Problem::not_found()),
        }
    }
    Ok((StatusCode::CREATED, Json(Stored { statement: received.id })))
}

/// The file that the second statement names; none with the first.
fn grant<'a>(
    reseal: &Reseal,
    file: Option<&'a Base64>,
) -> Result<Option<(domain::id::FileHash, &'a [u8])>, Problem> {
    match (reseal.grant_hash, file) {
        (Some(hash), Some(file)) => {
            sealed::grant(&file.0, hash)?;
            Ok(Some((hash, file.0.as_slice())))
        }
        (None, None) => Ok(None),
        _ => Err(refused(Refusal::WrongGrants)),
    }
}

fn given_back() -> Problem {
    Problem::conflict("given-back", "This letter was given back already.")
}
