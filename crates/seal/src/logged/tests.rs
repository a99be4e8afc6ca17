use super::*;
use crate::{
    envelope::Envelope,
    key::SigningKey,
    statement::{Outcome, Reason, Revoke},
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

fn unseen() -> LogPin {
    LogPin { size: 0, root: String::new() }
}

/// The log as it was at a size.
fn seen(of: &Letterbox, size: u64) -> LogPin {
    LogPin { size, root: hex::encode(of.tree().root_of(size).expect("smaller")) }
}

/// Everything, for somebody who has seen the log at a size.
fn since(of: &Letterbox, size: u64) -> Proof {
    of.proof_of(of.statements.clone(), size)
}

/// What a reader who trusts nothing but the realm says.
fn heard(of: &Letterbox, proof: &Proof, seen: &LogPin) -> Result<Checkpoint, Refusal> {
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
    assert_eq!(heard(&of, &since(&older, pinned.size), &pinned), Err(Refusal::OlderLog));
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
    let heard = heard(&of, &since(&forked, pinned.size), &pinned);
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
