//! Decisions: distinct persons of the team that a revision is sealed to, step by step, on the head.

use std::collections::HashSet;

use domain::id::{ArrangementId, LetterId, MembershipId, StatementId};

use super::{
    Ledger, NextStep, Refusal,
    certificate::{CHECKERS, Signer},
    chain::{Chain, Head},
};
use crate::statement::{
    Arrangement, Attachment, AttachmentKind, Body, Decision, GrantEntry, Outcome, Submit,
};

/// Proof that a revision was finally decided on by everybody who must agree. Only a [`Ledger`]
/// makes one; a release takes it and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalDecision {
    submit_id: StatementId,
    letter: LetterId,
    arrangement: ArrangementId,
    author: MembershipId,
    decision_id: StatementId,
    decision: Decision,
}

impl FinalDecision {
    pub(super) fn new(
        submit_id: StatementId,
        submit: &Submit,
        decision_id: StatementId,
        decision: &Decision,
    ) -> Self {
        Self {
            submit_id,
            letter: submit.letter,
            arrangement: submit.arrangement,
            author: submit.author,
            decision_id,
            decision: decision.clone(),
        }
    }

    /// The revision decided on.
    pub const fn submit_id(&self) -> StatementId {
        self.submit_id
    }

    /// Its letter.
    pub const fn letter(&self) -> LetterId {
        self.letter
    }

    /// The arrangement it was written in.
    pub const fn arrangement(&self) -> ArrangementId {
        self.arrangement
    }

    /// Who wrote it.
    pub const fn author(&self) -> MembershipId {
        self.author
    }

    /// The last step of the chain.
    pub const fn decision_id(&self) -> StatementId {
        self.decision_id
    }

    /// The version of the arrangement that governed it.
    pub const fn arrangement_id(&self) -> StatementId {
        self.decision.arrangement_id
    }

    /// What was decided.
    pub const fn outcome(&self) -> Outcome {
        self.decision.outcome
    }

    /// Who is given the letter key: every online addressee if delivered, otherwise nobody.
    pub fn grants(&self) -> &[GrantEntry] {
        &self.decision.grants
    }

    /// The small sealed letters of the last step.
    pub fn attached(&self) -> &[Attachment] {
        &self.decision.attached
    }
}

impl Ledger {
    pub(super) fn admit_decision(
        &mut self,
        id: StatementId,
        signer: &Signer,
        decision: &Decision,
    ) -> Result<(), Refusal> {
        signer.staff_who(CHECKERS)?;
        let Body::Submit(submit) = self.body(decision.submit_id)? else {
            return Err(Refusal::WrongKind);
        };
        let version = self.arrangement_version(decision.arrangement_id)?;
        if version.arrangement != submit.arrangement {
            return Err(Refusal::WrongArrangement);
        }
        self.require_governing(decision.arrangement_id, version)?;
        // After a move too: nobody else has the key that opens it.
        let person = signer.staff_of(CHECKERS, submit.team)?.person;
        let state = self.letters.get(&submit.letter).ok_or(Refusal::NotHead)?;
        if state.head != decision.submit_id {
            return Err(Refusal::NotHead);
        }
        if state.withdrawn {
            return Err(Refusal::Withdrawn);
        }
        let none = Chain::default();
        let chain = self.chains.get(&decision.submit_id).unwrap_or(&none);
        let next = chain.next(decision.outcome, version.reviewers)?;
        if decision.step != next.step || decision.prior != next.prior {
            return Err(Refusal::WrongStep);
        }
        if !chain.admits(person, decision.outcome) {
            return Err(Refusal::SamePerson);
        }
        let delivers = decision.outcome == Outcome::Deliver;
        if delivers && !version.member(submit.author).is_some_and(|author| author.write) {
            return Err(Refusal::NoWriteRight);
        }
        let online =
            if delivers && next.is_final { self.online(submit, version) } else { Vec::new() };
        let granted = decision.grants.iter().map(|grant| (grant.membership, grant.cert_id));
        if !granted.eq(online.iter().copied()) {
            return Err(Refusal::WrongGrants);
        }
        self.require_attachments(decision, submit, version)?;
        let keys: Vec<_> = decision.attached.iter().map(|attached| attached.key_hash).collect();
        let distinct: HashSet<_> = keys.iter().collect();
        if distinct.len() != keys.len() || keys.iter().any(|key| self.letter_keys.contains(key)) {
            return Err(Refusal::KeyReused);
        }
        let head = Head { id, outcome: decision.outcome, step: next.step, is_final: next.is_final };
        self.letter_keys.extend(keys);
        self.chains.entry(decision.submit_id).or_default().push(head, person);
        Ok(())
    }

    /// The addressees of a revision who read on another side in this version and have keys, or had
    /// them until they ended: each with the certificate it names. In the order of memberships.
    pub(super) fn addressed(
        submit: &Submit,
        version: &Arrangement,
    ) -> impl Iterator<Item = (MembershipId, StatementId)> {
        let author_side = version.member(submit.author).map(|author| author.side);
        let entries = submit.to.iter().filter_map(|&reader| version.member(reader));
        let readers = entries.filter(move |entry| entry.read && Some(entry.side) != author_side);
        readers.filter_map(|entry| Some((entry.membership, entry.cert_id?)))
    }

    /// Those of them who get a grant: their certificate is in force.
    fn online(&self, submit: &Submit, version: &Arrangement) -> Vec<(MembershipId, StatementId)> {
        Self::addressed(submit, version).filter(|&(_, it)| self.is_in_force(it)).collect()
    }

    /// Whom a decision passes a letter on to: its addressees who may read by the version it was made
    /// under and still may today. One whose keys have ended reads it once it is given back to them.
    pub fn recipients(&self, decision: &FinalDecision) -> Vec<MembershipId> {
        let governing = self.governing_arrangement(decision.arrangement());
        self.passed_on_to(decision)
            .map(|(membership, _)| membership)
            .filter(|&it| {
                governing.and_then(|(_, now)| now.member(it)).is_some_and(|entry| entry.read)
            })
            .collect()
    }

    /// Whom a final decision names, with the certificate that each had.
    pub(super) fn passed_on_to(
        &self,
        decision: &FinalDecision,
    ) -> impl Iterator<Item = (MembershipId, StatementId)> {
        let submit = self.submit(decision.submit_id());
        let version = self.arrangement_version(decision.arrangement_id()).ok();
        let delivers = decision.outcome() == Outcome::Deliver;
        let both = submit.zip(version).filter(|_| delivers);
        both.into_iter().flat_map(|(submit, version)| Self::addressed(submit, version))
    }

    /// A comment is for the author, a note for somebody granted the letter by this very step.
    fn require_attachments(
        &self,
        decision: &Decision,
        submit: &Submit,
        version: &Arrangement,
    ) -> Result<(), Refusal> {
        for attached in &decision.attached {
            let reader = attached.membership.zip(attached.cert_id);
            let fits = match attached.kind {
                AttachmentKind::Team => true,
                AttachmentKind::Comment => {
                    let author = version.member(submit.author);
                    let author = author.and_then(|entry| Some((entry.membership, entry.cert_id?)));
                    author.is_some_and(|(_, cert_id)| self.is_in_force(cert_id)) && reader == author
                }
                AttachmentKind::Note => {
                    let mut granted = decision.grants.iter();
                    granted.any(|grant| reader == Some((grant.membership, grant.cert_id)))
                }
            };
            if !fits {
                return Err(Refusal::WrongAttachment);
            }
        }
        Ok(())
    }

    /// What the next decision on a revision must say about its place, and whom it must grant the
    /// letter key: what a checker's client needs before it signs.
    pub fn next_step(
        &self,
        submit_id: StatementId,
        outcome: Outcome,
    ) -> Result<(NextStep, Vec<(MembershipId, StatementId)>), Refusal> {
        let submit = self.submit(submit_id).ok_or(Refusal::MissingStatement)?;
        let governing = self.governing_arrangement(submit.arrangement);
        let (_, version) = governing.ok_or(Refusal::WrongArrangement)?;
        let none = Chain::default();
        let chain = self.chains.get(&submit_id).unwrap_or(&none);
        let next = chain.next(outcome, version.reviewers)?;
        let delivers = outcome == Outcome::Deliver && next.is_final;
        Ok((next, if delivers { self.online(submit, version) } else { Vec::new() }))
    }
}
