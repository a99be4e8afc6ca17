use domain::id::{ArrangementId, LetterId};

use super::*;
use crate::{
    bundle::LogPin,
    key::X25519Identity,
    letter::SealedLetter,
    statement::{About, Decision, GrantEntry, Message, Reseal, Revoke, Role},
    testing::{Letterbox, Signatory},
};

/// A letter with everything real: sealed, granted, submitted.
struct Letter {
    of: Letterbox,
    sealed: SealedLetter,
    submit_id: StatementId,
    review_grant: Vec<u8>,
    own_grant: Vec<u8>,
}

/// Nothing of the log was seen before.
static UNSEEN: Pins =
    Pins { agency: None, arrangements: Vec::new(), log: LogPin { size: 0, root: String::new() } };

fn text(text: &str) -> Vec<Part> {
    vec![Part::text(text)]
}

fn grant(
    of: &mut Letterbox,
    letter: (LetterId, u64),
    grantee: Grantee,
    to: &HybridIdentity,
    key: &X25519Identity,
) -> Vec<u8> {
    let grant = Grant { realm: of.realm, letter: letter.0, rev: letter.1, grantee };
    grant.seal(key, &to.recipient(), &mut of.agency.rng)
}

fn letter() -> Letter {
    let mut of = Letterbox::new(1);
    let (mother, epoch) = (of.mother.clone(), of.epoch.clone());
    let adopter = of.adopter_membership;
    let body = of.submit_body(&mother, &[adopter]);
    let context = letter_context(of.realm, &body);
    let sealed = letter::seal(&context, &text("Dear all, …"), &mut of.agency.rng).expect("sealed");
    let (id, key) = ((body.letter, body.rev), &sealed.key);
    let review_grant = grant(&mut of, id, Grantee::Epoch(body.epoch_id), &epoch, key);
    let own_grant = grant(&mut of, id, Grantee::Member(body.author), &mother.seal, key);
    let body = Submit {
        ct_hash: sealed.hash(),
        ct_len: sealed.file.len() as u64,
        key_hash: sealed.key_hash(),
        grant_hash: file::hash(&review_grant),
        self_grant_hash: file::hash(&own_grant),
        ..body
    };
    let submit_id = of.say(&mother, body);
    Letter { of, sealed, submit_id, review_grant, own_grant }
}

impl Letter {
    /// Delivered with this grant to the adopter; the proof that comes of it.
    fn delivered(&mut self, grant: &[u8]) -> Proof {
        let coordinator = self.of.coordinator.clone();
        let body = self.of.decision_body(self.submit_id, Outcome::Deliver);
        let grants = body
            .grants
            .iter()
            .map(|entry| GrantEntry { grant_hash: file::hash(grant), ..*entry })
            .collect();
        self.of.say(&coordinator, Decision { grants, ..body });
        self.of.proof()
    }

    fn grant_to_adopter(&mut self) -> Vec<u8> {
        let submit = self.of.ledger.submit(self.submit_id).expect("it").clone();
        let (adopter, key) = (self.of.adopter.seal.clone(), self.sealed.key.clone());
        let grantee = Grantee::Member(self.of.adopter_membership);
        grant(&mut self.of, (submit.letter, submit.rev), grantee, &adopter, &key)
    }

    fn open(&self, proof: &Proof, ciphertext: &[u8], grant: &[u8]) -> Result<Opened, CheckFailed> {
        let reader = reader(&self.of, self.of.adopter_membership, &self.of.adopter);
        open_delivered(reader, proof, self.submit_id, Sealed { ciphertext, grant })
    }
}

fn reader<'a>(of: &Letterbox, membership: MembershipId, by: &'a Signatory) -> Reader<'a> {
    let identity = &by.seal;
    Reader { realm: of.realm, membership, certificate: by.id, identity, seen: &UNSEEN }
}

fn failed(result: Result<Opened, CheckFailed>) -> Check {
    result.map(|_| ()).expect_err("a check to fail").check
}

#[test]
fn a_delivered_letter_opens_for_its_reader() {
    let mut letter = letter();
    let grant = letter.grant_to_adopter();
    let proof = letter.delivered(&grant);
    let opened = letter.open(&proof, &letter.sealed.file, &grant).expect("opens");
    assert_eq!(opened.parts, text("Dear all, …"));
}

#[test]
fn its_writer_and_its_checker_open_it_before() {
    let letter = letter();
    let (of, proof) = (&letter.of, letter.of.proof());
    let sealed = Sealed { ciphertext: &letter.sealed.file, grant: &letter.own_grant };
    let writer = reader(of, of.mother_membership, &of.mother);
    assert!(open_own(writer, &proof, letter.submit_id, sealed).is_ok());
    let sealed = Sealed { grant: &letter.review_grant, ..sealed };
    let opened = open_for_check(of.realm, &of.epoch, &proof, letter.submit_id, sealed);
    assert!(opened.is_ok());
    // Nobody is a writer by saying so, and nobody reads before the decision.
    let adopter = reader(of, of.adopter_membership, &of.adopter);
    assert_eq!(failed(open_own(adopter, &proof, letter.submit_id, sealed)), Check::Submit);
    assert_eq!(failed(open_delivered(adopter, &proof, letter.submit_id, sealed)), Check::Decision);
}

#[test]
fn each_check_fails_by_its_number() {
    let mut this = letter();
    let good = this.grant_to_adopter();
    let proof = this.delivered(&good);
    let file = this.sealed.file.clone();

    let mut short = proof.clone();
    short.statements.remove(3);
    assert_eq!(failed(this.open(&short, &file, &good)), Check::Certificates);
    let decision = this.of.statements.pop().expect("the decision");
    assert_eq!(failed(this.open(&this.of.proof(), &file, &good)), Check::Decision);
    this.of.statements.push(decision);
    let mut forged = proof.clone();
    let last = forged.statements.pop().expect("the decision");
    let by_mother = {
        let body = last.unverified().body.clone();
        this.of.sign(&this.of.mother, body)
    };
    forged.statements.push(by_mother);
    assert_eq!(failed(this.open(&forged, &file, &good)), Check::Decision);

    let mut other = file.clone();
    other[20_000 % file.len()] ^= 1;
    assert_eq!(failed(this.open(&proof, &other, &good)), Check::File);
    let again = this.grant_to_adopter();
    assert_eq!(failed(this.open(&proof, &file, &again)), Check::Grant);
    // A grant to the writer, listed for the reader: as it is, and sealed to the reader's own key.
    let mut this = letter();
    let own = this.own_grant.clone();
    let proof = this.delivered(&own);
    assert_eq!(failed(this.open(&proof, &this.sealed.file, &own)), Check::GrantLines);
    let mut this = letter();
    let (adopter, mother) = (this.of.adopter.clone(), this.of.mother_membership);
    let own = this.grant_to(&adopter, mother);
    let proof = this.delivered(&own);
    assert_eq!(failed(this.open(&proof, &this.sealed.file, &own)), Check::GrantLines);
    // A grant that holds another key.
    let mut this = letter();
    this.sealed.key = X25519Identity::generate(&mut this.of.agency.rng);
    let wrong = this.grant_to_adopter();
    let proof = this.delivered(&wrong);
    assert_eq!(failed(this.open(&proof, &this.sealed.file, &wrong)), Check::Key);
}

#[test]
fn a_sealed_letter_of_another_arrangement_does_not_open_as_ones_own() {
    // Whoever was given a letter elsewhere has it and its key, and signs both in here. What is
    // shown of one arrangement does not name the other's keys: only the letter itself tells.
    for elsewhere in [true, false] {
        let mut this = letter();
        let (mother, epoch) = (this.of.mother.clone(), this.of.epoch.clone());
        let adopter = this.of.adopter_membership;
        let body = this.of.submit_body(&mother, &[adopter]);
        let mut context = letter_context(this.of.realm, &body);
        if elsewhere {
            context.arrangement = ArrangementId::from_bytes([9; 16]);
        }
        let sealed = letter::seal(&context, &text("Dear Ann, …"), &mut this.of.agency.rng);
        this.sealed = sealed.expect("sealed");
        let id = (body.letter, body.rev);
        let grantee = Grantee::Epoch(body.epoch_id);
        let review = grant(&mut this.of, id, grantee, &epoch, &this.sealed.key);
        let body = Submit {
            ct_hash: this.sealed.hash(),
            ct_len: this.sealed.file.len() as u64,
            key_hash: this.sealed.key_hash(),
            grant_hash: file::hash(&review),
            ..body
        };
        this.submit_id = this.of.say(&mother, body);
        let for_check = Sealed { ciphertext: &this.sealed.file, grant: &review };
        let (realm, epoch) = (this.of.realm, &this.of.epoch);
        let checked = open_for_check(realm, epoch, &this.of.proof(), this.submit_id, for_check);
        let grant = this.grant_to_adopter();
        let proof = this.delivered(&grant);
        let read = this.open(&proof, &this.sealed.file, &grant);
        if elsewhere {
            assert_eq!((failed(checked), failed(read)), (Check::Content, Check::Content));
        } else {
            assert!(checked.is_ok() && read.is_ok(), "the same of its own arrangement opens");
        }
    }
}

#[test]
fn a_reader_whose_certificate_was_revoked_opens_nothing() {
    let mut this = letter();
    let grant = this.grant_to_adopter();
    this.delivered(&grant);
    let (lead, target_id) = (this.of.lead.clone(), this.of.adopter.id);
    let reason = crate::statement::Reason::Compromised;
    this.of.say(&lead, Revoke { target_id, reason });
    let proof = this.of.proof();
    let refused = this.open(&proof, &this.sealed.file, &grant).expect_err("revoked");
    assert_eq!(refused.refusal, Some(Refusal::Revoked));
    assert_eq!(refused.check.number(), 1);
}

impl Letter {
    /// Somebody lost everything and is certified anew.
    fn again(&mut self, role: Role, membership: MembershipId) -> Signatory {
        let (one, two) = (self.of.coordinator.clone(), self.of.second_coordinator.clone());
        let place = (membership, self.of.arrangement);
        self.of.replace((&one, &two), role, place)
    }

    /// The letter key sealed to somebody, with lines that name this letter and revision.
    fn grant_to(&mut self, to: &Signatory, membership: MembershipId) -> Vec<u8> {
        let submit = self.of.ledger.submit(self.submit_id).expect("it");
        let named = (submit.letter, submit.rev);
        let key = self.sealed.key.clone();
        grant(&mut self.of, named, Grantee::Member(membership), &to.seal, &key)
    }

    /// Two persons give the letter back with this grant.
    fn give_back(&mut self, to: &Signatory, grant: &[u8]) {
        let (one, two) = (self.of.coordinator.clone(), self.of.second_coordinator.clone());
        let body = self.of.reseal_body(self.submit_id, to.id);
        let prior = Some(self.of.say(&one, body));
        self.of.say(&two, Reseal { prior, grant_hash: Some(file::hash(grant)), ..body });
    }
}

#[test]
fn a_letter_given_back_opens_for_new_keys_and_for_nobody_else() {
    let mut this = letter();
    let (old_grant, adopter) = (this.grant_to_adopter(), this.of.adopter_membership);
    this.delivered(&old_grant);
    let new = this.again(Role::AdoptiveParent, adopter);
    let grant = this.grant_to(&new, adopter);
    let open = |this: &Letter, by: &Signatory, grant: &[u8]| {
        let sealed = Sealed { ciphertext: &this.sealed.file, grant };
        let reader = reader(&this.of, adopter, by);
        open_delivered(reader, &this.of.proof(), this.submit_id, sealed)
    };
    // One person alone gives nothing back.
    let alone = this.of.second_coordinator.clone();
    let body = this.of.reseal_body(this.submit_id, new.id);
    this.of.say(&alone, body);
    assert_eq!(failed(open(&this, &new, &grant)), Check::Grant);
    this.give_back(&new, &grant);
    assert_eq!(open(&this, &new, &grant).expect("opens").parts, text("Dear all, …"));
    assert_eq!(failed(open(&this, &new, &old_grant)), Check::Grant);
    let old = this.of.adopter.clone();
    assert_eq!(failed(open(&this, &old, &old_grant)), Check::Certificates);
}

#[test]
fn a_letter_given_back_with_another_letters_grant_does_not_open() {
    let mut this = letter();
    let (first, adopter) = (this.grant_to_adopter(), this.of.adopter_membership);
    this.delivered(&first);
    let new = this.again(Role::AdoptiveParent, adopter);
    let key = this.sealed.key.clone();
    let elsewhere = (LetterId::from_bytes([7; 16]), 1);
    let grant = grant(&mut this.of, elsewhere, Grantee::Member(adopter), &new.seal, &key);
    this.give_back(&new, &grant);
    let sealed = Sealed { ciphertext: &this.sealed.file, grant: &grant };
    let opened =
        open_delivered(reader(&this.of, adopter, &new), &this.of.proof(), this.submit_id, sealed);
    assert_eq!(failed(opened), Check::GrantLines);
}

#[test]
fn a_writers_own_copy_is_given_back_too() {
    let mut this = letter();
    let (granted, mother) = (this.grant_to_adopter(), this.of.mother_membership);
    this.delivered(&granted);
    let new = this.again(Role::BirthParent, mother);
    let grant = this.grant_to(&new, mother);
    let open = |this: &Letter, grant: &[u8]| {
        let sealed = Sealed { ciphertext: &this.sealed.file, grant };
        open_own(reader(&this.of, mother, &new), &this.of.proof(), this.submit_id, sealed)
    };
    assert_eq!(failed(open(&this, &grant)), Check::Grant);
    this.give_back(&new, &grant);
    assert_eq!(open(&this, &grant).expect("opens").parts, text("Dear all, …"));
    assert_eq!(failed(open(&this, &this.own_grant)), Check::Grant);
    // Their own letter is not one they were sent.
    let sealed = Sealed { ciphertext: &this.sealed.file, grant: &grant };
    let sent =
        open_delivered(reader(&this.of, mother, &new), &this.of.proof(), this.submit_id, sealed);
    assert_eq!(failed(sent), Check::Grant);
}

#[test]
fn a_message_opens_for_the_team() {
    let mut of = Letterbox::new(1);
    let (mother, epoch) = (of.mother.clone(), of.epoch.clone());
    let body = of.message_body(&mother, About::Help, None);
    let grant = Grant::of_message(of.realm, body.message, Grantee::Epoch(body.epoch_id));
    let context = Context {
        realm: of.realm,
        letter: grant.letter,
        rev: 1,
        kind: letter::Kind::Message,
        arrangement: body.arrangement,
        author: Author::Member(of.mother_membership),
        to: Vec::new(),
    };
    let sealed = letter::seal(&context, &text("Please ring me."), &mut of.agency.rng);
    let sealed = sealed.expect("sealed");
    let grant = grant.seal(&sealed.key, &epoch.recipient(), &mut of.agency.rng);
    let body = Message {
        ct_hash: sealed.hash(),
        ct_len: sealed.file.len() as u64,
        key_hash: sealed.key_hash(),
        grant_hash: file::hash(&grant),
        ..body
    };
    let message_id = of.say(&mother, body);
    let files = Sealed { ciphertext: &sealed.file, grant: &grant };
    let opened = open_message(of.realm, &epoch, &of.proof(), message_id, files).expect("opens");
    assert_eq!(opened.parts, text("Please ring me."));
}

#[test]
fn a_letter_opens_only_from_a_log_that_goes_on_from_where_it_was_seen() {
    let mut this = letter();
    let before = this.of.checkpoint();
    let grant = this.grant_to_adopter();
    this.delivered(&grant);
    let of = &this.of;
    let pins = |size, root| Pins { log: LogPin { size, root }, ..Pins::default() };
    let seen = pins(before.size, hex::encode(before.root));
    let reader = Reader { seen: &seen, ..reader(of, of.adopter_membership, &of.adopter) };
    let sealed = Sealed { ciphertext: &this.sealed.file, grant: &grant };
    let open = |proof: &Proof, reader| open_delivered(reader, proof, this.submit_id, sealed);

    let since = of.proof_of(of.statements.clone(), before.size);
    let opened = open(&since, reader).expect("opens");
    assert_eq!(opened.checkpoint, Some(of.checkpoint()));
    // A later log was seen, or another one; or the server sends none.
    let later = pins(of.checkpoint().size + 1, "00".repeat(32));
    let other = pins(before.size, "00".repeat(32));
    let without = Proof { log: None, ..of.proof() };
    for (what, proof, seen, refusal) in [
        ("an older log", &of.proof(), &later, Refusal::OlderLog),
        ("another log", &since, &other, Refusal::OtherLog),
        ("no log", &without, &seen, Refusal::NotLogged),
    ] {
        let refused = open(proof, Reader { seen, ..reader }).expect_err(what);
        assert_eq!(
            (refused.check, refused.refusal),
            (Check::Certificates, Some(refusal)),
            "{what}"
        );
    }
}
