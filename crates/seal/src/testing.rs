//! A small agency in memory, for tests here and in other crates: valid histories are one call
//! away, and every body can be changed before it is signed. Behind the feature `testing`.
//!
//! Everything is deterministic: the same calls give the same keys, ids and bytes.

use domain::{
    id::{
        ArrangementId, FileHash, InviteId, LetterId, MembershipId, MessageId, PersonId, Realm,
        StaffId, StatementId, TeamId,
    },
    role::Role,
};
use jiff::civil::date;

use crate::{
    envelope::Envelope,
    key::{HybridIdentity, SigningKey, X25519Identity},
    ledger::{Ledger, Proof, Refusal},
    random,
    statement::{
        About, Agency as AgencyBody, Arrangement, ArrangementMember, Attachment, AttachmentKind,
        Body, Channel, Contact, Decision, Enrol, Epoch, GrantEntry, Invite, Member, Message,
        NotifierKey, Outcome, SealKey, Staff, Statement, Submit, Withdraw,
    },
};

mod letterbox;
mod seeded;

pub use letterbox::{Letterbox, on_paper};
pub use seeded::Seeded;

/// 2026-11-21T09:00:00Z, in seconds.
pub const NOW: u64 = 1_795_251_600;

/// An agency with its offline keys, the statements it has logged and what stands after them.
#[derive(Clone, Debug)]
pub struct Agency {
    /// The offline root.
    pub root: SigningKey,
    /// Its realm.
    pub realm: Realm,
    /// Signs checkpoints.
    pub log_key: SigningKey,
    /// Opens contact points.
    pub notifier: X25519Identity,
    /// Opens everything.
    pub archive: HybridIdentity,
    /// Everything logged, in order.
    pub statements: Vec<Envelope>,
    /// What stands after it.
    pub ledger: Ledger,
    /// Where keys, ids and hashes come from.
    pub rng: Seeded,
}

/// Somebody with a certificate, and their secret keys.
#[derive(Clone, Debug)]
pub struct Signatory {
    /// The certificate, or for somebody just enrolled the `enrol` statement.
    pub id: StatementId,
    /// Signs.
    pub sign: SigningKey,
    /// Opens what is sealed to them.
    pub seal: HybridIdentity,
}

impl Agency {
    /// A new agency; its first statement is logged. Another seed makes another agency.
    pub fn new(seed: u64) -> Self {
        let mut rng = Seeded::new(seed);
        let root = SigningKey::generate(&mut rng);
        let realm = root.public_key().realm();
        let log_key = SigningKey::generate(&mut rng);
        let notifier = X25519Identity::generate(&mut rng);
        let archive = HybridIdentity::generate(&mut rng);
        let ledger = Ledger::new(realm, root.public_key()).expect("its own root");
        let mut agency =
            Self { root, realm, log_key, notifier, archive, statements: Vec::new(), ledger, rng };
        let body = AgencyBody {
            n: 1,
            prev: None,
            log_key: agency.log_key.public_key(),
            notifier_key: NotifierKey::from(&agency.notifier.recipient()),
            archive_key: SealKey::from(&agency.archive.recipient()),
            from: NOW,
        };
        let envelope = agency.sign_root(body);
        agency.log(envelope);
        agency
    }

    /// Fresh ids, of any type with 16 bytes.
    pub fn id<T>(&mut self, make: impl FnOnce([u8; 16]) -> T) -> T {
        make(random::bytes(&mut self.rng))
    }

    /// A fresh hash, standing for a file that nobody opens.
    pub fn hash(&mut self) -> FileHash {
        FileHash::from_bytes(random::bytes(&mut self.rng))
    }

    /// Signs with the root.
    pub fn sign_root(&self, body: impl Into<Body>) -> Envelope {
        Envelope::sign(Statement::new(self.realm, None, body), &self.root)
    }

    /// Signs with somebody's certificate.
    pub fn sign(&self, by: &Signatory, body: impl Into<Body>) -> Envelope {
        Envelope::sign(Statement::new(self.realm, Some(by.id), body), &by.sign)
    }

    /// Logs a statement that must be admitted.
    ///
    /// # Panics
    ///
    /// If the ledger refuses it.
    pub fn log(&mut self, envelope: Envelope) -> StatementId {
        let id = match self.ledger.admit(&envelope, None) {
            Ok(id) => id,
            Err(refusal) => panic!("{} refused: {refusal}", envelope.kind()),
        };
        self.statements.push(envelope);
        id
    }

    /// Signs with somebody's certificate and logs.
    pub fn say(&mut self, by: &Signatory, body: impl Into<Body>) -> StatementId {
        let envelope = self.sign(by, body);
        self.log(envelope)
    }

    /// Why the ledger refuses a statement now.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub fn refusal(&self, envelope: &Envelope) -> Refusal {
        self.ledger.clone().admit(envelope, None).expect_err("a statement to be refused")
    }

    /// Everything logged, as a proof.
    pub fn proof(&self) -> Proof {
        Proof { root: self.root.public_key(), statements: self.statements.clone() }
    }

    /// Keys for somebody, without a certificate yet; the id is a placeholder.
    pub fn keys(&mut self) -> Signatory {
        Signatory {
            id: StatementId::from_bytes([0; 32]),
            sign: SigningKey::generate(&mut self.rng),
            seal: HybridIdentity::generate(&mut self.rng),
        }
    }

    /// Invites somebody (root if `by` is none) and logs their enrolment: their new keys, with the
    /// `enrol` statement's id.
    pub fn enrol(
        &mut self,
        by: Option<&Signatory>,
        role: Role,
        place: Option<(MembershipId, ArrangementId)>,
    ) -> Signatory {
        let invite_key = SigningKey::generate(&mut self.rng);
        let card_hash = place.map(|_| self.hash());
        let invite = Invite {
            invite: self.id(InviteId::from_bytes),
            membership: place.map(|(membership, _)| membership),
            arrangement: place.map(|(_, arrangement)| arrangement),
            role,
            card_hash,
            invite_key: invite_key.public_key(),
            root_tag: random::bytes(&mut self.rng),
            until: NOW + 14 * 86_400,
        };
        let envelope = match by {
            Some(by) => self.sign(by, invite),
            None => self.sign_root(invite),
        };
        let invite_id = self.log(envelope);
        let mut new = self.keys();
        let enrol = Enrol {
            invite_id,
            sign_key: new.sign.public_key(),
            seal_key: SealKey::from(&new.seal.recipient()),
        };
        let statement = Statement::new(self.realm, Some(invite_id), enrol);
        new.id = self.log(Envelope::sign_enrol(statement, &invite_key, &new.sign));
        new
    }

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

    /// A lead or administrator, certified by root.
    pub fn root_staff(&mut self, roles: &[Role], teams: &[TeamId]) -> Signatory {
        let enrolled = self.enrol(None, roles[0], None);
        let body = self.staff_body(&enrolled, roles, teams);
        let envelope = self.sign_root(body);
        Signatory { id: self.log(envelope), ..enrolled }
    }

    /// A member of staff certified by a lead and then a second person.
    pub fn staff(
        &mut self,
        by: (&Signatory, &Signatory),
        roles: &[Role],
        teams: &[TeamId],
    ) -> Signatory {
        let enrolled = self.enrol(Some(by.0), roles[0], None);
        let first = self.staff_body(&enrolled, roles, teams);
        let prior = Some(self.say(by.0, first.clone()));
        Signatory { id: self.say(by.1, Staff { prior, ..first }), ..enrolled }
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
            replaces: None,
            prior: None,
        }
    }

    /// Brings somebody of an arrangement online: invitation, enrolment, certificate and the next
    /// version of the arrangement, all by one checker of its team.
    ///
    /// # Panics
    ///
    /// If the arrangement or the membership in it does not exist.
    pub fn join(
        &mut self,
        by: &Signatory,
        role: Role,
        place: (MembershipId, ArrangementId),
    ) -> Signatory {
        let enrolled = self.enrol(Some(by), role, Some(place));
        let body = self.member_body(&enrolled, role, place);
        let id = self.say(by, body);
        let (_, governing) = self.ledger.governing_arrangement(place.1).expect("an arrangement");
        let team = governing.team;
        let mut version = self.next_version(place.1, team, Vec::new());
        let entry = version.members.iter_mut().find(|entry| entry.membership == place.0);
        entry.expect("a membership of it").cert_id = Some(id);
        self.say(by, version);
        Signatory { id, ..enrolled }
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
            (crate::ledger::NextStep { step: 1, prior: None, is_final: false }, Vec::new())
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

    /// A contact point, unsigned.
    pub fn contact_body(&mut self, membership: MembershipId, n: u64) -> Contact {
        Contact { membership, n, sealed_hash: self.hash(), channel: Channel::Email }
    }
}
