//! Giving a letter back to somebody who was certified anew: two persons of the team agree, and the
//! second seals the letter key to the new certificate.

use domain::id::{FileHash, MembershipId, StatementId};

use super::{
    Ledger, Refusal,
    certificate::{CHECKERS, Signer},
};
use crate::statement::{Body, Reseal, Statement};

impl Ledger {
    pub(super) fn admit_reseal(
        &mut self,
        signer: &Signer,
        statement: &Statement,
        reseal: &Reseal,
    ) -> Result<(), Refusal> {
        signer.staff_who(CHECKERS)?;
        let Body::Decision(decision) = self.body(reseal.decision_id)? else {
            return Err(Refusal::WrongKind);
        };
        let submit_id = decision.submit_id;
        let submit = self.submit(submit_id).ok_or(Refusal::MissingStatement)?;
        let (_, version) =
            self.governing_arrangement(submit.arrangement).ok_or(Refusal::WrongArrangement)?;
        // After a move the team that checked the letter still has the keys that open it.
        let staff = signer
            .staff_of(CHECKERS, version.team)
            .or_else(|_| signer.staff_of(CHECKERS, submit.team))?;
        let person = staff.person;
        let first_given = self.first_given(submit_id, reseal).ok_or(Refusal::NotDelivered)?;
        let certificate =
            self.certificates.get(&reseal.cert_id).ok_or(Refusal::WrongCertificate)?;
        let is_theirs =
            certificate.member().is_some_and(|member| member.membership == reseal.membership);
        if !is_theirs || reseal.cert_id == first_given {
            return Err(Refusal::WrongCertificate);
        }
        self.require_in_force(reseal.cert_id)?;
        let entry = version.member(reseal.membership).ok_or(Refusal::NotAMember)?;
        if entry.cert_id != Some(reseal.cert_id) {
            return Err(Refusal::NotAMember);
        }
        if self.resealed.contains_key(&(submit_id, reseal.cert_id)) {
            return Err(Refusal::Repeated);
        }
        // Without both it is a first half: somebody else must agree.
        if let (Some(first_id), Some(grant_hash)) = (reseal.prior, reseal.grant_hash) {
            self.require_second(first_id, statement, person)?;
            self.completed.insert(first_id);
            self.resealed.insert((submit_id, reseal.cert_id), grant_hash);
        }
        Ok(())
    }

    /// The certificate that this membership had the letter under, if the decision named is the
    /// final one on the revision: its author's own, or that of an addressee whom it passes the letter
    /// on to. Theirs may have ended before: then they had no grant, and this is their first.
    fn first_given(&self, submit_id: StatementId, reseal: &Reseal) -> Option<StatementId> {
        let decision = self.final_decision(submit_id)?;
        if decision.decision_id() != reseal.decision_id {
            return None;
        }
        if decision.author() == reseal.membership {
            return self.statements.get(&submit_id)?.signer;
        }
        self.passed_on_to(&decision)
            .find_map(|(reader, cert_id)| (reader == reseal.membership).then_some(cert_id))
    }

    /// The hash of the grant by which a revision belongs to this membership under this
    /// certificate: by its final `deliver`, or by the `reseal` that gave it back.
    pub fn delivered_to(
        &self,
        submit_id: StatementId,
        membership: MembershipId,
        certificate: StatementId,
    ) -> Option<FileHash> {
        let decision = self.final_decision(submit_id)?;
        self.passed_on_to(&decision).find(|(reader, _)| *reader == membership)?;
        let mut grants = decision.grants().iter();
        match grants.find(|grant| (grant.membership, grant.cert_id) == (membership, certificate)) {
            Some(grant) => Some(grant.grant_hash),
            None => self.resealed.get(&(submit_id, certificate)).copied(),
        }
    }

    /// The hash of the grant by which the author of a revision opens their own copy under this
    /// certificate: the one they made it with, or one that a `reseal` gave it back to.
    pub fn own_copy(
        &self,
        submit_id: StatementId,
        membership: MembershipId,
        certificate: StatementId,
    ) -> Option<FileHash> {
        let submit = self.submit(submit_id).filter(|submit| submit.author == membership)?;
        if self.statements.get(&submit_id)?.signer == Some(certificate) {
            return Some(submit.self_grant_hash);
        }
        self.resealed.get(&(submit_id, certificate)).copied()
    }
}
