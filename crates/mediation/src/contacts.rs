//! Contact points: where news may be sent. Sealed to the notification service; what comes here is
//! an opaque file of one size.

use axum::http::StatusCode;
use domain::id::{MembershipId, StatementId};
use jiff::{SignedDuration, Timestamp};
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

/// Changes of one person's contact point in a day: each sends a notice to the one before.
const MOST_IN_DAY: i32 = 3;
const DAY: SignedDuration = SignedDuration::from_hours(24);

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
    responses((status = 201, body = Stored), (status = 404), (status = 409), (status = 422),
        (status = 429)))]
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
    let is_new = match store::contacts::insert(&mut tx, &row).await {
        Err(error) if error.constraint() == Some("contacts_pkey") => {
            return Err(Problem::conflict(
                "stale-contact",
                "You changed this on another device. Look at it, then save again.",
            )
            .because(error));
        }
        stored => stored?,
    };
    if is_new {
        let whose = format!("membership:{}", contact.membership);
        let taken = store::limits::take(&mut tx, &whose, "contact", MOST_IN_DAY, DAY, now).await?;
        taken.map_err(|until| too_many_changes(until, now))?;
    }
    tx.commit().await?;
    tracing::info!(membership = %contact.membership, n = contact.n, "contact point stored");
    Ok((StatusCode::CREATED, Json(Stored { statement: received.id })))
}

fn too_many_changes(until: Timestamp, now: Timestamp) -> Problem {
    let seconds = until.duration_since(now).as_secs().clamp(1, DAY.as_secs());
    Problem::too_many(
        "too-many-changes",
        "You changed this a few times today. News goes where you said last. You can change it \
         again tomorrow, or call us.",
        u32::try_from(seconds).unwrap_or(u32::MAX),
    )
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
