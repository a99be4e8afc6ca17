use super::*;

fn new_staff(of: &mut Letterbox) -> (Signatory, Staff) {
    let (lead, team) = (of.lead.clone(), of.team);
    let enrolled = of.enrol(Some(&lead), Role::Coordinator, None);
    let body = of.staff_body(&enrolled, &[Role::Coordinator], &[team]);
    (enrolled, body)
}

#[test]
fn the_agency_comes_first_and_only_root_signs_it() {
    let mut of = letterbox();
    let root = of.root.clone();
    let fresh = Ledger::new(of.realm, root.public_key()).expect("its root");
    let invite = of.statements[1].clone();
    assert_eq!(fresh.clone().admit(&invite, None), Err(Refusal::NoAgency));

    let other = SigningKey::generate(&mut of.rng).public_key();
    assert_eq!(Ledger::new(of.realm, other).err(), Some(Refusal::WrongRealm));

    let (id, agency) = of.ledger.agency().map(|(id, body)| (id, body.clone())).expect("one");
    let next = Agency2 { n: 2, prev: Some(id), ..agency.clone() };
    assert_eq!(refused(&of, &of.lead, next.clone()), Refusal::NotEntitled);
    let skipped = of.sign_root(Agency2 { n: 3, ..next.clone() });
    assert_eq!(of.refusal(&skipped), Refusal::WrongVersion);
    let envelope = of.sign_root(next);
    of.log(envelope.clone());
    assert_eq!(of.refusal(&envelope), Refusal::Repeated);
}

use crate::statement::Agency as Agency2;

#[test]
fn a_statement_of_another_agency_is_refused() {
    let (mut of, other) = (letterbox(), Letterbox::new(2));
    let (_, mut body) = new_staff(&mut of);
    body.until = 7;
    let foreign = other.sign_root(body);
    assert_eq!(of.refusal(&foreign), Refusal::BadSignature);
    let statement = Statement { realm: other.realm, ..foreign.unverified().clone() };
    assert_eq!(of.refusal(&Envelope::sign(statement, &of.root)), Refusal::WrongRealm);
}

#[test]
fn one_person_cannot_certify_staff_alone() {
    let mut of = letterbox();
    let (_, body) = new_staff(&mut of);
    let (lead, second) = (of.lead.clone(), of.second_lead.clone());
    let first = of.say(&lead, body.clone());
    // The first half is no certificate yet.
    assert!(of.ledger.certificate(first).is_none());
    let half = Staff { prior: Some(first), ..body.clone() };
    assert_eq!(refused(&of, &lead, half.clone()), Refusal::SamePerson);
    let complete = of.say(&second, half.clone());
    assert!(of.ledger.is_in_force(complete));
    // The first half is spent.
    assert_eq!(refused(&of, &of.administrator, half), Refusal::WrongChain);
}

#[test]
fn a_lead_cannot_invent_a_second_person() {
    let mut of = letterbox();
    let (lead, team) = (of.lead.clone(), of.team);
    let (invented, body) = new_staff(&mut of);
    let first = of.say(&lead, body.clone());
    // The invented person is nobody until a second person has signed.
    let invented = Signatory { id: first, ..invented };
    let half = Staff { prior: Some(first), ..body };
    assert_eq!(refused(&of, &invented, half.clone()), Refusal::UnknownSigner);
    // A second certificate of the lead's own person does not help.
    let Holder::Staff(own) = of.ledger.certificate(lead.id).expect("one").holder.clone() else {
        unreachable!("a lead is staff")
    };
    let enrolled = of.enrol(None, Role::Lead, None);
    let twin = of.staff_body(&enrolled, &[Role::Lead], &[team]);
    let envelope = of.sign_root(Staff { person: own.person, ..twin });
    let twin = Signatory { id: of.log(envelope), ..enrolled };
    assert_eq!(refused(&of, &twin, half), Refusal::SamePerson);
}

#[test]
fn the_second_half_says_what_the_first_said() {
    let mut of = letterbox();
    let (_, body) = new_staff(&mut of);
    let (lead, second, other_team) = (of.lead.clone(), of.second_lead.clone(), of.other_team);
    let prior = Some(of.say(&lead, body.clone()));
    let mut wider = Staff { prior, ..body.clone() };
    wider.teams.push(other_team);
    wider.teams.sort();
    assert_eq!(refused(&of, &second, wider), Refusal::WrongChain);
    let auditor = Staff { prior, roles: vec![Role::Auditor], ..body.clone() };
    assert_eq!(refused(&of, &second, auditor), Refusal::WrongChain);
    assert_eq!(
        refused(&of, &of.coordinator, Staff { prior, ..body.clone() }),
        Refusal::NotEntitled
    );
    let not_a_half = Staff { prior: Some(of.coordinator.id), ..body };
    assert_eq!(refused(&of, &second, not_a_half), Refusal::WrongChain);
}

#[test]
fn a_lead_gives_lower_roles_in_own_teams_only() {
    let mut of = letterbox();
    let (lead, other_team) = (of.lead.clone(), of.other_team);
    let (_, body) = new_staff(&mut of);
    let elsewhere = Staff { teams: vec![other_team], ..body.clone() };
    assert_eq!(refused(&of, &lead, elsewhere), Refusal::NotEntitled);
    for role in [Role::Lead, Role::Administrator] {
        let higher = Staff { roles: vec![role], ..body.clone() };
        assert_eq!(refused(&of, &lead, higher), Refusal::NotEntitled);
    }
    assert_eq!(refused(&of, &of.administrator, body.clone()), Refusal::NotEntitled);
    assert_eq!(refused(&of, &of.coordinator, body.clone()), Refusal::NotEntitled);
    let by_root = of.sign_root(body);
    assert_eq!(of.refusal(&by_root), Refusal::NotEntitled);
}

#[test]
fn certified_keys_are_the_enrolled_ones_and_nobody_elses() {
    let mut of = letterbox();
    let (lead, second) = (of.lead.clone(), of.second_lead.clone());
    let (_, body) = new_staff(&mut of);
    let sign_key = of.keys().sign.public_key();
    let changed = Staff { sign_key, ..body.clone() };
    assert_eq!(refused(&of, &lead, changed), Refusal::WrongKeys);
    let not_an_enrolment = Staff { enrol_id: of.lead.id, ..body.clone() };
    assert_eq!(refused(&of, &lead, not_an_enrolment), Refusal::WrongKind);

    let first = of.say(&lead, body.clone());
    of.say(&second, Staff { prior: Some(first), ..body.clone() });
    let person = of.id(PersonId::from_bytes);
    let renamed = Staff { person, ..body.clone() };
    assert_eq!(refused(&of, &lead, renamed), Refusal::WrongPerson);
    let staff = of.id(domain::id::StaffId::from_bytes);
    assert_eq!(refused(&of, &lead, Staff { staff, ..body.clone() }), Refusal::KeyTaken);
    // The same person may be certified anew: other roles, other teams, another end.
    of.say(&lead, Staff { until: NOW, ..body });
}

#[test]
fn members_join_by_an_invitation_for_their_own_place() {
    let mut of = letterbox();
    let (coordinator, arrangement) = (of.coordinator.clone(), of.arrangement);
    let place = (of.grandmother_membership, arrangement);
    let enrolled = of.enrol(Some(&coordinator), Role::Grandparent, Some(place));
    let body = of.member_body(&enrolled, Role::Grandparent, place);
    assert_eq!(refused(&of, &of.other_coordinator, body.clone()), Refusal::NotEntitled);
    assert_eq!(refused(&of, &of.administrator, body.clone()), Refusal::NotEntitled);
    assert_eq!(refused(&of, &of.mother, body.clone()), Refusal::NotEntitled);
    let sibling = Member { role: Role::Sibling, ..body.clone() };
    assert_eq!(refused(&of, &coordinator, sibling), Refusal::WrongInvite);
    let adopter = Member { membership: of.adopter_membership, ..body.clone() };
    assert_eq!(refused(&of, &coordinator, adopter), Refusal::WrongInvite);
    let nobody = of.id(MembershipId::from_bytes);
    let stranger = Member { membership: nobody, ..body.clone() };
    assert_eq!(refused(&of, &coordinator, stranger), Refusal::NotAMember);
    of.say(&coordinator, body.clone());
    assert_eq!(refused(&of, &coordinator, Member { until: 9, ..body }), Refusal::KeyTaken);
}

#[test]
fn an_invitation_is_used_once() {
    let mut of = letterbox();
    let coordinator = of.coordinator.clone();
    let place = (of.grandmother_membership, of.arrangement);
    of.enrol(Some(&coordinator), Role::Grandparent, Some(place));
    let invite = of.statements[of.statements.len() - 2].clone();
    let enrol = of.statements.last().cloned().expect("the enrolment");
    // The same code again, which an attacker does not have, would be refused too.
    assert_eq!(of.refusal(&enrol), Refusal::Repeated);
    let Body::Enrol(body) = enrol.unverified().body.clone() else { unreachable!("an enrolment") };
    let keys = of.keys();
    let other = crate::statement::Enrol { sign_key: keys.sign.public_key(), ..body };
    let statement = Statement::new(of.realm, Some(invite.id()), other);
    let forged = Envelope::sign_enrol(statement, &keys.sign, &keys.sign);
    assert_eq!(of.refusal(&forged), Refusal::BadSignature);
}

#[test]
fn who_lost_everything_is_certified_anew_by_two_persons() {
    let mut of = letterbox();
    let (coordinator, second) = (of.coordinator.clone(), of.second_coordinator.clone());
    let place = (of.mother_membership, of.arrangement);
    let old = of.mother.id;
    let enrolled = of.enrol(Some(&coordinator), Role::BirthParent, Some(place));
    let body = of.member_body(&enrolled, Role::BirthParent, place);
    assert_eq!(refused(&of, &coordinator, body.clone()), Refusal::AlreadyCertified);
    let wrong = Member { replaces: Some(of.adopter.id), ..body.clone() };
    assert_eq!(refused(&of, &coordinator, wrong), Refusal::WrongCertificate);
    let body = Member { replaces: Some(old), ..body };
    let first = of.say(&coordinator, body.clone());
    assert!(of.ledger.is_in_force(old));
    let half = Member { prior: Some(first), ..body };
    assert_eq!(refused(&of, &coordinator, half.clone()), Refusal::SamePerson);
    let new = of.say(&second, half);
    assert!(!of.ledger.is_in_force(old));
    assert_eq!(of.ledger.membership_certificate(place.0).map(|found| found.id), Some(new));
    let mother = of.mother.clone();
    let contact = of.contact_body(place.0, 1);
    assert_eq!(refused(&of, &mother, contact), Refusal::Revoked);
}

#[test]
fn whoever_still_has_the_old_keys_stops_new_ones_and_nothing_else() {
    let mut of = letterbox();
    let (coordinator, second) = (of.coordinator.clone(), of.second_coordinator.clone());
    let (mother, place) = (of.mother.clone(), (of.mother_membership, of.arrangement));
    let enrolled = of.enrol(Some(&coordinator), Role::BirthParent, Some(place));
    let body = of.member_body(&enrolled, Role::BirthParent, place);
    let body = Member { replaces: Some(mother.id), ..body };
    let first = of.say(&coordinator, body.clone());
    let objection = Revoke { target_id: first, reason: Reason::Mistake };
    assert_eq!(refused(&of, &of.adopter, objection), Refusal::NotEntitled);
    for target_id in [mother.id, of.adopter.id, coordinator.id] {
        let other = Revoke { target_id, reason: Reason::Mistake };
        assert_eq!(refused(&of, &mother, other), Refusal::NotEntitled);
    }
    of.say(&mother, objection);
    let half = Member { prior: Some(first), ..body };
    assert_eq!(refused(&of, &second, half), Refusal::Revoked);
    assert!(of.ledger.is_in_force(mother.id));
}

#[test]
fn revoking_ends_what_comes_after_and_nothing_before() {
    let mut of = letterbox();
    let submit_id = of.letter();
    let coordinator = of.coordinator.clone();
    let decision = of.decide(&coordinator, submit_id, Outcome::Deliver);
    let revoke = Revoke { target_id: coordinator.id, reason: Reason::Left };
    assert_eq!(refused(&of, &of.other_lead, revoke), Refusal::NotEntitled);
    assert_eq!(refused(&of, &of.second_coordinator, revoke), Refusal::NotEntitled);
    let lead = of.lead.clone();
    of.say(&lead, revoke);
    assert_eq!(refused(&of, &lead, Revoke { reason: Reason::Lost, ..revoke }), Refusal::Revoked);
    let found = of.ledger.final_decision(submit_id).expect("it stands");
    assert_eq!(found.decision_id(), decision);
    let next = of.letter();
    let body = of.decision_body(next, Outcome::Deliver);
    assert_eq!(refused(&of, &coordinator, body), Refusal::Revoked);
}

#[test]
fn only_the_worker_looks_at_until() {
    let mut of = letterbox();
    let (lead, second) = (of.lead.clone(), of.second_lead.clone());
    let (enrolled, body) = new_staff(&mut of);
    let body = Staff { until: NOW + 60, ..body };
    let first = of.say(&lead, body.clone());
    let id = of.say(&second, Staff { prior: Some(first), ..body });
    let short = Signatory { id, ..enrolled };
    let submit_id = of.letter();
    let decision = of.decision_body(submit_id, Outcome::Deliver);
    let envelope = of.sign(&short, decision);
    let at = |second: u64| {
        let second = i64::try_from(second).expect("in range");
        Some(Timestamp::from_second(second).expect("in range"))
    };
    let admitted = |now| of.ledger.clone().admit(&envelope, now).map(|_| ());
    assert_eq!(admitted(at(NOW + 59)), Ok(()));
    assert_eq!(admitted(at(NOW + 60)), Err(Refusal::Expired));
    assert_eq!(admitted(None), Ok(()));
}

#[test]
fn a_contact_point_is_its_members_own() {
    let mut of = letterbox();
    let (mother, coordinator) = (of.mother.clone(), of.coordinator.clone());
    let membership = of.mother_membership;
    let body = of.contact_body(membership, 1);
    assert_eq!(refused(&of, &of.adopter, body.clone()), Refusal::NotEntitled);
    assert_eq!(refused(&of, &coordinator, body.clone()), Refusal::NotEntitled);
    of.say(&mother, body.clone());
    let again = Contact { channel: crate::statement::Channel::Text, ..body };
    assert_eq!(refused(&of, &mother, again), Refusal::WrongVersion);
    // Of somebody who is only invited, staff know it.
    let membership = of.grandmother_membership;
    let body = of.contact_body(membership, 1);
    of.say(&coordinator, body);
}

#[test]
fn a_team_has_one_line_of_epochs_and_the_agencys_archive() {
    let mut of = letterbox();
    let (lead, team) = (of.lead.clone(), of.team);
    let (body, _) = of.epoch_body(team);
    for other in [&of.other_lead, &of.coordinator, &of.administrator] {
        assert_eq!(refused(&of, other, body.clone()), Refusal::NotEntitled);
    }
    let stranger = crate::statement::SealKey::from(&of.lead.seal.recipient());
    let to_stranger = Epoch { archive_key: stranger, ..body.clone() };
    assert_eq!(refused(&of, &lead, to_stranger), Refusal::WrongArchive);
    let skipped = Epoch { n: body.n + 1, ..body.clone() };
    assert_eq!(refused(&of, &lead, skipped), Refusal::WrongVersion);
    of.say(&lead, body.clone());
    let (after, _) = of.epoch_body(team);
    assert_eq!(refused(&of, &lead, Epoch { prev: body.prev, ..after }), Refusal::WrongVersion);
}
