//! The log's key replaced, with the root's word for it: what the worker needs, and what it refuses.

use jiff::SignedDuration;
use moderation::{Agency, Worker};
use seal::{
    checkpoint::Checkpoint,
    envelope::Envelope,
    key::SigningKey,
    statement::{self, Role},
};
use store::statements::Verdict;

use crate::scene::{AGENCY, Scene};

const WAITS_FOR_KEY: &str = "select count(*) from jobs where last_error = 'other-log-key'";
const SIZE: &str = "select max(size) from checkpoints";

/// The worker is started again, with this key in its file.
async fn restarted_with(scene: &mut Scene, log_key: &SigningKey) {
    let served = Agency { id: AGENCY, realm: scene.realm, log_key: log_key.clone() };
    let store = scene.database.store(store::Role::Worker).await;
    scene.worker = Worker::new(store, scene.clock.clone(), [served]);
    scene.worker.try_again_with_this_key().await.expect("looks again");
}

/// Which of two keys has signed the checkpoint of a size.
async fn is_signed_by(scene: &Scene, size: i64, key: &SigningKey) -> bool {
    let note: String = sqlx::query_scalar("select note from checkpoints where size = $1")
        .bind(size)
        .fetch_one(&scene.behind)
        .await
        .expect("a checkpoint");
    Checkpoint::verify(&note, scene.realm, &key.public_key()).is_ok()
}

/// A log key is replaced in memory; its statement is not posted yet.
fn replaced(scene: &mut Scene) -> (SigningKey, SigningKey) {
    let old = scene.log_key.clone();
    scene.replace_log_key();
    (old, scene.log_key.clone())
}

/// Somebody enrols: two statements that have nothing to do with any key.
async fn more(scene: &mut Scene) -> Envelope {
    scene.enrol(None, Role::Lead, None);
    scene.post_all().await;
    scene.statements.last().expect("an enrolment").clone()
}

#[tokio::test]
async fn a_new_key_goes_on_from_the_checkpoint_that_the_old_one_signed() {
    let mut scene = Scene::verified().await;
    let before = scene.count(SIZE).await;
    let (old, new) = replaced(&mut scene);
    scene.post_all().await;
    restarted_with(&mut scene, &new).await;
    scene.drain().await;
    let after = more(&mut scene).await;
    scene.drain().await;
    assert!(scene.is_logged(after.id()).await);
    assert!(is_signed_by(&scene, before, &old).await);
    for size in [before + 1, scene.count(SIZE).await] {
        assert!(is_signed_by(&scene, size, &new).await, "{size}");
    }
    // Another change, from the second key to a third.
    let (second, third) = replaced(&mut scene);
    scene.post_all().await;
    restarted_with(&mut scene, &third).await;
    scene.drain().await;
    let size = scene.count(SIZE).await;
    assert!(is_signed_by(&scene, size - 1, &second).await);
    assert!(is_signed_by(&scene, size, &third).await);
}

#[tokio::test]
async fn under_the_old_key_the_change_waits_and_all_else_goes_on() {
    let mut scene = Scene::verified().await;
    let (old, new) = replaced(&mut scene);
    let named = scene.statements.last().expect("the statement").clone();
    scene.post_all().await;
    scene.drain().await;
    assert_eq!(scene.verdict(named.id()).await, Verdict::Waiting);
    assert_eq!(scene.count(WAITS_FOR_KEY).await, 1);
    let meanwhile = more(&mut scene).await;
    scene.drain().await;
    assert!(scene.is_logged(meanwhile.id()).await);
    let size = scene.count(SIZE).await;
    assert!(is_signed_by(&scene, size, &old).await);
    // The operator puts the new key there: the worker's start is enough.
    restarted_with(&mut scene, &new).await;
    scene.drain().await;
    assert!(scene.is_logged(named.id()).await);
    assert!(is_signed_by(&scene, size + 1, &new).await);
    assert_eq!(scene.count("select count(*) from jobs where state = 'ready'").await, 0);
}

#[tokio::test]
async fn a_key_that_the_root_has_not_named_logs_nothing_until_it_has() {
    let mut scene = Scene::verified().await;
    let [new, strange] = [4, 3].map(|seed| SigningKey::from_seed(&[seed; 32]));
    let body = statement::Agency { log_key: new.public_key(), ..scene.agency_body() };
    let named = scene.sign_root(body);
    let size = scene.count(SIZE).await;
    for key in [&strange, &new] {
        restarted_with(&mut scene, key).await;
        let waits = more(&mut scene).await;
        for _ in 0..30 {
            scene.drain().await;
            scene.advance(SignedDuration::from_mins(6));
        }
        assert_eq!(scene.verdict(waits.id()).await, Verdict::Waiting, "and is not lost");
        assert_eq!(scene.count(SIZE).await, size);
        assert!(scene.count(WAITS_FOR_KEY).await > 0);
    }
    // Once the root has named it, all that waited follows at once.
    scene.post(&named).await;
    scene.drain().await;
    assert!(scene.is_logged(named.id()).await);
    assert_eq!(scene.count("select count(*) from jobs where state = 'ready'").await, 0);
    let named = scene.count("select count(*) from verdicts where verdict = 'logged'").await;
    assert_eq!((scene.count(SIZE).await, named), (size + 5, size + 5));
}

#[tokio::test]
async fn a_checkpoint_that_the_old_key_signed_after_the_change_is_not_gone_on_from() {
    let mut scene = Scene::verified().await;
    let (old, new) = replaced(&mut scene);
    scene.post_all().await;
    restarted_with(&mut scene, &new).await;
    scene.drain().await;
    // Whoever stole the old key writes into the database too.
    let forged = scene.checkpoint().sign(scene.realm, &old);
    sqlx::query("alter table checkpoints disable trigger all")
        .execute(&scene.behind)
        .await
        .expect("a superuser may");
    sqlx::query("update checkpoints set note = $1 where size = $2")
        .bind(forged)
        .bind(scene.count(SIZE).await)
        .execute(&scene.behind)
        .await
        .expect("a superuser may");
    let last = more(&mut scene).await;
    scene.drain().await;
    assert_eq!(scene.verdict(last.id()).await, Verdict::Waiting);
    assert!(scene.count("select count(*) from jobs where last_error = 'log-differs'").await > 0);
}
