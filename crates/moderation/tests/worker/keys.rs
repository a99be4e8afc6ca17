//! A team's next key comes after everything that was taken under the one before: nothing that was
//! sent is refused for a key that changed after it was taken.

use domain::{decision::Outcome, id::StatementId};
use jiff::SignedDuration;
use seal::{
    envelope::Envelope,
    statement::{About, Reason, Revoke},
};
use store::{Actor, Role, accounts::Audience, certificates, epochs, statements::Verdict};
use tokio::task::JoinHandle;

use crate::scene::{AGENCY, Scene};

const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What was sent and not judged failed once, and is tried again in an hour.
const HELD_UP: &str = "update jobs set run_at = run_at + interval '1 hour', attempts = 1,
        last_error = 'database-away'
    where queue = 'verify' and state = 'ready'";

/// A lead starts the team's next key; posted, not yet judged.
async fn next_key(scene: &mut Scene) -> StatementId {
    let (lead, team) = (scene.lead.clone(), scene.team);
    let (epoch, _) = scene.epoch_body(team);
    let envelope = scene.sign(&lead, epoch);
    scene.post(&envelope).await;
    envelope.id()
}

fn message(scene: &mut Scene, about: Option<StatementId>) -> Envelope {
    let mother = scene.mother.clone();
    let body = scene.message_body(&mother, About::Worry, about);
    scene.sign(&mother, body)
}

/// The mother sends a message; not yet judged.
async fn send(scene: &mut Scene, about: Option<StatementId>) -> StatementId {
    let envelope = message(scene, about);
    scene.send_message(&envelope).await;
    envelope.id()
}

async fn place(scene: &Scene, id: StatementId) -> u64 {
    match scene.verdict(id).await {
        Verdict::Logged { index } => index,
        other => panic!("{other:?}"),
    }
}

/// Nothing is judged until what is held up is tried again; then everything is, the key last.
async fn comes_last(scene: &Scene, key: StatementId, sent: &[StatementId]) {
    scene.drain().await;
    assert_eq!(scene.verdict(key).await, Verdict::Waiting);
    scene.advance(AN_HOUR);
    scene.drain().await;
    for id in sent {
        assert!(place(scene, *id).await < place(scene, key).await);
    }
}

#[tokio::test]
async fn a_letter_that_was_taken_is_judged_before_the_teams_next_key() {
    let mut scene = Scene::verified().await;
    let letter = scene.write().await;
    scene.tamper(HELD_UP).await;
    let key = next_key(&mut scene).await;
    comes_last(&scene, key, &[letter]).await;
    assert_eq!(scene.state(letter).await, "with_agency");
    assert!(scene.allocated(letter).await.is_some());
    assert_eq!(scene.told().await, []);
}

#[tokio::test]
async fn a_message_that_was_taken_is_judged_before_the_teams_next_key() {
    let mut scene = Scene::verified().await;
    let message = send(&mut scene, None).await;
    scene.tamper(HELD_UP).await;
    let key = next_key(&mut scene).await;
    comes_last(&scene, key, &[message]).await;
}

#[tokio::test]
async fn a_message_about_a_letter_that_waits_too_is_judged_before_the_teams_next_key() {
    let mut scene = Scene::verified().await;
    let letter = scene.write().await;
    scene.tamper(HELD_UP).await;
    let message = send(&mut scene, Some(letter)).await;
    let key = next_key(&mut scene).await;
    comes_last(&scene, key, &[letter, message]).await;
}

#[tokio::test]
async fn what_is_taken_because_nobody_judged_the_key_for_a_day_comes_first_all_the_same() {
    let mut scene = Scene::verified().await;
    let key = next_key(&mut scene).await;
    scene.advance(AN_HOUR * 25);
    let sent = [scene.write().await, send(&mut scene, None).await];
    scene.drain().await;
    for id in sent {
        assert!(place(&scene, id).await < place(&scene, key).await);
    }
}

#[tokio::test]
async fn what_no_key_was_named_for_does_not_keep_a_key_waiting() {
    let mut scene = Scene::verified().await;
    let (letter, by) = (scene.write().await, scene.coordinator.clone());
    scene.drain().await;
    let decision = scene.check(&by, letter, Outcome::Deliver).await;
    scene.tamper(HELD_UP).await;
    let key = next_key(&mut scene).await;
    scene.drain().await;
    assert!(scene.is_logged(key).await);
    scene.advance(AN_HOUR);
    scene.drain().await;
    assert!(scene.is_logged(decision).await);
}

#[tokio::test]
async fn what_does_not_verify_does_not_keep_a_key_waiting() {
    let mut scene = Scene::verified().await;
    let letter = scene.write().await;
    scene.tamper("update ciphertexts set sealed = set_byte(sealed, 16000, 255 - get_byte(sealed, 16000))").await;
    let key = next_key(&mut scene).await;
    scene.drain().await;
    assert_eq!(scene.reason(letter).await, "file-missing");
    assert!(scene.is_logged(key).await);
}

#[tokio::test]
async fn what_was_given_up_on_does_not_keep_a_key_waiting() {
    let mut scene = Scene::verified().await;
    let letter = scene.write().await;
    scene.tamper("update jobs set state = 'dead', last_error = 'x' where state = 'ready'").await;
    let key = next_key(&mut scene).await;
    scene.drain().await;
    assert!(scene.is_logged(key).await);
    assert_eq!(scene.verdict(letter).await, Verdict::Waiting);
}

#[tokio::test]
async fn what_cannot_be_judged_at_the_tenth_try_does_not_keep_a_key_waiting_any_longer() {
    let mut scene = Scene::verified().await;
    let letter = scene.write().await;
    scene.tamper(HELD_UP).await;
    scene.tamper("update jobs set attempts = 9 where last_error = 'database-away'").await;
    let key = next_key(&mut scene).await;
    scene.drain().await;
    assert_eq!(scene.verdict(key).await, Verdict::Waiting);
    scene.tamper("update jobs set attempts = 10 where last_error = 'database-away'").await;
    scene.advance(SignedDuration::from_mins(5));
    scene.drain().await;
    assert!(scene.is_logged(key).await);
    // Its writer is asked to send it again once it is judged.
    scene.advance(AN_HOUR);
    scene.drain().await;
    assert_eq!(scene.state(letter).await, "send_again");
}

#[tokio::test]
async fn a_message_that_itself_waits_for_the_key_does_not_keep_it_waiting() {
    let mut scene = Scene::verified().await;
    let (lead, team) = (scene.lead.clone(), scene.team);
    let (epoch, _) = scene.epoch_body(team);
    let key = scene.sign(&lead, epoch);
    let message = send(&mut scene, Some(key.id())).await;
    scene.post(&key).await;
    scene.drain().await;
    assert!(scene.is_logged(key.id()).await);
    assert_eq!(scene.reason(message).await, "stale-epoch");
}

#[tokio::test]
async fn a_message_that_waits_for_what_nobody_judges_does_not_keep_a_key_waiting() {
    let mut scene = Scene::verified().await;
    let (lead, target_id) = (scene.lead.clone(), scene.adopter.id);
    let revoke = scene.sign(&lead, Revoke { target_id, reason: Reason::Lost });
    scene.post(&revoke).await;
    scene.tamper("update jobs set state = 'dead', last_error = 'x' where state = 'ready'").await;
    let message = send(&mut scene, Some(revoke.id())).await;
    let key = next_key(&mut scene).await;
    scene.drain().await;
    assert!(scene.is_logged(key).await);
    assert_eq!(scene.verdict(message).await, Verdict::Waiting);
}

#[tokio::test]
async fn of_two_next_keys_one_is_the_teams_and_neither_waits_for_the_other() {
    let mut scene = Scene::verified().await;
    let letter = scene.write().await;
    scene.tamper(HELD_UP).await;
    let (first, second) = (next_key(&mut scene).await, next_key(&mut scene).await);
    comes_last(&scene, first, &[letter]).await;
    assert_eq!(scene.reason(second).await, "wrong-version");
}

#[tokio::test]
async fn a_message_that_is_being_taken_while_the_key_is_judged_is_judged_first() {
    let mut scene = Scene::verified().await;
    let envelope = message(&mut scene, None);
    let mut tx = scene.signed_in(&scene.mother.clone(), Audience::Family).await;
    assert!(scene.store_message(&mut tx, &envelope).await);
    let key = next_key(&mut scene).await;
    let worker = scene.worker.clone();
    let judging = tokio::spawn(async move { worker.drain().await });
    held_up_or_done(&scene, &judging).await;
    tx.commit().await.expect("commits");
    judging.await.expect("no panic").expect("drains");
    assert!(place(&scene, envelope.id()).await < place(&scene, key).await);
}

#[tokio::test]
async fn a_message_that_comes_while_the_key_is_judged_is_not_taken() {
    let mut scene = Scene::verified().await;
    let (old, _) = scene.ledger.epoch(scene.team).expect("an epoch");
    let envelope = message(&mut scene, None);
    let key = next_key(&mut scene).await;
    // It waited so long that letters are taken under the one before again. Now the worker has it in
    // hand, and looked for what it would overtake.
    scene.advance(AN_HOUR * 25);
    let worker = scene.database.store(Role::Worker).await;
    let mut judging = worker.begin(AGENCY, Actor::Nobody).await.expect("begins");
    assert!(!epochs::close(&mut judging, old).await.expect("answers"));
    let (team, now) = (scene.team, scene.clock.now());
    certificates::start_epoch(&mut judging, key, team, 2, "age1", now).await.expect("works");

    let mut tx = scene.signed_in(&scene.mother.clone(), Audience::Family).await;
    let scene = std::sync::Arc::new(scene);
    let other = scene.clone();
    let sending = tokio::spawn(async move { other.store_message(&mut tx, &envelope).await });
    held_up_or_done(&scene, &sending).await;
    judging.commit().await.expect("commits");
    assert!(!sending.await.expect("no panic"));
}

/// Until the task waits for a lock, or is done without.
async fn held_up_or_done<T>(scene: &Scene, task: &JoinHandle<T>) {
    let waiting = "select count(*) from pg_locks join pg_database d on d.oid = database
        where not granted and locktype = 'advisory' and datname = current_database()";
    while !task.is_finished() && scene.count(waiting).await == 0 {}
}
