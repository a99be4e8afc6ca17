//! Which account a sign-in leads to while somebody who lost their keys gets new ones: the old one,
//! until nothing of it is left.

use domain::{
    id::{AccountId, ArrangementId, InviteId, MembershipId, StatementId},
    role::Role,
};
use seal::{
    random::{self, System},
    statement::{Body, Member, Reason, Revoke},
    testing::Signatory,
};
use sqlx::{Row, types::Uuid};
use store::{accounts::Audience, words_requests};

use crate::scene::{Scene, account_of_enrolment};

type Place = (MembershipId, ArrangementId);

/// The mother's letterbox, which has keys and a wrap.
async fn mother_has_keys() -> (Scene, Signatory, AccountId) {
    let scene = Scene::verified().await;
    let mother = scene.mother.clone();
    let (_, session) = scene.session(&mother, Audience::Family).await;
    give_keys(&scene, session.account).await;
    (scene, mother, session.account)
}

/// Gives an account a proof key and a wrap.
async fn give_keys(scene: &Scene, account: AccountId) {
    sqlx::query(
        "with opened as (
             update accounts set proof_key = sha256('key') where account_id = $1
             returning agency_id, account_id, created_at)
         insert into wraps (agency_id, wrap_id, account_id, kind, sealed, created_at)
         select agency_id, gen_random_uuid(), account_id, 'device', sha256('sealed'), created_at
         from opened",
    )
    .bind(uuid(account))
    .execute(&scene.behind)
    .await
    .expect("gives keys");
}

fn uuid(account: AccountId) -> Uuid {
    Uuid::from_bytes(*account.as_bytes())
}

/// A printed code for a place; not used yet.
async fn code(scene: &mut Scene, place: Place) -> (Signatory, InviteId) {
    let coordinator = scene.coordinator.clone();
    let enrolled = scene.enrol(Some(&coordinator), Role::BirthParent, Some(place));
    let Body::Enrol(enrol) = &scene.ledger.statement(enrolled.id).expect("logged").body else {
        panic!("an enrolment");
    };
    let statement = enrol.invite_id;
    let Body::Invite(invite) = &scene.ledger.statement(statement).expect("logged").body else {
        panic!("an invitation");
    };
    let locator = invite.invite;
    // Until it is known who brings it, nobody does.
    scene.brought_by.insert(enrolled.id, account_of_enrolment(enrolled.id));
    let invited = scene.statements.iter().find(|it| it.id() == statement).cloned();
    scene.post(&invited.expect("an invitation")).await;
    sqlx::query(
        "insert into invites (agency_id, invite_id, statement_id, membership_id, arrangement_id,
             role, expires_at)
         select agency_id, $2, statement_id, $3, $4, 'birth-parent', received_at + interval '14 days'
         from statements where statement_id = $1",
    )
    .bind(statement.as_bytes().as_slice())
    .bind(Uuid::from_bytes(*locator.as_bytes()))
    .bind(Uuid::from_bytes(*place.0.as_bytes()))
    .bind(Uuid::from_bytes(*place.1.as_bytes()))
    .execute(&scene.behind)
    .await
    .expect("inserts");
    (enrolled, locator)
}

/// Signs in where `who` did, and goes on with new keys: the account that the session comes to.
async fn renew(scene: &Scene, who: &Signatory, invite: Option<InviteId>) -> Option<AccountId> {
    let (mut tx, session) = scene.session(who, Audience::Family).await;
    let fresh = AccountId::from_bytes(random::bytes(&mut System));
    let (hash, now) = (random::bytes(&mut System), scene.clock.now());
    let moved = store::accounts::renew(&mut tx, fresh, invite, &session.hash, &hash, now).await;
    let moved = moved.expect("answers");
    tx.commit().await.expect("commits");
    moved
}

/// The same for somebody new to it, who makes keys there.
async fn begin(scene: &Scene, who: &Signatory, invite: InviteId) -> AccountId {
    let account = renew(scene, who, Some(invite)).await.expect("an account");
    give_keys(scene, account).await;
    account
}

/// An account enrols keys for a place, and one coordinator certifies them.
async fn certify(
    scene: &mut Scene,
    account: AccountId,
    enrolled: &Signatory,
    place: Place,
) -> Signatory {
    let coordinator = scene.coordinator.clone();
    scene.brought_by.insert(enrolled.id, account);
    let body = scene.member_body(enrolled, Role::BirthParent, place);
    let id = scene.say(&coordinator, body);
    scene.post_all().await;
    scene.drain().await;
    assert!(scene.is_logged(id).await);
    Signatory { id, ..enrolled.clone() }
}

/// The mother's account has the grandmother's place as well: her own, the other, and its certificate.
async fn second_place(scene: &mut Scene, account: AccountId) -> (Place, Place, Signatory) {
    let first = (scene.mother_membership, scene.arrangement);
    let second = (scene.grandmother_membership, scene.arrangement);
    let (enrolled, _) = code(scene, second).await;
    let there = certify(scene, account, &enrolled, second).await;
    (first, second, there)
}

/// An account enrols keys in the place of `replaces`; two people certify them, three days apart.
async fn replace(
    scene: &mut Scene,
    account: AccountId,
    enrolled: &Signatory,
    place: Place,
    replaces: StatementId,
) -> Signatory {
    let (one, two) = (scene.coordinator.clone(), scene.second_coordinator.clone());
    scene.brought_by.insert(enrolled.id, account);
    let body = scene.member_body(enrolled, Role::BirthParent, place);
    let first = Member { replaces: Some(replaces), ..body };
    let prior = Some(scene.say(&one, first.clone()));
    let id = scene.say(&two, Member { prior, ..first });
    scene.post_all().await;
    scene.drain().await;
    scene.three_days_told().await;
    assert!(scene.is_logged(id).await);
    Signatory { id, ..enrolled.clone() }
}

/// Whether it is `in_use`, `renewing` or `ended`.
async fn state(scene: &Scene, account: AccountId) -> String {
    let found = sqlx::query("select state from accounts where account_id = $1")
        .bind(uuid(account))
        .fetch_one(&scene.behind)
        .await;
    found.expect("an account").get(0)
}

/// How many of its wraps are in use.
async fn wraps(scene: &Scene, account: AccountId) -> i64 {
    sqlx::query_scalar("select count(*) from wraps where account_id = $1 and replaced_at is null")
        .bind(uuid(account))
        .fetch_one(&scene.behind)
        .await
        .expect("a number")
}

/// The mother opens her old keys after all.
async fn open(scene: &Scene, who: &Signatory) {
    let (mut tx, session) = scene.session(who, Audience::Family).await;
    words_requests::forget(&mut tx, session.account).await.expect("answers");
    tx.commit().await.expect("commits");
}

#[tokio::test]
async fn one_coordinator_and_a_code_for_a_new_place_end_no_account() {
    let (mut scene, mother, old) = mother_has_keys().await;
    let hers = (scene.mother_membership, scene.arrangement);
    let another = (scene.grandmother_membership, scene.arrangement);
    let (_, asked) = code(&mut scene, hers).await;
    let (enrolled, _) = code(&mut scene, another).await;
    let new = begin(&scene, &mother, asked).await;
    certify(&mut scene, new, &enrolled, another).await;
    assert_eq!(state(&scene, old).await, "in_use", "nobody had three days to object");
    assert_eq!(state(&scene, new).await, "renewing");
    assert_eq!(wraps(&scene, old).await, 1);
    // The card was found: the new place keeps its keys, and the sign-in leads to the old ones.
    open(&scene, &mother).await;
    assert_eq!(state(&scene, new).await, "renewing");
    assert_eq!(renew(&scene, &mother, None).await, Some(new));
    assert_eq!(state(&scene, old).await, "in_use");
}

#[tokio::test]
async fn somebody_with_two_places_keeps_the_old_keys_until_both_are_replaced() {
    let (mut scene, mother, old) = mother_has_keys().await;
    let (first, second, there) = second_place(&mut scene, old).await;

    let (enrolled, asked) = code(&mut scene, first).await;
    let new = begin(&scene, &mother, asked).await;
    let again = replace(&mut scene, new, &enrolled, first, mother.id).await;
    assert_eq!(state(&scene, old).await, "in_use", "the other place is still its own");
    assert_eq!(wraps(&scene, old).await, 1);
    let (_, session) = scene.session(&mother, Audience::Family).await;
    let held = |session: &store::sessions::Session| {
        session.certificates.iter().map(|it| it.id).collect::<Vec<_>>()
    };
    assert_eq!((session.account, held(&session)), (old, vec![there.id]));
    // Opening the old keys for the other place takes nothing from what was certified.
    open(&scene, &mother).await;
    assert_eq!(state(&scene, new).await, "renewing");

    // The code for the other place leads to the same new keys, and then nothing of the old is left.
    let (enrolled, asked) = code(&mut scene, second).await;
    assert_eq!(renew(&scene, &mother, Some(asked)).await, Some(new));
    let other = replace(&mut scene, new, &enrolled, second, there.id).await;
    assert_eq!(state(&scene, old).await, "ended");
    assert_eq!(state(&scene, new).await, "in_use");
    assert_eq!(wraps(&scene, old).await, 0);
    let (_, session) = scene.session(&again, Audience::Family).await;
    assert_eq!((session.account, held(&session)), (new, vec![again.id, other.id]));
}

#[tokio::test]
async fn a_place_that_is_ended_holds_the_old_keys_no_longer() {
    let (mut scene, mother, old) = mother_has_keys().await;
    let (first, _, there) = second_place(&mut scene, old).await;
    let (enrolled, asked) = code(&mut scene, first).await;
    let new = begin(&scene, &mother, asked).await;
    replace(&mut scene, new, &enrolled, first, mother.id).await;
    assert_eq!(state(&scene, old).await, "in_use");
    let lead = scene.lead.clone();
    scene.say(&lead, Revoke { target_id: there.id, reason: Reason::Left });
    scene.post_all().await;
    scene.drain().await;
    assert_eq!(
        (state(&scene, old).await, state(&scene, new).await),
        ("ended".into(), "in_use".into())
    );
}

#[tokio::test]
async fn the_end_of_a_place_puts_no_keys_in_its_stead_that_replaced_nothing() {
    let (mut scene, mother, old) = mother_has_keys().await;
    let first = (scene.mother_membership, scene.arrangement);
    let another = (scene.grandmother_membership, scene.arrangement);
    let (_, asked) = code(&mut scene, first).await;
    let (enrolled, _) = code(&mut scene, another).await;
    let new = begin(&scene, &mother, asked).await;
    let lead = scene.lead.clone();
    scene.say(&lead, Revoke { target_id: mother.id, reason: Reason::Compromised });
    certify(&mut scene, new, &enrolled, another).await;
    assert_eq!(
        (state(&scene, old).await, state(&scene, new).await),
        ("in_use".into(), "renewing".into())
    );
}

#[tokio::test]
async fn new_keys_that_are_lost_before_every_place_has_them_are_replaced_in_turn() {
    let (mut scene, mother, old) = mother_has_keys().await;
    let (first, second, there) = second_place(&mut scene, old).await;
    let (enrolled, asked) = code(&mut scene, first).await;
    let lost = begin(&scene, &mother, asked).await;
    let again = replace(&mut scene, lost, &enrolled, first, mother.id).await;

    // The new words are lost too: a code for the place that has them begins anew beside them.
    let (enrolled, asked) = code(&mut scene, first).await;
    let new = begin(&scene, &mother, asked).await;
    assert!(new != lost && new != old);
    assert_eq!(state(&scene, lost).await, "renewing", "it holds a place, and can be opened");
    assert_eq!(renew(&scene, &mother, None).await, Some(lost));
    replace(&mut scene, new, &enrolled, first, again.id).await;
    assert_eq!(state(&scene, lost).await, "ended");
    assert_eq!(state(&scene, old).await, "in_use");
    let (enrolled, asked) = code(&mut scene, second).await;
    assert_eq!(renew(&scene, &mother, Some(asked)).await, Some(new));
    replace(&mut scene, new, &enrolled, second, there.id).await;
    assert_eq!(
        (state(&scene, old).await, state(&scene, new).await),
        ("ended".into(), "in_use".into())
    );
}
