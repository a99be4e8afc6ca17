//! Coming back: new keys and who may stop them; letters given back, and those that nobody may give
//! away so.

use super::*;

pub(super) const GIVEN_BACK: &[(&str, Build)] = &[
    ("a delivered letter is given back to new keys, and answered", |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        give_back(of, submit_id, &adopter);
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        signed(of, &adopter, body)
    }),
    ("a writer's own letter is given back to new keys", |of| {
        let (submit_id, mother) = (delivered(of), mother_again(of));
        let body = second_half(of, submit_id, &mother);
        signed(of, &of.second_coordinator, body)
    }),
    ("a letter that was kept is given back to its writer", |of| {
        let ((submit_id, _), mother) = (kept(of), mother_again(of));
        let body = second_half(of, submit_id, &mother);
        signed(of, &of.second_coordinator, body)
    }),
    ("after a second loss a letter is given back again", |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        give_back(of, submit_id, &adopter);
        let adopter = adopter_again(of);
        let body = second_half(of, submit_id, &adopter);
        signed(of, &of.second_coordinator, body)
    }),
    ("a letter decided on while its reader had no keys is given to their new ones", |of| {
        let (lead, target_id, submit_id) = (of.lead.clone(), of.adopter.id, of.letter());
        of.say(&lead, Revoke { target_id, reason: Reason::Compromised });
        let one = of.coordinator.clone();
        of.decide(&one, submit_id, Outcome::Deliver);
        let adopter = adopter_again(of);
        give_back(of, submit_id, &adopter);
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        signed(of, &adopter, body)
    }),
    ("whoever still has the old keys stops new ones", |of| {
        let (coordinator, body) = (of.coordinator.clone(), replacement(of));
        let target_id = of.say(&coordinator, body);
        signed(of, &of.mother, Revoke { target_id, reason: Reason::Mistake })
    }),
    ("the team that has the arrangement now gives its letters back", |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        move_to_other_team(of);
        let (one, two) = (of.other_coordinator.clone(), of.other_lead.clone());
        let body = of.reseal_body(submit_id, adopter.id);
        let prior = Some(of.say(&one, body));
        let grant_hash = Some(of.hash());
        signed(of, &two, Reseal { grant_hash, prior, ..body })
    }),
    ("the team that checked a letter, and has its key, agrees to give it back", |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        move_to_other_team(of);
        let one = of.other_coordinator.clone();
        let body = of.reseal_body(submit_id, adopter.id);
        let prior = Some(of.say(&one, body));
        let grant_hash = Some(of.hash());
        signed(of, &of.coordinator, Reseal { grant_hash, prior, ..body })
    }),
];

pub(super) const NOT_GIVEN_BACK: &[(&str, Refusal, Build)] = &[
    ("new keys are certified although the old have objected", Refusal::Revoked, |of| {
        let (coordinator, mother) = (of.coordinator.clone(), of.mother.clone());
        let body = replacement(of);
        let target_id = of.say(&coordinator, body.clone());
        of.say(&mother, Revoke { target_id, reason: Reason::Mistake });
        signed(of, &of.second_coordinator, Member { prior: Some(target_id), ..body })
    }),
    ("a member objects to another's new keys", Refusal::NotEntitled, |of| {
        let (coordinator, body) = (of.coordinator.clone(), replacement(of));
        let target_id = of.say(&coordinator, body);
        signed(of, &of.adopter, Revoke { target_id, reason: Reason::Mistake })
    }),
    ("a member revokes a colleague of their worker", Refusal::NotEntitled, |of| {
        let target_id = of.second_coordinator.id;
        signed(of, &of.mother, Revoke { target_id, reason: Reason::Mistake })
    }),
    ("one person gives a letter back alone", Refusal::SamePerson, |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        let body = second_half(of, submit_id, &adopter);
        signed(of, &of.coordinator, body)
    }),
    ("one person gives a letter back with two certificates", Refusal::SamePerson, |of| {
        let (submit_id, adopter, lead) = (delivered(of), adopter_again(of), of.lead.clone());
        let twin = twin(of, &lead);
        let body = of.reseal_body(submit_id, adopter.id);
        let prior = Some(of.say(&lead, body));
        let grant_hash = Some(of.hash());
        signed(of, &twin, Reseal { grant_hash, prior, ..body })
    }),
    ("a letter is given back for another membership", Refusal::NotDelivered, |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        let body = of.reseal_body(submit_id, adopter.id);
        let membership = of.grandmother_membership;
        signed(of, &of.coordinator, Reseal { membership, ..body })
    }),
    ("a letter is given back to another membership's keys", Refusal::WrongCertificate, |of| {
        let (submit_id, mother) = (delivered(of), mother_again(of));
        let body = of.reseal_body(submit_id, mother.id);
        let membership = of.adopter_membership;
        signed(of, &of.coordinator, Reseal { membership, ..body })
    }),
    ("a letter that was kept is given to its addressee", Refusal::NotDelivered, |of| {
        let ((submit_id, _), adopter) = (kept(of), adopter_again(of));
        let body = of.reseal_body(submit_id, adopter.id);
        signed(of, &of.coordinator, body)
    }),
    ("a letter on its way is given to its addressee", Refusal::NotDelivered, |of| {
        let adopter = adopter_again(of);
        two_reviewers(of);
        let (one, submit_id) = (of.coordinator.clone(), of.letter());
        let decision_id = of.decide(&one, submit_id, Outcome::Deliver);
        let membership = of.adopter_membership;
        let body = Reseal {
            decision_id,
            membership,
            cert_id: adopter.id,
            grant_hash: None,
            reason: Reason::Lost,
            prior: None,
        };
        signed(of, &of.coordinator, body)
    }),
    ("a letter is given back that went to the same keys", Refusal::WrongCertificate, |of| {
        let (submit_id, adopter) = (delivered(of), of.adopter.clone());
        let body = of.reseal_body(submit_id, adopter.id);
        signed(of, &of.coordinator, body)
    }),
    ("a letter is given back to revoked keys", Refusal::Revoked, |of| {
        let (submit_id, adopter, lead) = (delivered(of), adopter_again(of), of.lead.clone());
        of.say(&lead, Revoke { target_id: adopter.id, reason: Reason::Lost });
        let body = of.reseal_body(submit_id, adopter.id);
        signed(of, &of.coordinator, body)
    }),
    ("a letter is given back to keys revoked between the halves", Refusal::Revoked, |of| {
        let (submit_id, adopter, lead) = (delivered(of), adopter_again(of), of.lead.clone());
        let body = second_half(of, submit_id, &adopter);
        of.say(&lead, Revoke { target_id: adopter.id, reason: Reason::Lost });
        signed(of, &of.second_coordinator, body)
    }),
    ("whoever agreed first has left since", Refusal::Revoked, |of| {
        let (submit_id, adopter, lead) = (delivered(of), adopter_again(of), of.lead.clone());
        let body = second_half(of, submit_id, &adopter);
        let target_id = of.coordinator.id;
        of.say(&lead, Revoke { target_id, reason: Reason::Left });
        signed(of, &of.second_coordinator, body)
    }),
    (
        "a letter is given back to keys that the arrangement does not name",
        Refusal::NotAMember,
        |of| {
            let (submit_id, one, two) =
                (delivered(of), of.coordinator.clone(), of.second_coordinator.clone());
            let first = replacement_of_adopter(of);
            let prior = Some(of.say(&one, first.clone()));
            let cert_id = of.say(&two, Member { prior, ..first });
            let body = of.reseal_body(submit_id, cert_id);
            signed(of, &one, body)
        },
    ),
    ("another team gives a letter back", Refusal::NotEntitled, |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        let body = of.reseal_body(submit_id, adopter.id);
        signed(of, &of.other_coordinator, body)
    }),
    ("an administrator agrees to give a letter back", Refusal::NotEntitled, |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        let body = second_half(of, submit_id, &adopter);
        signed(of, &of.administrator, body)
    }),
    ("a reader gives a letter to themselves", Refusal::NotEntitled, |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        let body = of.reseal_body(submit_id, adopter.id);
        signed(of, &adopter, body)
    }),
    ("the second half gives back another letter", Refusal::WrongChain, |of| {
        let (first, second, adopter) = (delivered(of), delivered(of), adopter_again(of));
        let half = second_half(of, first, &adopter);
        let body = of.reseal_body(second, adopter.id);
        let two = of.second_coordinator.clone();
        signed(of, &two, Reseal { prior: half.prior, grant_hash: half.grant_hash, ..body })
    }),
    ("a letter is given back twice to the same keys", Refusal::Repeated, |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        give_back(of, submit_id, &adopter);
        let body = of.reseal_body(submit_id, adopter.id);
        signed(of, &of.coordinator, body)
    }),
    ("a letter is given back by something that is no decision", Refusal::WrongKind, |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        let body = of.reseal_body(submit_id, adopter.id);
        signed(of, &of.coordinator, Reseal { decision_id: submit_id, ..body })
    }),
    ("a reader answers a letter that was not given back", Refusal::NotEntitled, |of| {
        let (submit_id, adopter) = (delivered(of), adopter_again(of));
        second_half(of, submit_id, &adopter);
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        signed(of, &adopter, body)
    }),
    ("a writer answers the letter that was given back to them", Refusal::NotEntitled, |of| {
        let (submit_id, mother) = (delivered(of), mother_again(of));
        give_back(of, submit_id, &mother);
        let body = of.receipt_body(submit_id, Phrase::Thanks);
        signed(of, &mother, body)
    }),
];

fn delivered(of: &mut Letterbox) -> StatementId {
    let (one, submit_id) = (of.coordinator.clone(), of.letter());
    of.decide(&one, submit_id, Outcome::Deliver);
    submit_id
}

fn adopter_again(of: &mut Letterbox) -> Signatory {
    let place = (of.adopter_membership, of.arrangement);
    certified_again(of, Role::AdoptiveParent, place)
}

fn mother_again(of: &mut Letterbox) -> Signatory {
    let place = (of.mother_membership, of.arrangement);
    certified_again(of, Role::BirthParent, place)
}

fn certified_again(
    of: &mut Letterbox,
    role: Role,
    place: (MembershipId, ArrangementId),
) -> Signatory {
    let (one, two) = (of.coordinator.clone(), of.second_coordinator.clone());
    of.replace((&one, &two), role, place)
}

fn replacement_of_adopter(of: &mut Letterbox) -> Member {
    let coordinator = of.coordinator.clone();
    let place = (of.adopter_membership, of.arrangement);
    let enrolled = of.enrol(Some(&coordinator), Role::AdoptiveParent, Some(place));
    let replaces = Some(of.adopter.id);
    Member { replaces, ..of.member_body(&enrolled, Role::AdoptiveParent, place) }
}

/// The coordinator's first half is said; the second, unsigned.
fn second_half(of: &mut Letterbox, submit_id: StatementId, to: &Signatory) -> Reseal {
    let one = of.coordinator.clone();
    let body = of.reseal_body(submit_id, to.id);
    let prior = Some(of.say(&one, body));
    Reseal { prior, grant_hash: Some(of.hash()), ..body }
}

fn give_back(of: &mut Letterbox, submit_id: StatementId, to: &Signatory) {
    let two = of.second_coordinator.clone();
    let body = second_half(of, submit_id, to);
    of.say(&two, body);
}

fn move_to_other_team(of: &mut Letterbox) {
    let (lead, other_lead) = (of.lead.clone(), of.other_lead.clone());
    let moved = Arrangement { team: of.other_team, ..next_version(of) };
    let prior = Some(of.say(&lead, moved.clone()));
    of.say(&other_lead, Arrangement { prior, ..moved });
}
