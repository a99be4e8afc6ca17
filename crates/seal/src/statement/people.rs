//! Statements about who is who: the agency, staff, invitations, members, contact points.

use domain::id::{
    ArrangementId, FileHash, InviteId, MembershipId, PersonId, StaffId, StatementId, TeamId,
};
use serde::{Deserialize, Serialize};

use super::{Channel, NotifierKey, Reason, Role, SealKey, Shape, sorted};
use crate::{key::PublicKey, strict};

/// The agency's own keys, signed by its root. The first statement of every log and every proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Version, from 1.
    #[serde(with = "strict::int")]
    pub n: u64,
    /// The version before; none for the first.
    #[serde(with = "strict::blank")]
    pub prev: Option<StatementId>,
    /// Signs the log's checkpoints; held by the moderation worker.
    pub log_key: PublicKey,
    /// Opens contact points; held by the notification service.
    pub notifier_key: NotifierKey,
    /// Opens everything; offline in the records office.
    pub archive_key: SealKey,
    /// When it was made, UTC seconds; for people, not checked.
    #[serde(with = "strict::int")]
    pub from: u64,
}

impl Shape for Agency {
    fn is_well_formed(&self) -> bool {
        self.n >= 1 && (self.n == 1) == self.prev.is_none()
    }
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.extend(self.prev);
    }
}

/// A certificate of a member of staff, or the first half of one signed by two persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// The member of staff.
    pub staff: StaffId,
    /// The human being; what "distinct persons" counts.
    pub person: PersonId,
    /// The `enrol` statement the keys come from.
    pub enrol_id: StatementId,
    /// As in `enrol`.
    pub sign_key: PublicKey,
    /// As in `enrol`.
    pub seal_key: SealKey,
    /// Staff roles, at least one; sorted by spelling, unique.
    pub roles: Vec<Role>,
    /// The teams the roles hold in; sorted, unique.
    pub teams: Vec<TeamId>,
    /// From when, UTC seconds; for people, not checked.
    #[serde(with = "strict::int")]
    pub from: u64,
    /// Until when, UTC seconds; 0 for no end. Checked by the worker alone.
    #[serde(with = "strict::int")]
    pub until: u64,
    /// The first half this one completes; none for a first half and when root signs.
    #[serde(with = "strict::blank")]
    pub prior: Option<StatementId>,
}

impl Shape for Staff {
    fn is_well_formed(&self) -> bool {
        (1..=5).contains(&self.roles.len())
            && self.teams.len() <= 64
            && self.roles.iter().all(|role| role.is_staff())
            && sorted(self.roles.iter().map(|role| role.as_str()))
            && sorted(&self.teams)
    }
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.push(self.enrol_id);
        ids.extend(self.prior);
    }
}

/// An invitation: the public half of a printed code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The locator derived from the code.
    pub invite: InviteId,
    /// The membership offered; none for staff.
    #[serde(with = "strict::blank")]
    pub membership: Option<MembershipId>,
    /// The arrangement it belongs to; none for staff.
    #[serde(with = "strict::blank")]
    pub arrangement: Option<ArrangementId>,
    /// A family role with a membership, a staff role without.
    pub role: Role,
    /// Hash of the sealed card about the person; none for staff.
    #[serde(with = "strict::blank")]
    pub card_hash: Option<FileHash>,
    /// The Ed25519 key derived from the code.
    pub invite_key: PublicKey,
    /// HMAC-SHA-256 of the root key under the code's tag key.
    #[serde(with = "strict::hex32")]
    pub root_tag: [u8; 32],
    /// Until when, UTC seconds; 0 for no end. Checked by the worker alone.
    #[serde(with = "strict::int")]
    pub until: u64,
}

impl Shape for Invite {
    fn is_well_formed(&self) -> bool {
        let staff = self.role.is_staff();
        self.membership.is_none() == staff
            && self.arrangement.is_none() == staff
            && (!staff || self.card_hash.is_none())
    }
}

/// The keys an invited person made, signed with the invite key and with the new key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// The `invite` statement; equal to the signer.
    pub invite_id: StatementId,
    /// The new signing key.
    pub sign_key: PublicKey,
    /// The new sealing key.
    pub seal_key: SealKey,
}

impl Shape for Enrol {
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.push(self.invite_id);
    }
}

/// A member's certificate: one person in one arrangement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The membership.
    pub membership: MembershipId,
    /// The only arrangement it holds in.
    pub arrangement: ArrangementId,
    /// A family role.
    pub role: Role,
    /// The `enrol` statement the keys come from.
    pub enrol_id: StatementId,
    /// As in `enrol`.
    pub sign_key: PublicKey,
    /// As in `enrol`.
    pub seal_key: SealKey,
    /// Hash of the sealed card about the person.
    pub card_hash: FileHash,
    /// Until when, UTC seconds; 0 for no end. Checked by the worker alone.
    #[serde(with = "strict::int")]
    pub until: u64,
    /// Whether staff saw the person face to face, which shortens the wait; only with `replaces`.
    pub met: bool,
    /// The certificate this one ends, after everything was lost.
    #[serde(with = "strict::blank")]
    pub replaces: Option<StatementId>,
    /// The first half this one completes; only with `replaces`.
    #[serde(with = "strict::blank")]
    pub prior: Option<StatementId>,
}

impl Shape for Member {
    fn is_well_formed(&self) -> bool {
        let is_renewal = self.replaces.is_some();
        !self.role.is_staff() && (is_renewal || (self.prior.is_none() && !self.met))
    }
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.push(self.enrol_id);
        ids.extend(self.replaces);
        ids.extend(self.prior);
    }
}

/// Ends a certificate or an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// A `staff`, `member` or `invite` statement.
    pub target_id: StatementId,
    /// Why.
    pub reason: Reason,
}

impl Shape for Revoke {
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.push(self.target_id);
    }
}

/// Where a member gets notices; the address itself is sealed to the notifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Whose contact point.
    pub membership: MembershipId,
    /// Version, from 1.
    #[serde(with = "strict::int")]
    pub n: u64,
    /// Hash of the sealed contact file.
    pub sealed_hash: FileHash,
    /// How it is reached.
    pub channel: Channel,
}

impl Shape for Contact {
    fn is_well_formed(&self) -> bool {
        self.n >= 1
    }
}
