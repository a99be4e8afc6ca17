//! Deciding: one person's step on a letter, stored whole in one SQL statement and left to the
//! worker to judge; and what was decided, for everybody concerned.

use axum::http::StatusCode;
use domain::decision::Reason;
use domain::id::{LetterId, MembershipId, StaffId, StatementId};
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::statement::{Attachment, AttachmentKind, Body, Decision, Refusal};
use serde::{Deserialize, Serialize};
use store::decisions::{Held, MemberGrant, NewAttachment, NewDecision};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::checks::{Desk, had_their_say, no_claim};
use crate::json::{Base64, Json, Path};
use crate::letters::{Sight, sight};
use crate::principal::{Proved, Staff};
use crate::problem::Problem;
use crate::sealed;
use crate::state::AppState;
use crate::statements::{EnvelopeView, refused, signed_by, wrong_kind};

/// The routes of decisions.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, insert))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDecisionBody {
    /// The `decision` statement.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
    /// The files its `grants` name.
    #[serde(default)]
    grants: Vec<GrantFile>,
    /// The files its `attached` name, in the same order.
    #[serde(default)]
    attached: Vec<AttachedFiles>,
    /// Why, a word of the list: `fits-plan`, `contact-details` and so on.
    #[schema(value_type = String)]
    reason: Reason,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct GrantFile {
    #[schema(value_type = String)]
    membership: MembershipId,
    sealed: Base64,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AttachedFiles {
    #[schema(value_type = String)]
    kind: AttachmentKind,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    membership: Option<MembershipId>,
    sealed: Base64,
    #[serde(default)]
    grant: Option<Base64>,
    review_grant: Base64,
    archive_grant: Base64,
}

#[derive(Serialize, utoipa::ToSchema)]
struct StoredDecision {
    #[schema(value_type = String)]
    letter: LetterId,
    /// The decision.
    #[schema(value_type = String)]
    statement: StatementId,
    /// `waiting`: the worker has yet to judge it.
    verdict: &'static str,
}

/// Decides on a letter the caller holds.
#[utoipa::path(post, path = "/api/letters/{id}/decisions", tag = "decisions",
    params(("id" = String, Path, description = "the letter's id")),
    request_body = NewDecisionBody,
    responses((status = 201, body = StoredDecision), (status = 403), (status = 404),
        (status = 409, description = "no claim, a newer arrangement (`newest`) or revision"),
        (status = 422), (status = 429)))]
async fn insert(
    staff: Staff,
    Path(letter): Path<LetterId>,
    Json(new): Json<NewDecisionBody>,
) -> Result<(StatusCode, Json<StoredDecision>), Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let (received, certificate) = signed_by(&new.statement, &session)?;
    let Body::Decision(decision) = &received.statement.body else { return Err(wrong_kind()) };
    let desk = Desk::of_certificate(certificate).ok_or_else(Problem::not_found)?;
    if !new.reason.fits(decision.outcome) {
        return Err(Problem::invalid(
            "wrong-reason",
            "This reason does not go with this decision. Choose another one.",
        ));
    }
    let grants = grants(decision, &new.grants)?;
    let attached = attached(decision, &new.attached)?;
    let decision = NewDecision {
        statement: received.as_new(session.account, now),
        realm: received.statement.realm,
        letter,
        submit: decision.submit_id,
        arrangement_version: decision.arrangement_id,
        outcome: decision.outcome.as_str(),
        step: i16::try_from(decision.step).map_err(|_| refused(Refusal::WrongStep))?,
        prior: decision.prior,
        staff: desk.staff,
        role: desk.role.as_str(),
        teams: &desk.teams,
        reason: new.reason.as_str(),
        grants: &grants,
        attached: &attached,
    };
    if store::decisions::insert(&mut tx, &decision).await? {
        tx.commit().await?;
        tracing::info!(
            %letter,
            decision = %received.id,
            outcome = decision.outcome,
            step = decision.step,
            "letter decided"
        );
    } else {
        match store::decisions::explain(&mut tx, &decision).await? {
            // A lost answer, asked for again.
            Held::Repeated => {}
            held => return Err(explained(&held)),
        }
    }
    let decided = StoredDecision { letter, statement: received.id, verdict: "waiting" };
    Ok((StatusCode::CREATED, Json(decided)))
}

/// Exactly the files that the statement names, one each.
fn grants<'a>(
    decision: &Decision,
    files: &'a [GrantFile],
) -> Result<Vec<MemberGrant<'a>>, Problem> {
    if files.len() != decision.grants.len() {
        return Err(refused(Refusal::WrongGrants));
    }
    let file_of = |entry: &seal::statement::GrantEntry| {
        let file = files.iter().find(|file| file.membership == entry.membership);
        let file = file.ok_or_else(|| refused(Refusal::WrongGrants))?;
        sealed::grant(&file.sealed.0, entry.grant_hash)?;
        Ok(MemberGrant {
            membership: entry.membership,
            hash: entry.grant_hash,
            sealed: &file.sealed.0,
        })
    };
    decision.grants.iter().map(file_of).collect()
}

fn attached<'a>(
    decision: &Decision,
    files: &'a [AttachedFiles],
) -> Result<Vec<NewAttachment<'a>>, Problem> {
    if files.len() != decision.attached.len() {
        return Err(refused(Refusal::WrongAttachment));
    }
    decision.attached.iter().zip(files).map(|(entry, files)| files.check(entry)).collect()
}

impl AttachedFiles {
    fn check(&self, entry: &Attachment) -> Result<NewAttachment<'_>, Problem> {
        if self.kind != entry.kind || self.membership != entry.membership {
            return Err(refused(Refusal::WrongAttachment));
        }
        sealed::letter(&self.sealed.0, entry.ct_hash, entry.ct_len)?;
        sealed::grant(&self.review_grant.0, entry.review_grant_hash)?;
        sealed::grant(&self.archive_grant.0, entry.archive_grant_hash)?;
        match (&self.grant, entry.grant_hash) {
            (Some(grant), Some(hash)) => sealed::grant(&grant.0, hash)?,
            (None, None) => {}
            _ => return Err(refused(Refusal::WrongAttachment)),
        }
        Ok(NewAttachment {
            kind: entry.kind.as_str(),
            membership: entry.membership,
            hash: entry.ct_hash,
            sealed: &self.sealed.0,
            grant: self.grant.as_ref().map(|it| it.0.as_slice()),
            review_grant: &self.review_grant.0,
            archive_grant: &self.archive_grant.0,
        })
    }
}

fn explained(held: &Held) -> Problem {
    match held {
        Held::Repeated | Held::NotFound => Problem::not_found(),
        Held::Foreign => refused(Refusal::WrongRealm),
        Held::NotHead => Problem::conflict(
            "not-head",
            "This letter has moved on since you opened it. Open it again.",
        ),
        Held::StaleArrangement(newest) => Problem::conflict(
            "stale-arrangement",
            "The arrangement has changed since you opened this letter. Look at it again.",
        )
        .with("newest", newest),
        Held::Decided => had_their_say(),
        Held::Waiting => Problem::conflict(
            "decision-waiting",
            "A decision on this letter is being recorded. Look again in a minute.",
        ),
        Held::NoClaim => no_claim(),
    }
}

/// A decision on a letter.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Decision)]
struct DecisionView {
    #[schema(value_type = String)]
    statement: StatementId,
    /// The revision decided on.
    #[schema(value_type = String)]
    submit: StatementId,
    outcome: String,
    step: i16,
    #[schema(value_type = String)]
    staff: StaffId,
    /// Their first name; null until it was given.
    name: Option<String>,
    role: String,
    reason: String,
    /// `waiting`, `counted`, `final` or `quarantined`.
    verdict: String,
    #[schema(value_type = String)]
    at: Timestamp,
}

/// What was decided on a letter, oldest first. Its writer sees what is final, and a reader what is
/// final on the revision they got: why an earlier one went back is between its writer and the team.
#[utoipa::path(get, path = "/api/letters/{id}/decisions", tag = "decisions",
    params(("id" = String, Path, description = "the letter's id")),
    responses((status = 200, body = [DecisionView]), (status = 404)))]
async fn list(
    mut proved: Proved,
    Path(letter): Path<LetterId>,
) -> Result<Json<Vec<DecisionView>>, Problem> {
    let sight = sight(&mut proved, letter).await?;
    let mut tx = proved.tx;
    let decisions = store::decisions::list(&mut tx, letter, sight != Sight::Staff).await?;
    tx.commit().await?;
    let in_sight = decisions.into_iter().filter(|it| match sight {
        Sight::Reader(submit) => it.submit == submit,
        Sight::Writer | Sight::Staff => true,
    });
    let views = in_sight.map(|it| DecisionView {
        statement: it.id,
        submit: it.submit,
        outcome: it.outcome,
        step: it.step,
        staff: it.staff,
        name: it.name,
        role: it.role,
        reason: it.reason,
        verdict: it.verdict,
        at: it.decided_at,
    });
    Ok(Json(views.collect()))
}
