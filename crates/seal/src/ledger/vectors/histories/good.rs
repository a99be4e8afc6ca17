//! Histories that stand from beginning to end.

use super::*;

pub(super) const GOOD: &[(&str, Build)] = &[
    ("a letter is delivered by one person", |of| {
        let body = deliver(of);
        signed(of, &of.coordinator, body)
    }),
    ("a letter is delivered by two persons", |of| {
        two_reviewers(of);
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Deliver);
        let body = of.decision_body(submit_id, Outcome::Deliver);
        signed(of, &of.second_coordinator, body)
    }),
    ("a letter comes back, is sent again and delivered with everything attached", |of| {
        let (mother, one) = (of.mother.clone(), of.coordinator.clone());
        let first = of.letter();
        let comment = Some((of.mother_membership, mother.id));
        let comment = of.attachment(AttachmentKind::Comment, comment);
        let change = of.decision_body(first, Outcome::Change);
        of.say(&one, Decision { attached: vec![comment], ..change });
        let letter = of.ledger.submit(first).expect("a letter").letter;
        let second = of.revise_body(&mother, letter);
        let second = of.say(&mother, second);
        let note = Some((of.adopter_membership, of.adopter.id));
        let note = of.attachment(AttachmentKind::Note, note);
        let team = of.attachment(AttachmentKind::Team, None);
        let body = of.decision_body(second, Outcome::Deliver);
        signed(of, &one, Decision { attached: vec![note, team], ..body })
    }),
    ("a kept letter gets another look by others", |of| {
        let (mother, (submit_id, kept)) = (of.mother.clone(), kept(of));
        let look = of.message_body(&mother, About::Look, Some(kept));
        of.say(&mother, look);
        let body = of.decision_body(submit_id, Outcome::Deliver);
        signed(of, &of.lead, body)
    }),
    ("another outcome closes a chain and starts again", |of| {
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Keep);
        let body = of.decision_body(submit_id, Outcome::Deliver);
        signed(of, &one, body)
    }),
    ("a letter is taken back before anybody decided", |of| {
        let submit_id = of.letter();
        let body = of.withdraw_body(submit_id);
        signed(of, &of.mother, body)
    }),
    ("an addressee is on paper", |of| {
        let (adopter, to) = (of.adopter.clone(), [of.mother_membership, of.grandmother_membership]);
        let body = of.submit_body(&adopter, &to);
        let submit_id = of.say(&adopter, body);
        let body = of.decision_body(submit_id, Outcome::Deliver);
        signed(of, &of.coordinator, body)
    }),
    ("an addressee's certificate has ended, so nobody is granted the letter", |of| {
        let (lead, submit_id, target_id) = (of.lead.clone(), of.letter(), of.adopter.id);
        of.say(&lead, Revoke { target_id, reason: Reason::Lost });
        let body = of.decision_body(submit_id, Outcome::Deliver);
        signed(of, &of.coordinator, body)
    }),
    ("everything lost, certified anew by two", |of| {
        let (one, two) = (of.coordinator.clone(), of.second_coordinator.clone());
        let body = replacement(of);
        let prior = Some(of.say(&one, body.clone()));
        let cert_id = of.say(&two, Member { prior, ..body });
        let (mut version, mother) = (next_version(of), of.mother_membership);
        let entry = version.members.iter_mut().find(|entry| entry.membership == mother);
        entry.expect("the mother").cert_id = Some(cert_id);
        signed(of, &one, version)
    }),
    ("after a move the team that a letter is sealed to goes on with its chain", |of| {
        let (lead, other_lead) = (of.lead.clone(), of.other_lead.clone());
        let one = of.coordinator.clone();
        let submit_id = of.letter();
        of.decide(&lead, submit_id, Outcome::Keep);
        let moved = Arrangement { team: of.other_team, ..next_version(of) };
        let prior = Some(of.say(&lead, moved.clone()));
        of.say(&other_lead, Arrangement { prior, ..moved });
        let body = of.decision_body(submit_id, Outcome::Keep);
        signed(of, &one, body)
    }),
    ("a coordinator's decision outlives their certificate", |of| {
        let (lead, one, submit_id) = (of.lead.clone(), of.coordinator.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Deliver);
        signed(of, &lead, Revoke { target_id: one.id, reason: Reason::Left })
    }),
    ("a second epoch", |of| {
        let (lead, team) = (of.lead.clone(), of.team);
        let (body, _) = of.epoch_body(team);
        of.say(&lead, body);
        let body = submit(of);
        signed(of, &of.mother, body)
    }),
    ("a reader says thank you", |of| {
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Deliver);
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        signed(of, &of.adopter, body)
    }),
    ("a reader answers each of two letters", |of| {
        let (one, adopter) = (of.coordinator.clone(), of.adopter.clone());
        let (first, second) = (of.letter(), of.letter());
        of.decide(&one, first, Outcome::Deliver);
        of.decide(&one, second, Outcome::Deliver);
        let body = of.receipt_body(second, Phrase::WillWrite);
        of.say(&adopter, body);
        let body = of.receipt_body(first, Phrase::WillWrite);
        signed(of, &adopter, body)
    }),
    ("an agency changes its keys", |of| {
        let (id, agency) = of.ledger.agency().map(|(id, found)| (id, found.clone())).expect("one");
        of.sign_root(Agency { n: 2, prev: Some(id), ..agency })
    }),
    ("a member gives a contact point", |of| {
        let membership = of.mother_membership;
        let body = of.contact_body(membership, 1);
        signed(of, &of.mother, body)
    }),
    ("staff give the contact point of an invitation", |of| {
        let membership = of.grandmother_membership;
        let body = of.contact_body(membership, 3);
        signed(of, &of.coordinator, body)
    }),
    ("somebody is certified anew with other roles", |of| {
        let (lead, second) = (of.lead.clone(), of.second_lead.clone());
        let body = new_staff(of);
        let prior = Some(of.say(&lead, body.clone()));
        of.say(&second, Staff { prior, ..body.clone() });
        let body = Staff { roles: vec![Role::Auditor, Role::Coordinator], ..body };
        let prior = Some(of.say(&lead, body.clone()));
        signed(of, &of.administrator, Staff { prior, ..body })
    }),
];
