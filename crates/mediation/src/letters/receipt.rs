//! A reader's short answer to a letter: "thank you", or "I will write". Signed, and a word of a
//! closed list, so that nobody need check it.

use axum::http::StatusCode;
use domain::id::{LetterId, MembershipId, StatementId};
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::statement::{Body, Refusal};
use serde::{Deserialize, Serialize};
use store::letters::Receipt;
use store::receipts::{Held, NewReceipt};
use store::sessions::Holder;

use crate::json::{Json, Path};
use crate::principal::Member;
use crate::problem::Problem;
use crate::statements::{EnvelopeView, Stored, refused, signed_by, wrong_kind};

/// A reader's answer.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Receipt)]
pub(super) struct ReceiptView {
    /// `thanks` or `will-write`.
    phrase: String,
    #[schema(value_type = String)]
    at: Timestamp,
    /// The `receipt` statement; for the writer it is in the letter's proof.
    #[schema(value_type = String)]
    statement: StatementId,
    /// Whose answer it is.
    #[schema(value_type = String)]
    membership: MembershipId,
}

impl From<Receipt> for ReceiptView {
    fn from(it: Receipt) -> Self {
        Self { phrase: it.phrase, at: it.at, statement: it.id, membership: it.membership }
    }
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReceiptBody {
    /// The `receipt` statement.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
}

/// Answers a letter that was passed on to the caller; once.
#[utoipa::path(post, path = "/api/letters/{id}/receipts", tag = "letters",
    params(("id" = String, Path, description = "the letter's id")),
    request_body = NewReceiptBody,
    responses((status = 201, body = Stored), (status = 403), (status = 404), (status = 422),
        (status = 429),
        (status = 409, description = "`receipt-sent`: the caller has answered it already; \
            `receipt-refused`: this very answer was refused")))]
pub(super) async fn insert(
    member: Member,
    Path(id): Path<LetterId>,
    Json(new): Json<NewReceiptBody>,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    let Member { mut tx, session, now, .. } = member;
    let (received, certificate) = signed_by(&new.statement, &session)?;
    let Body::Receipt(body) = received.statement.body else { return Err(wrong_kind()) };
    let Holder::Member { membership, .. } = certificate.holder else {
        return Err(refused(Refusal::NotEntitled));
    };
    let receipt = NewReceipt {
        statement: received.as_new(session.account, now),
        realm: received.statement.realm,
        letter: id,
        submit: body.submit_id,
        membership,
        phrase: body.phrase.as_str(),
    };
    let stored = match store::receipts::insert(&mut tx, &receipt).await {
        Err(error) if error.constraint() == Some("receipts_one_each") => {
            return Err(already_sent().because(error));
        }
        stored => stored?,
    };
    if stored {
        tx.commit().await?;
        tracing::info!(letter = %id, receipt = %received.id, "letter answered");
    } else {
        match store::receipts::explain(&mut tx, &receipt).await? {
            // A lost answer, asked for again.
            Held::Repeated => {}
            Held::Answered => return Err(already_sent()),
            Held::Refused => {
                return Err(Problem::conflict(
                    "receipt-refused",
                    "This answer did not go through. You can write a letter, or tell your \
                     letterbox worker.",
                ));
            }
            Held::NotFound => return Err(Problem::not_found()),
        }
    }
    Ok((StatusCode::CREATED, Json(Stored { statement: received.id })))
}

fn already_sent() -> Problem {
    Problem::conflict("receipt-sent", "You have answered this letter already.")
}
