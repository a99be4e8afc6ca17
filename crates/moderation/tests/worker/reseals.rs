//! Letters given back to somebody who lost everything: two members of staff, and the worker between.

use domain::decision::Outcome;
use domain::id::StatementId;
use domain::role::Role;
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::file;
use seal::grant::{Grant, Grantee};
use seal::key::X25519Identity;
use seal::random;
use seal::statement::{Body, Phrase, Reason, Reseal, Revoke, references};
use seal::testing::Signatory;
use sqlx::Row;
use store::accounts::Audience;
use store::grants;
use store::reseals::{self, Held, Lost, NewReseal};

use crate::scene::Scene;

/// A letter was passed on to the adopter, who has lost everything since and has new keys.
async fn lost() -> (Scene, StatementId, Signatory) {
    let (mut scene, submit) = Scene::to_be_delivered().await;
    scene.clock.set("2026-11-23T10:00:00Z".parse::<Timestamp>().expect("a moment"));
    scene.drain().await;
    let adopter = again(&mut scene, Role::AdoptiveParent).await;
    (scene, submit, adopter)
}

/// The adopter or the mother is certified anew, by both coordinators.
async fn again(scene: &mut Scene, role: Role) -> Signatory {
    let membership = match role {
        Role::AdoptiveParent => scene.adopter_membership,
        _ => scene.mother_membership,
    };
    let (one, two) = (scene.coordinator.clone(), scene.second_coordinator.clone());
    let place = (membership, scene.arrangement);
    let new = scene.replace((&one, &two), role, place);
    scene.post_all().await;
    scene.drain().await;
    scene.three_days_told().await;
    assert!(scene.is_logged(new.id).await);
    new
}

/// A grant to somebody's new keys, of the right form.
fn grant_to(scene: &Scene, submit: StatementId, to: &Signatory) -> Vec<u8> {
    let of = scene.ledger.submit(submit).expect("a revision");
    let member = scene.ledger.certificate(to.id).and_then(|it| it.member().copied());
    let grantee = Grantee::Member(member.expect("a member").membership);
    let grant = Grant { realm: scene.realm, letter: of.letter, rev: of.rev, grantee };
    let key = X25519Identity::generate(&mut random::System);
    grant.seal(&key, &to.seal.recipient(), &mut random::System)
}

/// Stores a reseal as the API does, for staff of the arrangement's team.
async fn post(
    scene: &Scene,
    by: &Signatory,
    envelope: &Envelope,
    sealed: Option<&[u8]>,
) -> Result<(), Held> {
    let Body::Reseal(body) = envelope.unverified().body else { panic!("a reseal") };
    let json = envelope.to_json();
    let named = references(envelope.unverified());
    let teams = [scene.team];
    let new = NewReseal {
        statement: scene.new_statement(envelope, &json, &named),
        realm: scene.realm,
        decision: body.decision_id,
        membership: body.membership,
        certificate: body.cert_id,
        staff: scene.staff_of(by),
        teams: &teams,
        prior: body.prior,
        grant: body.grant_hash.zip(sealed),
    };
    let mut tx = scene.signed_in(by, Audience::Staff).await;
    let stored = reseals::insert(&mut tx, &new).await.expect("answers");
    let held = if stored { Ok(()) } else { Err(reseals::explain(&mut tx, &new).await) };
    tx.commit().await.expect("commits");
    held.map_err(|held| held.expect("answers"))
}

/// The first coordinator says that it is to be given back; logged.
async fn first(scene: &mut Scene, submit: StatementId, to: &Signatory) -> Reseal {
    let one = scene.coordinator.clone();
    let body = scene.reseal_body(submit, to.id);
    let envelope = scene.sign(&one, body);
    scene.letterbox.log(envelope.clone());
    post(scene, &one, &envelope, None).await.expect("the API takes it");
    scene.drain().await;
    assert!(scene.is_logged(envelope.id()).await);
    Reseal { prior: Some(envelope.id()), ..body }
}

/// The second agrees; posted, and not yet verified.
async fn second(scene: &Scene, first: Reseal, sealed: &[u8]) -> StatementId {
    let two = scene.second_coordinator.clone();
    let body = Reseal { grant_hash: Some(file::hash(sealed)), ..first };
    let envelope = scene.sign(&two, body);
    post(scene, &two, &envelope, Some(sealed)).await.expect("the API takes it");
    envelope.id()
}

async fn listed(scene: &Scene, by: &Signatory, of: &Signatory) -> Vec<Lost> {
    let member = scene.ledger.certificate(of.id).and_then(|it| it.member().copied());
    let mut tx = scene.signed_in(by, Audience::Staff).await;
    let membership = member.expect("a member").membership;
    let teams = [scene.team];
    reseals::list(&mut tx, membership, &teams).await.expect("answers")
}

/// The grant that the adopter's browser gets.
async fn granted(scene: &Scene, submit: StatementId, to: &Signatory) -> Option<Vec<u8>> {
    let mut tx = scene.signed_in(to, Audience::Family).await;
    let mine = [scene.adopter_membership];
    let letter = scene.letter_of(submit);
    let found = grants::find_for_readers(&mut tx, letter, submit, &mine).await.expect("answers");
    let entries = store::letters::list(&mut tx, &mine, None, 10).await.expect("answers");
    assert_eq!(entries[0].is_readable, found.grant.is_some(), "the list says the same");
    assert!(entries[0].received);
    found.grant
}

async fn verdict(scene: &Scene, id: StatementId) -> String {
    let row = scene.row("select verdict from reseals where statement_id = $1", id.as_bytes());
    row.await.get(0)
}

#[tokio::test]
async fn a_letter_is_given_back_by_two_and_its_reader_told_that_there_is_something() {
    let (mut scene, submit, adopter) = lost().await;
    let (one, two) = (scene.coordinator.clone(), scene.second_coordinator.clone());
    assert_eq!(granted(&scene, submit, &adopter).await, None, "the old grant is of no use to them");
    let wanted = listed(&scene, &one, &adopter).await;
    assert_eq!((wanted.len(), wanted[0].submit, wanted[0].certificate), (1, submit, adopter.id));
    assert!(wanted[0].received && wanted[0].first.is_none());

    let half = first(&mut scene, submit, &adopter).await;
    let wanted = listed(&scene, &two, &adopter).await;
    assert_eq!(wanted[0].first.as_ref().map(|it| Some(it.id)), Some(half.prior));
    assert_eq!(granted(&scene, submit, &adopter).await, None, "one person alone gives nothing");

    let sealed = grant_to(&scene, submit, &adopter);
    let id = second(&scene, half, &sealed).await;
    assert!(listed(&scene, &one, &adopter).await[0].agreed);
    assert_eq!(granted(&scene, submit, &adopter).await, None, "not before the worker has judged");
    scene.drain().await;
    assert_eq!(verdict(&scene, id).await, "logged");
    assert_eq!(granted(&scene, submit, &adopter).await, Some(sealed));
    assert!(listed(&scene, &one, &adopter).await.is_empty());
    let told = scene.told().await;
    assert!(told.contains(&(scene.adopter_membership, "given-back".to_owned())), "{told:?}");
    assert_eq!(scene.count("select count(*) from notices where event = 'given-back'").await, 1);

    // Its new keys may answer it.
    let envelope = scene.ledger.statement(id);
    assert!(envelope.is_none(), "the setting's own ledger has not heard of it");
    let receipt = scene.sign(&adopter, scene.receipt_body(submit, Phrase::Thanks));
    assert!(scene.answer(&adopter, &receipt).await);
    scene.drain().await;
    assert!(scene.is_logged(receipt.id()).await);
}

#[tokio::test]
async fn a_letter_whose_reader_had_no_keys_at_any_time_since_it_was_written_is_given_to_new_ones() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    let (lead, target_id) = (scene.lead.clone(), scene.adopter.id);
    scene.say(&lead, Revoke { target_id, reason: Reason::Compromised });
    scene.post_all().await;
    scene.drain().await;
    let by = scene.coordinator.clone();
    scene.check(&by, submit, Outcome::Deliver).await;
    scene.drain().await;
    scene.clock.set("2026-11-23T10:00:00Z".parse::<Timestamp>().expect("a moment"));
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
    let told = scene.told().await;
    assert!(!told.iter().any(|(_, event)| event == "letter-for-you"), "{told:?}");

    let adopter = again(&mut scene, Role::AdoptiveParent).await;
    assert_eq!(granted(&scene, submit, &adopter).await, None);
    let half = first(&mut scene, submit, &adopter).await;
    let sealed = grant_to(&scene, submit, &adopter);
    second(&scene, half, &sealed).await;
    scene.drain().await;
    assert_eq!(granted(&scene, submit, &adopter).await, Some(sealed));
    let told = scene.told().await;
    assert!(told.contains(&(scene.adopter_membership, "given-back".to_owned())), "{told:?}");
}

#[tokio::test]
async fn a_writers_own_letter_is_given_back_too() {
    let (mut scene, submit, _) = lost().await;
    let mother = again(&mut scene, Role::BirthParent).await;
    let one = scene.coordinator.clone();
    let wanted = listed(&scene, &one, &mother).await;
    assert_eq!((wanted.len(), wanted[0].received), (1, false));
    let half = first(&mut scene, submit, &mother).await;
    let sealed = grant_to(&scene, submit, &mother);
    let id = second(&scene, half, &sealed).await;
    scene.drain().await;
    assert_eq!(verdict(&scene, id).await, "logged");
    let mut tx = scene.signed_in(&mother, Audience::Family).await;
    let mine = [scene.mother_membership];
    let found = grants::find_for_writer(&mut tx, submit, &mine).await.expect("answers");
    assert_eq!(found.grant, Some(sealed));
}

#[tokio::test]
async fn one_person_gives_nothing_back_and_nothing_is_given_back_twice() {
    let (mut scene, submit, adopter) = lost().await;
    let (one, two) = (scene.coordinator.clone(), scene.second_coordinator.clone());
    let half = first(&mut scene, submit, &adopter).await;
    let sealed = grant_to(&scene, submit, &adopter);
    let alone = Reseal { grant_hash: Some(file::hash(&sealed)), ..half };
    let envelope = scene.sign(&one, alone);
    assert_eq!(post(&scene, &one, &envelope, Some(&sealed)).await, Err(Held::SamePerson));
    second(&scene, half, &sealed).await;
    scene.drain().await;
    let other = grant_to(&scene, submit, &adopter);
    let again = scene.sign(&two, Reseal { grant_hash: Some(file::hash(&other)), ..half });
    assert_eq!(post(&scene, &two, &again, Some(&other)).await, Err(Held::GivenBack));
    // With the row out of the way, only the log remembers.
    scene.tamper("update reseals set verdict = 'quarantined' where prior is not null").await;
    post(&scene, &two, &again, Some(&other)).await.expect("the API has forgotten");
    scene.drain().await;
    assert_eq!(scene.reason(again.id()).await, "repeated");
    assert_eq!(verdict(&scene, again.id()).await, "quarantined");
}

#[tokio::test]
async fn a_letter_is_not_given_back_to_keys_that_were_revoked_meanwhile() {
    let (mut scene, submit, adopter) = lost().await;
    let half = first(&mut scene, submit, &adopter).await;
    let sealed = grant_to(&scene, submit, &adopter);
    let (lead, target_id) = (scene.lead.clone(), adopter.id);
    scene.say(&lead, Revoke { target_id, reason: Reason::Compromised });
    scene.post_all().await;
    let id = second(&scene, half, &sealed).await;
    scene.drain().await;
    assert_eq!(scene.reason(id).await, "revoked");
    assert_eq!(scene.count("select count(*) from notices where event = 'given-back'").await, 0);
}

#[tokio::test]
async fn another_grant_than_the_one_signed_gives_nothing_back() {
    let (mut scene, submit, adopter) = lost().await;
    let half = first(&mut scene, submit, &adopter).await;
    let sealed = grant_to(&scene, submit, &adopter);
    let id = second(&scene, half, &sealed).await;
    // Somebody with the database's keys lays another file in its place.
    scene
        .tamper(
            "alter table grants drop constraint grants_hash;
             update grants set sealed = set_byte(sealed, 1500, 255 - get_byte(sealed, 1500))
                 where statement_id in (select statement_id from reseals where prior is not null)",
        )
        .await;
    scene.drain().await;
    assert_eq!(scene.reason(id).await, "file-missing");
    assert_eq!(verdict(&scene, id).await, "quarantined");
    assert_eq!(granted(&scene, submit, &adopter).await, None);
}

#[tokio::test]
async fn a_letter_that_was_never_passed_on_cannot_be_given_back() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene.drain().await;
    let by = scene.coordinator.clone();
    scene.check(&by, submit, Outcome::Change).await;
    scene.drain().await;
    let adopter = again(&mut scene, Role::AdoptiveParent).await;
    assert!(listed(&scene, &by, &adopter).await.is_empty());
    let envelope = scene.sign(&by, scene.reseal_body(submit, adopter.id));
    assert_eq!(post(&scene, &by, &envelope, None).await, Err(Held::NotFound));
    // Not past the worker either.
    scene.post(&envelope).await;
    scene.drain().await;
    assert_eq!(scene.reason(envelope.id()).await, "not-delivered");
}
