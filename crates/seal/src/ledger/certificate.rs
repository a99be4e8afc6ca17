//! Certificates: a key, whose it is, and what it may sign.

use domain::id::{ArrangementId, MembershipId, PersonId, StaffId, StatementId, TeamId};
use jiff::Timestamp;

use crate::{
    key::PublicKey,
    statement::{Invite, Refusal, Role, SealKey},
};

/// A complete certificate, signed by everybody who must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its statement: the second half's, where two persons signed.
    pub id: StatementId,
    /// Whose it is.
    pub holder: Holder,
    /// What the holder signs with.
    pub sign_key: PublicKey,
    /// What is sealed to the holder.
    pub seal_key: SealKey,
    /// Until when, UTC seconds; 0 for no end.
    pub until: u64,
    /// Teams whose staff certified a member; empty for staff.
    pub(super) certified_for: Vec<TeamId>,
}

/// Whose a certificate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Somebody of the agency.
    Staff(StaffHolder),
    /// Somebody of a family.
    Member(MemberHolder),
}

/// A member of staff, their roles and teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffHolder {
    /// The member of staff.
    pub staff: StaffId,
    /// The human being.
    pub person: PersonId,
    /// What they are.
    pub roles: Vec<Role>,
    /// Where they are it.
    pub teams: Vec<TeamId>,
}

/// One person in one arrangement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberHolder {
    /// The membership.
    pub membership: MembershipId,
    /// The only arrangement it holds in.
    pub arrangement: ArrangementId,
    /// Who they are to the others.
    pub role: Role,
}

impl StaffHolder {
    /// Holds one of the roles, in whatever team.
    pub fn is_any(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }

    /// Holds one of the roles in this team.
    pub fn is_any_of(&self, roles: &[Role], team: TeamId) -> bool {
        self.is_any(roles) && self.teams.contains(&team)
    }
}

impl Certificate {
    /// The member of staff, if it is one's.
    pub const fn staff(&self) -> Option<&StaffHolder> {
        match &self.holder {
            Holder::Staff(staff) => Some(staff),
            Holder::Member(_) => None,
        }
    }

    /// The membership, if it is a member's.
    pub const fn member(&self) -> Option<&MemberHolder> {
        match &self.holder {
            Holder::Member(member) => Some(member),
            Holder::Staff(_) => None,
        }
    }
}

/// Checks letters and keeps arrangements.
pub(super) const CHECKERS: &[Role] = &[Role::Coordinator, Role::Lead];
/// Manages a team.
pub(super) const LEADS: &[Role] = &[Role::Lead];
/// Invites and countersigns staff.
pub(super) const MANAGERS: &[Role] = &[Role::Lead, Role::Administrator];

/// Whose key a statement was signed with.
#[derive(Clone, Debug)]
pub(super) enum Signer {
    /// The agency's root.
    Root,
    /// A printed code.
    Invite(Box<Invite>),
    /// A certificate, in force or not.
    Certificate(Box<Certificate>),
}

impl Signer {
    /// The key to verify with.
    pub(super) fn key(&self, root: &PublicKey) -> PublicKey {
        match self {
            Self::Root => *root,
            Self::Invite(invite) => invite.invite_key,
            Self::Certificate(certificate) => certificate.sign_key,
        }
    }

    /// Whether its `until` has passed.
    pub(super) fn is_past(&self, now: Timestamp) -> bool {
        let until = match self {
            Self::Root => 0,
            Self::Invite(invite) => invite.until,
            Self::Certificate(certificate) => certificate.until,
        };
        until != 0 && i64::try_from(until).is_ok_and(|until| until <= now.as_second())
    }

    pub(super) const fn is_root(&self) -> bool {
        matches!(self, Self::Root)
    }

    /// The member of staff who signs; nobody else may.
    pub(super) fn staff(&self) -> Result<&StaffHolder, Refusal> {
        match self {
            Self::Certificate(certificate) => certificate.staff().ok_or(Refusal::NotEntitled),
            _ => Err(Refusal::NotEntitled),
        }
    }

    /// The member who signs, and their certificate; nobody else may.
    pub(super) fn member(&self) -> Result<(StatementId, MemberHolder), Refusal> {
        match self {
            Self::Certificate(certificate) => {
                let member = certificate.member().ok_or(Refusal::NotEntitled)?;
                Ok((certificate.id, *member))
            }
            _ => Err(Refusal::NotEntitled),
        }
    }

    /// Staff who hold one of the roles, in whatever team.
    pub(super) fn staff_who(&self, roles: &[Role]) -> Result<&StaffHolder, Refusal> {
        self.staff().and_then(|staff| {
            if staff.is_any(roles) { Ok(staff) } else { Err(Refusal::NotEntitled) }
        })
    }

    /// Staff who hold one of the roles in this team.
    pub(super) fn staff_of(&self, roles: &[Role], team: TeamId) -> Result<&StaffHolder, Refusal> {
        self.staff().and_then(|staff| {
            if staff.is_any_of(roles, team) { Ok(staff) } else { Err(Refusal::NotEntitled) }
        })
    }
}
