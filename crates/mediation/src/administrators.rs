//! A way back for an administrator who lost everything and whom no colleague can certify: the operator
//! opens the door with a new bootstrap token, and the agency's root says who comes in.

use axum::extract::State;
use axum::http::StatusCode;
use domain::id::StatementId;
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::key::PublicKey;
use seal::ledger::Ledger;
use seal::statement::{Body, Kind, Refusal, Role};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::invites::NewInvite;
use store::sessions::Session;
use store::statements::Statement as Found;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::agency::{expires_at, policy};
use crate::config::Audience;
use crate::json::Json;
use crate::log::Seen;
use crate::principal::{Proved, SignedIn};
use crate::problem::Problem;
use crate::staff::{Everybody, everybody};
use crate::state::AppState;
use crate::statements::{EnvelopeView, Stored, refused, signed_with, wrong_kind};

/// The routes of an administrator's way back.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(invite)).routes(routes!(certify))
}

/// What the root signed, and that the operator let it be brought.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct FromRoot {
    /// The operator's bootstrap token.
    token: String,
    /// As the root signed it.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
}

/// The root's invitation was taken.
#[derive(Serialize, utoipa::ToSchema)]
struct Invited {
    /// The invitation's statement.
    #[schema(value_type = String)]
    statement: StatementId,
    /// Who works here: whoever comes back stays the person they were, and so is never two who agree.
    everybody: Everybody,
}

/// Stores the root's own invitation of an administrator. Whoever has its code then gets new keys as
/// everybody does, also under the sign-in whose keys were lost; so this asks for no keys yet.
#[utoipa::path(post, path = "/api/agency/administrators/invites", tag = "agency",
    request_body = FromRoot,
    responses((status = 201, body = Invited), (status = 404), (status = 422)))]
async fn invite(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Json(new): Json<FromRoot>,
) -> Result<(StatusCode, Json<Invited>), Problem> {
    let SignedIn { mut tx, session, now, .. } = signed_in;
    check_door(&state, &session, &new.token)?;
    let (mut ledger, root) = agency(&mut tx, now).await?;
    if new.statement.kind() != Kind::Invite {
        return Err(wrong_kind());
    }
    ledger.admit(&new.statement, Some(now)).map_err(refused)?;
    let received = signed_with(&new.statement, &root)?;
    let Body::Invite(invite) = &received.statement.body else { return Err(wrong_kind()) };
    if invite.role != Role::Administrator {
        return Err(refused(Refusal::NotEntitled));
    }
    let row = NewInvite {
        statement: received.as_new(session.account, now),
        invite: invite.invite,
        membership: None,
        role: invite.role.as_str(),
        card: None,
        expires_at: expires_at(invite.until, &policy(&mut tx).await?, now),
    };
    match store::invites::insert(&mut tx, &row).await {
        Err(error) if error.constraint() == Some("invites_pkey") => {
            return Err(refused(Refusal::Repeated).because(error));
        }
        stored => stored?,
    };
    let everybody = everybody(&mut tx, Seen::default()).await?;
    tx.commit().await?;
    tracing::info!(invite = %invite.invite, "the root has invited an administrator");
    Ok((StatusCode::CREATED, Json(Invited { statement: received.id, everybody })))
}

/// Stores the certificate that the root gives to an administrator who enrolled with this very account
/// on the root's invitation. Certificates from before stand until they are revoked.
#[utoipa::path(post, path = "/api/agency/administrators", tag = "agency", request_body = FromRoot,
    responses((status = 201, body = Stored), (status = 404), (status = 409), (status = 422)))]
async fn certify(
    State(state): State<AppState>,
    proved: Proved,
    Json(new): Json<FromRoot>,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    let Proved { mut tx, session, now, .. } = proved;
    check_door(&state, &session, &new.token)?;
    let (mut ledger, root) = agency(&mut tx, now).await?;
    let received = signed_with(&new.statement, &root)?;
    let Body::Staff(staff) = &received.statement.body else { return Err(wrong_kind()) };
    let created = (StatusCode::CREATED, Json(Stored { statement: received.id }));
    let before = store::statements::find(&mut tx, received.id).await?;
    if before.is_some_and(|it| it.account == Some(session.account)) {
        // A lost answer, asked for again.
        tx.commit().await?;
        return Ok(created);
    }
    if session.staff_certificates().next().is_some() {
        return Err(Problem::conflict("has-post", "You work here already with these keys."));
    }
    let enrol = find(&mut tx, staff.enrol_id).await?;
    if enrol.account != Some(session.account) {
        return Err(refused(Refusal::WrongKeys));
    }
    let enrol = Envelope::parse(&enrol.envelope).map_err(Problem::internal)?;
    let Body::Enrol(enrolled) = &enrol.unverified().body else { return Err(wrong_kind()) };
    let invite = find(&mut tx, enrolled.invite_id).await?;
    let invite = Envelope::parse(&invite.envelope).map_err(Problem::internal)?;
    for envelope in [&invite, &enrol, &new.statement] {
        ledger.admit(envelope, Some(now)).map_err(refused)?;
    }
    if !staff.roles.contains(&Role::Administrator) {
        return Err(refused(Refusal::NotEntitled));
    }
    store::statements::insert(&mut tx, &received.as_new(session.account, now)).await?;
    tx.commit().await?;
    tracing::info!(statement = %received.id, "the root has certified an administrator");
    Ok(created)
}

/// Without the token there is no such door.
fn check_door(state: &AppState, session: &Session, token: &str) -> Result<(), Problem> {
    if session.audience != Audience::Staff || !state.is_bootstrap_token(token) {
        return Err(Problem::not_found());
    }
    Ok(())
}

/// The agency's own statements, folded from the root that it was founded with; and that root.
async fn agency(tx: &mut Tx, now: Timestamp) -> Result<(Ledger, PublicKey), Problem> {
    let found = store::agencies::find(tx).await?.ok_or_else(Problem::not_found)?;
    let root = PublicKey::from_bytes(&found.root_key).map_err(Problem::internal)?;
    let mut ledger = Ledger::new(found.realm, root).map_err(Problem::internal)?;
    for statement in store::statements::reachable(tx, &[found.statement]).await?.statements {
        let envelope = Envelope::parse(&statement.envelope).map_err(Problem::internal)?;
        ledger.admit(&envelope, Some(now)).map_err(Problem::internal)?;
    }
    Ok((ledger, root))
}

async fn find(tx: &mut Tx, id: StatementId) -> Result<Found, Problem> {
    let found = store::statements::find(tx, id).await?;
    found.ok_or_else(|| refused(Refusal::MissingStatement))
}
