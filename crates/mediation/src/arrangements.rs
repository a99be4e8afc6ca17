//! Arrangements: who may write to whom, under which keys, checked by which team; and certifying
//! the people in them.

use axum::http::StatusCode;
use domain::id::{ArrangementId, MembershipId, StatementId, TeamId};
use jiff::civil::Date;
use seal::envelope::Envelope;
use seal::statement::{Arrangement as Version, Body, Refusal, Role};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::arrangements::{Arrangement, NewArrangement};
use store::sessions::{Certificate, Session};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Base64, Json, Path, Query};
use crate::letters::memberships;
use crate::log::Seen;
use crate::paging::{Page, Paged};
use crate::principal::{Proved, Staff};
use crate::problem::Problem;
use crate::sealed;
use crate::state::AppState;
use crate::statements::{
    EnvelopeView, ProofView, Stored, holds, proof, refused, signed_by, wrong_kind,
};

/// Entries to a page of a team's arrangements.
const PAGE: u16 = 100;
/// Who keeps arrangements and certifies the people in them.
const KEEPERS: &[Role] = &[Role::Coordinator, Role::Lead];

/// The routes of arrangements.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, insert)).routes(routes!(get)).routes(routes!(certify))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewVersion {
    /// The `arrangement` statement.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
    /// The sealed plan.
    plan: Base64,
    /// The sealed notes.
    notes: Base64,
    /// Cards of people on paper, who have none from an invitation.
    #[serde(default)]
    cards: Vec<CardFile>,
}

#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CardFile {
    #[schema(value_type = String)]
    membership: MembershipId,
    sealed: Base64,
}

#[derive(Serialize, utoipa::ToSchema)]
struct CreatedVersion {
    #[schema(value_type = String)]
    arrangement: ArrangementId,
    #[schema(value_type = String)]
    statement: StatementId,
}

/// Makes an arrangement, or its next version. It governs once the worker has verified it.
#[utoipa::path(post, path = "/api/arrangements", tag = "arrangements", request_body = NewVersion,
    responses((status = 201, body = CreatedVersion), (status = 403), (status = 404),
        (status = 409, description = "there is a newer version (`newest`)"), (status = 422),
        (status = 429)))]
async fn insert(
    staff: Staff,
    Json(new): Json<NewVersion>,
) -> Result<(StatusCode, Json<CreatedVersion>), Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let (received, certificate) = signed_by(&new.statement, &session)?;
    let Body::Arrangement(version) = &received.statement.body else { return Err(wrong_kind()) };
    check_version(&mut tx, certificate, version).await?;
    sealed::signed_document(&new.plan.0, version.plan_hash)?;
    sealed::signed_document(&new.notes.0, version.notes_hash)?;
    for card in &new.cards {
        sealed::document(&card.sealed.0)?;
        if version.member(card.membership).is_none() {
            return Err(refused(Refusal::NotAMember));
        }
    }
    let row = NewArrangement {
        statement: received.as_new(session.account, now),
        plan: Some(&new.plan.0),
        notes: Some(&new.notes.0),
        cards: new.cards.iter().map(|it| (it.membership, it.sealed.0.as_slice())).collect(),
    };
    store::arrangements::insert(&mut tx, &row).await?;
    tx.commit().await?;
    let arrangement = version.arrangement;
    tracing::info!(%arrangement, n = version.n, team = %version.team, "arrangement written");
    Ok((StatusCode::CREATED, Json(CreatedVersion { arrangement, statement: received.id })))
}

/// The version follows the governing one, and its signer keeps arrangements of its team, which in the
/// first half of a move is the one that gives it away. That the halves are one, the worker judges.
async fn check_version(
    tx: &mut Tx,
    certificate: &Certificate,
    version: &Version,
) -> Result<(), Problem> {
    let governing = store::arrangements::find(tx, version.arrangement).await?;
    let old_team = governing.as_ref().map_or(version.team, |it| it.team);
    let moves = version.team != old_team;
    let signs_for = if version.prior.is_none() { old_team } else { version.team };
    if !certificate.teams.contains(&signs_for) || !holds(certificate, KEEPERS) {
        return Err(Problem::not_found());
    }
    if moves && !holds(certificate, &[Role::Lead]) {
        return Err(Problem::forbidden(
            "Only a team manager can move an arrangement to another team. Ask one of yours.",
        ));
    }
    let several = version.reviewers > 1 || governing.as_ref().is_some_and(|it| it.reviewers > 1);
    if several && !holds(certificate, &[Role::Lead]) {
        return Err(Problem::forbidden(
            "More than one person checks letters here. Ask a team manager to make this change.",
        ));
    }
    let next = governing.as_ref().map_or(1, |it| i64::from(it.n) + 1);
    let prev = governing.as_ref().map(|it| it.statement);
    if i64::try_from(version.n) != Ok(next) || version.prev != prev {
        let problem = Problem::conflict(
            "stale-arrangement",
            "This arrangement was changed meanwhile. Look at it, then make your change again.",
        );
        return Err(match prev {
            Some(newest) => problem.with("newest", newest),
            None => problem,
        });
    }
    if moves && version.prior.is_some() && store::moves::is_held_up(tx, version.arrangement).await?
    {
        return Err(Problem::conflict(
            "move-held-up",
            "A letter waits to be checked, or a message to be answered, in the team that has this \
             arrangement now. Once they have seen to it, try again.",
        ));
    }
    Ok(())
}

/// An arrangement, in short.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Arrangement)]
struct ArrangementView {
    #[schema(value_type = String)]
    arrangement: ArrangementId,
    /// The governing version.
    #[schema(value_type = String)]
    statement: StatementId,
    n: i32,
    #[schema(value_type = String)]
    team: TeamId,
    /// How many persons must agree to deliver.
    reviewers: i16,
    /// `draft`, `active`, `paused` or `ended`.
    state: String,
    #[schema(value_type = Option<String>)]
    next_review_on: Option<Date>,
}

impl From<Arrangement> for ArrangementView {
    fn from(it: Arrangement) -> Self {
        Self {
            arrangement: it.arrangement,
            statement: it.statement,
            n: it.n,
            team: it.team,
            reviewers: it.reviewers,
            state: it.state,
            next_review_on: it.next_review_on,
        }
    }
}

/// The caller's own arrangements; for staff those of their teams.
#[utoipa::path(get, path = "/api/arrangements", tag = "arrangements", params(Page),
    responses((status = 200, body = [ArrangementView],
        headers(("link" = String, description = "the next page")))))]
async fn list(proved: Proved, Query(page): Query<Page>) -> Result<Paged<ArrangementView>, Problem> {
    let Proved { mut tx, session, .. } = proved;
    let arrangements = if session.staff_certificates().next().is_some() {
        let (after, limit) = (page.id()?, page.limit(PAGE));
        store::arrangements::list_of_teams(&mut tx, &kept_teams(&session), after, limit).await?
    } else {
        store::arrangements::list_of_members(&mut tx, &memberships(&session)).await?
    };
    tx.commit().await?;
    let last = arrangements.last().map(|it| it.arrangement.to_string());
    let last = last.filter(|_| session.staff_certificates().next().is_some());
    let views = arrangements.into_iter().map(ArrangementView::from).collect();
    Ok(page.answer(views, PAGE, last))
}

/// The teams whose arrangements a session keeps.
pub fn kept_teams(session: &Session) -> Vec<TeamId> {
    let keepers = session.staff_certificates().filter(|it| holds(it, KEEPERS));
    keepers.flat_map(|it| it.teams.iter().copied()).collect()
}

/// An arrangement, with everything its reader may open.
#[derive(Serialize, utoipa::ToSchema)]
struct WholeArrangement {
    #[serde(flatten)]
    arrangement: ArrangementView,
    members: Vec<MemberView>,
    /// The sealed plan.
    plan: Option<Base64>,
    /// The sealed notes; staff only.
    notes: Option<Base64>,
    /// The newest sealed card about each person; staff only.
    cards: Vec<CardFile>,
    /// The newest epoch of the team; null before its first.
    epoch: Option<EpochView>,
    /// The governing version, the epoch, the caller's certificates, and all they rest on.
    proof: ProofView,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ArrangementMember)]
struct MemberView {
    #[schema(value_type = String)]
    membership: MembershipId,
    /// `a` to `f`.
    side: String,
    read: bool,
    write: bool,
    /// Null while on paper.
    #[schema(value_type = Option<String>)]
    certificate: Option<StatementId>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = NewestEpoch)]
struct EpochView {
    #[schema(value_type = String)]
    statement: StatementId,
    n: i32,
    /// What letters to the team are sealed to.
    review_key: String,
}

/// One of the caller's own arrangements, or of their teams.
#[utoipa::path(get, path = "/api/arrangements/{id}", tag = "arrangements",
    params(("id" = String, Path, description = "the arrangement's id"), Seen),
    responses((status = 200, body = WholeArrangement), (status = 404)))]
async fn get(
    proved: Proved,
    Path(id): Path<ArrangementId>,
    Query(seen): Query<Seen>,
) -> Result<Json<WholeArrangement>, Problem> {
    let Proved { mut tx, session, .. } = proved;
    let found =
        store::arrangements::find_whole(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let arrangement = found.arrangement;
    let members = store::arrangements::list_members(&mut tx, id).await?;
    let mine = memberships(&session);
    let keeps = kept_teams(&session).contains(&arrangement.team);
    if !keeps && !members.iter().any(|it| mine.contains(&it.membership)) {
        return Err(Problem::not_found());
    }
    let cards =
        if keeps { store::arrangements::list_cards(&mut tx, id).await? } else { Vec::new() };
    let mut roots = vec![arrangement.statement];
    roots.extend(found.epoch.as_ref().map(|it| it.id));
    roots.extend(session.certificates.iter().map(|it| it.id));
    let proof = proof(&mut tx, roots, seen).await?;
    tx.commit().await?;
    Ok(Json(WholeArrangement {
        arrangement: arrangement.into(),
        members: members
            .into_iter()
            .map(|it| MemberView {
                membership: it.membership,
                side: it.side,
                read: it.can_read,
                write: it.can_write,
                certificate: it.certificate,
            })
            .collect(),
        plan: found.plan.map(Base64),
        notes: found.notes.filter(|_| keeps).map(Base64),
        cards: cards
            .into_iter()
            .map(|(membership, sealed)| CardFile { membership, sealed: Base64(sealed) })
            .collect(),
        epoch: found.epoch.map(|it| EpochView {
            statement: it.id,
            n: it.n,
            review_key: it.review_key,
        }),
        proof,
    }))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMember {
    /// The `member` statement.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
    /// The card it names, unless that is the invitation's.
    #[serde(default)]
    card: Option<Base64>,
}

/// Certifies somebody who enrolled: after speaking to them and hearing the eight digits.
#[utoipa::path(post, path = "/api/arrangements/{id}/members", tag = "arrangements",
    params(("id" = String, Path, description = "the arrangement's id")), request_body = NewMember,
    responses((status = 201, body = Stored), (status = 404), (status = 422), (status = 429)))]
async fn certify(
    staff: Staff,
    Path(id): Path<ArrangementId>,
    Json(new): Json<NewMember>,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    let Staff { mut tx, session, now, .. } = staff;
    let (received, certificate) = signed_by(&new.statement, &session)?;
    let Body::Member(member) = &received.statement.body else { return Err(wrong_kind()) };
    store::arrangements::find(&mut tx, id)
        .await?
        .filter(|it| certificate.teams.contains(&it.team) && holds(certificate, KEEPERS))
        .ok_or_else(Problem::not_found)?;
    let enrolled = store::invites::find_enrolled(&mut tx, member.enrol_id).await?;
    if member.arrangement != id || enrolled != Some((member.membership, id)) {
        return Err(refused(Refusal::WrongInvite));
    }
    if let Some(card) = &new.card {
        sealed::signed_document(&card.0, member.card_hash)?;
    }
    let card = new.card.as_ref().map(|it| it.0.as_slice());
    let statement = received.as_new(session.account, now);
    store::memberships::certify(&mut tx, member.membership, card, &statement).await?;
    tx.commit().await?;
    tracing::info!(arrangement = %id, membership = %member.membership, "member certified");
    Ok((StatusCode::CREATED, Json(Stored { statement: received.id })))
}
