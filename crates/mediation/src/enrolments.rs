//! What somebody who has just joined waits with: their own enrolments, until they are certified.

use domain::id::{ArrangementId, MembershipId, StatementId};
use domain::policy::NoticeRules;
use jiff::Timestamp;
use serde::Serialize;
use store::invites::Enrolled;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::agency::policy;
use crate::json::Json;
use crate::principal::Proved;
use crate::problem::Problem;
use crate::state::AppState;
use crate::statements::{EnvelopeView, says_met};

/// Far more codes than anybody types in.
const MOST: i64 = 100;

/// The routes of enrolments.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// An enrolment that waits to be certified.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = WaitingEnrolment)]
struct EnrolmentView {
    /// The `enrol` statement: its eight digits are read out on the telephone.
    #[schema(value_type = String)]
    statement: StatementId,
    envelope: EnvelopeView,
    /// The role offered.
    role: String,
    /// The place offered; both null for staff.
    #[schema(value_type = Option<String>)]
    membership: Option<MembershipId>,
    #[schema(value_type = Option<String>)]
    arrangement: Option<ArrangementId>,
    /// From when new keys in the place of others count, once two people have certified them: there is
    /// nothing left to read out. Null before, and once the old keys have objected.
    #[schema(value_type = Option<String>)]
    counts_from: Option<Timestamp>,
}

impl EnrolmentView {
    fn read(it: Enrolled, rules: &NoticeRules) -> Result<Self, Problem> {
        let (membership, arrangement) = it.membership.unzip();
        let counts_from = it
            .agreed
            .map(|(first, since)| Ok::<_, Problem>(since + rules.recovery(says_met(&first)?)));
        Ok(Self {
            statement: it.statement,
            envelope: EnvelopeView::read(&it.envelope)?,
            role: it.role,
            membership,
            arrangement,
            counts_from: counts_from.transpose()?,
        })
    }
}

/// The caller's own enrolments that have no certificate yet, oldest first.
#[utoipa::path(get, path = "/api/enrolments", tag = "invites",
    responses((status = 200, body = [EnrolmentView])))]
async fn list(proved: Proved) -> Result<Json<Vec<EnrolmentView>>, Problem> {
    let Proved { mut tx, session, .. } = proved;
    let enrolled = store::invites::list_enrolled(&mut tx, session.account, MOST).await?;
    let is_agreed = enrolled.iter().any(|it| it.agreed.is_some());
    // Who only waits to be rung asks again every few seconds.
    let rules = if is_agreed { policy(&mut tx).await?.notices } else { NoticeRules::default() };
    tx.commit().await?;
    enrolled
        .into_iter()
        .map(|it| EnrolmentView::read(it, &rules))
        .collect::<Result<_, _>>()
        .map(Json)
}
