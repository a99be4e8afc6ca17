//! The agency: made once, by its first administrator with the operator's one-time token, and shown
//! to everybody.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use domain::id::{AgencyId, Realm, StatementId};
use domain::policy::Policy;
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::key::PublicKey;
use seal::ledger::Ledger;
use seal::statement::{Body, Kind, Refusal, Role, Staff as StaffBody, references};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::invites::NewInvite;
use store::statements::NewStatement;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::config::Audience;
use crate::json::Json;
use crate::principal::{Proved, Staff, Visitor};
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::{EnvelopeView, refused, wrong_kind};

/// The longest name of an agency, in bytes.
const NAME_MOST: usize = 200;

/// The agency's routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_setup))
        .routes(routes!(get, insert))
        .routes(routes!(replace_policy))
}

/// What the first administrator's browser needs for the `agency` statement.
#[derive(Serialize, utoipa::ToSchema)]
struct Setup {
    #[schema(value_type = String)]
    agency: AgencyId,
    /// The moderation worker's Ed25519 public key, lowercase hex.
    log_key: String,
    /// The notification service's recipient.
    notifier_key: String,
}

/// The keys of the operator's services, for whoever holds the bootstrap token.
#[utoipa::path(get, path = "/api/agency/setup", tag = "agency",
    params(("authorization" = String, Header, description = "`Bearer` and the bootstrap token")),
    responses((status = 200, body = Setup), (status = 404)))]
async fn get_setup(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Json<Setup>, Problem> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .filter(|token| state.is_bootstrap_token(token));
    if token.is_none() || state.site().audience != Audience::Staff {
        return Err(Problem::not_found());
    }
    Ok(Json(Setup {
        agency: state.agency(),
        log_key: state.log_key().to_owned(),
        notifier_key: state.notifier_key().to_owned(),
    }))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAgency {
    /// The operator's one-time token.
    token: String,
    /// The agency's name.
    name: String,
    /// The root public key, lowercase hex.
    root: String,
    /// `agency`, `invite`, `enrol` and `staff`, in this order.
    #[schema(value_type = Vec<EnvelopeView>)]
    statements: [Envelope; 4],
}

#[derive(Serialize, utoipa::ToSchema)]
struct CreatedAgency {
    #[schema(value_type = String)]
    agency: AgencyId,
    /// SHA-256 of the root key: the operator pins it in the configuration of the worker and the
    /// notifier.
    #[schema(value_type = String)]
    realm: Realm,
}

/// Sets up the agency. Once.
#[utoipa::path(post, path = "/api/agency", tag = "agency", request_body = NewAgency,
    responses((status = 201, body = CreatedAgency), (status = 404), (status = 409),
        (status = 422)))]
async fn insert(
    State(state): State<AppState>,
    proved: Proved,
    Json(new): Json<NewAgency>,
) -> Result<(StatusCode, Json<CreatedAgency>), Problem> {
    let Proved { mut tx, session, now, agency, .. } = proved;
    if session.audience != Audience::Staff || !state.is_bootstrap_token(&new.token) {
        return Err(Problem::not_found());
    }
    if new.name.is_empty() || new.name.len() > NAME_MOST || new.name.chars().any(char::is_control) {
        return Err(Problem::invalid("name", "Give the agency's name, on one line."));
    }
    let root = parse_root(&new.root)?;
    let first = FirstStatements::check(&state, root, &new.statements, now)?;
    if !store::agencies::insert(&mut tx, root.as_bytes(), root.realm(), &new.name, now).await? {
        return Err(Problem::conflict("agency-exists", "This agency is set up already."));
    }
    let jsons: Vec<_> = new.statements.iter().map(Envelope::to_json).collect();
    let references: Vec<_> = new.statements.iter().map(|it| references(it.unverified())).collect();
    let statement = |place: usize| NewStatement {
        id: new.statements[place].id(),
        kind: new.statements[place].kind().as_str(),
        envelope: &jsons[place],
        account: Some(session.account),
        refers_to: &references[place],
        ends: None,
        received_at: now,
    };
    store::statements::insert(&mut tx, &statement(0)).await?;
    let invite = NewInvite {
        statement: statement(1),
        invite: first.invite.invite,
        membership: None,
        role: first.invite.role.as_str(),
        card: None,
        expires_at: first.expires_at,
    };
    store::invites::insert(&mut tx, &invite).await?;
    let used =
        store::invites::enrol(&mut tx, invite.invite, session.account, &statement(2)).await?;
    if !used {
        return Err(refused(Refusal::Expired));
    }
    store::statements::insert(&mut tx, &statement(3)).await?;
    tx.commit().await?;
    tracing::info!(%agency, realm = %root.realm(), "agency set up");
    Ok((StatusCode::CREATED, Json(CreatedAgency { agency, realm: root.realm() })))
}

fn parse_root(text: &str) -> Result<PublicKey, Problem> {
    let bad = || Problem::invalid("root-key", "The root key is not a usable Ed25519 key.");
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| bad())?;
    PublicKey::from_bytes(&bytes).map_err(|_| bad())
}

/// The four statements an agency begins with.
struct FirstStatements {
    invite: seal::statement::Invite,
    expires_at: Timestamp,
}

impl FirstStatements {
    /// Folds them as the worker will, and checks that they name the operator's own services.
    fn check(
        state: &AppState,
        root: PublicKey,
        statements: &[Envelope; 4],
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let kinds = [Kind::Agency, Kind::Invite, Kind::Enrol, Kind::Staff];
        if !statements.iter().map(Envelope::kind).eq(kinds) {
            return Err(wrong_kind());
        }
        let mut ledger = Ledger::new(root.realm(), root).map_err(refused)?;
        for envelope in statements {
            ledger.admit(envelope, Some(now)).map_err(refused)?;
        }
        let [agency, invite, _, staff] = statements.each_ref().map(|it| &it.unverified().body);
        let (Body::Agency(agency), Body::Invite(invite), Body::Staff(staff)) =
            (agency, invite, staff)
        else {
            return Err(wrong_kind());
        };
        let named = hex::encode(agency.log_key.as_bytes()) == state.log_key()
            && agency.notifier_key.as_str() == state.notifier_key();
        if !named {
            return Err(Problem::invalid(
                "foreign-keys",
                "The agency's statement names other services than this operator's.",
            ));
        }
        if !is_administrator(staff) {
            return Err(refused(Refusal::NotEntitled));
        }
        Ok(Self {
            invite: invite.clone(),
            expires_at: expires_at(invite.until, &Policy::default(), now),
        })
    }
}

fn is_administrator(staff: &StaffBody) -> bool {
    staff.roles.contains(&Role::Administrator)
}

/// The agency's own rules; the national defaults before it is set up.
pub async fn policy(tx: &mut Tx) -> Result<Policy, Problem> {
    let Some(agency) = store::agencies::find(tx).await? else { return Ok(Policy::default()) };
    serde_json::from_str(&agency.policy).map_err(Problem::internal)
}

/// When an invitation runs out: as it says, and when the agency's rules say at the latest.
pub fn expires_at(until: u64, rules: &Policy, now: Timestamp) -> Timestamp {
    let latest = now + jiff::SignedDuration::from_hours(i64::from(rules.invite_days) * 24);
    match i64::try_from(until).ok().and_then(|it| Timestamp::from_second(it).ok()) {
        Some(at) if until != 0 => at.min(latest),
        _ => latest,
    }
}

/// The agency, as everybody sees it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Agency)]
struct AgencyView {
    #[schema(value_type = String)]
    agency: AgencyId,
    #[schema(value_type = String)]
    realm: Realm,
    /// The root public key, lowercase hex.
    root: String,
    name: String,
    /// The newest `agency` statement's id.
    #[schema(value_type = String)]
    id: StatementId,
    /// The newest `agency` statement.
    statement: EnvelopeView,
    /// Its own rules, with the national defaults where it has none.
    #[schema(value_type = Object)]
    policy: Policy,
    /// Where its families go, `https://host[:port]`: for the address and the QR code on printed
    /// sheets. Null when their site is not served here.
    family_origin: Option<String>,
}

/// The agency of this site; 404 before it is set up.
#[utoipa::path(get, path = "/api/agency", tag = "agency",
    responses((status = 200, body = AgencyView), (status = 404)))]
async fn get(State(state): State<AppState>, visitor: Visitor) -> Result<Json<AgencyView>, Problem> {
    let Visitor { mut tx, agency, .. } = visitor;
    let found = store::agencies::find(&mut tx).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok(Json(AgencyView {
        agency,
        realm: found.realm,
        root: hex::encode(found.root_key),
        name: found.name,
        id: found.statement,
        statement: EnvelopeView::read(&found.envelope)?,
        policy: serde_json::from_str(&found.policy).map_err(Problem::internal)?,
        family_origin: state.family_origin().map(str::to_owned),
    }))
}

/// Replaces the agency's own rules. Administrators only.
#[utoipa::path(put, path = "/api/agency/policy", tag = "agency", request_body = Object,
    responses((status = 204), (status = 404), (status = 422)))]
async fn replace_policy(staff: Staff, Json(policy): Json<Policy>) -> Result<StatusCode, Problem> {
    staff.with_role(&[Role::Administrator])?;
    policy
        .validate()
        .map_err(|error| Problem::invalid("policy", format!("{error}.")).with("key", error.key))?;
    let text = serde_json::to_string(&policy).map_err(Problem::internal)?;
    let Staff { mut tx, session, .. } = staff;
    store::agencies::update_policy(&mut tx, &text).await?;
    tx.commit().await?;
    tracing::info!(account = %session.account, "policy changed");
    Ok(StatusCode::NO_CONTENT)
}
