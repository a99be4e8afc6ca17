//! Messages to the team: a worry, another look, the plan, help. Sealed like letters, to the team
//! and the archive.

use axum::http::StatusCode;
use domain::id::{ArrangementId, MembershipId, MessageId, StatementId};
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::statement::{Body, Message as MessageBody, Refusal};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::messages::{Message, NewMessage};
use store::sessions::{Certificate, Holder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::checks::Desk;
use crate::json::{Base64, Json, Path, Query};
use crate::letters::memberships;
use crate::paging::{Page, Paged, cursor};
use crate::principal::{Member, Proved, Staff};
use crate::problem::Problem;
use crate::sealed;
use crate::state::AppState;
use crate::statements::{EnvelopeView, refused, signed_by, wrong_kind};

/// Entries to a page at most; each carries a sealed message.
const PAGE: u16 = 20;

/// The routes of messages.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, insert)).routes(routes!(answer))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMessageBody {
    /// The `message` statement.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
    /// The sealed message.
    ciphertext: Base64,
    /// Its key, sealed to the team's newest epoch.
    grant: Base64,
    /// The same, sealed to the archive.
    archive_grant: Base64,
}

#[derive(Serialize, utoipa::ToSchema)]
struct SentMessage {
    #[schema(value_type = String)]
    message: MessageId,
    #[schema(value_type = String)]
    statement: StatementId,
}

/// Sends a message to the team that looks after the arrangement.
#[utoipa::path(post, path = "/api/messages", tag = "messages", request_body = NewMessageBody,
    responses((status = 201, body = SentMessage), (status = 404), (status = 409), (status = 422),
        (status = 429)))]
async fn insert(
    member: Member,
    Json(new): Json<NewMessageBody>,
) -> Result<(StatusCode, Json<SentMessage>), Problem> {
    let Member { mut tx, session, now, .. } = member;
    let (received, certificate) = signed_by(&new.statement, &session)?;
    let Body::Message(message) = &received.statement.body else { return Err(wrong_kind()) };
    let membership = check_place(&mut tx, certificate, message).await?;
    sealed::message(&new.ciphertext.0, message.ct_hash, message.ct_len)?;
    sealed::grant(&new.grant.0, message.grant_hash)?;
    sealed::grant(&new.archive_grant.0, message.archive_grant_hash)?;
    let row = NewMessage {
        statement: received.as_new(session.account, now),
        message: message.message,
        arrangement: message.arrangement,
        membership,
        about: message.about.as_str(),
        subject: message.subject_id,
        epoch: message.epoch_id,
        sealed: &new.ciphertext.0,
        grant: &new.grant.0,
        archive_grant: &new.archive_grant.0,
    };
    let stored = match store::messages::insert(&mut tx, &row).await {
        Err(error) if error.constraint() == Some("messages_pkey") => {
            return Err(refused(Refusal::Repeated).because(error));
        }
        stored => stored?,
    };
    if !stored {
        return Err(Problem::conflict(
            "key-changing",
            "The team is changing its lock just now. Your message is kept. Send it again in a minute.",
        ));
    }
    tx.commit().await?;
    tracing::info!(message = %message.message, about = %message.about, "message received");
    Ok((
        StatusCode::CREATED,
        Json(SentMessage { message: message.message, statement: received.id }),
    ))
}

/// The membership that writes, in its own arrangement, to the team's newest key.
async fn check_place(
    tx: &mut Tx,
    certificate: &Certificate,
    message: &MessageBody,
) -> Result<MembershipId, Problem> {
    let Holder::Member { membership, arrangement } = certificate.holder else {
        return Err(Problem::not_found());
    };
    if message.arrangement != arrangement {
        return Err(Problem::not_found());
    }
    let found = store::arrangements::find(tx, arrangement).await?.ok_or_else(Problem::not_found)?;
    let newest = store::epochs::find_newest(tx, found.team).await?;
    if newest.map(|it| it.id) != Some(message.epoch_id) {
        return Err(Problem::conflict(
            "stale-epoch",
            "The team has changed its lock. Your message is kept. Send it again.",
        ));
    }
    Ok(membership)
}

/// A message to the team.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Message)]
struct MessageView {
    #[schema(value_type = String)]
    message: MessageId,
    #[schema(value_type = String)]
    statement: StatementId,
    #[schema(value_type = String)]
    arrangement: ArrangementId,
    #[schema(value_type = String)]
    membership: MembershipId,
    /// `worry`, `look`, `plan` or `help`.
    about: String,
    /// The statement it is about.
    #[schema(value_type = Option<String>)]
    subject: Option<StatementId>,
    #[schema(value_type = String)]
    received_at: Timestamp,
    #[schema(value_type = Option<String>)]
    answered_at: Option<Timestamp>,
    /// The sealed message; for staff.
    ciphertext: Option<Base64>,
    /// Its key, sealed to the epoch its statement names; for staff.
    grant: Option<Base64>,
}

impl From<Message> for MessageView {
    fn from(it: Message) -> Self {
        let (ciphertext, grant) = it.sealed.unzip();
        Self {
            message: it.message,
            statement: it.statement,
            arrangement: it.arrangement,
            membership: it.membership,
            about: it.about,
            subject: it.subject,
            received_at: it.received_at,
            answered_at: it.answered_at,
            ciphertext: ciphertext.map(Base64),
            grant: grant.map(Base64),
        }
    }
}

/// What the caller wrote, newest first; for staff what waits for their teams, oldest first.
#[utoipa::path(get, path = "/api/messages", tag = "messages", params(Page),
    responses((status = 200, body = [MessageView],
        headers(("link" = String, description = "the next page")))))]
async fn list(proved: Proved, Query(page): Query<Page>) -> Result<Paged<MessageView>, Problem> {
    let Proved { mut tx, session, .. } = proved;
    let page = page.at_most(PAGE);
    let (place, limit) = (page.moment()?, page.limit(PAGE));
    let messages = if session.staff_certificates().next().is_some() {
        let teams = Desk::of(&session)?.teams;
        store::messages::list_waiting(&mut tx, &teams, place, limit).await?
    } else {
        store::messages::list_of_members(&mut tx, &memberships(&session), place, limit).await?
    };
    tx.commit().await?;
    let last = messages.last().map(|it| cursor(it.received_at, it.message));
    Ok(page.answer(messages.into_iter().map(MessageView::from).collect(), PAGE, last))
}

/// Marks a message as dealt with: somebody has spoken to its writer.
#[utoipa::path(post, path = "/api/messages/{id}/answer", tag = "messages",
    params(("id" = String, Path, description = "the message's id")),
    responses((status = 204), (status = 404)))]
async fn answer(staff: Staff, Path(id): Path<MessageId>) -> Result<StatusCode, Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let desk = Desk::of(&session)?;
    if !store::messages::answer(&mut tx, id, &desk.teams, now).await? {
        return Err(Problem::not_found());
    }
    tx.commit().await?;
    tracing::info!(message = %id, staff = %desk.staff, "message answered");
    Ok(StatusCode::NO_CONTENT)
}
