//! The verifying fold: statements go in one by one in log order, and what stands after them comes
//! out. Everything a ledger says has been signed by somebody entitled to say it.
//!
//! The worker folds what is logged and then the new statement; a reader's browser folds a proof
//! to the pinned root. Both see the same rules and the same [`Refusal`] for the same history.
//! A ledger may hold less than the whole log: `PROTOCOL.md`, "Folding", says what must be there.

use std::collections::{HashMap, HashSet};

use domain::id::{
    ArrangementId, FileHash, InviteId, KeyHash, LetterId, MembershipId, MessageId, PersonId, Realm,
    StaffId, StatementId, TeamId,
};
use jiff::Timestamp;

use crate::{
    envelope::Envelope,
    key::PublicKey,
    statement::{Agency, Arrangement, Body, Decision, Epoch, Statement, Submit, references},
};

mod arrangement;
mod certificate;
mod chain;
mod decision;
mod letter;
mod people;
mod proof;
mod reseal;

pub use crate::statement::Refusal;
pub use certificate::{Certificate, Holder, MemberHolder, StaffHolder};
pub use chain::NextStep;
pub use decision::FinalDecision;
pub use proof::{Proof, RefusedAt};

use certificate::Signer;
use chain::Chain;

/// What stands after the statements admitted so far.
#[derive(Clone, Debug)]
pub struct Ledger {
    realm: Realm,
    root: PublicKey,
    statements: HashMap<StatementId, Statement>,
    order: Vec<StatementId>,
    agency: Option<StatementId>,
    certificates: HashMap<StatementId, Certificate>,
    /// Certificates, first halves and invites that were revoked, and certificates replaced.
    ended: HashSet<StatementId>,
    /// First halves that a second has completed.
    completed: HashSet<StatementId>,
    invites: HashSet<InviteId>,
    used_invites: HashSet<StatementId>,
    /// Who a signing key was certified for.
    key_holders: HashMap<[u8; 32], Holder>,
    persons: HashMap<StaffId, PersonId>,
    /// The latest certificate of each membership.
    members: HashMap<MembershipId, StatementId>,
    contacts: HashMap<MembershipId, u64>,
    epochs: HashMap<TeamId, StatementId>,
    arrangements: HashMap<ArrangementId, StatementId>,
    letters: HashMap<LetterId, LetterState>,
    chains: HashMap<StatementId, Chain>,
    messages: HashSet<MessageId>,
    letter_keys: HashSet<KeyHash>,
    /// Who has answered which revision.
    receipts: HashSet<(StatementId, MembershipId)>,
    /// Which revision was given back to which certificate, by which grant.
    resealed: HashMap<(StatementId, StatementId), FileHash>,
}

/// Where a letter stands.
#[derive(Clone, Copy, Debug)]
struct LetterState {
    head: StatementId,
    withdrawn: bool,
}

impl Ledger {
    /// An empty ledger for a pinned realm; [`Refusal::WrongRealm`] if the key is not its root.
    pub fn new(realm: Realm, root: PublicKey) -> Result<Self, Refusal> {
        if root.realm() != realm {
            return Err(Refusal::WrongRealm);
        }
        Ok(Self {
            realm,
            root,
            statements: HashMap::new(),
            order: Vec::new(),
            agency: None,
            certificates: HashMap::new(),
            ended: HashSet::new(),
            completed: HashSet::new(),
            invites: HashSet::new(),
            used_invites: HashSet::new(),
            key_holders: HashMap::new(),
            persons: HashMap::new(),
            members: HashMap::new(),
            contacts: HashMap::new(),
            epochs: HashMap::new(),
            arrangements: HashMap::new(),
            letters: HashMap::new(),
            chains: HashMap::new(),
            messages: HashSet::new(),
            letter_keys: HashSet::new(),
            receipts: HashSet::new(),
            resealed: HashMap::new(),
        })
    }

    /// Verifies one statement against those admitted before, then admits it. A refused statement
    /// leaves the ledger as it was.
    ///
    /// `until_at` is the worker's clock: with it, certificates and invites past their `until`
    /// are refused. Readers pass none, for validity in time is log order.
    pub fn admit(
        &mut self,
        envelope: &Envelope,
        until_at: Option<Timestamp>,
    ) -> Result<StatementId, Refusal> {
        let signer = self.signer(envelope)?;
        let statement = envelope.verify(&signer.key(&self.root))?;
        let id = envelope.id();
        if statement.realm != self.realm {
            return Err(Refusal::WrongRealm);
        }
        if self.statements.contains_key(&id) {
            return Err(Refusal::Repeated);
        }
        if self.agency.is_none() && !matches!(statement.body, Body::Agency(_)) {
            return Err(Refusal::NoAgency);
        }
        if let Some(signer_id) = statement.signer {
            self.require_in_force(signer_id)?;
            if until_at.is_some_and(|now| signer.is_past(now)) {
                return Err(Refusal::Expired);
            }
        }
        if references(statement).iter().any(|named| !self.statements.contains_key(named)) {
            return Err(Refusal::MissingStatement);
        }
        match &statement.body {
            Body::Agency(agency) => self.admit_agency(id, &signer, agency),
            Body::Staff(staff) => self.admit_staff(id, &signer, statement, staff),
            Body::Epoch(epoch) => self.admit_epoch(id, &signer, epoch),
            Body::Invite(invite) => self.admit_invite(&signer, invite),
            Body::Enrol(enrol) => self.admit_enrol(enrol),
            Body::Member(member) => self.admit_member(id, &signer, statement, member),
            Body::Arrangement(arrangement) => {
                self.admit_arrangement(id, &signer, statement, arrangement)
            }
            Body::Submit(submit) => self.admit_submit(id, &signer, submit),
            Body::Withdraw(withdraw) => self.admit_withdraw(&signer, withdraw),
            Body::Decision(decision) => self.admit_decision(id, &signer, decision),
            Body::Message(message) => self.admit_message(id, &signer, message),
            Body::Reseal(reseal) => self.admit_reseal(&signer, statement, reseal),
            Body::Revoke(revoke) => self.admit_revoke(&signer, revoke),
            Body::Contact(contact) => self.admit_contact(&signer, contact),
            Body::Receipt(receipt) => self.admit_receipt(&signer, receipt),
        }?;
        self.statements.insert(id, statement.clone());
        self.order.push(id);
        Ok(id)
    }

    /// Who signs, as far as the hint says; nothing is verified yet.
    fn signer(&self, envelope: &Envelope) -> Result<Signer, Refusal> {
        let Some(hint) = envelope.key_hint() else {
            return Ok(Signer::Root);
        };
        if matches!(envelope.unverified().body, Body::Enrol(_)) {
            return match self.statements.get(&hint).map(|statement| &statement.body) {
                Some(Body::Invite(invite)) => Ok(Signer::Invite(Box::new(invite.clone()))),
                _ => Err(Refusal::UnknownSigner),
            };
        }
        let certificate = self.certificates.get(&hint).ok_or(Refusal::UnknownSigner)?;
        Ok(Signer::Certificate(Box::new(certificate.clone())))
    }

    fn require_in_force(&self, id: StatementId) -> Result<(), Refusal> {
        if self.ended.contains(&id) { Err(Refusal::Revoked) } else { Ok(()) }
    }

    /// The body of a statement that is there.
    fn body(&self, id: StatementId) -> Result<&Body, Refusal> {
        self.statements.get(&id).map(|found| &found.body).ok_or(Refusal::MissingStatement)
    }

    /// The agency's realm.
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// How many statements were admitted.
    pub const fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether nothing was admitted yet.
    pub const fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The ids admitted, in order.
    pub fn ids(&self) -> &[StatementId] {
        &self.order
    }

    /// A verified statement.
    pub fn statement(&self, id: StatementId) -> Option<&Statement> {
        self.statements.get(&id)
    }

    /// The agency's current keys, and the statement that names them.
    pub fn agency(&self) -> Option<(StatementId, &Agency)> {
        let id = self.agency?;
        match self.body(id) {
            Ok(Body::Agency(agency)) => Some((id, agency)),
            _ => None,
        }
    }

    /// A complete certificate, in force or not. The first half of one is none.
    pub fn certificate(&self, id: StatementId) -> Option<&Certificate> {
        self.certificates.get(&id)
    }

    /// Whether this is a complete certificate, neither revoked nor replaced.
    pub fn is_in_force(&self, id: StatementId) -> bool {
        self.certificates.contains_key(&id) && !self.ended.contains(&id)
    }

    /// The certificate in force of a membership.
    pub fn membership_certificate(&self, membership: MembershipId) -> Option<&Certificate> {
        let id = *self.members.get(&membership)?;
        self.is_in_force(id).then(|| self.certificates.get(&id)).flatten()
    }

    /// The governing version of an arrangement, and its statement.
    pub fn governing_arrangement(
        &self,
        arrangement: ArrangementId,
    ) -> Option<(StatementId, &Arrangement)> {
        let id = *self.arrangements.get(&arrangement)?;
        match self.body(id) {
            Ok(Body::Arrangement(arrangement)) => Some((id, arrangement)),
            _ => None,
        }
    }

    /// The current epoch of a team, and its statement.
    pub fn epoch(&self, team: TeamId) -> Option<(StatementId, &Epoch)> {
        let id = *self.epochs.get(&team)?;
        match self.body(id) {
            Ok(Body::Epoch(epoch)) => Some((id, epoch)),
            _ => None,
        }
    }

    /// A submitted revision.
    pub fn submit(&self, id: StatementId) -> Option<&Submit> {
        match self.body(id) {
            Ok(Body::Submit(submit)) => Some(submit),
            _ => None,
        }
    }

    /// The head revision of a letter, and its statement.
    pub fn head(&self, letter: LetterId) -> Option<(StatementId, &Submit)> {
        let id = self.letters.get(&letter)?.head;
        Some((id, self.submit(id)?))
    }

    /// Whether the writer took the letter back.
    pub fn is_withdrawn(&self, letter: LetterId) -> bool {
        self.letters.get(&letter).is_some_and(|state| state.withdrawn)
    }

    /// Every decision on a revision, in log order, closed chains included.
    pub fn decision_chain(&self, submit_id: StatementId) -> Vec<(StatementId, &Decision)> {
        let Some(chain) = self.chains.get(&submit_id) else {
            return Vec::new();
        };
        let decisions = chain.steps.iter().filter_map(|&id| match self.body(id) {
            Ok(Body::Decision(decision)) => Some((id, decision)),
            _ => None,
        });
        decisions.collect()
    }

    /// The final decision on a revision, if its chain is complete: the only way to get one.
    pub fn final_decision(&self, submit_id: StatementId) -> Option<FinalDecision> {
        let head = self.chains.get(&submit_id)?.head.as_ref().filter(|head| head.is_final)?;
        let Ok(Body::Decision(decision)) = self.body(head.id) else {
            return None;
        };
        let submit = self.submit(submit_id)?;
        Some(FinalDecision::new(submit_id, submit, head.id, decision))
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
