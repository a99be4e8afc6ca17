//! Signed statements at the door: read strictly, verified under a key of the very session that
//! brings them, and kept verbatim. What a statement may say is the worker's to judge.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::id::{AccountId, ArrangementId, StatementId};
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::key::PublicKey;
use seal::logged::Logged;
use seal::statement::{Body, Kind, Refusal, Role, Statement, ends, references};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::sessions::{Certificate, Session};
use store::statements::{NewStatement, Reached, Statement as Found, Verdict};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Json, Path, Query};
use crate::log::{self, InTree, InclusionView, LoggedView, Seen};
use crate::principal::{Proved, Staff};
use crate::problem::Problem;
use crate::state::AppState;

/// The routes of statements by themselves.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get))
        .routes(routes!(get_inclusion))
        .routes(routes!(get_proof))
        .routes(routes!(insert_staff))
        .routes(routes!(insert_revoke))
}

/// A statement whose signatures verified, ready to be stored.
pub struct Received {
    /// Its id.
    pub id: StatementId,
    /// What it says.
    pub statement: Statement,
    envelope: Vec<u8>,
    refers_to: Vec<StatementId>,
    ends: Option<StatementId>,
}

impl Received {
    /// As the store takes it.
    pub fn as_new(&self, account: AccountId, now: Timestamp) -> NewStatement<'_> {
        NewStatement {
            id: self.id,
            kind: self.statement.kind().as_str(),
            envelope: &self.envelope,
            account: Some(account),
            refers_to: &self.refers_to,
            ends: self.ends,
            received_at: now,
        }
    }
}

/// Verifies an envelope under a key.
pub fn signed_with(envelope: &Envelope, key: &PublicKey) -> Result<Received, Problem> {
    let statement = envelope.verify(key).map_err(refused)?.clone();
    Ok(Received {
        id: envelope.id(),
        envelope: envelope.to_json(),
        refers_to: references(&statement),
        ends: ends(&statement),
        statement,
    })
}

/// Verifies an envelope under the certificate it names, which must be one of the session's own.
pub fn signed_by<'a>(
    envelope: &Envelope,
    session: &'a Session,
) -> Result<(Received, &'a Certificate), Problem> {
    let certificate =
        session.certificates.iter().find(|it| Some(it.id) == envelope.key_hint()).ok_or_else(
            || {
                Problem::new(
                    StatusCode::FORBIDDEN,
                    "not-your-key",
                    "This was signed with keys that are not yours. Sign in again.",
                )
            },
        )?;
    let key = PublicKey::from_bytes(&certificate.sign_key).map_err(Problem::internal)?;
    Ok((signed_with(envelope, &key)?, certificate))
}

/// A refusal of the protocol, as an answer.
pub fn refused(refusal: Refusal) -> Problem {
    Problem::invalid(refusal.code(), refusal.explanation())
}

/// The statement is of another kind than this route takes.
pub fn wrong_kind() -> Problem {
    refused(Refusal::WrongKind)
}

/// Whether a certificate says that staff saw its holder face to face.
pub fn says_met(envelope: &[u8]) -> Result<bool, Problem> {
    let envelope = Envelope::parse(envelope).map_err(Problem::internal)?;
    Ok(matches!(&envelope.unverified().body, Body::Member(member) if member.met))
}

/// An envelope on its way out, field by field as it came in.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Envelope)]
#[serde(rename_all = "camelCase")]
pub struct EnvelopeView {
    payload_type: String,
    /// The exact signed bytes, base64.
    payload: String,
    signatures: Vec<SignatureView>,
}

#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Signature)]
struct SignatureView {
    keyid: String,
    sig: String,
}

impl EnvelopeView {
    /// From the stored bytes.
    pub fn read(envelope: &[u8]) -> Result<Self, Problem> {
        serde_json::from_slice(envelope).map_err(Problem::internal)
    }
}

/// Everything a reader needs to see for themselves, oldest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Proof)]
pub struct ProofView {
    /// The root public key, lowercase hex.
    root: String,
    statements: Vec<EnvelopeView>,
    /// Null before the log has begun.
    #[schema(value_type = Option<LoggedView>)]
    log: Option<Logged>,
}

/// The proof that grows from some statements: all they rest on, and the agency's own; with their
/// places in the log, which is shown to extend what the caller has `seen` of it.
///
/// All of it is of one moment, that of the one query that finds the statements, although each query
/// of a transaction sees what was committed before it: the checkpoint is the one of that moment, not
/// the newest, which may be signed by a log key that no statement found then names.
pub async fn proof(
    tx: &mut Tx,
    mut roots: Vec<StatementId>,
    seen: Seen,
) -> Result<ProofView, Problem> {
    let agency = store::agencies::find(tx).await?.ok_or_else(Problem::not_found)?;
    roots.push(agency.statement);
    let mut reached = store::statements::reachable(tx, &roots).await?;
    let unseen = ended_out_of_sight(&reached.statements);
    if !unseen.is_empty() {
        for id in unseen {
            roots.extend(store::arrangements::find(tx, id).await?.map(|it| it.statement));
        }
        reached = store::statements::reachable(tx, &roots).await?;
    }
    let Reached { statements, log_size } = reached;
    let places: Vec<_> = statements
        .iter()
        .map(|it| match it.verdict {
            Verdict::Logged { index } => Some(index),
            _ => None,
        })
        .collect();
    Ok(ProofView {
        root: hex::encode(agency.root_key),
        log: log::hold(tx, &places, log_size, seen).await?,
        statements: statements
            .iter()
            .map(|it| EnvelopeView::read(&it.envelope))
            .collect::<Result<_, _>>()?,
    })
}

/// The arrangements in which somebody's place, or an invitation to one, was ended, and of which there
/// is no version yet: only that tells that whoever ended it led the team.
fn ended_out_of_sight(statements: &[Found]) -> BTreeSet<ArrangementId> {
    let read = |it: &Found| Some(Envelope::parse(&it.envelope).ok()?.unverified().body.clone());
    if !statements.iter().any(|it| it.kind == "revoke") {
        return BTreeSet::new();
    }
    let bodies: Vec<_> = statements.iter().filter_map(|it| Some((it.id, read(it)?))).collect();
    let targets = bodies.iter().filter_map(|(_, body)| match body {
        Body::Revoke(revoke) => bodies.iter().find(|(id, _)| *id == revoke.target_id),
        _ => None,
    });
    let mut ended: BTreeSet<_> = targets
        .filter_map(|(_, target)| match target {
            Body::Member(member) => Some(member.arrangement),
            Body::Invite(invite) => invite.arrangement,
            _ => None,
        })
        .collect();
    for (_, body) in &bodies {
        if let Body::Arrangement(version) = body {
            ended.remove(&version.arrangement);
        }
    }
    ended
}

/// A statement, and what became of it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Statement)]
struct StatementView {
    #[schema(value_type = String)]
    statement: StatementId,
    envelope: EnvelopeView,
    /// `waiting`, `logged` or `quarantined`.
    verdict: &'static str,
    /// Its place in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    log_index: Option<u64>,
    /// The failed check, for leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// A statement that a session may see by itself: one of its own, or any for staff; 404 otherwise.
async fn seen_by(tx: &mut Tx, session: &Session, id: StatementId) -> Result<Found, Problem> {
    let found = store::statements::find(tx, id).await?.ok_or_else(Problem::not_found)?;
    let is_staff = session.staff_certificates().next().is_some();
    let is_own = found.account == Some(session.account)
        || session.certificates.iter().any(|it| it.id == found.id);
    if is_staff || is_own { Ok(found) } else { Err(Problem::not_found()) }
}

/// A statement of one's own, or any for staff.
#[utoipa::path(get, path = "/api/statements/{id}", tag = "statements",
    params(("id" = String, Path, description = "the statement's id")),
    responses((status = 200, body = StatementView), (status = 404)))]
async fn get(proved: Proved, Path(id): Path<StatementId>) -> Result<Json<StatementView>, Problem> {
    let Proved { mut tx, session, .. } = proved;
    let found = seen_by(&mut tx, &session, id).await?;
    tx.commit().await?;
    let is_lead = session.staff_certificates().any(|it| holds(it, &[Role::Lead]));
    let (verdict, log_index, reason) = match found.verdict {
        Verdict::Waiting => ("waiting", None, None),
        Verdict::Logged { index } => ("logged", Some(index), None),
        Verdict::Quarantined { reason } => ("quarantined", None, Some(reason)),
    };
    Ok(Json(StatementView {
        statement: found.id,
        envelope: EnvelopeView::read(&found.envelope)?,
        verdict,
        log_index,
        reason: reason.filter(|_| is_lead),
    }))
}

/// That a statement of one's own, or any for staff, is in the log: in the newest tree, or in that
/// of `size`. 404 also while it is not logged, in a tree that was too small for it, and after it
/// was purged.
#[utoipa::path(get, path = "/api/statements/{id}/inclusion", tag = "log",
    params(("id" = String, Path, description = "the statement's id"), InTree),
    responses((status = 200, body = InclusionView), (status = 404)))]
async fn get_inclusion(
    proved: Proved,
    Path(id): Path<StatementId>,
    Query(InTree { size }): Query<InTree>,
) -> Result<Json<InclusionView>, Problem> {
    let Proved { mut tx, session, .. } = proved;
    let found = seen_by(&mut tx, &session, id).await?;
    let Verdict::Logged { index } = found.verdict else { return Err(Problem::not_found()) };
    let inclusion = log::inclusion(&mut tx, index, size).await?;
    tx.commit().await?;
    Ok(Json(inclusion))
}

/// Which statements are to be proved, and what the caller knows of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// The statements' ids, with commas between; at most 64.
    of: String,
    /// The size of the checkpoint that was seen last.
    #[serde(default)]
    seen: u64,
}

impl Wanted {
    fn ids(&self) -> Result<Vec<StatementId>, Problem> {
        let ids: Result<Vec<_>, _> = self.of.split(',').map(str::parse).collect();
        ids.ok().filter(|ids| ids.len() <= PROVED_MOST).ok_or_else(|| {
            let what = format!("`of` is up to {PROVED_MOST} statement ids with commas between");
            Problem::malformed(what)
        })
    }
}

/// The most statements that one proof is asked for by name.
const PROVED_MOST: usize = 64;

/// The proof of any statements, for staff. One that is not stored is silently absent: whoever
/// verifies the proof finds it missing.
#[utoipa::path(get, path = "/api/proof", tag = "statements", params(Wanted),
    responses((status = 200, body = ProofView), (status = 400)))]
async fn get_proof(staff: Staff, Query(wanted): Query<Wanted>) -> Result<Json<ProofView>, Problem> {
    let Staff { mut tx, .. } = staff;
    let proof = proof(&mut tx, wanted.ids()?, Seen { seen: wanted.seen }).await?;
    tx.commit().await?;
    Ok(Json(proof))
}

/// Whether a certificate holds one of some roles.
pub fn holds(certificate: &Certificate, roles: &[Role]) -> bool {
    certificate.roles.iter().any(|held| roles.iter().any(|role| role.as_str() == held))
}

/// A statement that stands by itself.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStatementBody {
    /// As it was signed.
    #[schema(value_type = EnvelopeView)]
    pub statement: Envelope,
}

/// What a stored statement is called.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Stored {
    /// The statement's id.
    #[schema(value_type = String)]
    pub statement: StatementId,
}

/// A staff certificate, or the first half of one. A lead or an administrator signs, or brings what
/// the root signed.
#[utoipa::path(post, path = "/api/statements/staff", tag = "statements",
    request_body = NewStatementBody,
    responses((status = 201, body = Stored), (status = 403), (status = 422), (status = 429)))]
async fn insert_staff(
    staff: Staff,
    Json(new): Json<NewStatementBody>,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    by_manager(staff, &new.statement, Kind::Staff).await
}

/// The end of a certificate or an invitation. A lead signs, or an administrator brings what the
/// root signed.
#[utoipa::path(post, path = "/api/statements/revoke", tag = "statements",
    request_body = NewStatementBody,
    responses((status = 201, body = Stored), (status = 403), (status = 422), (status = 429)))]
async fn insert_revoke(
    staff: Staff,
    Json(new): Json<NewStatementBody>,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    by_manager(staff, &new.statement, Kind::Revoke).await
}

async fn by_manager(
    staff: Staff,
    envelope: &Envelope,
    kind: Kind,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    staff.with_role(&[Role::Lead, Role::Administrator])?;
    let Staff { mut tx, session, now, .. } = staff;
    if envelope.kind() != kind {
        return Err(wrong_kind());
    }
    let agency = store::agencies::find(&mut tx).await?.ok_or_else(Problem::not_found)?;
    let received = if envelope.key_hint().is_none() {
        let root = PublicKey::from_bytes(&agency.root_key).map_err(Problem::internal)?;
        signed_with(envelope, &root)?
    } else {
        let (received, certificate) = signed_by(envelope, &session)?;
        if !holds(certificate, &[Role::Lead, Role::Administrator]) {
            return Err(refused(Refusal::NotEntitled));
        }
        received
    };
    if received.statement.realm != agency.realm {
        return Err(refused(Refusal::WrongRealm));
    }
    store::statements::insert(&mut tx, &received.as_new(session.account, now)).await?;
    tx.commit().await?;
    tracing::info!(statement = %received.id, %kind, "statement stored");
    Ok((StatusCode::CREATED, Json(Stored { statement: received.id })))
}
