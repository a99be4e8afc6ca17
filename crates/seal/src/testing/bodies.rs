//! Bodies that would be admitted as they stand now, to be changed before they are signed.

use domain::{
    id::{
        ArrangementId, LetterId, MembershipId, MessageId, PersonId, StaffId, StatementId, TeamId,
    },
    role::Role,
};
use jiff::civil::date;

use super::{Agency, NOW, Signatory};
use crate::{
    key::{HybridIdentity, X25519Identity},
    ledger::NextStep,
    random,
    statement::{
        About, Arrangement, ArrangementMember, Attachment, AttachmentKind, Channel, Contact,
        Decision, Epoch, GrantEntry, Member, Message, Outcome, Phrase, Reason, Receipt, Reseal,
        SealKey, Staff, Submit, Withdraw,
    },
};

impl Agency {
    /// The certificate of an enrolled member of staff, unsigned.
    pub fn staff_body(&mut self, enrolled: &Signatory, roles: &[Role], teams: &[TeamId]) -> Staff {
        let mut roles = roles.to_vec();
        roles.sort_by_key(|role| role.as_str());
        let mut teams = teams.to_vec();
        teams.sort();
        Staff {
            staff: self.id(StaffId::from_bytes),
            person: self.id(PersonId::from_bytes),
            enrol_id: enrolled.id,
            sign_key: enrolled.sign.public_key(),
            seal_key: SealKey::from(&enrolled.seal.recipient()),
            roles,
            teams,
            from: NOW,
            until: 0,
            prior: None,
        }
    }

    /// The next epoch of a team, unsigned, and its secret.
    pub fn epoch_body(&mut self, team: TeamId) -> (Epoch, HybridIdentity) {
        let secret = HybridIdentity::generate(&mut self.rng);
        let hash = self.hash();
        let last = self.ledger.epoch(team).map(|(id, last)| (id, last.n));
        let epoch = Epoch {
            team,
            n: last.map_or(1, |(_, n)| n + 1),
            review_key: SealKey::from(&secret.recipient()),
            archive_key: SealKey::from(&self.archive.recipient()),
            prev: last.map(|(id, _)| id),
            prev_secret_hash: last.map(|_| hash),
        };
        (epoch, secret)
    }

    /// The next version of an arrangement, unsigned, as it stands now; a new one is on paper.
    pub fn next_version(
        &mut self,
        arrangement: ArrangementId,
        team: TeamId,
        members: Vec<ArrangementMember>,
    ) -> Arrangement {
        let (plan_hash, notes_hash) = (self.hash(), self.hash());
        if let Some((id, last)) = self.ledger.governing_arrangement(arrangement) {
            return Arrangement { n: last.n + 1, prev: Some(id), prior: None, ..last.clone() };
        }
        Arrangement {
            arrangement,
            n: 1,
            prev: None,
            team,
            reviewers: 1,
            members,
            plan_hash,
            notes_hash,
            prior: None,
        }
    }

    /// The certificate of an enrolled member, unsigned.
    pub fn member_body(
        &mut self,
        enrolled: &Signatory,
        role: Role,
        (membership, arrangement): (MembershipId, ArrangementId),
    ) -> Member {
        Member {
            membership,
            arrangement,
            role,
            enrol_id: enrolled.id,
            sign_key: enrolled.sign.public_key(),
            seal_key: SealKey::from(&enrolled.seal.recipient()),
            card_hash: self.hash(),
            until: 0,
            met: false,
            replaces: None,
            prior: None,
        }
    }

    /// A first revision of a new letter by a member, unsigned, to these readers.
    ///
    /// # Panics
    ///
    /// If the author is no certified member of an arrangement whose team has an epoch.
    pub fn submit_body(&mut self, author: &Signatory, to: &[MembershipId]) -> Submit {
        let certificate = self.ledger.certificate(author.id).expect("a certificate");
        let member = *certificate.member().expect("of a member");
        let governing = self.ledger.governing_arrangement(member.arrangement);
        let (arrangement_id, team) = governing.map(|(id, v)| (id, v.team)).expect("a version");
        let (epoch_id, _) = self.ledger.epoch(team).expect("an epoch");
        let mut to = to.to_vec();
        to.sort();
        Submit {
            letter: self.id(LetterId::from_bytes),
            rev: 1,
            prev: None,
            arrangement: member.arrangement,
            arrangement_id,
            author: member.membership,
            to,
            ct_hash: self.hash(),
            ct_len: 16_584,
            key_hash: X25519Identity::generate(&mut self.rng).recipient().key_hash(),
            team,
            epoch_id,
            grant_hash: self.hash(),
            archive_grant_hash: self.hash(),
            self_grant_hash: self.hash(),
            day: date(2026, 11, 21),
        }
    }

    /// The next revision of a letter, unsigned.
    ///
    /// # Panics
    ///
    /// If there is no such letter.
    pub fn revise_body(&mut self, author: &Signatory, letter: LetterId) -> Submit {
        let (prev, head) = self.ledger.head(letter).expect("a letter");
        let (rev, to) = (head.rev + 1, head.to.clone());
        let fresh = self.submit_body(author, &to);
        Submit { letter, rev, prev: Some(prev), ..fresh }
    }

    /// Takes back a revision, unsigned.
    ///
    /// # Panics
    ///
    /// If there is no such revision.
    pub fn withdraw_body(&self, submit_id: StatementId) -> Withdraw {
        let submit = self.ledger.submit(submit_id).expect("a revision");
        Withdraw { letter: submit.letter, submit_id }
    }

    /// The next decision on a revision, unsigned, with the grants it must have.
    ///
    /// # Panics
    ///
    /// If there is no such revision.
    pub fn decision_body(&mut self, submit_id: StatementId, outcome: Outcome) -> Decision {
        let submit = self.ledger.submit(submit_id).expect("a revision");
        let arrangement = submit.arrangement;
        let (next, online) = self.ledger.next_step(submit_id, outcome).unwrap_or_else(|_| {
            // A decision to be refused: it says step 1.
            (NextStep { step: 1, prior: None, is_final: false }, Vec::new())
        });
        let (arrangement_id, _) =
            self.ledger.governing_arrangement(arrangement).expect("a version");
        let grants = online
            .into_iter()
            .map(|(membership, cert_id)| GrantEntry {
                membership,
                cert_id,
                grant_hash: self.hash(),
            })
            .collect();
        Decision {
            submit_id,
            arrangement_id,
            outcome,
            step: next.step,
            prior: next.prior,
            grants,
            attached: Vec::new(),
            log_size: self.statements.len() as u64,
            log_root: random::bytes(&mut self.rng),
            time: NOW,
        }
    }

    /// A small sealed letter by staff for somebody, or for the team if for nobody.
    pub fn attachment(
        &mut self,
        kind: AttachmentKind,
        reader: Option<(MembershipId, StatementId)>,
    ) -> Attachment {
        let grant_hash = reader.map(|_| self.hash());
        Attachment {
            kind,
            membership: reader.map(|(membership, _)| membership),
            cert_id: reader.map(|(_, cert_id)| cert_id),
            ct_hash: self.hash(),
            ct_len: 16_584,
            key_hash: X25519Identity::generate(&mut self.rng).recipient().key_hash(),
            grant_hash,
            review_grant_hash: self.hash(),
            archive_grant_hash: self.hash(),
        }
    }

    /// A member's message, unsigned.
    ///
    /// # Panics
    ///
    /// If the author is no certified member of an arrangement whose team has an epoch.
    pub fn message_body(
        &mut self,
        author: &Signatory,
        about: About,
        subject_id: Option<StatementId>,
    ) -> Message {
        let certificate = self.ledger.certificate(author.id).expect("a certificate");
        let member = *certificate.member().expect("of a member");
        let governing = self.ledger.governing_arrangement(member.arrangement);
        let team = governing.map(|(_, version)| version.team).expect("a version");
        let (epoch_id, _) = self.ledger.epoch(team).expect("an epoch");
        Message {
            message: self.id(MessageId::from_bytes),
            arrangement: member.arrangement,
            about,
            subject_id,
            ct_hash: self.hash(),
            ct_len: 16_584,
            key_hash: X25519Identity::generate(&mut self.rng).recipient().key_hash(),
            epoch_id,
            grant_hash: self.hash(),
            archive_grant_hash: self.hash(),
            day: date(2026, 11, 21),
        }
    }

    /// A reader's answer to a revision, unsigned.
    pub fn receipt_body(&self, submit_id: StatementId, phrase: Phrase) -> Receipt {
        Receipt { submit_id, phrase }
    }

    /// The first half of giving a revision back to a member's certificate, unsigned.
    ///
    /// # Panics
    ///
    /// If the revision is not finally decided, or the certificate is no member's.
    pub fn reseal_body(&self, submit_id: StatementId, cert_id: StatementId) -> Reseal {
        let decision = self.ledger.final_decision(submit_id).expect("a final decision");
        let member = self.ledger.certificate(cert_id).and_then(|found| found.member().copied());
        Reseal {
            decision_id: decision.decision_id(),
            membership: member.expect("a member's certificate").membership,
            cert_id,
            grant_hash: None,
            reason: Reason::Lost,
            prior: None,
        }
    }

    /// A contact point, unsigned.
    pub fn contact_body(&mut self, membership: MembershipId, n: u64) -> Contact {
        Contact { membership, n, sealed_hash: self.hash(), channel: Channel::Email }
    }
}
