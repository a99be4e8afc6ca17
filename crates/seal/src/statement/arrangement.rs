//! Statements about the letterbox arrangement and the team's key.

use domain::id::{ArrangementId, FileHash, MembershipId, StatementId, TeamId};
use serde::{Deserialize, Serialize};

use super::{SealKey, Shape, Side, sorted};
use crate::strict;

/// A team's review key for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Epoch {
    /// The team.
    pub team: TeamId,
    /// Number of the epoch, from 1.
    #[serde(with = "strict::int")]
    pub n: u64,
    /// What letters to the team are sealed to.
    pub review_key: SealKey,
    /// The agency's archive key at the time.
    pub archive_key: SealKey,
    /// The epoch before; none for the first.
    #[serde(with = "strict::blank")]
    pub prev: Option<StatementId>,
    /// Hash of the file with the previous epoch's secret, sealed to this one; none for the first.
    #[serde(with = "strict::blank")]
    pub prev_secret_hash: Option<FileHash>,
}

impl Shape for Epoch {
    fn is_well_formed(&self) -> bool {
        let first = self.n == 1;
        self.n >= 1 && self.prev.is_none() == first && self.prev_secret_hash.is_none() == first
    }
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.extend(self.prev);
    }
}

/// One version of an arrangement: who may write to whom, under which keys, checked by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrangement {
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// Version, from 1.
    #[serde(with = "strict::int")]
    pub n: u64,
    /// The version before; none for the first.
    #[serde(with = "strict::blank")]
    pub prev: Option<StatementId>,
    /// The team that checks its letters.
    pub team: TeamId,
    /// How many persons must agree to deliver: 1 to 9.
    #[serde(with = "strict::int")]
    pub reviewers: u64,
    /// One entry a membership, sorted by membership; 1 to 64.
    pub members: Vec<ArrangementMember>,
    /// Hash of the sealed plan.
    pub plan_hash: FileHash,
    /// Hash of the sealed notes.
    pub notes_hash: FileHash,
    /// The first half of a move between teams that this one completes.
    #[serde(with = "strict::blank")]
    pub prior: Option<StatementId>,
}

/// A membership in one version of an arrangement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrangementMember {
    /// The membership.
    pub membership: MembershipId,
    /// The side it is on.
    pub side: Side,
    /// Its certificate; none for a person on paper.
    #[serde(with = "strict::blank")]
    pub cert_id: Option<StatementId>,
    /// May receive letters from the other sides.
    pub read: bool,
    /// May write to the other sides.
    pub write: bool,
}

impl Arrangement {
    /// The entry of a membership.
    pub fn member(&self, membership: MembershipId) -> Option<&ArrangementMember> {
        self.members.iter().find(|member| member.membership == membership)
    }
}

impl Shape for Arrangement {
    fn is_well_formed(&self) -> bool {
        self.n >= 1
            && (self.n == 1) == self.prev.is_none()
            && (1..=9).contains(&self.reviewers)
            && (1..=64).contains(&self.members.len())
            && sorted(self.members.iter().map(|member| member.membership))
    }
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.extend(self.prev);
        ids.extend(self.members.iter().filter_map(|member| member.cert_id));
        ids.extend(self.prior);
    }
}
