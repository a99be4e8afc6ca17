//! Who is who: the agency, staff, invitations, enrolments, members, contact points.

use domain::id::{PersonId, StatementId, TeamId};

use super::{
    Certificate, Holder, Ledger, MemberHolder, Refusal, StaffHolder,
    certificate::{CHECKERS, LEADS, MANAGERS, Signer},
};
use crate::statement::{
    Agency, Body, Contact, Enrol, Invite, Member, Revoke, Role, Staff, Statement,
};

/// Roles that a lead may give, with a second person.
const LOWER: &[Role] = &[Role::Coordinator, Role::Auditor, Role::Records];

impl Ledger {
    pub(super) fn admit_agency(
        &mut self,
        id: StatementId,
        signer: &Signer,
        agency: &Agency,
    ) -> Result<(), Refusal> {
        if !signer.is_root() {
            return Err(Refusal::NotEntitled);
        }
        let last = self.agency().map_or(0, |(_, last)| last.n);
        if agency.n != last + 1 || agency.prev != self.agency {
            return Err(Refusal::WrongVersion);
        }
        self.agency = Some(id);
        Ok(())
    }

    pub(super) fn admit_staff(
        &mut self,
        id: StatementId,
        signer: &Signer,
        statement: &Statement,
        staff: &Staff,
    ) -> Result<(), Refusal> {
        let invite = self.enrolled(staff.enrol_id, staff.sign_key, &staff.seal_key)?;
        if invite.membership.is_some() {
            return Err(Refusal::WrongInvite);
        }
        let holder = StaffHolder {
            staff: staff.staff,
            person: staff.person,
            roles: staff.roles.clone(),
            teams: staff.teams.clone(),
        };
        if self.persons.get(&staff.staff).is_some_and(|&person| person != staff.person) {
            return Err(Refusal::WrongPerson);
        }
        match self.key_holders.get(staff.sign_key.as_bytes()) {
            // The same person may be certified anew with other roles or teams.
            Some(Holder::Staff(before))
                if before.staff == staff.staff && before.person == staff.person => {}
            Some(_) => return Err(Refusal::KeyTaken),
            None => {}
        }
        let complete = if signer.is_root() {
            if staff.prior.is_some() {
                return Err(Refusal::WrongChain);
            }
            if !holder.is_any(MANAGERS) {
                return Err(Refusal::NotEntitled);
            }
            true
        } else if let Some(first_id) = staff.prior {
            signer.staff_who(MANAGERS)?;
            self.require_second(first_id, statement, signer.staff()?.person)?;
            true
        } else {
            let lead = signer.staff_who(LEADS)?;
            let own_teams = staff.teams.iter().all(|team| lead.teams.contains(team));
            if !own_teams || !staff.roles.iter().all(|role| LOWER.contains(role)) {
                return Err(Refusal::NotEntitled);
            }
            false
        };
        if complete {
            self.completed.extend(staff.prior);
            self.persons.insert(staff.staff, staff.person);
            self.certify(Certificate {
                id,
                holder: Holder::Staff(holder),
                sign_key: staff.sign_key,
                seal_key: staff.seal_key.clone(),
                until: staff.until,
                certified_for: Vec::new(),
            });
        }
        Ok(())
    }

    pub(super) fn admit_invite(&mut self, signer: &Signer, invite: &Invite) -> Result<(), Refusal> {
        if invite.role.is_staff() {
            if !signer.is_root() {
                signer.staff_who(MANAGERS)?;
            }
        } else {
            let staff = signer.staff_who(CHECKERS)?;
            // The arrangement may be out of sight here; whoever names the certificate in an
            // arrangement meets the rule again.
            if let Some((_, governing)) =
                invite.arrangement.and_then(|id| self.governing_arrangement(id))
            {
                if !staff.teams.contains(&governing.team) {
                    return Err(Refusal::NotEntitled);
                }
                if invite.membership.is_none_or(|id| governing.member(id).is_none()) {
                    return Err(Refusal::NotAMember);
                }
            }
        }
        if !self.invites.insert(invite.invite) {
            return Err(Refusal::Repeated);
        }
        Ok(())
    }

    pub(super) fn admit_enrol(&mut self, enrol: &Enrol) -> Result<(), Refusal> {
        if !self.used_invites.insert(enrol.invite_id) {
            return Err(Refusal::InviteUsed);
        }
        Ok(())
    }

    pub(super) fn admit_member(
        &mut self,
        id: StatementId,
        signer: &Signer,
        statement: &Statement,
        member: &Member,
    ) -> Result<(), Refusal> {
        let staff = signer.staff_who(CHECKERS)?;
        if let Some((_, governing)) = self.governing_arrangement(member.arrangement) {
            signer.staff_of(CHECKERS, governing.team)?;
            if governing.member(member.membership).is_none() {
                return Err(Refusal::NotAMember);
            }
        }
        let invite = self.enrolled(member.enrol_id, member.sign_key, &member.seal_key)?;
        if invite.membership != Some(member.membership)
            || invite.arrangement != Some(member.arrangement)
            || invite.role != member.role
        {
            return Err(Refusal::WrongInvite);
        }
        if self.key_holders.contains_key(member.sign_key.as_bytes()) {
            return Err(Refusal::KeyTaken);
        }
        let mut certified_for = staff.teams.clone();
        let latest = self.members.get(&member.membership).copied();
        match (member.replaces, member.prior) {
            (None, _) if latest.is_some() => return Err(Refusal::AlreadyCertified),
            (None, _) => {}
            (Some(_), _) if member.replaces != latest => return Err(Refusal::WrongCertificate),
            (Some(_), None) => return Ok(()),
            (Some(old), Some(first_id)) => {
                let first = self.require_second(first_id, statement, staff.person)?;
                certified_for.retain(|team| first.contains(team));
                self.completed.insert(first_id);
                self.ended.insert(old);
            }
        }
        self.members.insert(member.membership, id);
        self.certify(Certificate {
            id,
            holder: Holder::Member(MemberHolder {
                membership: member.membership,
                arrangement: member.arrangement,
                role: member.role,
            }),
            sign_key: member.sign_key,
            seal_key: member.seal_key.clone(),
            until: member.until,
            certified_for,
        });
        Ok(())
    }

    pub(super) fn admit_revoke(&mut self, signer: &Signer, revoke: &Revoke) -> Result<(), Refusal> {
        let objector = signer.member().ok().map(|(certificate, _)| certificate);
        if !signer.is_root() && objector.is_none() {
            signer.staff_who(LEADS)?;
        }
        let (teams, arrangement) = match self.body(revoke.target_id)? {
            Body::Staff(staff) => (Some(staff.teams.clone()), None),
            Body::Member(member) => (None, Some(member.arrangement)),
            Body::Invite(invite) => (None, invite.arrangement),
            _ => return Err(Refusal::WrongKind),
        };
        if let Some(certificate) = objector {
            self.require_objection(certificate, revoke.target_id)?;
        } else if !signer.is_root() {
            let teams = match (teams, arrangement) {
                (Some(teams), _) => teams,
                (None, Some(id)) => {
                    let (_, governing) =
                        self.governing_arrangement(id).ok_or(Refusal::WrongArrangement)?;
                    vec![governing.team]
                }
                // An invitation of staff belongs to no team yet.
                (None, None) => signer.staff()?.teams.clone(),
            };
            if teams.is_empty() {
                return Err(Refusal::NotEntitled);
            }
            for team in teams {
                signer.staff_of(LEADS, team)?;
            }
        }
        if !self.ended.insert(revoke.target_id) {
            return Err(Refusal::Revoked);
        }
        Ok(())
    }

    /// Members revoke one thing: the first half of what would end the certificate they sign with.
    /// Whoever still has the keys was not the one who lost them.
    fn require_objection(
        &self,
        certificate: StatementId,
        target: StatementId,
    ) -> Result<(), Refusal> {
        match self.body(target)? {
            Body::Member(member) if member.replaces == Some(certificate) => Ok(()),
            _ => Err(Refusal::NotEntitled),
        }
    }

    pub(super) fn admit_contact(
        &mut self,
        signer: &Signer,
        contact: &Contact,
    ) -> Result<(), Refusal> {
        match signer.member() {
            Ok((_, member)) if member.membership == contact.membership => {}
            Ok(_) => return Err(Refusal::NotEntitled),
            Err(_) => {
                // Staff give the contact point of an invitation; never of somebody who can.
                signer.staff_who(CHECKERS)?;
                if self.members.contains_key(&contact.membership) {
                    return Err(Refusal::NotEntitled);
                }
            }
        }
        let last = self.contacts.get(&contact.membership).copied().unwrap_or(0);
        if contact.n <= last {
            return Err(Refusal::WrongVersion);
        }
        self.contacts.insert(contact.membership, contact.n);
        Ok(())
    }

    /// The invite that keys were enrolled for.
    fn enrolled(
        &self,
        enrol_id: StatementId,
        sign_key: crate::key::PublicKey,
        seal_key: &crate::statement::SealKey,
    ) -> Result<&Invite, Refusal> {
        let Body::Enrol(enrol) = self.body(enrol_id)? else {
            return Err(Refusal::WrongKind);
        };
        if enrol.sign_key != sign_key || enrol.seal_key != *seal_key {
            return Err(Refusal::WrongKeys);
        }
        let Body::Invite(invite) = self.body(enrol.invite_id)? else {
            return Err(Refusal::WrongKind);
        };
        self.require_in_force(enrol.invite_id)?;
        Ok(invite)
    }

    /// Checks that `second` says what the first half `first_id` says, signed by another person.
    /// Returns the teams of the first signer.
    pub(super) fn require_second(
        &self,
        first_id: StatementId,
        second: &Statement,
        person: PersonId,
    ) -> Result<Vec<TeamId>, Refusal> {
        let first = self.statements.get(&first_id).ok_or(Refusal::MissingStatement)?;
        if first.kind() != second.kind() {
            return Err(Refusal::WrongKind);
        }
        let mut expected = second.body.clone();
        match &mut expected {
            Body::Staff(staff) => staff.prior = None,
            Body::Member(member) => member.prior = None,
            Body::Arrangement(arrangement) => arrangement.prior = None,
            Body::Reseal(reseal) => (reseal.prior, reseal.grant_hash) = (None, None),
            _ => return Err(Refusal::WrongChain),
        }
        // Root and complete statements are no first halves.
        let first_signer = first.signer.ok_or(Refusal::WrongChain)?;
        let whole = self.certificates.contains_key(&first_id);
        if first.body != expected || whole || self.completed.contains(&first_id) {
            return Err(Refusal::WrongChain);
        }
        self.require_in_force(first_id)?;
        self.require_in_force(first_signer)?;
        let certificate = self.certificates.get(&first_signer).and_then(Certificate::staff);
        let first_staff = certificate.ok_or(Refusal::WrongChain)?;
        if first_staff.person == person {
            return Err(Refusal::SamePerson);
        }
        Ok(first_staff.teams.clone())
    }

    fn certify(&mut self, certificate: Certificate) {
        self.key_holders.insert(certificate.sign_key.to_bytes(), certificate.holder.clone());
        self.certificates.insert(certificate.id, certificate);
    }
}
