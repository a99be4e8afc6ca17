use super::*;
use crate::{
    bundle::LogPin,
    envelope::Envelope,
    key::SigningKey,
    statement::{Kind, Outcome, Reason, Revoke},
    testing::Letterbox,
};

/// A letter that was passed on, after which the log has grown.
fn delivered() -> (Letterbox, StatementId) {
    let mut of = Letterbox::new(1);
    let submit_id = of.letter();
    let coordinator = of.coordinator.clone();
    of.decide(&coordinator, submit_id, Outcome::Deliver);
    let (lead, target_id) = (of.lead.clone(), of.second_coordinator.id);
    of.say(&lead, Revoke { target_id, reason: Reason::Left });
    (of, submit_id)
}

fn unseen() -> Pins {
    Pins::default()
}

/// The log as it was at a size.
fn seen(of: &Letterbox, size: u64) -> Pins {
    let root = hex::encode(of.tree().root_of(size).expect("smaller"));
    Pins { log: LogPin { size, root }, ..Pins::default() }
}

/// Everything, for somebody who has seen the log at a size.
fn since(of: &Letterbox, size: u64) -> Proof {
    of.proof_of(of.statements.clone(), size)
}

/// What a reader who trusts nothing but the realm says.
fn heard(of: &Letterbox, proof: &Proof, seen: &Pins) -> Result<Checkpoint, Refusal> {
    let ledger = proof.fold(of.realm).expect("folds");
    hold(proof, &ledger, seen, Some(of.mother.id))
}

/// A proof that is changed before it is heard.
fn lie(of: &Letterbox, change: impl FnOnce(&mut Proof)) -> Result<Checkpoint, Refusal> {
    let mut proof = since(of, 4);
    change(&mut proof);
    heard(of, &proof, &seen(of, 4))
}

fn log(proof: &mut Proof) -> &mut Logged {
    proof.log.as_mut().expect("a log")
}

fn resign(of: &Letterbox, proof: &mut Proof, checkpoint: Checkpoint) {
    log(proof).note = checkpoint.sign(of.realm, &of.log_key);
}

#[test]
fn a_proof_is_held_from_whatever_was_seen_before() {
    let (of, _) = delivered();
    let newest = of.checkpoint();
    assert_eq!(heard(&of, &of.proof(), &unseen()), Ok(newest));
    for size in 1..=newest.size {
        assert_eq!(heard(&of, &since(&of, size), &seen(&of, size)), Ok(newest), "{size}");
    }
}

#[test]
fn a_log_rolled_back_is_refused() {
    let (of, _) = delivered();
    let pinned = seen(&of, of.checkpoint().size);
    let mut older = of.clone();
    older.agency.statements.pop();
    assert_eq!(heard(&of, &since(&older, pinned.log.size), &pinned), Err(Refusal::OlderLog));
    // An older checkpoint beside the newest places.
    let before = Checkpoint { size: 5, root: of.tree().root_of(5).expect("smaller") };
    assert_eq!(lie(&of, |it| resign(&of, it, before)), Err(Refusal::NotInLog));
}

#[test]
fn an_entry_altered_removed_or_reordered_is_refused() {
    let (of, _) = delivered();
    // Under the checkpoint that everybody saw.
    assert_eq!(
        lie(&of, |it| log(it).places[3].as_mut().unwrap().salt[0] ^= 1),
        Err(Refusal::NotInLog)
    );
    assert_eq!(lie(&of, |it| log(it).places[3] = None), Err(Refusal::NotLogged));
    assert_eq!(lie(&of, |it| log(it).places.swap(2, 3)), Err(Refusal::WrongPlace));
    assert_eq!(lie(&of, |it| log(it).places[3] = log(it).places[2]), Err(Refusal::WrongPlace));
    assert_eq!(lie(&of, |it| log(it).hashes.push_str("AAAA")), Err(Refusal::NotInLog));
    assert_eq!(lie(&of, |it| log(it).hashes.push('!')), Err(Refusal::Malformed));
    let shorter = lie(&of, |it| {
        log(it).places.pop();
    });
    assert_eq!(shorter, Err(Refusal::Malformed));
    // Two that do not name each other, in another order: the fold alone would not notice.
    let swapped = lie(&of, |it| {
        let last = it.statements.len() - 1;
        it.statements.swap(last, last - 1);
    });
    assert_eq!(swapped, Err(Refusal::NotInLog));
    let moved = lie(&of, |it| {
        let last = it.statements.len() - 1;
        it.statements.swap(last, last - 1);
        log(it).places.swap(last, last - 1);
    });
    assert_eq!(moved, Err(Refusal::WrongPlace));
}

#[test]
fn a_history_written_anew_under_the_logs_own_key_is_another_log() {
    let (of, _) = delivered();
    let pinned = seen(&of, of.checkpoint().size);
    // The last entry is replaced, and the log goes on.
    let mut forked = of.clone();
    forked.agency.statements.pop();
    forked.agency.ledger = Proof { log: None, ..forked.proof() }.fold(of.realm).expect("folds");
    let lead = forked.lead.clone();
    for target_id in [of.coordinator.id, of.second_lead.id] {
        forked.say(&lead, Revoke { target_id, reason: Reason::Left });
    }
    let heard = heard(&of, &since(&forked, pinned.log.size), &pinned);
    assert_eq!(heard, Err(Refusal::OtherLog));
    // Who has seen nothing cannot know.
    assert!(hold(&forked.proof(), &forked.ledger, &unseen(), None).is_ok());
}

#[test]
fn a_checkpoint_of_another_log_is_refused() {
    let (of, _) = delivered();
    let stranger = SigningKey::from_seed(&[7; 32]);
    let newest = of.checkpoint();
    assert_eq!(
        lie(&of, |it| log(it).note = newest.sign(of.realm, &stranger)),
        Err(Refusal::BadSignature)
    );
    let elsewhere = Letterbox::new(2);
    assert_eq!(
        lie(&of, |it| log(it).note = newest.sign(elsewhere.realm, &of.log_key)),
        Err(Refusal::Malformed)
    );
    assert_eq!(
        lie(&of, |it| log(it).note = elsewhere.checkpoint().sign(of.realm, &of.log_key)),
        Err(Refusal::NotInLog)
    );
    assert_eq!(lie(&of, |it| it.log = None), Err(Refusal::NotLogged));
}

/// A proof with one statement more, which is not logged.
fn with_waiting(of: &Letterbox, envelope: Envelope) -> Proof {
    of.proof_of([&of.statements[..], &[envelope]].concat(), 0)
}

#[test]
fn what_one_has_just_sent_may_wait_and_nothing_else() {
    let (of, _) = delivered();
    let (mother, adopter) = (of.mother.clone(), of.adopter.clone());
    let mut wait = of.clone();
    let body = wait.submit_body(&mother, &[of.adopter_membership]);
    let fresh = of.sign(&mother, body);
    assert!(heard(&of, &with_waiting(&of, fresh.clone()), &unseen()).is_ok());
    // To anybody else it is a letter that the worker never saw.
    let proof = with_waiting(&of, fresh.clone());
    let ledger = proof.fold(of.realm).expect("folds");
    for own in [None, Some(adopter.id)] {
        assert_eq!(hold(&proof, &ledger, &unseen(), own), Err(Refusal::NotLogged));
    }
    // A revocation held back and shown out of place.
    let lead = of.lead.clone();
    let revoke = of.sign(&lead, Revoke { target_id: of.coordinator.id, reason: Reason::Left });
    assert_eq!(heard(&of, &with_waiting(&of, revoke), &unseen()), Err(Refusal::NotLogged));
    // What waits comes last.
    let mut first = with_waiting(&of, fresh);
    let last = first.statements.len() - 1;
    first.statements.swap(last, last - 1);
    log(&mut first).places.swap(last, last - 1);
    assert_eq!(heard(&of, &first, &unseen()), Err(Refusal::WrongPlace));
}

/// The log as it grew, until after its key was replaced; how long it was before.
fn rekeyed() -> (Letterbox, u64) {
    let (mut of, _) = delivered();
    let before = of.checkpoint().size;
    of.replace_log_key();
    let (lead, target_id) = (of.lead.clone(), of.second_lead.id);
    of.say(&lead, Revoke { target_id, reason: Reason::Left });
    (of, before)
}

/// What somebody has seen who came by at a size.
fn seen_all(of: &Letterbox, size: u64) -> Pins {
    let mut entries = of.statements.iter().take(usize::try_from(size).expect("small"));
    let agency = entries.rfind(|it| it.kind() == Kind::Agency).map(Envelope::id);
    Pins { agency, ..seen(of, size) }
}

#[test]
fn a_proof_is_held_over_a_change_of_the_logs_key_from_whatever_was_seen_before() {
    let (of, changed) = rekeyed();
    let newest = of.checkpoint();
    for size in 1..=newest.size {
        assert_eq!(heard(&of, &since(&of, size), &seen_all(&of, size)), Ok(newest), "{size}");
    }
    // The entry that names the key is the first whose checkpoint it signs.
    let signed_by = |size, key: &SigningKey| {
        Checkpoint::verify(&of.note(size), of.realm, &key.public_key()).is_ok()
    };
    assert!(signed_by(changed, &of.earlier_log_keys[0]) && signed_by(changed + 1, &of.log_key));
}

#[test]
fn a_stolen_log_key_buys_nothing_from_whoever_knows_that_it_was_replaced() {
    let (of, changed) = rekeyed();
    let (stolen, size) = (of.earlier_log_keys[0].clone(), of.checkpoint().size);
    let withheld = |of: &Letterbox, seen| {
        let mut told = of.statements.clone();
        told.retain(|it| it.kind() != Kind::Agency || it == &of.statements[0]);
        of.proof_of(told, seen)
    };
    // The log goes on as the thief likes.
    let mut grown = of.clone();
    let lead = of.lead.clone();
    grown.say(&lead, Revoke { target_id: of.coordinator.id, reason: Reason::Left });
    // Or it goes back to where the stolen key was the log's own, and on from there.
    let mut forked = of.clone();
    forked.statements.truncate(usize::try_from(changed).expect("small"));
    forked.log_key = forked.earlier_log_keys.pop().expect("the stolen one");
    forked.ledger = Proof { log: None, ..forked.proof() }.fold(of.realm).expect("folds");
    for target_id in [of.coordinator.id, of.second_lead.id, of.adopter.id] {
        forked.say(&lead, Revoke { target_id, reason: Reason::Left });
    }
    let said = |mut proof: Proof, by: &Letterbox| {
        log(&mut proof).note = by.checkpoint().sign(of.realm, &stolen);
        proof
    };
    for at in changed + 1..=size {
        let knows = seen_all(&of, at);
        for (what, proof, refusal) in [
            ("told", said(since(&grown, at), &grown), Refusal::BadSignature),
            ("withheld", said(withheld(&grown, at), &grown), Refusal::OlderAgency),
            ("withheld under the newest note", withheld(&of, at), Refusal::OlderAgency),
            ("forked", said(since(&forked, at), &forked), Refusal::OlderAgency),
        ] {
            assert_eq!(heard(&of, &proof, &knows), Err(refusal), "{what}, seen at {at}");
        }
    }
    // Whoever has not seen it yet goes by the first they are told of, and never back.
    let before = seen_all(&of, changed);
    assert_eq!(
        heard(&of, &said(since(&grown, changed), &grown), &before),
        Err(Refusal::BadSignature)
    );
    assert!(heard(&of, &since(&of, changed), &before).is_ok());
    // Who is told nothing of it cannot know: until then the stolen key is the log's.
    assert!(heard(&of, &said(since(&forked, changed), &forked), &before).is_ok());
}

#[test]
fn a_key_that_is_named_and_not_logged_signs_nothing() {
    let (of, changed) = rekeyed();
    let newest = seen_all(&of, changed);
    let mut before = of.clone();
    before.statements.truncate(usize::try_from(changed).expect("small"));
    let named = of.statements[usize::try_from(changed).expect("small")].clone();
    let mut proof = before.proof_of([&before.statements[..], &[named]].concat(), changed);
    for key in [&of.log_key, &of.earlier_log_keys[0]] {
        log(&mut proof).note = before.checkpoint().sign(of.realm, key);
        let refused = heard(&of, &proof, &newest).expect_err("not logged");
        let named_key = key.public_key() == of.log_key.public_key();
        let why = if named_key { Refusal::NotLogged } else { Refusal::BadSignature };
        assert_eq!(refused, why);
    }
}
