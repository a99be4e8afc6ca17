//! A clock that stands still, runs ahead and goes back: no letter is lost by it, passed on twice, or
//! before somebody decided so and its hour has come by the clock there is.

use domain::decision::Outcome;
use jiff::{SignedDuration, Timestamp};
use store::jobs::{self, Queue};

use crate::scene::Scene;

const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// From the Saturday morning when the scene is set to the hour at which letters are passed on.
const TO_MONDAY: SignedDuration = SignedDuration::from_hours(49);
const AT_ANY_HOUR: &str =
    r#"update agencies set policy = policy || '{"release": {"when": "always"}}'"#;
/// The worker's own: nobody sends notices here.
const UNDONE: &str = "select count(*) from jobs where state <> 'done' and queue <> 'notice'";

#[tokio::test]
async fn while_the_clock_stands_still_letters_go_all_their_way() {
    let mut scene = Scene::verified().await;
    scene.tamper(AT_ANY_HOUR).await;
    let (by, then) = (scene.coordinator.clone(), scene.clock.now());
    for _ in 0..2 {
        let submit = scene.write().await;
        scene.drain().await;
        scene.check(&by, submit, Outcome::Deliver).await;
        scene.drain().await;
        assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
    }
    assert_eq!((scene.clock.now(), scene.count(UNDONE).await), (then, 0));
}

#[tokio::test]
async fn two_workers_under_a_clock_that_jumps_a_day_to_and_fro_pass_each_letter_on_once() {
    let mut scene = Scene::verified().await;
    scene.tamper(AT_ANY_HOUR).await;
    let (one, two) = (scene.another_worker().await, scene.another_worker().await);
    let by = scene.coordinator.clone();
    let mut letters = Vec::new();
    for jump in [A_DAY, -A_DAY, SignedDuration::ZERO, -A_DAY, A_DAY, A_DAY] {
        let submit = scene.write().await;
        letters.push(submit);
        // Half of it before the jump, half of it after.
        let (first, second, ()) = tokio::join!(one.drain(), two.drain(), async {
            tokio::task::yield_now().await;
            scene.clock.advance(jump);
        });
        first.expect("drains");
        second.expect("drains");
        scene.advance(A_DAY);
        scene.drain().await;
        assert_eq!(scene.delivered(submit).await, [], "nobody has decided");
        scene.check(&by, submit, Outcome::Deliver).await;
        scene.clock.advance(jump);
        let (first, second) = tokio::join!(one.drain(), two.drain());
        first.expect("drains");
        second.expect("drains");
        scene.clock.advance(-jump);
    }
    // The clock is right again, and what the dead hours left is taken up.
    scene.advance(A_DAY * 3);
    scene.drain().await;
    for submit in &letters {
        assert_eq!(scene.delivered(*submit).await, [scene.adopter_membership]);
    }
    assert_eq!(scene.count(UNDONE).await, 0);
    let logged = scene.count("select count(*) from log_leaves").await;
    assert_eq!(scene.count("select count(*) from verdicts where verdict = 'logged'").await, logged);
    assert_eq!(scene.count("select max(size) from checkpoints").await, logged);
    let told = scene.count("select count(*) from notices where event = 'letter-for-you'").await;
    assert_eq!(told, i64::try_from(letters.len()).expect("few"));
}

#[tokio::test]
async fn a_clock_that_went_back_delays_nothing_that_is_to_be_done_at_once() {
    let mut scene = Scene::verified().await;
    let before = scene.write().await;
    scene.advance(-A_DAY);
    let after = scene.write().await;
    scene.drain().await;
    assert!(scene.is_logged(before).await, "its time is tomorrow by this clock");
    assert!(scene.is_logged(after).await);
}

#[tokio::test]
async fn a_letter_whose_hour_was_found_by_a_clock_ahead_goes_at_the_next_hour_there_is() {
    let (scene, submit) = Scene::to_be_delivered().await;
    let as_by_a_clock_ahead = "update jobs set run_at = created_at where queue = 'release'";
    scene.tamper(as_by_a_clock_ahead).await;
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, [], "it is no hour of the agency's");
    scene.tamper(as_by_a_clock_ahead).await;
    scene.tamper(AT_ANY_HOUR).await;
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
}

#[tokio::test]
async fn a_clock_that_goes_back_after_a_decision_passes_nothing_on_before_its_hour() {
    let (scene, submit) = Scene::to_be_delivered().await;
    scene.advance(TO_MONDAY - A_DAY);
    scene.drain().await;
    scene.advance(-A_DAY);
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, []);
    scene.advance(A_DAY * 2);
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
}

#[tokio::test]
async fn a_worker_whose_lease_a_jump_has_ended_cannot_write_down_what_another_took_over() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    let lease = SignedDuration::from_mins(2);
    let mine = leased(&scene, scene.clock.now(), lease, 1).await;
    scene.advance(A_DAY);
    assert_eq!(scene.drain().await, 1, "taken over");
    let mut tx =
        scene.database.store(store::Role::Worker).await.begin_queues().await.expect("begins");
    let late = jobs::complete(&mut tx, &mine).await;
    assert!(matches!(late, Err(store::StoreError::Stale)), "{late:?}");
    tx.rollback().await.expect("rolls back");
    assert!(scene.is_logged(submit).await);

    // Back again: a lease that seems to last a day keeps nobody from what comes after it.
    scene.advance(-A_DAY);
    let next = scene.write().await;
    scene.drain().await;
    assert!(scene.is_logged(next).await);
}

/// Takes the one job there is, as a worker does that is never heard of again.
async fn leased(scene: &Scene, now: Timestamp, lease: SignedDuration, token: u8) -> jobs::Job {
    let store = scene.database.store(store::Role::Worker).await;
    let mut tx = store.begin_queues().await.expect("begins");
    let mut jobs =
        jobs::lease(&mut tx, Queue::Verify, now, lease, 9, [token; 16]).await.expect("leases");
    tx.commit().await.expect("commits");
    assert_eq!(jobs.len(), 1);
    jobs.remove(0)
}
