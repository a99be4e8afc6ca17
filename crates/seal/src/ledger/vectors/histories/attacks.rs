//! Attacks: the last statement is refused.

use super::*;

pub(super) const ATTACKS: &[(&str, Refusal, Build)] = &[
    ("another root signs", Refusal::BadSignature, |of| {
        let other = SigningKey::generate(&mut of.rng);
        let body = Revoke { target_id: of.lead.id, reason: Reason::Mistake };
        Envelope::sign(Statement::new(of.realm, None, body), &other)
    }),
    ("another realm is named", Refusal::WrongRealm, |of| {
        let body = Revoke { target_id: of.lead.id, reason: Reason::Mistake };
        Envelope::sign(Statement::new(Realm::from_bytes([9; 32]), None, body), &of.root)
    }),
    ("a statement is logged twice", Refusal::Repeated, |of| {
        of.letter();
        of.statements.last().cloned().expect("the letter")
    }),
    ("a decision rests on a statement that is missing", Refusal::MissingStatement, |of| {
        let body = deliver(of);
        signed(
            of,
            &of.coordinator,
            Decision { submit_id: StatementId::from_bytes([9; 32]), ..body },
        )
    }),
    ("somebody unknown signs", Refusal::UnknownSigner, |of| {
        let (stranger, body) = (of.keys(), deliver(of));
        signed(of, &stranger, body)
    }),
    ("an agency skips a version", Refusal::WrongVersion, |of| {
        let (id, agency) = of.ledger.agency().map(|(id, found)| (id, found.clone())).expect("one");
        of.sign_root(Agency { n: 3, prev: Some(id), ..agency })
    }),
    ("a lead signs the agency's keys", Refusal::NotEntitled, |of| {
        let (id, agency) = of.ledger.agency().map(|(id, found)| (id, found.clone())).expect("one");
        signed(of, &of.lead, Agency { n: 2, prev: Some(id), ..agency })
    }),
    ("root certifies a coordinator", Refusal::NotEntitled, |of| {
        let body = new_staff(of);
        of.sign_root(body)
    }),
    ("a lead certifies a lead", Refusal::NotEntitled, |of| {
        let body = new_staff(of);
        signed(of, &of.lead, Staff { roles: vec![Role::Lead], ..body })
    }),
    ("a lead certifies for another team", Refusal::NotEntitled, |of| {
        let body = new_staff(of);
        signed(of, &of.lead, Staff { teams: vec![of.other_team], ..body })
    }),
    ("one person signs both halves of a certificate", Refusal::SamePerson, |of| {
        let (lead, body) = (of.lead.clone(), new_staff(of));
        let prior = Some(of.say(&lead, body.clone()));
        signed(of, &lead, Staff { prior, ..body })
    }),
    ("one person signs both halves with two certificates", Refusal::SamePerson, |of| {
        let (lead, body) = (of.lead.clone(), new_staff(of));
        let twin = twin(of, &lead);
        let prior = Some(of.say(&lead, body.clone()));
        signed(of, &twin, Staff { prior, ..body })
    }),
    ("an invented person signs the second half", Refusal::UnknownSigner, |of| {
        let lead = of.lead.clone();
        let team = of.team;
        let invented = of.enrol(Some(&lead), Role::Coordinator, None);
        let body = of.staff_body(&invented, &[Role::Coordinator], &[team]);
        let first = of.say(&lead, body.clone());
        let invented = Signatory { id: first, ..invented };
        signed(of, &invented, Staff { prior: Some(first), ..body })
    }),
    ("the second half says something else", Refusal::WrongChain, |of| {
        let (lead, body) = (of.lead.clone(), new_staff(of));
        let prior = Some(of.say(&lead, body.clone()));
        let mut teams = vec![of.team, of.other_team];
        teams.sort();
        signed(of, &of.second_lead, Staff { teams, prior, ..body })
    }),
    ("a second half is signed twice", Refusal::WrongChain, |of| {
        let (lead, second, body) = (of.lead.clone(), of.second_lead.clone(), new_staff(of));
        let prior = Some(of.say(&lead, body.clone()));
        of.say(&second, Staff { prior, ..body.clone() });
        signed(of, &of.administrator, Staff { prior, ..body })
    }),
    ("a staff id is given to another person", Refusal::WrongPerson, |of| {
        let (lead, body) = (of.lead.clone(), new_staff(of));
        let holder = of.ledger.certificate(of.coordinator.id).and_then(Certificate::staff);
        let staff = holder.expect("staff").staff;
        // What gives the staff id its person has to be in sight.
        let one = of.coordinator.clone();
        let contact = of.grandmother_membership;
        let contact = of.contact_body(contact, 1);
        of.say(&one, contact);
        signed(of, &lead, Staff { staff, ..body })
    }),
    ("another's keys are certified", Refusal::KeyTaken, |of| {
        let (lead, second, body) = (of.lead.clone(), of.second_lead.clone(), new_staff(of));
        let prior = Some(of.say(&lead, body.clone()));
        of.say(&second, Staff { prior, ..body.clone() });
        let staff = of.id(StaffId::from_bytes);
        signed(of, &lead, Staff { staff, ..body })
    }),
    ("the keys are not those enrolled", Refusal::WrongKeys, |of| {
        let (body, other) = (new_staff(of), of.keys());
        signed(of, &of.lead, Staff { seal_key: SealKey::from(&other.seal.recipient()), ..body })
    }),
    ("a certificate rests on something that is no enrolment", Refusal::WrongKind, |of| {
        let body = new_staff(of);
        signed(of, &of.lead, Staff { enrol_id: of.coordinator.id, ..body })
    }),
    ("a member's enrolment makes staff", Refusal::WrongInvite, |of| {
        let (coordinator, team) = (of.coordinator.clone(), of.team);
        let place = (of.grandmother_membership, of.arrangement);
        let enrolled = of.enrol(Some(&coordinator), Role::Grandparent, Some(place));
        let body = of.staff_body(&enrolled, &[Role::Coordinator], &[team]);
        signed(of, &of.lead, body)
    }),
    ("somebody without the code enrols", Refusal::BadSignature, |of| {
        let lead = of.lead.clone();
        let enrolled = of.enrol(Some(&lead), Role::Coordinator, None);
        let _ = enrolled;
        let Body::Enrol(body) = of.statements.pop().expect("it").unverified().body.clone() else {
            unreachable!("the enrolment")
        };
        let keys = of.keys();
        let forged = crate::statement::Enrol { sign_key: keys.sign.public_key(), ..body.clone() };
        let statement = Statement::new(of.realm, Some(body.invite_id), forged);
        Envelope::sign_enrol(statement, &keys.sign, &keys.sign)
    }),
    ("an enrolment answers no invite", Refusal::UnknownSigner, |of| {
        let keys = of.keys();
        let invite_id = of.statements[0].id();
        let body = crate::statement::Enrol {
            invite_id,
            sign_key: keys.sign.public_key(),
            seal_key: SealKey::from(&keys.seal.recipient()),
        };
        let statement = Statement::new(of.realm, Some(invite_id), body);
        Envelope::sign_enrol(statement, &keys.sign, &keys.sign)
    }),
    ("another team's coordinator invites", Refusal::NotEntitled, |of| {
        let body = invite(of);
        signed(of, &of.other_coordinator, body)
    }),
    ("somebody outside the arrangement is invited", Refusal::NotAMember, |of| {
        let membership = Some(of.id(MembershipId::from_bytes));
        let body = Invite { membership, ..invite(of) };
        signed(of, &of.coordinator, body)
    }),
    ("an invite's id is used again", Refusal::Repeated, |of| {
        let (coordinator, body) = (of.coordinator.clone(), invite(of));
        of.say(&coordinator, body.clone());
        signed(of, &coordinator, Invite { until: 0, ..body })
    }),
    ("another team's coordinator certifies a member", Refusal::NotEntitled, |of| {
        let body = member(of);
        signed(of, &of.other_coordinator, body)
    }),
    ("an enrolment is used for another membership", Refusal::WrongInvite, |of| {
        let body = member(of);
        signed(of, &of.coordinator, Member { membership: of.adopter_membership, ..body })
    }),
    ("a member is certified twice", Refusal::AlreadyCertified, |of| {
        let body = replacement(of);
        signed(of, &of.coordinator, Member { replaces: None, ..body })
    }),
    ("one person replaces a member's keys", Refusal::SamePerson, |of| {
        let (coordinator, body) = (of.coordinator.clone(), replacement(of));
        let prior = Some(of.say(&coordinator, body.clone()));
        signed(of, &coordinator, Member { prior, ..body })
    }),
    ("one of two says that they were seen, and the other does not", Refusal::WrongChain, |of| {
        let (one, two, body) =
            (of.coordinator.clone(), of.second_coordinator.clone(), replacement(of));
        let prior = Some(of.say(&one, body.clone()));
        signed(of, &two, Member { met: true, prior, ..body })
    }),
    ("another's certificate is replaced", Refusal::WrongCertificate, |of| {
        let body = replacement(of);
        signed(of, &of.coordinator, Member { replaces: Some(of.adopter.id), ..body })
    }),
    ("a replaced certificate writes", Refusal::Revoked, |of| {
        let (one, two) = (of.coordinator.clone(), of.second_coordinator.clone());
        let (letter, body) = (submit(of), replacement(of));
        let prior = Some(of.say(&one, body.clone()));
        of.say(&two, Member { prior, ..body });
        signed(of, &of.mother, letter)
    }),
    ("a revoked coordinator decides", Refusal::Revoked, |of| {
        let (lead, target_id, body) = (of.lead.clone(), of.coordinator.id, deliver(of));
        of.say(&lead, Revoke { target_id, reason: Reason::Left });
        signed(of, &of.coordinator, body)
    }),
    ("another team's lead revokes", Refusal::NotEntitled, |of| {
        signed(of, &of.other_lead, Revoke { target_id: of.coordinator.id, reason: Reason::Left })
    }),
    ("a letter is revoked", Refusal::WrongKind, |of| {
        let target_id = of.letter();
        signed(of, &of.lead, Revoke { target_id, reason: Reason::Mistake })
    }),
    ("another team's lead starts an epoch", Refusal::NotEntitled, |of| {
        let team = of.team;
        let (body, _) = of.epoch_body(team);
        signed(of, &of.other_lead, body)
    }),
    ("an epoch has another archive", Refusal::WrongArchive, |of| {
        let team = of.team;
        let (body, secret) = of.epoch_body(team);
        let archive_key = SealKey::from(&secret.recipient());
        signed(of, &of.lead, Epoch { archive_key, ..body })
    }),
    ("a coordinator raises the number of reviewers", Refusal::NotEntitled, |of| {
        let version = Arrangement { reviewers: 2, ..next_version(of) };
        signed(of, &of.coordinator, version)
    }),
    ("a coordinator lowers the number of reviewers", Refusal::NotEntitled, |of| {
        two_reviewers(of);
        let version = Arrangement { reviewers: 1, ..next_version(of) };
        signed(of, &of.coordinator, version)
    }),
    ("another team's coordinator changes an arrangement", Refusal::NotEntitled, |of| {
        let version = next_version(of);
        signed(of, &of.other_coordinator, version)
    }),
    ("a lead takes an arrangement alone", Refusal::NotEntitled, |of| {
        let version = Arrangement { team: of.other_team, ..next_version(of) };
        signed(of, &of.other_lead, version)
    }),
    ("a lead of both teams moves an arrangement to themselves", Refusal::SamePerson, |of| {
        let teams: [TeamId; 2] = [of.team, of.other_team];
        let both = of.root_staff(&[Role::Lead], &teams);
        let moved = Arrangement { team: of.other_team, ..next_version(of) };
        let prior = Some(of.say(&both, moved.clone()));
        signed(of, &both, Arrangement { prior, ..moved })
    }),
    ("a move is completed on a version that has passed", Refusal::WrongVersion, |of| {
        let (lead, coordinator) = (of.lead.clone(), of.coordinator.clone());
        let moved = Arrangement { team: of.other_team, ..next_version(of) };
        let prior = Some(of.say(&lead, moved.clone()));
        let version = next_version(of);
        of.say(&coordinator, version);
        signed(of, &of.other_lead, Arrangement { prior, ..moved })
    }),
    ("an arrangement names another's certificate", Refusal::WrongCertificate, |of| {
        let (mother, adopter) = (of.mother_membership, of.adopter.id);
        let mut version = next_version(of);
        let entry = version.members.iter_mut().find(|entry| entry.membership == mother);
        entry.expect("the mother").cert_id = Some(adopter);
        signed(of, &of.coordinator, version)
    }),
    ("an arrangement keeps a revoked certificate", Refusal::Revoked, |of| {
        let (lead, target_id) = (of.lead.clone(), of.mother.id);
        of.say(&lead, Revoke { target_id, reason: Reason::Compromised });
        let version = next_version(of);
        signed(of, &of.coordinator, version)
    }),
    ("an arrangement takes in a member whom another team certified", Refusal::NotEntitled, |of| {
        let (other, team) = (of.other_coordinator.clone(), of.team);
        let place = (of.id(MembershipId::from_bytes), of.id(ArrangementId::from_bytes));
        let enrolled = of.enrol(Some(&other), Role::Sibling, Some(place));
        let body = of.member_body(&enrolled, Role::Sibling, place);
        let cert_id = of.say(&other, body);
        let mut members = on_paper(&[(place.0, "a")]);
        members[0].cert_id = Some(cert_id);
        let version = of.next_version(place.1, team, members);
        signed(of, &of.coordinator, version)
    }),
    ("staff submit a letter", Refusal::NotEntitled, |of| {
        let body = submit(of);
        signed(of, &of.lead, body)
    }),
    ("a member writes as another", Refusal::WrongAuthor, |of| {
        let body = submit(of);
        signed(of, &of.adopter, body)
    }),
    ("a letter goes to the writer's own side", Refusal::WrongReader, |of| {
        let body = submit(of);
        signed(of, &of.mother, Submit { to: vec![of.grandmother_membership], ..body })
    }),
    ("a letter goes to somebody who may not read", Refusal::WrongReader, |of| {
        let coordinator = of.coordinator.clone();
        let mut version = next_version(of);
        version.members.iter_mut().for_each(|entry| entry.read = false);
        of.say(&coordinator, version);
        let body = submit(of);
        signed(of, &of.mother, body)
    }),
    ("somebody without the right writes", Refusal::NoWriteRight, |of| {
        let coordinator = of.coordinator.clone();
        let mut version = next_version(of);
        version.members.iter_mut().for_each(|entry| entry.write = false);
        of.say(&coordinator, version);
        let body = submit(of);
        signed(of, &of.mother, body)
    }),
    ("a letter rests on a version that has passed", Refusal::StaleArrangement, |of| {
        let (coordinator, body) = (of.coordinator.clone(), submit(of));
        let version = next_version(of);
        of.say(&coordinator, version);
        signed(of, &of.mother, body)
    }),
    ("a letter goes to another team", Refusal::WrongTeam, |of| {
        let body = submit(of);
        signed(of, &of.mother, Submit { team: of.other_team, ..body })
    }),
    ("a letter is sealed to another team's epoch", Refusal::WrongTeam, |of| {
        let body = submit(of);
        let (epoch_id, _) = of.ledger.epoch(of.other_team).expect("one");
        signed(of, &of.mother, Submit { epoch_id, ..body })
    }),
    ("a letter is sealed to an old epoch", Refusal::StaleEpoch, |of| {
        let (lead, team, body) = (of.lead.clone(), of.team, submit(of));
        let (epoch, _) = of.epoch_body(team);
        of.say(&lead, epoch);
        signed(of, &of.mother, body)
    }),
    (
        "somebody else's sealed letter is signed into another arrangement",
        Refusal::KeyReused,
        |of| {
            let (hijack, by, _) = hijack(of);
            signed(of, &by, hijack)
        },
    ),
    ("somebody else's letter is revised", Refusal::WrongAuthor, |of| {
        let (hijack, by, submit_id) = hijack(of);
        let letter = of.ledger.submit(submit_id).expect("one").letter;
        signed(of, &by, Submit { letter, rev: 2, prev: Some(submit_id), ..hijack })
    }),
    ("a member writes in another arrangement", Refusal::WrongArrangement, |of| {
        let (hijack, by, _) = hijack(of);
        signed(of, &by, Submit { arrangement: of.arrangement, ..hijack })
    }),
    ("a revision that nobody asked for", Refusal::RevisionNotAsked, |of| {
        let (mother, submit_id) = (of.mother.clone(), of.letter());
        let letter = of.ledger.submit(submit_id).expect("one").letter;
        let body = of.revise_body(&mother, letter);
        signed(of, &mother, body)
    }),
    ("a revision skips a number", Refusal::WrongRevision, |of| {
        let (mother, one, submit_id) = (of.mother.clone(), of.coordinator.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Change);
        let letter = of.ledger.submit(submit_id).expect("one").letter;
        let body = of.revise_body(&mother, letter);
        signed(of, &mother, Submit { rev: 3, ..body })
    }),
    ("the reader takes a letter back", Refusal::WrongAuthor, |of| {
        let submit_id = of.letter();
        let body = of.withdraw_body(submit_id);
        signed(of, &of.adopter, body)
    }),
    ("a letter is taken back after the first decision", Refusal::AlreadyDecided, |of| {
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Keep);
        let body = of.withdraw_body(submit_id);
        signed(of, &of.mother, body)
    }),
    ("a letter taken back is delivered", Refusal::Withdrawn, |of| {
        let (mother, body) = (of.mother.clone(), deliver(of));
        let withdraw = of.withdraw_body(body.submit_id);
        of.say(&mother, withdraw);
        signed(of, &of.coordinator, body)
    }),
    ("a reader answers before the letter is decided on", Refusal::NotEntitled, |of| {
        let submit_id = of.letter();
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        signed(of, &of.adopter, body)
    }),
    ("a reader answers a letter that was kept", Refusal::NotEntitled, |of| {
        let (submit_id, _) = kept(of);
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        signed(of, &of.adopter, body)
    }),
    ("a reader answers after one of two has agreed", Refusal::NotEntitled, |of| {
        two_reviewers(of);
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Deliver);
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        signed(of, &of.adopter, body)
    }),
    ("the writer answers their own letter", Refusal::NotEntitled, |of| {
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Deliver);
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        signed(of, &of.mother, body)
    }),
    ("staff answer for a reader", Refusal::NotEntitled, |of| {
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Deliver);
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        signed(of, &one, body)
    }),
    ("a reader answers twice", Refusal::Repeated, |of| {
        let (one, adopter) = (of.coordinator.clone(), of.adopter.clone());
        let submit_id = of.letter();
        of.decide(&one, submit_id, Outcome::Deliver);
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        of.say(&adopter, body);
        let body = of.receipt_body(submit_id, Phrase::WillWrite);
        signed(of, &adopter, body)
    }),
    ("a reader answers after their certificate was revoked", Refusal::Revoked, |of| {
        let (one, lead) = (of.coordinator.clone(), of.lead.clone());
        let (adopter, submit_id) = (of.adopter.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Deliver);
        of.say(&lead, Revoke { target_id: adopter.id, reason: Reason::Left });
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        signed(of, &adopter, body)
    }),
    ("a reader answers a decision", Refusal::WrongKind, |of| {
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        let decision_id = of.decide(&one, submit_id, Outcome::Deliver);
        let body = of.receipt_body(decision_id, Phrase::Thanks);
        signed(of, &of.adopter, body)
    }),
    ("an administrator decides", Refusal::NotEntitled, |of| {
        let body = deliver(of);
        signed(of, &of.administrator, body)
    }),
    ("the reader decides", Refusal::NotEntitled, |of| {
        let body = deliver(of);
        signed(of, &of.adopter, body)
    }),
    ("another team decides", Refusal::NotEntitled, |of| {
        let body = deliver(of);
        signed(of, &of.other_coordinator, body)
    }),
    ("another team decides under its own arrangement", Refusal::WrongArrangement, |of| {
        let (other, other_team, body) = (of.other_coordinator.clone(), of.other_team, deliver(of));
        let elsewhere = of.id(ArrangementId::from_bytes);
        let members = on_paper(&[(of.adopter_membership, "a")]);
        let version = of.next_version(elsewhere, other_team, members);
        let arrangement_id = of.say(&other, version);
        signed(of, &other, Decision { arrangement_id, ..body })
    }),
    ("a decision rests on a version that has passed", Refusal::StaleArrangement, |of| {
        let body = deliver(of);
        two_reviewers(of);
        signed(of, &of.coordinator, body)
    }),
    ("one person delivers alone where two must", Refusal::WrongGrants, |of| {
        let one = deliver(of);
        two_reviewers(of);
        let body = of.decision_body(one.submit_id, Outcome::Deliver);
        signed(of, &of.coordinator, Decision { grants: one.grants, ..body })
    }),
    ("one person delivers twice", Refusal::SamePerson, |of| {
        two_reviewers(of);
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Deliver);
        let body = of.decision_body(submit_id, Outcome::Deliver);
        signed(of, &one, body)
    }),
    ("one person delivers with two certificates", Refusal::SamePerson, |of| {
        two_reviewers(of);
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        let twin = twin(of, &one);
        of.decide(&one, submit_id, Outcome::Deliver);
        let body = of.decision_body(submit_id, Outcome::Deliver);
        signed(of, &twin, body)
    }),
    ("a step is skipped", Refusal::WrongStep, |of| {
        let body = deliver(of);
        signed(of, &of.coordinator, Decision { step: 2, ..body })
    }),
    ("a chain is closed without saying so", Refusal::WrongStep, |of| {
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        of.decide(&one, submit_id, Outcome::Keep);
        let body = of.decision_body(submit_id, Outcome::Deliver);
        signed(of, &of.lead, Decision { prior: None, ..body })
    }),
    ("a decision on an old revision", Refusal::NotHead, |of| {
        let (mother, one, first) = (of.mother.clone(), of.coordinator.clone(), of.letter());
        of.decide(&one, first, Outcome::Change);
        let letter = of.ledger.submit(first).expect("one").letter;
        let second = of.revise_body(&mother, letter);
        let second = of.say(&mother, second);
        let body = of.decision_body(second, Outcome::Deliver);
        signed(of, &one, Decision { submit_id: first, ..body })
    }),
    ("a letter is decided again", Refusal::AlreadyFinal, |of| {
        let (one, body) = (of.coordinator.clone(), deliver(of));
        of.say(&one, body.clone());
        signed(of, &of.lead, Decision { outcome: Outcome::Change, grants: Vec::new(), ..body })
    }),
    ("a kept letter is delivered without another look", Refusal::AlreadyFinal, |of| {
        let one = deliver(of);
        let (two, three) = (of.coordinator.clone(), of.second_coordinator.clone());
        of.decide(&two, one.submit_id, Outcome::Keep);
        let prior = Some(of.decide(&three, one.submit_id, Outcome::Keep));
        signed(of, &of.lead, Decision { prior, ..one })
    }),
    ("a kept letter is granted", Refusal::WrongGrants, |of| {
        let one = deliver(of);
        let (two, submit_id) = (of.coordinator.clone(), one.submit_id);
        of.decide(&two, submit_id, Outcome::Keep);
        let body = of.decision_body(submit_id, Outcome::Keep);
        signed(of, &of.second_coordinator, Decision { grants: one.grants, ..body })
    }),
    ("who kept a letter takes the other look too", Refusal::SamePerson, |of| {
        let (mother, (submit_id, kept)) = (of.mother.clone(), kept(of));
        let look = of.message_body(&mother, About::Look, Some(kept));
        of.say(&mother, look);
        let body = of.decision_body(submit_id, Outcome::Deliver);
        signed(of, &of.coordinator, body)
    }),
    ("who kept a letter joins the other look later", Refusal::SamePerson, |of| {
        two_reviewers(of);
        let (mother, lead, (submit_id, kept)) = (of.mother.clone(), of.lead.clone(), kept(of));
        let look = of.message_body(&mother, About::Look, Some(kept));
        of.say(&mother, look);
        of.decide(&lead, submit_id, Outcome::Deliver);
        let body = of.decision_body(submit_id, Outcome::Deliver);
        signed(of, &of.coordinator, body)
    }),
    ("the reader asks for another look", Refusal::WrongSubject, |of| {
        let (adopter, (_, kept)) = (of.adopter.clone(), kept(of));
        let body = of.message_body(&adopter, About::Look, Some(kept));
        signed(of, &adopter, body)
    }),
    ("another look is asked for at a delivery", Refusal::WrongSubject, |of| {
        let (one, mother, body) = (of.coordinator.clone(), of.mother.clone(), deliver(of));
        let delivered = of.say(&one, body);
        let body = of.message_body(&mother, About::Look, Some(delivered));
        signed(of, &mother, body)
    }),
    ("a message is about a statement of elsewhere", Refusal::WrongSubject, |of| {
        let (mother, lead) = (of.mother.clone(), of.lead.id);
        let body = of.message_body(&mother, About::Worry, Some(lead));
        signed(of, &mother, body)
    }),
    ("a message reuses a letter's key", Refusal::KeyReused, |of| {
        let (mother, submit_id) = (of.mother.clone(), of.letter());
        let key_hash = of.ledger.submit(submit_id).expect("one").key_hash;
        let body = of.message_body(&mother, About::Help, None);
        signed(of, &mother, Message { key_hash, ..body })
    }),
    ("an addressee is left out", Refusal::WrongGrants, |of| {
        let body = deliver(of);
        signed(of, &of.coordinator, Decision { grants: Vec::new(), ..body })
    }),
    ("a grant goes to the writer too", Refusal::WrongGrants, |of| {
        let mut body = deliver(of);
        let extra = crate::statement::GrantEntry {
            membership: of.mother_membership,
            cert_id: of.mother.id,
            grant_hash: of.hash(),
        };
        body.grants.push(extra);
        body.grants.sort_by_key(|grant| grant.membership);
        signed(of, &of.coordinator, body)
    }),
    ("a grant goes to somebody who was taken out of the plan since", Refusal::WrongGrants, |of| {
        let granting = deliver(of);
        let mut version = next_version(of);
        version.members.retain(|entry| entry.membership != of.adopter_membership);
        let coordinator = of.coordinator.clone();
        of.say(&coordinator, version);
        let body = of.decision_body(granting.submit_id, Outcome::Deliver);
        signed(of, &of.coordinator, Decision { grants: granting.grants, ..body })
    }),
    ("a grant goes to somebody who may not read any more", Refusal::WrongGrants, |of| {
        let granting = deliver(of);
        let mut version = next_version(of);
        version.members.iter_mut().for_each(|entry| entry.read = false);
        let coordinator = of.coordinator.clone();
        of.say(&coordinator, version);
        let body = of.decision_body(granting.submit_id, Outcome::Deliver);
        signed(of, &of.coordinator, Decision { grants: granting.grants, ..body })
    }),
    ("a grant goes to another certificate", Refusal::WrongGrants, |of| {
        let mut body = deliver(of);
        body.grants[0].cert_id = of.mother.id;
        signed(of, &of.coordinator, body)
    }),
    ("a note goes to somebody who is not granted the letter", Refusal::WrongAttachment, |of| {
        let body = deliver(of);
        let author = Some((of.mother_membership, of.mother.id));
        let attached: Vec<Attachment> = vec![of.attachment(AttachmentKind::Note, author)];
        signed(of, &of.coordinator, Decision { attached, ..body })
    }),
    ("a comment goes to the reader", Refusal::WrongAttachment, |of| {
        let body = deliver(of);
        let reader = Some((of.adopter_membership, of.adopter.id));
        let attached = vec![of.attachment(AttachmentKind::Comment, reader)];
        signed(of, &of.coordinator, Decision { attached, ..body })
    }),
    ("a silenced author's letter is delivered", Refusal::NoWriteRight, |of| {
        let (coordinator, submit_id) = (of.coordinator.clone(), of.letter());
        let mut version = next_version(of);
        version.members.iter_mut().for_each(|entry| entry.write = false);
        of.say(&coordinator, version);
        let body = of.decision_body(submit_id, Outcome::Deliver);
        signed(of, &coordinator, body)
    }),
    ("a contact point of another", Refusal::NotEntitled, |of| {
        let membership = of.mother_membership;
        let body = of.contact_body(membership, 1);
        signed(of, &of.adopter, body)
    }),
    ("an old contact point comes back", Refusal::WrongVersion, |of| {
        let (mother, membership) = (of.mother.clone(), of.mother_membership);
        let body = of.contact_body(membership, 2);
        of.say(&mother, body);
        let body = of.contact_body(membership, 1);
        signed(of, &mother, body)
    }),
];
