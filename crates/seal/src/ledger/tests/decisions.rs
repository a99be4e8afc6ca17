use super::*;

#[test]
fn one_person_delivers_one_asks_for_a_change_two_keep() {
    let mut of = letterbox();
    let (one, two) = (of.coordinator.clone(), of.second_coordinator.clone());
    let (mother, adopter) = (of.mother_membership, of.adopter.id);
    let delivered = of.letter();
    of.decide(&one, delivered, Outcome::Deliver);
    let found = of.ledger.final_decision(delivered).expect("final");
    assert_eq!((found.outcome(), found.author()), (Outcome::Deliver, mother));
    assert_eq!(found.grants().len(), 1);
    let membership = of.adopter_membership;
    assert!(of.ledger.delivered_to(delivered, membership, adopter).is_some());
    assert!(of.ledger.delivered_to(delivered, membership, of.mother.id).is_none());
    assert!(of.ledger.delivered_to(delivered, mother, of.mother.id).is_none());

    let changed = of.letter();
    of.decide(&one, changed, Outcome::Change);
    assert_eq!(of.ledger.final_decision(changed).expect("final").outcome(), Outcome::Change);

    let kept = of.letter();
    of.decide(&one, kept, Outcome::Keep);
    assert!(of.ledger.final_decision(kept).is_none());
    of.decide(&two, kept, Outcome::Keep);
    assert_eq!(of.ledger.final_decision(kept).expect("final").outcome(), Outcome::Keep);
    assert_eq!(of.ledger.decision_chain(kept).len(), 2);
}

#[test]
fn a_kept_letter_is_never_granted() {
    let mut of = letterbox();
    let (one, two) = (of.coordinator.clone(), of.second_coordinator.clone());
    let submit_id = of.letter();
    let delivery = of.decision_body(submit_id, Outcome::Deliver);
    let grants = delivery.grants;
    assert_eq!(grants.len(), 1);
    let first = of.decision_body(submit_id, Outcome::Keep);
    let granting = Decision { grants: grants.clone(), ..first.clone() };
    assert_eq!(refused(&of, &one, granting), Refusal::WrongGrants);
    of.say(&one, first);
    let second = of.decision_body(submit_id, Outcome::Keep);
    let granting = Decision { grants, ..second.clone() };
    assert_eq!(refused(&of, &two, granting), Refusal::WrongGrants);
    of.say(&two, second);
    assert!(of.ledger.final_decision(submit_id).expect("final").grants().is_empty());
}

#[test]
fn grants_are_exactly_those_of_the_online_addressees() {
    let mut of = letterbox();
    let (mother, coordinator) = (of.mother.clone(), of.coordinator.clone());
    let submit_id = of.letter();
    let good = of.decision_body(submit_id, Outcome::Deliver);
    let none = Decision { grants: Vec::new(), ..good.clone() };
    assert_eq!(refused(&of, &coordinator, none), Refusal::WrongGrants);
    let mut another = good.clone();
    another.grants[0].cert_id = mother.id;
    assert_eq!(refused(&of, &coordinator, another), Refusal::WrongGrants);
    let mut more = good.clone();
    let extra = crate::statement::GrantEntry {
        membership: of.mother_membership,
        cert_id: mother.id,
        grant_hash: of.hash(),
    };
    more.grants.push(extra);
    more.grants.sort_by_key(|grant| grant.membership);
    assert_eq!(refused(&of, &coordinator, more), Refusal::WrongGrants);
    of.say(&coordinator, good);
}

#[test]
fn addressees_on_paper_get_no_grant() {
    let mut of = letterbox();
    let (adopter, coordinator) = (of.adopter.clone(), of.coordinator.clone());
    let to = [of.mother_membership, of.grandmother_membership];
    let body = of.submit_body(&adopter, &to);
    let submit_id = of.say(&adopter, body);
    of.decide(&coordinator, submit_id, Outcome::Deliver);
    let found = of.ledger.final_decision(submit_id).expect("final");
    let granted: Vec<_> = found.grants().iter().map(|grant| grant.membership).collect();
    assert_eq!(granted, [of.mother_membership]);
}

#[test]
fn an_addressee_whose_certificate_has_ended_gets_no_grant() {
    let mut of = letterbox();
    let (coordinator, lead) = (of.coordinator.clone(), of.lead.clone());
    let submit_id = of.letter();
    let granting = of.decision_body(submit_id, Outcome::Deliver);
    let target_id = of.adopter.id;
    of.say(&lead, Revoke { target_id, reason: Reason::Compromised });
    assert_eq!(refused(&of, &coordinator, granting), Refusal::WrongGrants);
    of.decide(&coordinator, submit_id, Outcome::Deliver);
    let decision = of.ledger.final_decision(submit_id).expect("final");
    assert!(decision.grants().is_empty());
    // It is theirs nevertheless: their new keys are given it by a reseal.
    let membership = of.adopter_membership;
    assert_eq!(of.ledger.recipients(&decision), [membership]);
    assert!(of.ledger.delivered_to(submit_id, membership, target_id).is_none());
}

#[test]
fn who_was_removed_from_the_plan_since_the_decision_is_no_recipient() {
    let mut of = letterbox();
    let (coordinator, lead) = (of.coordinator.clone(), of.lead.clone());
    let submit_id = of.letter();
    of.decide(&coordinator, submit_id, Outcome::Deliver);
    let decision = of.ledger.final_decision(submit_id).expect("final");
    assert_eq!(of.ledger.recipients(&decision), [of.adopter_membership]);
    let (arrangement, team, removed) = (of.arrangement, of.team, of.adopter_membership);
    let version = of.next_version(arrangement, team, Vec::new());
    let members = version.members.iter().filter(|it| it.membership != removed).cloned().collect();
    of.say(&lead, Arrangement { members, ..version });
    assert!(of.ledger.recipients(&decision).is_empty());
}

#[test]
fn two_reviewers_are_two_persons_whatever_their_certificates() {
    let mut of = letterbox();
    let (coordinator, lead, team) = (of.coordinator.clone(), of.lead.clone(), of.team);
    let arrangement = of.arrangement;
    let version = Arrangement { reviewers: 2, ..of.next_version(arrangement, team, Vec::new()) };
    of.say(&lead, version);
    let submit_id = of.letter();
    let first = of.decision_body(submit_id, Outcome::Deliver);
    assert!(first.grants.is_empty());
    of.say(&coordinator, first);
    assert!(of.ledger.final_decision(submit_id).is_none());
    let second = of.decision_body(submit_id, Outcome::Deliver);
    assert_eq!(second.grants.len(), 1);
    assert_eq!(refused(&of, &coordinator, second.clone()), Refusal::SamePerson);
    // The same person with a second certificate.
    let person = of.ledger.certificate(coordinator.id).and_then(Certificate::staff);
    let person = person.expect("staff").person;
    let enrolled = of.enrol(None, Role::Lead, None);
    let twin = of.staff_body(&enrolled, &[Role::Lead], &[team]);
    let envelope = of.sign_root(Staff { person, ..twin });
    let twin = Signatory { id: of.log(envelope), ..enrolled };
    assert_eq!(refused(&of, &twin, second.clone()), Refusal::SamePerson);
    let two = of.second_coordinator.clone();
    of.say(&two, second);
    assert!(of.ledger.final_decision(submit_id).is_some());
}

#[test]
fn another_team_decides_nothing() {
    let mut of = letterbox();
    let submit_id = of.letter();
    let body = of.decision_body(submit_id, Outcome::Deliver);
    for by in [&of.other_lead, &of.other_coordinator, &of.administrator, &of.mother] {
        assert_eq!(refused(&of, by, body.clone()), Refusal::NotEntitled);
    }
    // Nor under an arrangement of its own.
    let (other, other_team) = (of.other_coordinator.clone(), of.other_team);
    let elsewhere = of.id(ArrangementId::from_bytes);
    let members = on_paper(&[(of.id(MembershipId::from_bytes), "a")]);
    let version = of.next_version(elsewhere, other_team, members);
    let arrangement_id = of.say(&other, version);
    let body = Decision { arrangement_id, ..body };
    assert_eq!(refused(&of, &other, body), Refusal::WrongArrangement);
}

#[test]
fn a_decision_rests_on_the_governing_version() {
    let mut of = letterbox();
    let (coordinator, lead, team) = (of.coordinator.clone(), of.lead.clone(), of.team);
    let arrangement = of.arrangement;
    let submit_id = of.letter();
    let stale = of.decision_body(submit_id, Outcome::Deliver);
    let version = Arrangement { reviewers: 2, ..of.next_version(arrangement, team, Vec::new()) };
    of.say(&lead, version);
    assert_eq!(refused(&of, &coordinator, stale), Refusal::StaleArrangement);
    let mut silenced = of.next_version(arrangement, team, Vec::new());
    silenced.members.iter_mut().for_each(|entry| entry.write = false);
    of.say(&lead, silenced);
    let body = of.decision_body(submit_id, Outcome::Deliver);
    assert_eq!(refused(&of, &coordinator, body), Refusal::NoWriteRight);
    of.decide(&coordinator, submit_id, Outcome::Keep);
}

#[test]
fn only_the_head_revision_is_decided_and_only_once() {
    let mut of = letterbox();
    let (mother, coordinator) = (of.mother.clone(), of.coordinator.clone());
    let first = of.letter();
    of.decide(&coordinator, first, Outcome::Change);
    let again = of.decision_body(first, Outcome::Deliver);
    assert_eq!(refused(&of, &of.lead, again.clone()), Refusal::AlreadyFinal);
    let letter = of.ledger.submit(first).expect("one").letter;
    let second = of.revise_body(&mother, letter);
    let second = of.say(&mother, second);
    assert_eq!(refused(&of, &of.lead, again), Refusal::NotHead);
    of.decide(&coordinator, second, Outcome::Deliver);
    let more = Decision { prior: None, ..of.decision_body(second, Outcome::Keep) };
    assert_eq!(refused(&of, &of.lead, more), Refusal::AlreadyFinal);
    let third = of.revise_body(&mother, letter);
    assert_eq!(refused(&of, &mother, third), Refusal::RevisionNotAsked);
}

#[test]
fn another_outcome_closes_the_chain_and_starts_again() {
    let mut of = letterbox();
    let (one, two) = (of.coordinator.clone(), of.second_coordinator.clone());
    let submit_id = of.letter();
    let kept = of.decide(&one, submit_id, Outcome::Keep);
    let body = of.decision_body(submit_id, Outcome::Deliver);
    assert_eq!((body.step, body.prior), (1, Some(kept)));
    for (step, prior) in [(1, None), (2, Some(kept)), (1, Some(submit_id))] {
        let wrong = Decision { step, prior, ..body.clone() };
        assert_eq!(refused(&of, &two, wrong), Refusal::WrongStep);
    }
    // The person who began the closed chain may still join the new one.
    of.say(&one, body);
    assert!(of.ledger.final_decision(submit_id).is_some());
}

#[test]
fn after_a_move_the_team_that_a_letter_is_sealed_to_decides_on_it() {
    let mut of = letterbox();
    let (one, two, lead) = (of.coordinator.clone(), of.second_coordinator.clone(), of.lead.clone());
    let (mother, other_lead) = (of.mother.clone(), of.other_lead.clone());
    let (arrangement, team, other_team) = (of.arrangement, of.team, of.other_team);
    let submit_id = of.letter();
    of.decide(&one, submit_id, Outcome::Keep);
    let kept = of.decide(&two, submit_id, Outcome::Keep);
    let moved = Arrangement { team: other_team, ..of.next_version(arrangement, team, Vec::new()) };
    let first = of.say(&lead, moved.clone());
    of.say(&other_lead, Arrangement { prior: Some(first), ..moved });
    let look = of.message_body(&mother, About::Look, Some(kept));
    let look = of.say(&mother, look);
    let body = of.decision_body(submit_id, Outcome::Deliver);
    assert_eq!((body.step, body.prior), (1, Some(look)));
    assert_eq!(refused(&of, &other_lead, body.clone()), Refusal::NotEntitled);
    of.say(&lead, body);
    let decided = of.ledger.final_decision(submit_id).expect("final");
    let governing = of.ledger.governing_arrangement(arrangement).map(|(id, _)| id);
    assert_eq!(Some(decided.arrangement_id()), governing, "by who may read today");
}

#[test]
fn another_look_is_taken_by_other_persons() {
    let mut of = letterbox();
    let (one, two) = (of.coordinator.clone(), of.second_coordinator.clone());
    let (mother, adopter) = (of.mother.clone(), of.adopter.clone());
    let submit_id = of.letter();
    let first = of.decide(&one, submit_id, Outcome::Keep);
    let early = of.message_body(&mother, About::Look, Some(first));
    assert_eq!(refused(&of, &mother, early), Refusal::WrongSubject);
    let kept = of.decide(&two, submit_id, Outcome::Keep);
    let foreign = of.message_body(&adopter, About::Look, Some(kept));
    assert_eq!(refused(&of, &adopter, foreign), Refusal::WrongSubject);
    let look = of.message_body(&mother, About::Look, Some(kept));
    let look = of.say(&mother, look);
    let body = of.decision_body(submit_id, Outcome::Deliver);
    assert_eq!((body.step, body.prior), (1, Some(look)));
    assert_eq!(refused(&of, &one, body.clone()), Refusal::SamePerson);
    assert_eq!(refused(&of, &two, body.clone()), Refusal::SamePerson);
    let twice = of.message_body(&mother, About::Look, Some(kept));
    assert_eq!(refused(&of, &mother, twice), Refusal::WrongSubject);
    let lead = of.lead.clone();
    of.say(&lead, body);
    assert_eq!(of.ledger.final_decision(submit_id).expect("final").outcome(), Outcome::Deliver);
    assert_eq!(of.ledger.decision_chain(submit_id).len(), 3);
}

#[test]
fn attachments_are_for_the_author_the_granted_and_the_team() {
    let mut of = letterbox();
    let coordinator = of.coordinator.clone();
    let author = Some((of.mother_membership, of.mother.id));
    let reader = Some((of.adopter_membership, of.adopter.id));
    let submit_id = of.letter();
    let body = of.decision_body(submit_id, Outcome::Deliver);
    let with = |attached: Vec<Attachment>| Decision { attached, ..body.clone() };
    let comment = of.attachment(AttachmentKind::Comment, author);
    let note = of.attachment(AttachmentKind::Note, reader);
    let team = of.attachment(AttachmentKind::Team, None);
    let to_reader = of.attachment(AttachmentKind::Comment, reader);
    assert_eq!(refused(&of, &coordinator, with(vec![to_reader])), Refusal::WrongAttachment);
    let to_author = of.attachment(AttachmentKind::Note, author);
    assert_eq!(refused(&of, &coordinator, with(vec![to_author])), Refusal::WrongAttachment);
    let taken = KeyHash::from_bytes(*of.ledger.submit(submit_id).expect("one").key_hash.as_bytes());
    let reused = Attachment { key_hash: taken, ..team };
    assert_eq!(refused(&of, &coordinator, with(vec![reused])), Refusal::KeyReused);
    assert_eq!(refused(&of, &coordinator, with(vec![team, team])), Refusal::KeyReused);
    let change = Decision { attached: vec![note], ..of.decision_body(submit_id, Outcome::Change) };
    assert_eq!(refused(&of, &coordinator, change), Refusal::WrongAttachment);
    of.say(&coordinator, with(vec![comment, note, team]));
    assert_eq!(of.ledger.final_decision(submit_id).expect("final").attached().len(), 3);
}
