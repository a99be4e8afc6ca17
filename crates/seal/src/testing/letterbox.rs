//! The usual setting: two teams and one arrangement with two online members.

use std::ops::{Deref, DerefMut};

use domain::{
    arrangement::Side,
    id::{ArrangementId, MembershipId, StatementId, TeamId},
    role::Role,
};

use super::{Agency, Signatory};
use crate::{
    key::HybridIdentity,
    statement::{ArrangementMember, Outcome},
};

/// An agency with a team, another team, and an arrangement: an adopter on side `a`, a birth
/// mother and, on paper, a grandmother on side `b`. Everybody may read and write.
#[derive(Clone, Debug)]
pub struct Letterbox {
    /// The agency itself; its methods can be called on the letterbox.
    pub agency: Agency,
    /// The team that checks the arrangement.
    pub team: TeamId,
    /// The secret of its first epoch.
    pub epoch: HybridIdentity,
    /// Administrator, certified by root.
    pub administrator: Signatory,
    /// Lead of the team, certified by root.
    pub lead: Signatory,
    /// Another lead of the team.
    pub second_lead: Signatory,
    /// Coordinator of the team.
    pub coordinator: Signatory,
    /// Another coordinator of the team.
    pub second_coordinator: Signatory,
    /// A team that has nothing to do with the arrangement.
    pub other_team: TeamId,
    /// Lead of the other team.
    pub other_lead: Signatory,
    /// Coordinator of the other team.
    pub other_coordinator: Signatory,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The adopter's membership.
    pub adopter_membership: MembershipId,
    /// The adopter.
    pub adopter: Signatory,
    /// The mother's membership.
    pub mother_membership: MembershipId,
    /// The birth mother.
    pub mother: Signatory,
    /// The grandmother's membership, on paper.
    pub grandmother_membership: MembershipId,
}

impl Letterbox {
    /// Makes the setting; another seed makes another one.
    ///
    /// # Panics
    ///
    /// Never, unless the ledger refuses a valid history.
    pub fn new(seed: u64) -> Self {
        let mut agency = Agency::new(seed);
        let team = agency.id(TeamId::from_bytes);
        let other_team = agency.id(TeamId::from_bytes);
        let administrator = agency.root_staff(&[Role::Administrator], &[]);
        let lead = agency.root_staff(&[Role::Lead], &[team]);
        let second_lead = agency.root_staff(&[Role::Lead], &[team]);
        let other_lead = agency.root_staff(&[Role::Lead], &[other_team]);
        let coordinator = agency.staff((&lead, &second_lead), &[Role::Coordinator], &[team]);
        let second_coordinator =
            agency.staff((&lead, &administrator), &[Role::Coordinator], &[team]);
        let other_coordinator =
            agency.staff((&other_lead, &administrator), &[Role::Coordinator], &[other_team]);
        let (body, epoch) = agency.epoch_body(team);
        agency.say(&lead, body);
        let (body, _) = agency.epoch_body(other_team);
        agency.say(&other_lead, body);

        let arrangement = agency.id(ArrangementId::from_bytes);
        let adopter_membership = agency.id(MembershipId::from_bytes);
        let mother_membership = agency.id(MembershipId::from_bytes);
        let grandmother_membership = agency.id(MembershipId::from_bytes);
        let members = on_paper(&[
            (adopter_membership, "a"),
            (mother_membership, "b"),
            (grandmother_membership, "b"),
        ]);
        let version = agency.next_version(arrangement, team, members);
        agency.say(&coordinator, version);
        let adopter =
            agency.join(&coordinator, Role::AdoptiveParent, (adopter_membership, arrangement));
        let mother = agency.join(&coordinator, Role::BirthParent, (mother_membership, arrangement));
        Self {
            agency,
            team,
            epoch,
            administrator,
            lead,
            second_lead,
            coordinator,
            second_coordinator,
            other_team,
            other_lead,
            other_coordinator,
            arrangement,
            adopter_membership,
            adopter,
            mother_membership,
            mother,
            grandmother_membership,
        }
    }

    /// The mother writes to the adopter; logged.
    pub fn letter(&mut self) -> StatementId {
        let author = self.mother.clone();
        let body = self.agency.submit_body(&author, &[self.adopter_membership]);
        self.agency.say(&author, body)
    }

    /// Somebody takes the next step in deciding; logged.
    pub fn decide(
        &mut self,
        by: &Signatory,
        submit_id: StatementId,
        outcome: Outcome,
    ) -> StatementId {
        let body = self.agency.decision_body(submit_id, outcome);
        self.agency.say(by, body)
    }
}

impl Deref for Letterbox {
    type Target = Agency;
    fn deref(&self) -> &Agency {
        &self.agency
    }
}

impl DerefMut for Letterbox {
    fn deref_mut(&mut self) -> &mut Agency {
        &mut self.agency
    }
}

/// Members without certificates, sorted, each with every right.
pub fn on_paper(members: &[(MembershipId, &str)]) -> Vec<ArrangementMember> {
    let mut members: Vec<_> = members
        .iter()
        .map(|&(membership, side)| ArrangementMember {
            membership,
            side: side.parse::<Side>().expect("a side"),
            cert_id: None,
            read: true,
            write: true,
        })
        .collect();
    members.sort_by_key(|member| member.membership);
    members
}
