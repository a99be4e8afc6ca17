//! What members send: letters, letters taken back, messages, receipts.

use domain::id::{StatementId, TeamId};

use super::{Ledger, LetterState, Refusal, certificate::Signer};
use crate::statement::{About, Arrangement, Body, Message, Outcome, Receipt, Submit, Withdraw};

impl Ledger {
    pub(super) fn admit_submit(
        &mut self,
        id: StatementId,
        signer: &Signer,
        submit: &Submit,
    ) -> Result<(), Refusal> {
        let (cert_id, member) = signer.member()?;
        if member.membership != submit.author {
            return Err(Refusal::WrongAuthor);
        }
        let version = self.arrangement_version(submit.arrangement_id)?;
        if member.arrangement != submit.arrangement || version.arrangement != submit.arrangement {
            return Err(Refusal::WrongArrangement);
        }
        self.require_governing(submit.arrangement_id, version)?;
        let author = version.member(submit.author);
        let author = author.filter(|entry| entry.cert_id == Some(cert_id));
        let author = author.ok_or(Refusal::NotAMember)?;
        if !author.write {
            return Err(Refusal::NoWriteRight);
        }
        for &reader in &submit.to {
            let entry = version.member(reader).ok_or(Refusal::WrongReader)?;
            if !entry.read || entry.side == author.side {
                return Err(Refusal::WrongReader);
            }
        }
        if submit.team != version.team {
            return Err(Refusal::WrongTeam);
        }
        self.require_epoch(submit.epoch_id, Some(submit.team))?;
        self.require_revision(submit)?;
        if !self.letter_keys.insert(submit.key_hash) {
            return Err(Refusal::KeyReused);
        }
        self.letters.insert(submit.letter, LetterState { head: id, withdrawn: false });
        Ok(())
    }

    /// The revision follows the head of its letter, which was to be changed.
    fn require_revision(&self, submit: &Submit) -> Result<(), Refusal> {
        let Some(state) = self.letters.get(&submit.letter) else {
            return if submit.rev == 1 { Ok(()) } else { Err(Refusal::WrongRevision) };
        };
        let head = self.submit(state.head).ok_or(Refusal::MissingStatement)?;
        if head.author != submit.author || head.arrangement != submit.arrangement {
            return Err(Refusal::WrongAuthor);
        }
        if submit.rev != head.rev + 1 || submit.prev != Some(state.head) {
            return Err(Refusal::WrongRevision);
        }
        if state.withdrawn {
            return Err(Refusal::Withdrawn);
        }
        match self.final_decision(state.head) {
            Some(decision) if decision.outcome() == Outcome::Change => Ok(()),
            _ => Err(Refusal::RevisionNotAsked),
        }
    }

    pub(super) fn admit_withdraw(
        &mut self,
        signer: &Signer,
        withdraw: &Withdraw,
    ) -> Result<(), Refusal> {
        let (_, member) = signer.member()?;
        let Body::Submit(submit) = self.body(withdraw.submit_id)? else {
            return Err(Refusal::WrongKind);
        };
        if submit.author != member.membership {
            return Err(Refusal::WrongAuthor);
        }
        if submit.letter != withdraw.letter {
            return Err(Refusal::NotHead);
        }
        let decided = self.chains.contains_key(&withdraw.submit_id);
        let state = self.letters.get_mut(&withdraw.letter).ok_or(Refusal::NotHead)?;
        if state.head != withdraw.submit_id {
            return Err(Refusal::NotHead);
        }
        if state.withdrawn {
            return Err(Refusal::Withdrawn);
        }
        if decided {
            return Err(Refusal::AlreadyDecided);
        }
        state.withdrawn = true;
        Ok(())
    }

    pub(super) fn admit_message(
        &mut self,
        id: StatementId,
        signer: &Signer,
        message: &Message,
    ) -> Result<(), Refusal> {
        let (_, member) = signer.member()?;
        if member.arrangement != message.arrangement {
            return Err(Refusal::WrongArrangement);
        }
        let team = self.governing_arrangement(message.arrangement).map(|(_, found)| found.team);
        self.require_epoch(message.epoch_id, team)?;
        let looked_at = if message.about == About::Look {
            Some(self.require_look(message, member.membership)?)
        } else {
            self.require_subject(message)?;
            None
        };
        if self.messages.contains(&message.message) {
            return Err(Refusal::Repeated);
        }
        if !self.letter_keys.insert(message.key_hash) {
            return Err(Refusal::KeyReused);
        }
        self.messages.insert(message.message);
        if let Some(chain) = looked_at.and_then(|submit_id| self.chains.get_mut(&submit_id)) {
            chain.reopen(id);
        }
        Ok(())
    }

    /// The subject belongs to the arrangement the message is written in.
    fn require_subject(&self, message: &Message) -> Result<(), Refusal> {
        let Some(subject) = message.subject_id else {
            return Ok(());
        };
        let arrangement = match self.body(subject)? {
            Body::Submit(submit) => submit.arrangement,
            Body::Arrangement(version) => version.arrangement,
            Body::Decision(decision) => {
                self.arrangement_version(decision.arrangement_id)?.arrangement
            }
            _ => return Err(Refusal::WrongSubject),
        };
        if arrangement == message.arrangement { Ok(()) } else { Err(Refusal::WrongSubject) }
    }

    /// Another look may be asked for by the author, at the final decision on the head revision,
    /// unless it was to deliver. Returns the revision.
    fn require_look(
        &self,
        message: &Message,
        author: domain::id::MembershipId,
    ) -> Result<StatementId, Refusal> {
        let subject = message.subject_id.ok_or(Refusal::WrongSubject)?;
        let Body::Decision(decision) = self.body(subject)? else {
            return Err(Refusal::WrongSubject);
        };
        let submit = self.submit(decision.submit_id).ok_or(Refusal::WrongSubject)?;
        let is_head = self.head(submit.letter).is_some_and(|(id, _)| id == decision.submit_id);
        let reopenable = self.chains.get(&decision.submit_id).is_some_and(|chain| {
            chain.reopened_by.is_none()
                && chain.head.as_ref().is_some_and(|head| head.id == subject && head.is_final)
        });
        let may = submit.author == author
            && submit.arrangement == message.arrangement
            && decision.outcome != Outcome::Deliver;
        if may && is_head && reopenable {
            Ok(decision.submit_id)
        } else {
            Err(Refusal::WrongSubject)
        }
    }

    pub(super) fn admit_receipt(
        &mut self,
        signer: &Signer,
        receipt: &Receipt,
    ) -> Result<(), Refusal> {
        let (cert_id, member) = signer.member()?;
        let submit_id = receipt.submit_id;
        if !matches!(self.body(submit_id)?, Body::Submit(_)) {
            return Err(Refusal::WrongKind);
        }
        if self.delivered_to(submit_id, member.membership, cert_id).is_none() {
            return Err(Refusal::NotEntitled);
        }
        if !self.receipts.insert((submit_id, member.membership)) {
            return Err(Refusal::Repeated);
        }
        Ok(())
    }

    /// The epoch is its team's current one, and the team is the one expected.
    fn require_epoch(&self, epoch_id: StatementId, team: Option<TeamId>) -> Result<(), Refusal> {
        let Body::Epoch(epoch) = self.body(epoch_id)? else {
            return Err(Refusal::WrongKind);
        };
        if team.is_some_and(|team| team != epoch.team) {
            return Err(Refusal::WrongTeam);
        }
        if self.epochs.get(&epoch.team) != Some(&epoch_id) {
            return Err(Refusal::StaleEpoch);
        }
        Ok(())
    }

    /// The version is the governing one of its arrangement.
    pub(super) fn require_governing(
        &self,
        id: StatementId,
        version: &Arrangement,
    ) -> Result<(), Refusal> {
        if self.arrangements.get(&version.arrangement) == Some(&id) {
            Ok(())
        } else {
            Err(Refusal::StaleArrangement)
        }
    }
}
