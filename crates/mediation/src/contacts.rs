//! Contact points: where news may be sent. Sealed to the notification service; what comes here is
//! an opaque file of one size.

use axum::http::StatusCode;
use domain::id::{MembershipId, StatementId};
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::statement::{Body, Refusal};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::contacts::{Contact, NewContact};
use store::sessions::{Certificate, Holder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::checks::Desk;
use crate::json::{Base64, Json};
use crate::letters::memberships;
use crate::principal::{Member, Proved};
use crate::problem::Problem;
use crate::sealed;
use crate::state::AppState;
use crate::statements::{EnvelopeView, Stored, refused, signed_by, wrong_kind};

/// The routes of contact points.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, insert))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewContactBody {
    /// The `contact` statement.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
    /// The sealed contact file.
    sealed: Base64,
}

/// Stores a contact point: a member's own, or by staff for somebody they invited.
#[utoipa::path(post, path = "/api/contacts", tag = "contacts", request_body = NewContactBody,
    responses((status = 201, body = Stored), (status = 404), (status = 409), (status = 422)))]
async fn insert(
    proved: Proved,
    Json(new): Json<NewContactBody>,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    let Proved { mut tx, session, now, .. } = proved;
    let (received, certificate) = signed_by(&new.statement, &session)?;
    let Body::Contact(contact) = &received.statement.body else { return Err(wrong_kind()) };
    check_whose(&mut tx, certificate, contact.membership).await?;
    sealed::contact_point(&new.sealed.0, contact.sealed_hash)?;
    let row = NewContact {
        statement: received.as_new(session.account, now),
        membership: contact.membership,
        n: i32::try_from(contact.n).map_err(|_| refused(Refusal::WrongVersion))?,
        channel: contact.channel.as_str(),
        sealed: &new.sealed.0,
    };
    match store::contacts::insert(&mut tx, &row).await {
        Err(error) if error.constraint() == Some("contacts_pkey") => {
            return Err(Problem::conflict(
                "stale-contact",
                "You changed this on another device. Look at it, then save again.",
            )
            .because(error));
        }
        stored => stored?,
    };
    tx.commit().await?;
    tracing::info!(membership = %contact.membership, n = contact.n, "contact point stored");
    Ok((StatusCode::CREATED, Json(Stored { statement: received.id })))
}

async fn check_whose(
    tx: &mut Tx,
    certificate: &Certificate,
    whose: MembershipId,
) -> Result<(), Problem> {
    if let Holder::Member { membership, .. } = certificate.holder {
        return if membership == whose { Ok(()) } else { Err(Problem::not_found()) };
    }
    let desk = Desk::of_certificate(certificate).ok_or_else(Problem::not_found)?;
    store::memberships::find_arrangement(tx, whose, &desk.teams)
        .await?
        .map(|_| ())
        .ok_or_else(Problem::not_found)
}

/// A contact point, without its content.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Contact)]
struct ContactView {
    #[schema(value_type = String)]
    membership: MembershipId,
    n: i32,
    #[schema(value_type = String)]
    statement: StatementId,
    /// `email`, `text` or `post`.
    channel: String,
    /// `waiting`, `in_use`, `replaced`, `failing` or `quarantined`.
    state: String,
    #[schema(value_type = Option<String>)]
    failed_at: Option<Timestamp>,
}

impl From<Contact> for ContactView {
    fn from(it: Contact) -> Self {
        Self {
            membership: it.membership,
            n: it.n,
            statement: it.statement,
            channel: it.channel,
            state: it.state,
            failed_at: it.failed_at,
        }
    }
}

/// The caller's own contact points, newest version first.
#[utoipa::path(get, path = "/api/contacts", tag = "contacts",
    responses((status = 200, body = [ContactView])))]
async fn list(member: Member) -> Result<Json<Vec<ContactView>>, Problem> {
    let Member { mut tx, session, .. } = member;
    let contacts = store::contacts::list(&mut tx, &memberships(&session)).await?;
    tx.commit().await?;
    Ok(Json(contacts.into_iter().map(ContactView::from).collect()))
}
