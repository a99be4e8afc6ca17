//! Invitations: made by staff, looked up by whoever holds the printed code, used once.
//!
//! The code never comes here: a browser derives the locator from it, and the key that signs the
//! enrolment. A look-up shows nothing personal.

use axum::extract::State;
use axum::http::StatusCode;
use domain::id::{ArrangementId, InviteId, MembershipId, StatementId};
use domain::policy::Policy;
use jiff::{SignedDuration, Timestamp};
use seal::envelope::Envelope;
use seal::statement::{Body, Refusal, Role};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::invites::{Certifying, Followed, Invite, NewInvite};
use store::limits::{give_back, take};
use store::sessions::Certificate;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::agency::{expires_at, policy};
use crate::config::Audience;
use crate::json::{Base64, Json, Path, Query};
use crate::log::Seen;
use crate::network::Caller;
use crate::paging::{Page, Paged, cursor};
use crate::principal::{Proved, Staff, Visitor};
use crate::problem::Problem;
use crate::sealed;
use crate::state::AppState;
use crate::statements::{
    EnvelopeView, ProofView, Stored, holds, proof, refused, says_met, signed_by, signed_with,
    wrong_kind,
};

/// Entries to a page of invitations.
const PAGE: u16 = 50;
/// Look-ups of one code in an hour.
const MOST_OF_ONE: i32 = 5;
/// Look-ups that find nothing, from one address in an hour. One that finds something gives its
/// count back: whoever has a code guesses nothing, and several people live at one address.
const MOST_OF_ADDRESS: i32 = 5;
/// Look-ups that find nothing, of the whole agency in an hour. Guessing 60 bits is hopeless anyway;
/// this keeps it from being tried at the expense of everybody else. Codes that exist still work.
const MOST_MISSES: i32 = 600;
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The routes of invitations.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, insert)).routes(routes!(get)).routes(routes!(enrol))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewInviteBody {
    /// The `invite` statement.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
    /// The person's card, if the statement names one.
    #[serde(default)]
    card: Option<Base64>,
}

#[derive(Serialize, utoipa::ToSchema)]
struct CreatedInvite {
    /// The locator.
    #[schema(value_type = String)]
    invite: InviteId,
    #[schema(value_type = String)]
    statement: StatementId,
    #[schema(value_type = String)]
    expires_at: Timestamp,
}

/// Invites somebody into an arrangement of the caller's team, or to the staff.
#[utoipa::path(post, path = "/api/invites", tag = "invites", request_body = NewInviteBody,
    responses((status = 201, body = CreatedInvite), (status = 403), (status = 404), (status = 409),
        (status = 422), (status = 429)))]
async fn insert(
    staff: Staff,
    Json(new): Json<NewInviteBody>,
) -> Result<(StatusCode, Json<CreatedInvite>), Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let (received, certificate) = signed_by(&new.statement, &session)?;
    let Body::Invite(invite) = &received.statement.body else { return Err(wrong_kind()) };
    check_may_invite(&mut tx, certificate, invite).await?;
    match (&new.card, invite.card_hash) {
        (Some(card), Some(hash)) => sealed::signed_document(&card.0, hash)?,
        (None, None) => {}
        _ => {
            return Err(Problem::invalid(
                "wrong-hash",
                "The invitation and its sealed card do not belong together.",
            ));
        }
    }
    let row = NewInvite {
        statement: received.as_new(session.account, now),
        invite: invite.invite,
        membership: invite.membership.zip(invite.arrangement),
        role: invite.role.as_str(),
        card: new.card.as_ref().map(|it| it.0.as_slice()),
        expires_at: expires_at(invite.until, &policy(&mut tx).await?, now),
    };
    match store::invites::insert(&mut tx, &row).await {
        Err(error) if error.constraint() == Some("invites_pkey") => {
            return Err(refused(Refusal::Repeated).because(error));
        }
        stored => stored?,
    };
    tx.commit().await?;
    tracing::info!(invite = %invite.invite, role = %invite.role, "invitation made");
    Ok((
        StatusCode::CREATED,
        Json(CreatedInvite {
            invite: invite.invite,
            statement: received.id,
            expires_at: row.expires_at,
        }),
    ))
}

async fn check_may_invite(
    tx: &mut Tx,
    certificate: &Certificate,
    invite: &seal::statement::Invite,
) -> Result<(), Problem> {
    let may =
        Role::ALL.iter().any(|role| holds(certificate, &[*role]) && role.may_invite(invite.role));
    if !may {
        return Err(refused(Refusal::NotEntitled));
    }
    let Some(arrangement) = invite.arrangement else { return Ok(()) };
    store::arrangements::find(tx, arrangement)
        .await?
        .filter(|it| certificate.teams.contains(&it.team))
        .map(|_| ())
        .ok_or_else(Problem::not_found)
}

/// An invitation, as staff follow it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Invite)]
struct InviteView {
    #[schema(value_type = String)]
    invite: InviteId,
    #[schema(value_type = String)]
    statement: StatementId,
    role: String,
    #[schema(value_type = Option<String>)]
    membership: Option<MembershipId>,
    #[schema(value_type = Option<String>)]
    arrangement: Option<ArrangementId>,
    /// `made`, `joined` (waiting to be certified), `certified` or `run_out`.
    status: &'static str,
    #[schema(value_type = String)]
    made_at: Timestamp,
    #[schema(value_type = String)]
    expires_at: Timestamp,
    #[schema(value_type = Option<String>)]
    used_at: Option<Timestamp>,
    /// The `enrol` statement, once there is one.
    enrol: Option<EnrolView>,
    card: Option<Base64>,
    /// What was signed to certify the enrolment, oldest first.
    certificates: Vec<CertifyingView>,
}

/// A statement that certifies an enrolment, or half of one.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Certifying)]
struct CertifyingView {
    #[schema(value_type = String)]
    statement: StatementId,
    /// Whether it says that staff saw the person face to face.
    met: bool,
    /// `waiting`, `logged` or `quarantined`.
    verdict: String,
    /// When it was judged; null while it waits.
    #[schema(value_type = Option<String>)]
    judged_at: Option<Timestamp>,
    /// Whether somebody has signed its end: of the first half of new keys, whoever still has the
    /// old ones.
    ended: bool,
    /// Whether it is a certificate in force. One of staff that is logged and not in force is a
    /// first half, or has ended.
    in_force: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Enrolment)]
struct EnrolView {
    #[schema(value_type = String)]
    statement: StatementId,
    envelope: EnvelopeView,
}

impl CertifyingView {
    fn read(it: Certifying) -> Result<Self, Problem> {
        Ok(Self {
            statement: it.statement,
            met: says_met(&it.envelope)?,
            verdict: it.verdict.unwrap_or_else(|| "waiting".to_owned()),
            judged_at: it.judged_at,
            ended: it.is_ended,
            in_force: it.is_in_force,
        })
    }
}

impl InviteView {
    fn of(it: Followed, now: Timestamp) -> Result<Self, Problem> {
        let status = match (it.is_certified, it.used_at) {
            (true, _) => "certified",
            (false, Some(_)) => "joined",
            (false, None) if it.expires_at <= now => "run_out",
            (false, None) => "made",
        };
        let enrol = it.enrol.map(|(statement, envelope)| {
            Ok::<_, Problem>(EnrolView { statement, envelope: EnvelopeView::read(&envelope)? })
        });
        Ok(Self {
            invite: it.invite,
            statement: it.statement,
            role: it.role,
            membership: it.membership.map(|(membership, _)| membership),
            arrangement: it.membership.map(|(_, arrangement)| arrangement),
            status,
            made_at: it.made_at,
            expires_at: it.expires_at,
            used_at: it.used_at,
            enrol: enrol.transpose()?,
            card: it.card.map(Base64),
            certificates: it
                .certificates
                .into_iter()
                .map(CertifyingView::read)
                .collect::<Result<_, _>>()?,
        })
    }
}

/// Invitations into the arrangements of the caller's teams, and for leads and administrators those
/// of staff; newest first.
#[utoipa::path(get, path = "/api/invites", tag = "invites", params(Page),
    responses((status = 200, body = [InviteView],
        headers(("link" = String, description = "the next page")))))]
async fn list(staff: Staff, Query(page): Query<Page>) -> Result<Paged<InviteView>, Problem> {
    staff.with_role(&[Role::Coordinator, Role::Lead, Role::Administrator])?;
    let Staff { mut tx, session, now, .. } = staff;
    let checkers =
        session.staff_certificates().filter(|it| holds(it, &[Role::Coordinator, Role::Lead]));
    let teams: Vec<_> = checkers.flat_map(|it| it.teams.iter().copied()).collect();
    let of_staff =
        session.staff_certificates().any(|it| holds(it, &[Role::Lead, Role::Administrator]));
    let (before, limit) = (page.moment()?, page.limit(PAGE));
    let invites = store::invites::list(&mut tx, &teams, of_staff, before, limit).await?;
    tx.commit().await?;
    let last = invites.last().map(|it| cursor(it.made_at, it.invite));
    let views = invites.into_iter().map(|it| InviteView::of(it, now)).collect::<Result<_, _>>()?;
    Ok(page.answer(views, PAGE, last))
}

/// An invitation, as whoever holds its code sees it.
#[derive(Serialize, utoipa::ToSchema)]
struct FoundInvite {
    role: String,
    #[schema(value_type = String)]
    expires_at: Timestamp,
    /// The invitation and all it rests on: the code itself authenticates the root.
    proof: ProofView,
}

/// Looks an invitation up by the locator of its code. Nobody need be signed in.
#[utoipa::path(get, path = "/api/invites/{locator}", tag = "invites",
    params(("locator" = String, Path, description = "derived from the code")),
    responses((status = 200, body = FoundInvite), (status = 404),
        (status = 410, description = "`code-used` or `code-run-out`"), (status = 429)))]
async fn get(
    State(state): State<AppState>,
    caller: Caller,
    visitor: Visitor,
    Path(locator): Path<InviteId>,
) -> Result<Json<FoundInvite>, Problem> {
    let Visitor { mut tx, now, .. } = visitor;
    let found = look_up(&mut tx, &caller.address(&state), locator, now).await?;
    let (subject, most) = match &found {
        Some(_) => (format!("invite:{locator}"), MOST_OF_ONE),
        None => ("agency".to_owned(), MOST_MISSES),
    };
    let taken = take(&mut tx, &subject, "invite", most, HOUR, now).await?;
    let answer = match (taken, found) {
        (Err(until), _) => Err(too_many(until, now)),
        (Ok(()), None) => Err(no_such_code()),
        (Ok(()), Some(invite)) => answer(&mut tx, invite, now).await,
    };
    // Refused or not, the look-up counts.
    tx.commit().await?;
    answer.map(Json)
}

/// Looks for a code, and counts the address if there is none; the caller commits that. Counted
/// before it is looked for: who has guessed enough learns nothing more.
async fn look_up(
    tx: &mut Tx,
    address: &str,
    locator: InviteId,
    now: Timestamp,
) -> Result<Option<Invite>, Problem> {
    let taken = take(tx, address, "look-up", MOST_OF_ADDRESS, HOUR, now).await?;
    taken.map_err(|until| too_many(until, now))?;
    let found = store::invites::find(tx, locator).await?;
    if found.is_some() {
        give_back(tx, address, "look-up").await?;
    }
    Ok(found)
}

async fn answer(tx: &mut Tx, invite: Invite, now: Timestamp) -> Result<FoundInvite, Problem> {
    check_usable(tx, &invite, now).await?;
    let proof = proof(tx, vec![invite.statement], Seen::default()).await?;
    Ok(FoundInvite { role: invite.role, expires_at: invite.expires_at, proof })
}

fn no_such_code() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no-such-code",
        "Check your code. It looks like K7PM 4XQD 9RTW.",
    )
}

fn too_many(until: Timestamp, now: Timestamp) -> Problem {
    let seconds = until.duration_since(now).as_secs().clamp(1, HOUR.as_secs());
    let minutes = (seconds + 59) / 60;
    Problem::too_many(
        "too-many-tries",
        format!(
            "That was too many tries. Your code still works. You can try again in {minutes} {}.",
            if minutes == 1 { "minute" } else { "minutes" }
        ),
        u32::try_from(seconds).unwrap_or(u32::MAX),
    )
}

async fn check_usable(tx: &mut Tx, invite: &Invite, now: Timestamp) -> Result<(), Problem> {
    if invite.is_used {
        let agency = store::agencies::find(tx).await?.ok_or_else(Problem::not_found)?;
        let policy: Policy = serde_json::from_str(&agency.policy).map_err(Problem::internal)?;
        let whom = if policy.phone.is_empty() { agency.name } else { policy.phone };
        return Err(Problem::gone(
            "code-used",
            format!("This code has been used. If that was not you, call {whom} now."),
        ));
    }
    if invite.is_void || invite.expires_at <= now {
        return Err(Problem::gone("code-run-out", "This code has run out."));
    }
    Ok(())
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewEnrolment {
    /// The `enrol` statement.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
}

/// Uses an invitation: binds the new keys, and the place they are for, to the caller's account.
#[utoipa::path(post, path = "/api/invites/{locator}/enrol", tag = "invites",
    params(("locator" = String, Path, description = "derived from the code")),
    request_body = NewEnrolment,
    responses((status = 201, body = Stored), (status = 404), (status = 410), (status = 422),
        (status = 429)))]
async fn enrol(
    State(state): State<AppState>,
    caller: Caller,
    proved: Proved,
    Path(locator): Path<InviteId>,
    Json(new): Json<NewEnrolment>,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    let Proved { mut tx, session, now, .. } = proved;
    let found = look_up(&mut tx, &caller.address(&state), locator, now).await?;
    let Some(invite) = found else {
        tx.commit().await?;
        return Err(no_such_code());
    };
    if invite.is_for_staff != (session.audience == Audience::Staff) {
        return Err(no_such_code());
    }
    let envelope = Envelope::parse(&invite.envelope).map_err(Problem::internal)?;
    let Body::Invite(body) = &envelope.unverified().body else {
        return Err(Problem::internal("an invitation's statement is none"));
    };
    let received = signed_with(&new.statement, &body.invite_key)?;
    let Body::Enrol(enrol) = &received.statement.body else { return Err(wrong_kind()) };
    if enrol.invite_id != invite.statement {
        return Err(refused(Refusal::WrongInvite));
    }
    if received.statement.realm != envelope.unverified().realm {
        return Err(refused(Refusal::WrongRealm));
    }
    let created = (StatusCode::CREATED, Json(Stored { statement: received.id }));
    if invite.is_used {
        // A lost answer, asked for again: the statement is this account's own.
        let stored = store::statements::find(&mut tx, received.id).await?;
        if stored.is_some_and(|it| it.account == Some(session.account)) {
            return Ok(created);
        }
    }
    check_usable(&mut tx, &invite, now).await?;
    let statement = received.as_new(session.account, now);
    if !store::invites::enrol(&mut tx, locator, session.account, &statement).await? {
        return Err(Problem::gone("code-used", "This code has just been used."));
    }
    tx.commit().await?;
    tracing::info!(invite = %locator, account = %session.account, "enrolled");
    Ok(created)
}
