//! Checking: the queue of a team, claims on it, and opening a letter. Every opening is on record,
//! and committed, before a byte of the letter leaves.

use axum::http::StatusCode;
use domain::id::{ArrangementId, CheckId, LetterId, OpeningId, StaffId, StatementId, TeamId};
use jiff::Timestamp;
use jiff::civil::Date;
use seal::random::{self, System};
use seal::statement::Role;
use serde::{Deserialize, Serialize};
use store::checks::{Checker, Claim, Claimed, Waiting};
use store::letters::ProofFor;
use store::openings::{NewOpening, Opened};
use store::sessions::{Certificate, Holder, Session};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Base64, Json, Path, Query};
use crate::letters::AttachmentView;
use crate::log::Seen;
use crate::paging::{Page, Paged, cursor};
use crate::principal::Staff;
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::{ProofView, holds, proof};

/// Entries to a page of the queue.
const PAGE: u16 = 50;

/// The routes of checking.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(claim, release))
        .routes(routes!(renew))
        .routes(routes!(open))
}

/// A session's right to check letters: one member of staff, and all the teams they check in.
pub struct Desk {
    /// Who.
    pub staff: StaffId,
    /// The certificate that says so.
    pub certificate: StatementId,
    /// `lead` or `coordinator`.
    pub role: Role,
    /// Where.
    pub teams: Vec<TeamId>,
}

impl Desk {
    /// The desk of a session; 404 for those who check no letters.
    pub fn of(session: &Session) -> Result<Self, Problem> {
        let mut certificates = session.staff_certificates().filter(|it| may_check(it));
        let first = certificates.next().ok_or_else(Problem::not_found)?;
        let mut desk = Self::of_certificate(first).ok_or_else(Problem::not_found)?;
        for other in certificates.filter_map(Self::of_certificate) {
            if other.staff == desk.staff {
                desk.teams.extend(other.teams);
            }
        }
        Ok(desk)
    }

    /// The desk of one certificate, if it is a checker's.
    pub fn of_certificate(certificate: &Certificate) -> Option<Self> {
        let Holder::Staff { staff, .. } = certificate.holder else { return None };
        let role = [Role::Lead, Role::Coordinator]
            .into_iter()
            .find(|role| holds(certificate, &[*role]))?;
        let teams = certificate.teams.clone();
        Some(Self { staff, certificate: certificate.id, role, teams })
    }

    fn checker(&self) -> Checker<'_> {
        Checker { staff: self.staff, certificate: self.certificate, teams: &self.teams }
    }
}

fn may_check(certificate: &Certificate) -> bool {
    holds(certificate, &[Role::Coordinator, Role::Lead])
}

/// A letter on the desk of a team. Metadata only.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = WaitingLetter)]
struct WaitingView {
    #[schema(value_type = String)]
    letter: LetterId,
    /// The `submit` statement of the revision to be checked.
    #[schema(value_type = String)]
    statement: StatementId,
    rev: i32,
    #[schema(value_type = String)]
    arrangement: ArrangementId,
    #[schema(value_type = String)]
    team: TeamId,
    /// `with_agency` or `being_checked`.
    state: String,
    /// Length of the sealed letter in bytes: one of five.
    ct_len: i32,
    #[schema(value_type = String)]
    submitted_at: Timestamp,
    #[schema(value_type = Option<String>)]
    due_on: Option<Date>,
    #[schema(value_type = Option<String>)]
    allocated_to: Option<StaffId>,
    /// Their first name; null until it was given.
    allocated_name: Option<String>,
    /// Steps taken on this revision.
    steps: i64,
    claim: Option<ClaimView>,
}

/// Who holds a letter.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Claim)]
struct ClaimView {
    #[schema(value_type = String)]
    staff: StaffId,
    /// Their first name; null until it was given.
    name: Option<String>,
    #[schema(value_type = String)]
    claimed_at: Timestamp,
    /// When it lapses unless renewed.
    #[schema(value_type = String)]
    lapses_at: Timestamp,
}

impl From<Claim> for ClaimView {
    fn from(it: Claim) -> Self {
        Self { staff: it.staff, name: it.name, claimed_at: it.claimed_at, lapses_at: it.lapses_at }
    }
}

impl From<Waiting> for WaitingView {
    fn from(it: Waiting) -> Self {
        Self {
            letter: it.letter,
            statement: it.submit,
            rev: it.rev,
            arrangement: it.arrangement,
            team: it.team,
            state: it.state,
            ct_len: it.ct_len,
            submitted_at: it.submitted_at,
            due_on: it.due_on,
            allocated_to: it.allocated_to,
            allocated_name: it.allocated_name,
            steps: it.steps,
            claim: it.claim.map(ClaimView::from),
        }
    }
}

/// The queue of the caller's teams, oldest first.
#[utoipa::path(get, path = "/api/checks", tag = "checks", params(Page),
    responses((status = 200, body = [WaitingView],
        headers(("link" = String, description = "the next page")))))]
async fn list(staff: Staff, Query(page): Query<Page>) -> Result<Paged<WaitingView>, Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let (desk, after) = (Desk::of(&session)?, page.moment()?);
    let waiting = store::checks::list(&mut tx, &desk.teams, after, page.limit(PAGE), now).await?;
    tx.commit().await?;
    let last = waiting.last().map(|it| cursor(it.submitted_at, it.letter));
    Ok(page.answer(waiting.into_iter().map(WaitingView::from).collect(), PAGE, last))
}

/// Claims a letter, or keeps it. 409 names who holds it.
#[utoipa::path(post, path = "/api/checks/{letter}/claim", tag = "checks",
    params(("letter" = String, Path, description = "the letter's id")),
    responses((status = 200, body = ClaimView), (status = 403), (status = 404),
        (status = 409, description = "`held_by`, `held_by_name` and `since`, or the letter is not open for checking")))]
async fn claim(staff: Staff, Path(letter): Path<LetterId>) -> Result<Json<ClaimView>, Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let desk = Desk::of(&session)?;
    let check = CheckId::from_bytes(random::bytes(&mut System));
    match store::checks::claim(&mut tx, check, letter, &desk.checker(), now).await? {
        Claimed::Yes(claim) => {
            tx.commit().await?;
            tracing::info!(%letter, staff = %desk.staff, "letter claimed");
            Ok(Json(claim.into()))
        }
        Claimed::Held(claim) => {
            Err(Problem::conflict("held", "A colleague has this letter now. Take another one.")
                .with("held_by", claim.staff)
                .with_value("held_by_name", claim.name.into())
                .with("since", claim.claimed_at))
        }
        Claimed::Decided => Err(had_their_say()),
        Claimed::Closed => Err(Problem::conflict(
            "not-open",
            "This letter is not open for checking now. Look at its timeline.",
        )),
        Claimed::NotFound => Err(Problem::not_found()),
    }
}

/// One person decides once: the next look is somebody else's.
pub fn had_their_say() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "already-decided",
        "You have decided on this letter. A colleague who has not must take the next look.",
    )
}

/// Keeps the caller's claim from lapsing, for as long again as the agency's policy says.
#[utoipa::path(post, path = "/api/checks/{letter}/renew", tag = "checks",
    params(("letter" = String, Path, description = "the letter's id")),
    responses((status = 204), (status = 409)))]
async fn renew(staff: Staff, Path(letter): Path<LetterId>) -> Result<StatusCode, Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let desk = Desk::of(&session)?;
    if !store::checks::renew(&mut tx, letter, desk.staff, now).await? {
        return Err(no_claim());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller holds no claim in force on the letter.
pub fn no_claim() -> Problem {
    Problem::conflict(
        "no-claim",
        "You do not have this letter now. Your notes are saved. Claim it again.",
    )
}

/// Gives the letter back to the queue.
#[utoipa::path(delete, path = "/api/checks/{letter}/claim", tag = "checks",
    params(("letter" = String, Path, description = "the letter's id")),
    responses((status = 204), (status = 409)))]
async fn release(staff: Staff, Path(letter): Path<LetterId>) -> Result<StatusCode, Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let desk = Desk::of(&session)?;
    if !store::checks::end(&mut tx, letter, desk.staff, now).await? {
        return Err(no_claim());
    }
    tx.commit().await?;
    tracing::info!(%letter, staff = %desk.staff, "letter given back");
    Ok(StatusCode::NO_CONTENT)
}

/// Why staff open a letter; shown to its writer and readers.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Why {
    /// To check it. Takes a claim.
    Check,
    /// To agree or disagree with a first decision. Takes a claim.
    SecondDecision,
    /// Because its writer asked for another look. Takes a claim.
    AnotherLook,
    /// To see that checking is fair.
    Sample,
    /// Because somebody is worried.
    Worry,
    /// To give it back to somebody with new keys.
    Reseal,
}

impl Why {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::SecondDecision => "second-decision",
            Self::AnotherLook => "another-look",
            Self::Sample => "sample",
            Self::Worry => "worry",
            Self::Reseal => "reseal",
        }
    }

    const fn needs_claim(self) -> bool {
        matches!(self, Self::Check | Self::SecondDecision | Self::AnotherLook)
    }
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenLetter {
    why: Why,
}

/// A letter opened by staff: all a checker's browser needs.
#[derive(Serialize, utoipa::ToSchema)]
struct OpenedLetter {
    #[schema(value_type = String)]
    letter: LetterId,
    /// The `submit` statement of the newest revision.
    #[schema(value_type = String)]
    statement: StatementId,
    #[schema(value_type = String)]
    arrangement: ArrangementId,
    /// The sealed letter; null once it was purged.
    ciphertext: Option<Base64>,
    /// Its key, sealed to the epoch its statement names.
    grant: Option<Base64>,
    proof: ProofView,
    /// What colleagues attached to earlier steps, with grants to the epoch.
    attachments: Vec<AttachmentView>,
}

/// Opens a letter: who, in which role, when and why is on record first.
#[utoipa::path(post, path = "/api/checks/{letter}/open", tag = "checks",
    params(("letter" = String, Path, description = "the letter's id"), Seen),
    request_body = OpenLetter,
    responses((status = 200, body = OpenedLetter), (status = 404),
        (status = 409, description = "this reason takes a claim in force")))]
async fn open(
    staff: Staff,
    Path(letter): Path<LetterId>,
    Query(seen): Query<Seen>,
    Json(OpenLetter { why }): Json<OpenLetter>,
) -> Result<Json<OpenedLetter>, Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let desk = Desk::of(&session)?;
    let opening = NewOpening {
        opening: OpeningId::from_bytes(random::bytes(&mut System)),
        letter,
        staff: desk.staff,
        role: desk.role.as_str(),
        teams: &desk.teams,
        why: why.as_str(),
        needs_claim: why.needs_claim(),
    };
    let Some(Opened { submit, arrangement }) =
        store::openings::insert(&mut tx, &opening, now).await?
    else {
        let teams = store::letters::find_teams(&mut tx, letter).await?;
        let is_ours = teams.is_some_and(|it| desk.teams.contains(&it.checks));
        return Err(if is_ours { no_claim() } else { Problem::not_found() });
    };
    let sealed = store::grants::find_for_team(&mut tx, submit).await?;
    let attached = store::grants::list_attached_for_team(&mut tx, submit).await?;
    let mut roots = store::letters::proof_roots(&mut tx, letter, ProofFor::Staff, &[]).await?;
    // A browser holds its own decision against the rules before it sends it; whoever comes to a letter
    // for the first time has signed nothing that its history rests on.
    roots.extend(session.staff_certificates().map(|it| it.id));
    let proof = proof(&mut tx, roots, seen).await?;
    tx.commit().await?;
    tracing::info!(%letter, staff = %desk.staff, why = why.as_str(), "letter opened");
    Ok(Json(OpenedLetter {
        letter,
        statement: submit,
        arrangement,
        ciphertext: sealed.ciphertext.map(Base64),
        grant: sealed.grant.map(Base64),
        proof,
        attachments: attached.into_iter().map(AttachmentView::from).collect(),
    }))
}
