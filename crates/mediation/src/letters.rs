//! Letters: handing one in, the letterbox, opening one's own, taking one back.
//!
//! What is handed in is stored in one SQL statement, four round trips in all; whatever else is
//! true of a letter, the worker finds out.

use domain::id::{ArrangementId, LetterId, MembershipId, StatementId};
use jiff::Timestamp;
use jiff::civil::Date;
use seal::envelope::Envelope;
use seal::statement::{Body, Refusal, Role};
use serde::{Deserialize, Serialize};
use store::letters::{Letter, NewWithdrawal, ProofFor};
use store::sessions::{Holder, Session};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Base64, Json, Path, Query};
use crate::log::Seen;
use crate::paging::{Page, Paged, cursor};
use crate::principal::{Member, Proved};
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::{
    EnvelopeView, ProofView, Received, holds, proof, refused, signed_by, wrong_kind,
};

mod handing_in;
mod receipt;

use handing_in::HandedIn;
use receipt::ReceiptView;

/// Entries to a page of a letterbox.
const PAGE: u16 = 50;

/// The routes of letters.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, handing_in::insert))
        .routes(routes!(get))
        .routes(routes!(get_proof))
        .routes(routes!(withdraw))
        .routes(routes!(receipt::insert))
}

/// A letter in somebody's letterbox.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Letter)]
struct LetterView {
    #[schema(value_type = String)]
    letter: LetterId,
    /// The `submit` statement of the revision.
    #[schema(value_type = String)]
    statement: StatementId,
    rev: i32,
    /// `sent` or `received`.
    direction: &'static str,
    #[schema(value_type = String)]
    arrangement: ArrangementId,
    #[schema(value_type = String)]
    author: MembershipId,
    /// `with_agency`, `being_checked`, `needs_change`, `passing_on`, `passed_on`, `kept`, `withdrawn`
    /// or `send_again`: it came too late for a change, and the same revision is to be sent again.
    state: String,
    /// Length of the sealed letter in bytes: one of five.
    ct_len: i32,
    #[schema(value_type = String)]
    submitted_at: Timestamp,
    #[schema(value_type = Option<String>)]
    due_on: Option<Date>,
    /// Whether its writer may still take it back: nobody has claimed it for checking.
    can_withdraw: bool,
    decided: Option<DecidedView>,
    #[schema(value_type = Option<String>)]
    released_at: Option<Timestamp>,
    /// For its writer, the first answer of a reader, once the worker has logged it; for a reader,
    /// their own.
    receipt: Option<ReceiptView>,
    /// Whether its key is sealed to the caller's keys of today: false after new keys, until the
    /// letter was given back.
    is_readable: bool,
}

/// The final decision.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Decided)]
struct DecidedView {
    #[schema(value_type = String)]
    statement: StatementId,
    /// `deliver`, `change` or `keep`.
    outcome: String,
    /// The first name of who decided; null until it was given.
    name: Option<String>,
    role: String,
    #[schema(value_type = String)]
    at: Timestamp,
    reason: String,
}

impl From<Letter> for LetterView {
    fn from(it: Letter) -> Self {
        Self {
            letter: it.letter,
            statement: it.submit,
            rev: it.rev,
            direction: if it.received { "received" } else { "sent" },
            arrangement: it.arrangement,
            author: it.author,
            state: truthful(it.state),
            ct_len: it.ct_len,
            submitted_at: it.submitted_at,
            due_on: it.due_on,
            can_withdraw: it.can_withdraw,
            decided: it.decided.map(|decided| DecidedView {
                statement: decided.id,
                outcome: decided.outcome,
                name: decided.name,
                role: decided.role,
                at: decided.at,
                reason: decided.reason,
            }),
            released_at: it.released_at,
            receipt: it.receipt.map(ReceiptView::from),
            is_readable: it.is_readable,
        }
    }
}

/// A letter the worker could not verify is still with the agency, which looks into it.
fn truthful(state: String) -> String {
    if state == "quarantined" { "with_agency".to_owned() } else { state }
}

/// The letterbox, newest first: what was sent, and what was passed on to here.
#[utoipa::path(get, path = "/api/letters", tag = "letters", params(Page),
    responses((status = 200, body = [LetterView],
        headers(("link" = String, description = "the next page")))))]
async fn list(member: Member, Query(page): Query<Page>) -> Result<Paged<LetterView>, Problem> {
    let Member { mut tx, session, .. } = member;
    let (mine, before) = (memberships(&session), page.moment()?);
    let letters = store::letters::list(&mut tx, &mine, before, page.limit(PAGE)).await?;
    tx.commit().await?;
    let last = letters.last().map(|it| {
        let (at, letter) = it.cursor();
        cursor(at, letter)
    });
    Ok(page.answer(letters.into_iter().map(LetterView::from).collect(), PAGE, last))
}

/// The memberships a session holds certificates for.
pub fn memberships(session: &Session) -> Vec<MembershipId> {
    session
        .member_certificates()
        .filter_map(|it| match it.holder {
            Holder::Member { membership, .. } => Some(membership),
            Holder::Staff { .. } => None,
        })
        .collect()
}

/// A letter with its sealed parts.
#[derive(Serialize, utoipa::ToSchema)]
struct WholeLetter {
    #[serde(flatten)]
    letter: LetterView,
    /// The sealed letter; null once it was purged.
    ciphertext: Option<Base64>,
    /// Its key, sealed to the one who asks.
    grant: Option<Base64>,
    attachments: Vec<AttachmentView>,
}

/// A small sealed letter by staff.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentView {
    /// The decision it came with.
    #[schema(value_type = String)]
    decision: StatementId,
    /// `comment`, `note` or `team`.
    kind: String,
    ciphertext: Base64,
    /// Its key, sealed to the one who asks (for staff: to the epoch).
    grant: Base64,
}

impl From<store::grants::Attachment> for AttachmentView {
    fn from(it: store::grants::Attachment) -> Self {
        Self {
            decision: it.decision,
            kind: it.kind,
            ciphertext: it.sealed.into(),
            grant: it.grant.into(),
        }
    }
}

/// A letter one wrote, or that was passed on to one: never before it was.
#[utoipa::path(get, path = "/api/letters/{id}", tag = "letters",
    params(("id" = String, Path, description = "the letter's id")),
    responses((status = 200, body = WholeLetter), (status = 404)))]
async fn get(member: Member, Path(id): Path<LetterId>) -> Result<Json<WholeLetter>, Problem> {
    let Member { mut tx, session, .. } = member;
    let mine = memberships(&session);
    let found = store::letters::find(&mut tx, id, &mine).await?.ok_or_else(Problem::not_found)?;
    let sealed = if found.received {
        store::grants::find_for_readers(&mut tx, id, found.submit, &mine).await?
    } else {
        store::grants::find_for_writer(&mut tx, found.submit, &mine).await?
    };
    let attached = store::grants::list_attached_for_members(&mut tx, id, &mine).await?;
    tx.commit().await?;
    Ok(Json(WholeLetter {
        letter: found.into(),
        ciphertext: sealed.ciphertext.map(Base64),
        grant: sealed.grant.map(Base64),
        attachments: attached.into_iter().map(AttachmentView::from).collect(),
    }))
}

/// How somebody may look at what was done with a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Its writer.
    Writer,
    /// A reader this revision was passed on to.
    Reader(StatementId),
    /// Staff of its team, of the one that has its arrangement since, or an auditor.
    Staff,
}

/// How the session may look at a letter; 404 if it may not.
pub async fn sight(proved: &mut Proved, letter: LetterId) -> Result<Sight, Problem> {
    let session = &proved.session;
    if session.staff_certificates().next().is_none() {
        let mine = memberships(session);
        let found = store::letters::find(&mut proved.tx, letter, &mine).await?;
        let found = found.ok_or_else(Problem::not_found)?;
        return Ok(if found.received { Sight::Reader(found.submit) } else { Sight::Writer });
    }
    let teams = store::letters::find_teams(&mut proved.tx, letter).await?;
    let teams = teams.ok_or_else(Problem::not_found)?;
    let may = session.staff_certificates().any(|it| {
        let is_theirs = it.teams.contains(&teams.checks) || it.teams.contains(&teams.keeps);
        holds(it, &[Role::Auditor]) || (is_theirs && holds(it, &[Role::Coordinator, Role::Lead]))
    });
    if may { Ok(Sight::Staff) } else { Err(Problem::not_found()) }
}

/// Every statement the letter's story rests on, oldest first.
#[utoipa::path(get, path = "/api/letters/{id}/proof", tag = "letters",
    params(("id" = String, Path, description = "the letter's id"), Seen),
    responses((status = 200, body = ProofView), (status = 404)))]
async fn get_proof(
    mut proved: Proved,
    Path(id): Path<LetterId>,
    Query(seen): Query<Seen>,
) -> Result<Json<ProofView>, Problem> {
    let sight = sight(&mut proved, id).await?;
    let mine = memberships(&proved.session);
    let own: Vec<_> = proved.session.staff_certificates().map(|it| it.id).collect();
    let mut tx = proved.tx;
    let whom = match sight {
        Sight::Writer => ProofFor::Writer,
        Sight::Reader(_) => ProofFor::Reader,
        Sight::Staff => ProofFor::Staff,
    };
    let mut roots = store::letters::proof_roots(&mut tx, id, whom, &mine).await?;
    // Staff hold what they sign about a letter against its story, in which they may have signed nothing.
    roots.extend(own);
    let proof = proof(&mut tx, roots, seen).await?;
    tx.commit().await?;
    Ok(Json(proof))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    /// The `withdraw` statement.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
}

/// Takes a letter back, until somebody has claimed it for checking.
#[utoipa::path(post, path = "/api/letters/{id}/withdraw", tag = "letters",
    params(("id" = String, Path, description = "the letter's id")), request_body = Withdrawal,
    responses((status = 200, body = HandedIn), (status = 404), (status = 409), (status = 429)))]
async fn withdraw(
    member: Member,
    Path(id): Path<LetterId>,
    Json(new): Json<Withdrawal>,
) -> Result<Json<HandedIn>, Problem> {
    let Member { mut tx, session, now, .. } = member;
    let (received, _) = signed_by(&new.statement, &session)?;
    let Body::Withdraw(body) = &received.statement.body else { return Err(wrong_kind()) };
    if body.letter != id {
        return Err(refused(Refusal::NotHead));
    }
    let mine = memberships(&session);
    let withdrawal = NewWithdrawal {
        statement: received.as_new(session.account, now),
        realm: received.statement.realm,
        letter: id,
        submit: body.submit_id,
        memberships: &mine,
    };
    if store::letters::withdraw(&mut tx, &withdrawal).await? {
        tx.commit().await?;
        tracing::info!(letter = %id, "letter taken back");
    } else {
        let letter = store::letters::find(&mut tx, id, &mine)
            .await?
            .filter(|it| !it.received)
            .ok_or_else(Problem::not_found)?;
        if letter.state != "withdrawn" || letter.submit != body.submit_id {
            return Err(not_withdrawn(&received, &letter));
        }
    }
    let taken =
        HandedIn { letter: id, statement: body.submit_id, state: "withdrawn", due_on: None };
    Ok(Json(taken))
}

fn not_withdrawn(received: &Received, letter: &Letter) -> Problem {
    // Given back or waiting for a second person, it was in somebody's hands all the same.
    let problem = if matches!(letter.state.as_str(), "with_agency" | "being_checked") {
        Problem::conflict(
            "being-checked",
            "A letterbox worker has begun to check this letter. You can tell them what is wrong.",
        )
    } else {
        Problem::conflict(
            "not-with-agency",
            "This letter has moved on. Open it again to see where it is.",
        )
    };
    problem.with("statement", received.id)
}
