use super::*;
use crate::statement::Phrase;

fn submit(of: &mut Letterbox) -> Submit {
    let (mother, adopter) = (of.mother.clone(), of.adopter_membership);
    of.submit_body(&mother, &[adopter])
}

#[test]
fn a_member_with_write_right_submits_to_readers_on_other_sides() {
    let mut of = letterbox();
    let body = submit(&mut of);
    let mother = of.mother.clone();
    assert_eq!(refused(&of, &of.lead, body.clone()), Refusal::NotEntitled);
    assert_eq!(refused(&of, &of.adopter, body.clone()), Refusal::WrongAuthor);
    let own_side = Submit { to: vec![of.grandmother_membership], ..body.clone() };
    assert_eq!(refused(&of, &mother, own_side), Refusal::WrongReader);
    let herself = Submit { to: vec![of.mother_membership], ..body.clone() };
    assert_eq!(refused(&of, &mother, herself), Refusal::WrongReader);
    let stranger = Submit { to: vec![of.id(MembershipId::from_bytes)], ..body.clone() };
    assert_eq!(refused(&of, &mother, stranger), Refusal::WrongReader);
    let other_team = Submit { team: of.other_team, ..body.clone() };
    assert_eq!(refused(&of, &mother, other_team), Refusal::WrongTeam);
    let other_epoch = of.ledger.epoch(of.other_team).expect("one").0;
    let sealed_elsewhere = Submit { epoch_id: other_epoch, ..body.clone() };
    assert_eq!(refused(&of, &mother, sealed_elsewhere), Refusal::WrongTeam);
    let root_signed = of.sign_root(body.clone());
    assert_eq!(of.refusal(&root_signed), Refusal::NotEntitled);
    of.say(&mother, body);
}

#[test]
fn rights_are_those_of_the_governing_version() {
    let mut of = letterbox();
    let (mother, coordinator) = (of.mother.clone(), of.coordinator.clone());
    let stale = submit(&mut of);
    let (arrangement, team) = (of.arrangement, of.team);
    let mut version = of.next_version(arrangement, team, Vec::new());
    for entry in &mut version.members {
        entry.write = false;
        entry.read = entry.membership != of.adopter_membership;
    }
    of.say(&coordinator, version.clone());
    assert_eq!(refused(&of, &mother, stale), Refusal::StaleArrangement);
    let body = submit(&mut of);
    assert_eq!(refused(&of, &mother, body), Refusal::NoWriteRight);
    let mut version = of.next_version(arrangement, team, Vec::new());
    version.members.iter_mut().for_each(|entry| entry.write = true);
    of.say(&coordinator, version);
    let body = submit(&mut of);
    assert_eq!(refused(&of, &mother, body), Refusal::WrongReader);
}

#[test]
fn a_letter_is_sealed_to_the_current_epoch() {
    let mut of = letterbox();
    let (mother, lead, team) = (of.mother.clone(), of.lead.clone(), of.team);
    let body = submit(&mut of);
    let (epoch, _) = of.epoch_body(team);
    of.say(&lead, epoch);
    assert_eq!(refused(&of, &mother, body), Refusal::StaleEpoch);
}

#[test]
fn somebody_elses_sealed_letter_cannot_be_signed_into_ones_own_arrangement() {
    let mut of = letterbox();
    let submit_id = of.letter();
    let taken = of.ledger.submit(submit_id).cloned().expect("a letter");
    // Another arrangement of the same team, with the attacker in it.
    let (coordinator, team) = (of.coordinator.clone(), of.team);
    let (attacker, accomplice) = (of.id(MembershipId::from_bytes), of.id(MembershipId::from_bytes));
    let elsewhere = of.id(ArrangementId::from_bytes);
    let members = on_paper(&[(attacker, "a"), (accomplice, "b")]);
    let version = of.next_version(elsewhere, team, members);
    of.say(&coordinator, version);
    let by = of.join(&coordinator, Role::Sibling, (attacker, elsewhere));
    let own = of.submit_body(&by, &[accomplice]);
    let hijack = Submit {
        ct_hash: taken.ct_hash,
        ct_len: taken.ct_len,
        key_hash: taken.key_hash,
        grant_hash: taken.grant_hash,
        archive_grant_hash: taken.archive_grant_hash,
        ..own.clone()
    };
    assert_eq!(refused(&of, &by, hijack), Refusal::KeyReused);
    // Nor can the attacker write in the other arrangement, or as its member.
    let foreign = Submit { arrangement: of.arrangement, ..own.clone() };
    assert_eq!(refused(&of, &by, foreign), Refusal::WrongArrangement);
    let foreign = Submit { arrangement_id: taken.arrangement_id, ..own.clone() };
    assert_eq!(refused(&of, &by, foreign), Refusal::WrongArrangement);
    // Nor go on with the other's letter.
    let next = Submit { letter: taken.letter, rev: 2, prev: Some(submit_id), ..own };
    assert_eq!(refused(&of, &by, next), Refusal::WrongAuthor);
}

#[test]
fn a_new_revision_follows_a_change_and_the_head() {
    let mut of = letterbox();
    let (mother, coordinator) = (of.mother.clone(), of.coordinator.clone());
    let first = of.letter();
    let letter = of.ledger.submit(first).expect("a letter").letter;
    let second = of.revise_body(&mother, letter);
    assert_eq!(refused(&of, &mother, second.clone()), Refusal::RevisionNotAsked);
    of.decide(&coordinator, first, Outcome::Change);
    let skipped = Submit { rev: 3, ..second.clone() };
    assert_eq!(refused(&of, &mother, skipped), Refusal::WrongRevision);
    let again = Submit { rev: 1, prev: None, ..second.clone() };
    assert_eq!(refused(&of, &mother, again), Refusal::WrongRevision);
    let reused = Submit { key_hash: of.ledger.submit(first).expect("one").key_hash, ..second };
    assert_eq!(refused(&of, &mother, reused), Refusal::KeyReused);
    let second = of.revise_body(&mother, letter);
    let second = of.say(&mother, second);
    assert_eq!(of.ledger.head(letter).expect("a head").0, second);
}

#[test]
fn a_letter_is_taken_back_by_its_author_before_the_first_decision() {
    let mut of = letterbox();
    let (mother, adopter, lead) = (of.mother.clone(), of.adopter.clone(), of.lead.clone());
    let submit_id = of.letter();
    let body = of.withdraw_body(submit_id);
    assert_eq!(refused(&of, &adopter, body.clone()), Refusal::WrongAuthor);
    assert_eq!(refused(&of, &lead, body.clone()), Refusal::NotEntitled);
    let other_letter = of.letter();
    let crossed = crate::statement::Withdraw { submit_id: other_letter, ..body.clone() };
    assert_eq!(refused(&of, &mother, crossed), Refusal::NotHead);
    of.say(&mother, body);
    let letter = of.ledger.submit(submit_id).expect("one").letter;
    assert!(of.ledger.is_withdrawn(letter));
    let decision = of.decision_body(submit_id, Outcome::Deliver);
    assert_eq!(refused(&of, &of.coordinator, decision), Refusal::Withdrawn);

    let coordinator = of.coordinator.clone();
    of.decide(&coordinator, other_letter, Outcome::Keep);
    let late = of.withdraw_body(other_letter);
    assert_eq!(refused(&of, &mother, late), Refusal::AlreadyDecided);
}

#[test]
fn a_message_goes_to_ones_own_team_about_ones_own_arrangement() {
    let mut of = letterbox();
    let (mother, lead) = (of.mother.clone(), of.lead.clone());
    let submit_id = of.letter();
    let body = of.message_body(&mother, About::Worry, Some(submit_id));
    assert_eq!(refused(&of, &lead, body.clone()), Refusal::NotEntitled);
    let other_epoch = of.ledger.epoch(of.other_team).expect("one").0;
    let elsewhere = crate::statement::Message { epoch_id: other_epoch, ..body.clone() };
    assert_eq!(refused(&of, &mother, elsewhere), Refusal::WrongTeam);
    let about_staff = crate::statement::Message { subject_id: Some(lead.id), ..body.clone() };
    assert_eq!(refused(&of, &mother, about_staff), Refusal::WrongSubject);
    let message = of.say(&mother, body);
    assert!(of.ledger.statement(message).is_some());
}

#[test]
fn a_reader_answers_a_delivered_letter_once() {
    let mut of = letterbox();
    let (coordinator, adopter) = (of.coordinator.clone(), of.adopter.clone());
    let submit_id = of.letter();
    let thanks = of.receipt_body(submit_id, Phrase::Thanks);
    assert_eq!(refused(&of, &adopter, thanks), Refusal::NotEntitled);
    of.decide(&coordinator, submit_id, Outcome::Deliver);
    for somebody in [&of.mother, &of.coordinator, &of.lead] {
        assert_eq!(refused(&of, somebody, thanks), Refusal::NotEntitled);
    }
    let root_signed = of.sign_root(thanks);
    assert_eq!(of.refusal(&root_signed), Refusal::NotEntitled);
    let about_staff = of.receipt_body(coordinator.id, Phrase::Thanks);
    assert_eq!(refused(&of, &adopter, about_staff), Refusal::WrongKind);
    let receipt = of.say(&adopter, thanks);
    assert!(of.ledger.statement(receipt).is_some());
    let other = of.receipt_body(submit_id, Phrase::WillWrite);
    assert_eq!(refused(&of, &adopter, other), Refusal::Repeated);
    assert_eq!(refused(&of, &adopter, thanks), Refusal::Repeated);
}

#[test]
fn a_refused_receipt_leaves_room_for_the_right_one() {
    let mut of = letterbox();
    let (coordinator, adopter) = (of.coordinator.clone(), of.adopter.clone());
    let submit_id = of.letter();
    let thanks = of.receipt_body(submit_id, Phrase::Thanks);
    let early = of.sign(&adopter, thanks);
    assert_eq!(of.ledger.admit(&early, None), Err(Refusal::NotEntitled));
    of.decide(&coordinator, submit_id, Outcome::Deliver);
    assert_eq!(of.ledger.admit(&early, None), Ok(early.id()));
}
