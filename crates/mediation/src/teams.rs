//! Teams and their keys. The server holds each epoch's secret only as it was sealed to every
//! holder.

use axum::http::StatusCode;
use domain::id::{StaffId, StatementId, TeamId};
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::random::{self, System};
use seal::statement::{Body, Epoch, Refusal, Role};
use serde::{Deserialize, Serialize};
use store::epochs::NewEpoch;
use store::sessions::Holder;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Base64, Json, Path};
use crate::principal::Staff;
use crate::problem::Problem;
use crate::sealed;
use crate::state::AppState;
use crate::statements::{EnvelopeView, Stored, refused, signed_by, wrong_kind};

/// The longest name of a team, in bytes.
const NAME_MOST: usize = 100;

/// The routes of teams.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, insert)).routes(routes!(list_epochs, insert_epoch))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTeam {
    name: String,
}

#[derive(Serialize, utoipa::ToSchema)]
struct CreatedTeam {
    #[schema(value_type = String)]
    team: TeamId,
}

/// Makes a team. Administrators only.
#[utoipa::path(post, path = "/api/teams", tag = "teams", request_body = NewTeam,
    responses((status = 201, body = CreatedTeam), (status = 409), (status = 422)))]
async fn insert(
    staff: Staff,
    Json(new): Json<NewTeam>,
) -> Result<(StatusCode, Json<CreatedTeam>), Problem> {
    staff.with_role(&[Role::Administrator])?;
    let name = new.name.trim();
    if name.is_empty() || name.len() > NAME_MOST || name.chars().any(char::is_control) {
        return Err(Problem::invalid("name", "Give the team's name, on one line."));
    }
    let team = TeamId::from_bytes(random::bytes(&mut System));
    let Staff { mut tx, .. } = staff;
    match store::teams::insert(&mut tx, team, name).await {
        Err(error) if error.constraint() == Some("teams_name_unique") => {
            return Err(Problem::conflict("team-exists", "There is a team of that name."));
        }
        inserted => inserted?,
    }
    tx.commit().await?;
    tracing::info!(%team, "team made");
    Ok((StatusCode::CREATED, Json(CreatedTeam { team })))
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Team)]
struct TeamView {
    #[schema(value_type = String)]
    team: TeamId,
    name: String,
    /// The newest epoch's statement; null before the first.
    #[schema(value_type = Option<String>)]
    epoch: Option<StatementId>,
    /// Since when somebody who held that key has left the team or lost theirs: a lead makes a new
    /// one the same day. Null when none is due.
    #[schema(value_type = Option<String>)]
    key_due_since: Option<Timestamp>,
}

/// Every team, by name.
#[utoipa::path(get, path = "/api/teams", tag = "teams",
    responses((status = 200, body = [TeamView])))]
async fn list(staff: Staff) -> Result<Json<Vec<TeamView>>, Problem> {
    let Staff { mut tx, .. } = staff;
    let teams = store::teams::list(&mut tx).await?;
    tx.commit().await?;
    let views = teams.into_iter().map(|it| TeamView {
        team: it.team,
        name: it.name,
        epoch: it.epoch,
        key_due_since: it.key_due_since,
    });
    Ok(Json(views.collect()))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewEpochBody {
    /// The `epoch` statement.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
    /// The secret, sealed to each member of staff of the team.
    wraps: Vec<WrapFile>,
    /// The secret, sealed to the archive.
    archive: Base64,
    /// The secret of the epoch before, sealed to this one; absent for the first.
    #[serde(default)]
    previous: Option<Base64>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WrapFile {
    #[schema(value_type = String)]
    staff: StaffId,
    sealed: Base64,
}

/// Starts a team's next epoch. Leads of the team only.
#[utoipa::path(post, path = "/api/teams/{team}/epochs", tag = "teams",
    params(("team" = String, Path, description = "the team's id")), request_body = NewEpochBody,
    responses((status = 201, body = Stored), (status = 404), (status = 409), (status = 422),
        (status = 429)))]
async fn insert_epoch(
    staff: Staff,
    Path(team): Path<TeamId>,
    Json(new): Json<NewEpochBody>,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    staff.in_team(team, &[Role::Lead])?;
    let Staff { mut tx, session, now, .. } = staff;
    let (received, _) = signed_by(&new.statement, &session)?;
    let Body::Epoch(epoch) = &received.statement.body else { return Err(wrong_kind()) };
    if epoch.team != team {
        return Err(refused(Refusal::WrongTeam));
    }
    new.check(epoch)?;
    let newest = store::epochs::find_newest(&mut tx, team).await?;
    let next = newest.as_ref().map_or(1, |it| i64::from(it.n) + 1);
    if i64::try_from(epoch.n) != Ok(next) || epoch.prev != newest.as_ref().map(|it| it.id) {
        return Err(stale(newest.map(|it| it.id)));
    }
    let epoch = NewEpoch {
        statement: received.as_new(session.account, now),
        wraps: new.wraps.iter().map(|it| (it.staff, it.sealed.0.as_slice())).collect(),
        archive: &new.archive.0,
        previous: new.previous.as_ref().map(|it| it.0.as_slice()),
    };
    store::epochs::insert(&mut tx, &epoch).await?;
    tx.commit().await?;
    tracing::info!(%team, epoch = %received.id, "epoch begun");
    Ok((StatusCode::CREATED, Json(Stored { statement: received.id })))
}

impl NewEpochBody {
    fn check(&self, epoch: &Epoch) -> Result<(), Problem> {
        let mut holders: Vec<_> = self.wraps.iter().map(|it| it.staff).collect();
        holders.sort_unstable();
        holders.dedup();
        if holders.is_empty() || holders.len() != self.wraps.len() {
            return Err(Problem::invalid(
                "wraps",
                "Seal the new key once to each member of staff of the team.",
            ));
        }
        for wrap in &self.wraps {
            sealed::one_hybrid(&wrap.sealed.0)?;
        }
        sealed::one_hybrid(&self.archive.0)?;
        match (&self.previous, epoch.prev_secret_hash) {
            (Some(previous), Some(hash)) => sealed::grant(&previous.0, hash),
            (None, None) => Ok(()),
            _ => Err(refused(Refusal::WrongVersion)),
        }
    }
}

fn stale(newest: Option<StatementId>) -> Problem {
    let problem = Problem::conflict(
        "stale-epoch",
        "The team's key was changed meanwhile. Look at it, then change it again if you must.",
    );
    match newest {
        Some(newest) => problem.with("newest", newest),
        None => problem,
    }
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Epoch)]
struct EpochView {
    /// The `epoch` statement's id.
    #[schema(value_type = String)]
    statement: StatementId,
    n: i32,
    /// What letters of its time were sealed to.
    review_key: String,
    envelope: EnvelopeView,
    /// The secret, sealed to the caller.
    wrap: Option<Base64>,
    /// The secret of the epoch before, sealed to this one.
    previous: Option<Base64>,
}

/// Every epoch of a team, oldest first, with what the caller needs to open it.
#[utoipa::path(get, path = "/api/teams/{team}/epochs", tag = "teams",
    params(("team" = String, Path, description = "the team's id")),
    responses((status = 200, body = [EpochView]), (status = 404)))]
async fn list_epochs(
    staff: Staff,
    Path(team): Path<TeamId>,
) -> Result<Json<Vec<EpochView>>, Problem> {
    let Holder::Staff { staff: me, .. } =
        staff.in_team(team, &[Role::Coordinator, Role::Lead])?.holder
    else {
        return Err(Problem::not_found());
    };
    let Staff { mut tx, .. } = staff;
    let epochs = store::epochs::list(&mut tx, team, me).await?;
    tx.commit().await?;
    let view = |it: store::epochs::Epoch| {
        Ok(EpochView {
            statement: it.id,
            n: it.n,
            review_key: it.review_key,
            envelope: EnvelopeView::read(&it.envelope)?,
            wrap: it.wrap.map(Base64),
            previous: it.previous.map(Base64),
        })
    };
    Ok(Json(epochs.into_iter().map(view).collect::<Result<_, Problem>>()?))
}
