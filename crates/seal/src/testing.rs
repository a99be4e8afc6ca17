//! A small agency in memory, for tests here and in other crates: valid histories are one call
//! away, and every body can be changed before it is signed. Behind the feature `testing`.
//!
//! Everything is deterministic: the same calls give the same keys, ids and bytes.

use domain::{
    id::{ArrangementId, FileHash, InviteId, MembershipId, Realm, StatementId, TeamId},
    role::Role,
};

use crate::{
    checkpoint::Checkpoint,
    envelope::Envelope,
    key::{HybridIdentity, SigningKey, X25519Identity},
    ledger::{Ledger, Proof, Refusal},
    logged::{Logged, Place},
    random,
    statement::{
        Agency as AgencyBody, Body, Enrol, Invite, Kind, Member, NotifierKey, SealKey, Staff,
        Statement,
    },
    tree::{self, Tree},
};

mod bodies;
pub mod hostile;
mod letterbox;
mod seeded;

pub use letterbox::{Letterbox, on_paper};
pub use seeded::Seeded;

/// 2026-11-21T09:00:00Z, in seconds.
pub const NOW: u64 = 1_795_251_600;

/// The salt of a leaf.
pub fn salt(index: u64) -> [u8; 16] {
    u128::from(index).to_be_bytes()
}

/// An agency with its offline keys, the statements it has logged and what stands after them.
#[derive(Clone, Debug)]
pub struct Agency {
    /// The offline root.
    pub root: SigningKey,
    /// Its realm.
    pub realm: Realm,
    /// Signs checkpoints.
    pub log_key: SigningKey,
    /// Signed checkpoints before, the oldest first.
    pub earlier_log_keys: Vec<SigningKey>,
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
        let (earlier_log_keys, statements) = (Vec::new(), Vec::new());
        let mut agency = Self {
            root,
            realm,
            log_key,
            earlier_log_keys,
            notifier,
            archive,
            statements,
            ledger,
            rng,
        };
        let envelope = agency.sign_root(agency.agency_body());
        agency.log(envelope);
        agency
    }

    /// The agency's next statement, which names its keys as they are.
    pub fn agency_body(&self) -> AgencyBody {
        let last = self.ledger.agency();
        AgencyBody {
            n: last.map_or(0, |(_, last)| last.n) + 1,
            prev: last.map(|(id, _)| id),
            log_key: self.log_key.public_key(),
            notifier_key: NotifierKey::from(&self.notifier.recipient()),
            archive_key: SealKey::from(&self.archive.recipient()),
            from: NOW,
        }
    }

    /// Gives the log a new key: the root names it, and it signs from that entry on.
    pub fn replace_log_key(&mut self) -> StatementId {
        let key = SigningKey::generate(&mut self.rng);
        self.earlier_log_keys.push(std::mem::replace(&mut self.log_key, key));
        let envelope = self.sign_root(self.agency_body());
        self.log(envelope)
    }

    /// The key that signs the checkpoint of a size.
    pub fn log_key_at(&self, size: u64) -> &SigningKey {
        let of_agency = self.statements.iter().take(usize::try_from(size).unwrap_or(usize::MAX));
        let named = of_agency.filter(|it| it.kind() == Kind::Agency).count();
        self.earlier_log_keys.get(named.saturating_sub(1)).unwrap_or(&self.log_key)
    }

    /// The checkpoint of a size, signed.
    ///
    /// # Panics
    ///
    /// If the log was never that long.
    pub fn note(&self, size: u64) -> String {
        let root = self.tree().root_of(size).expect("a size of the log");
        Checkpoint { size, root }.sign(self.realm, self.log_key_at(size))
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
        self.proof_of(self.statements.clone(), 0)
    }

    /// Some statements, held in the log of all, for somebody who has seen it at a size. What is
    /// not in the log waits.
    ///
    /// # Panics
    ///
    /// Never: the log is whole.
    pub fn proof_of(&self, statements: Vec<Envelope>, seen: u64) -> Proof {
        let tree = self.tree();
        let place = |envelope: &Envelope| {
            let index = self.statements.iter().position(|logged| logged == envelope)? as u64;
            Some(Place { index, salt: salt(index) })
        };
        let places = statements.iter().map(place).collect();
        let note = self.note(tree.size());
        let log = Logged::new(note, tree.size(), places, seen, |id| tree.node(id));
        Proof { root: self.root.public_key(), statements, log: Some(log.expect("a whole log")) }
    }

    /// The log's tree.
    pub fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        for (index, statement) in (0..).zip(&self.statements) {
            tree.push(tree::leaf(&salt(index), statement.id()));
        }
        tree
    }

    /// The log's newest checkpoint.
    pub fn checkpoint(&self) -> Checkpoint {
        let tree = self.tree();
        Checkpoint { size: tree.size(), root: tree.root() }
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
        self.list_certificate(by, place, id);
        Signatory { id, ..enrolled }
    }

    /// Certifies a member of an arrangement anew after everything was lost: invitation, enrolment,
    /// the certificate by two checkers of its team and the next version of the arrangement.
    ///
    /// # Panics
    ///
    /// If the membership was never certified.
    pub fn replace(
        &mut self,
        by: (&Signatory, &Signatory),
        role: Role,
        place: (MembershipId, ArrangementId),
    ) -> Signatory {
        let governing = self.ledger.governing_arrangement(place.1);
        // The last one, though it may have ended.
        let replaces = governing.and_then(|(_, version)| version.member(place.0)?.cert_id);
        assert!(replaces.is_some(), "a certificate to replace");
        let enrolled = self.enrol(Some(by.0), role, Some(place));
        let first = Member { replaces, ..self.member_body(&enrolled, role, place) };
        let prior = Some(self.say(by.0, first.clone()));
        let id = self.say(by.1, Member { prior, ..first });
        self.list_certificate(by.0, place, id);
        Signatory { id, ..enrolled }
    }

    /// The next version of an arrangement, which names this certificate for a membership.
    fn list_certificate(
        &mut self,
        by: &Signatory,
        (membership, arrangement): (MembershipId, ArrangementId),
        certificate: StatementId,
    ) {
        let (_, governing) =
            self.ledger.governing_arrangement(arrangement).expect("an arrangement");
        let team = governing.team;
        let mut version = self.next_version(arrangement, team, Vec::new());
        let entry = version.members.iter_mut().find(|entry| entry.membership == membership);
        entry.expect("a membership of it").cert_id = Some(certificate);
        self.say(by, version);
    }
}
