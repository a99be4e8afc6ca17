//! Histories that stand, and attacks whose last statement is refused.

use domain::{id::TeamId, role::Role};

use super::{super::*, Entry, History, Refused};
use crate::{
    key::SigningKey,
    statement::{
        About, Attachment, AttachmentKind, Decision, Invite, Member, Message, Outcome, Phrase,
        Reason, Reseal, Revoke, SealKey, Staff, Submit,
    },
    testing::{Letterbox, Signatory, on_paper},
};

mod attacks;
mod good;
mod reseals;

use attacks::ATTACKS;
use good::GOOD;
use reseals::{GIVEN_BACK, NOT_GIVEN_BACK};

/// A history under construction: the setting, and the statement that ends it.
type Build = fn(&mut Letterbox) -> Envelope;

/// Builds each history on the same setting, leaves out what it does not rest on and notes the
/// verdict, which must be the one expected.
pub(super) fn all() -> Vec<History> {
    let good = GOOD.iter().chain(GIVEN_BACK).map(|&(name, build)| (name, None, build));
    let attacks = ATTACKS
        .iter()
        .chain(NOT_GIVEN_BACK)
        .map(|&(name, refusal, build)| (name, Some(refusal), build));
    let setting = Letterbox::new(5);
    good.chain(attacks)
        .map(|(name, refusal, build)| history(&setting, name, refusal, build))
        .collect()
}

fn history(setting: &Letterbox, name: &str, refusal: Option<Refusal>, build: Build) -> History {
    let mut of = setting.clone();
    let last = build(&mut of);
    let statements = needed(&of, &last);
    let refuses = refusal
        .map(|refusal| Refused { index: statements.len() - 1, code: refusal.code().to_owned() });
    let history = History {
        name: name.to_owned(),
        root: of.root.public_key(),
        realm: of.realm,
        statements: statements
            .into_iter()
            .map(|envelope| Entry::Spelled(Box::new(envelope)))
            .collect(),
        refuses,
    };
    assert_eq!(history.verdict(), history.refuses, "{name}");
    history
}

/// The last statement, what was added to the setting for it, and all these rest on.
fn needed(of: &Letterbox, last: &Envelope) -> Vec<Envelope> {
    let setting = Letterbox::new(5).statements.len();
    let added = of.statements[setting..].iter().map(Envelope::id);
    let mut wanted: HashSet<StatementId> = added.chain([of.statements[0].id()]).collect();
    wanted.extend(references(last.unverified()));
    // The governing arrangement is there though nothing names it.
    wanted.extend(of.ledger.governing_arrangement(of.arrangement).map(|(id, _)| id));
    for envelope in of.statements.iter().rev() {
        if wanted.contains(&envelope.id()) {
            wanted.extend(references(envelope.unverified()));
        }
    }
    let mut statements: Vec<_> =
        of.statements.iter().filter(|one| wanted.contains(&one.id())).cloned().collect();
    statements.push(last.clone());
    statements
}

fn signed(of: &Letterbox, by: &Signatory, body: impl Into<Body>) -> Envelope {
    of.sign(by, body)
}

/// A new member of staff invited by the lead; the certificate's first half, unsigned.
fn new_staff(of: &mut Letterbox) -> Staff {
    let (lead, team) = (of.lead.clone(), of.team);
    let enrolled = of.enrol(Some(&lead), Role::Coordinator, None);
    of.staff_body(&enrolled, &[Role::Coordinator], &[team])
}

/// The second certificate of a person.
fn twin(of: &mut Letterbox, person: &Signatory) -> Signatory {
    let team = of.team;
    let person =
        of.ledger.certificate(person.id).and_then(Certificate::staff).expect("staff").person;
    let enrolled = of.enrol(None, Role::Lead, None);
    let body = of.staff_body(&enrolled, &[Role::Lead], &[team]);
    let envelope = of.sign_root(Staff { person, ..body });
    Signatory { id: of.log(envelope), ..enrolled }
}

fn next_version(of: &mut Letterbox) -> Arrangement {
    let (arrangement, team) = (of.arrangement, of.team);
    of.next_version(arrangement, team, Vec::new())
}

fn two_reviewers(of: &mut Letterbox) {
    let lead = of.lead.clone();
    let version = Arrangement { reviewers: 2, ..next_version(of) };
    of.say(&lead, version);
}

/// A letter kept by both coordinators; the final decision.
fn kept(of: &mut Letterbox) -> (StatementId, StatementId) {
    let (one, two) = (of.coordinator.clone(), of.second_coordinator.clone());
    let submit_id = of.letter();
    of.decide(&one, submit_id, Outcome::Keep);
    (submit_id, of.decide(&two, submit_id, Outcome::Keep))
}

fn replacement(of: &mut Letterbox) -> Member {
    let coordinator = of.coordinator.clone();
    let place = (of.mother_membership, of.arrangement);
    let enrolled = of.enrol(Some(&coordinator), Role::BirthParent, Some(place));
    let replaces = Some(of.mother.id);
    Member { replaces, ..of.member_body(&enrolled, Role::BirthParent, place) }
}

fn submit(of: &mut Letterbox) -> Submit {
    let (mother, adopter) = (of.mother.clone(), of.adopter_membership);
    of.submit_body(&mother, &[adopter])
}

fn deliver(of: &mut Letterbox) -> Decision {
    let submit_id = of.letter();
    of.decision_body(submit_id, Outcome::Deliver)
}

fn invite(of: &mut Letterbox) -> Invite {
    let mut copy = of.clone();
    let coordinator = of.coordinator.clone();
    let place = (of.grandmother_membership, of.arrangement);
    copy.enrol(Some(&coordinator), Role::Grandparent, Some(place));
    let Body::Invite(invite) = copy.statements[copy.statements.len() - 2].unverified().body.clone()
    else {
        unreachable!("the invite")
    };
    invite
}

fn member(of: &mut Letterbox) -> Member {
    let coordinator = of.coordinator.clone();
    let place = (of.grandmother_membership, of.arrangement);
    let enrolled = of.enrol(Some(&coordinator), Role::Grandparent, Some(place));
    of.member_body(&enrolled, Role::Grandparent, place)
}

/// A member of another arrangement signs the mother's sealed letter as their own.
fn hijack(of: &mut Letterbox) -> (Submit, Signatory, StatementId) {
    let submit_id = of.letter();
    let taken = of.ledger.submit(submit_id).cloned().expect("a letter");
    let (coordinator, team) = (of.coordinator.clone(), of.team);
    let (attacker, reader) = (of.id(MembershipId::from_bytes), of.id(MembershipId::from_bytes));
    let elsewhere = of.id(ArrangementId::from_bytes);
    let version = of.next_version(elsewhere, team, on_paper(&[(attacker, "a"), (reader, "b")]));
    of.say(&coordinator, version);
    let by = of.join(&coordinator, Role::Sibling, (attacker, elsewhere));
    let own = of.submit_body(&by, &[reader]);
    let hijack = Submit {
        ct_hash: taken.ct_hash,
        ct_len: taken.ct_len,
        key_hash: taken.key_hash,
        grant_hash: taken.grant_hash,
        archive_grant_hash: taken.archive_grant_hash,
        ..own
    };
    (hijack, by, submit_id)
}
