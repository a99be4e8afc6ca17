//! Counted windows: so many uses in one, all of them again in the next.

use jiff::{SignedDuration, Timestamp};
use store::{Actor, Role, Store, Tx, limits};

use crate::scene::{A, EMPTY, Scene, now};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn after(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

async fn begin(store: &Store) -> Tx {
    store.begin(A, Actor::Nobody).await.expect("begin")
}

/// One use of an invitation's look-ups, of which an hour has two.
async fn take(tx: &mut Tx, subject: &str, at: Timestamp) -> Result<(), Timestamp> {
    limits::take(tx, subject, "invite", 2, HOUR, at).await.expect("counts")
}

#[tokio::test]
async fn a_window_holds_so_many_uses_and_says_when_it_is_over() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let mut tx = begin(&store).await;
    assert_eq!(take(&mut tx, "one", after(0)).await, Ok(()));
    assert_eq!(take(&mut tx, "one", after(10)).await, Ok(()));
    // It began with the first use, and a refusal moves nothing.
    assert_eq!(take(&mut tx, "one", after(20)).await, Err(after(60)));
    assert_eq!(take(&mut tx, "one", after(59)).await, Err(after(60)));
}

#[tokio::test]
async fn the_next_window_begins_with_the_next_use() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let mut tx = begin(&store).await;
    for _ in 0..2 {
        assert_eq!(take(&mut tx, "one", after(0)).await, Ok(()));
    }
    assert_eq!(take(&mut tx, "one", after(60)).await, Ok(()));
    assert_eq!(take(&mut tx, "one", after(61)).await, Ok(()));
    assert_eq!(take(&mut tx, "one", after(62)).await, Err(after(120)));
}

#[tokio::test]
async fn a_window_that_a_clock_a_day_ahead_began_shuts_nobody_out_once_it_is_right() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let mut tx = begin(&store).await;
    let tomorrow = 24 * 60;
    for _ in 0..2 {
        assert_eq!(take(&mut tx, "one", after(tomorrow)).await, Ok(()));
    }
    assert_eq!(take(&mut tx, "one", after(tomorrow)).await, Err(after(tomorrow + 60)));
    // A few minutes' difference between two clocks is no reason to count anew.
    assert_eq!(take(&mut tx, "one", after(tomorrow - 60)).await, Err(after(tomorrow + 60)));
    for _ in 0..2 {
        assert_eq!(take(&mut tx, "one", after(0)).await, Ok(()));
    }
    assert_eq!(take(&mut tx, "one", after(1)).await, Err(after(60)));
}

#[tokio::test]
async fn subjects_kinds_and_agencies_are_counted_apart() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let mut tx = begin(&store).await;
    for _ in 0..2 {
        assert_eq!(take(&mut tx, "one", now()).await, Ok(()));
    }
    assert!(take(&mut tx, "one", now()).await.is_err());
    assert_eq!(take(&mut tx, "two", now()).await, Ok(()));
    let other = limits::take(&mut tx, "one", "message", 2, HOUR, now()).await.expect("counts");
    assert_eq!(other, Ok(()));
    tx.commit().await.expect("commit");
    let mut elsewhere = store.begin(EMPTY, Actor::Nobody).await.expect("begin");
    assert_eq!(take(&mut elsewhere, "one", now()).await, Ok(()));
}

#[tokio::test]
async fn of_two_uses_at_one_moment_for_one_place_one_is_refused() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let mut first = begin(&store).await;
    assert_eq!(take(&mut first, "one", now()).await, Ok(()));
    first.commit().await.expect("commit");
    let attempt = || async {
        let mut tx = begin(&store).await;
        let taken = take(&mut tx, "one", now()).await;
        tx.commit().await.expect("commit");
        taken.is_ok()
    };
    let (one, two) = tokio::join!(attempt(), attempt());
    assert!(one ^ two);
}

#[tokio::test]
async fn a_use_that_is_rolled_back_never_counted() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let mut undone = begin(&store).await;
    for _ in 0..2 {
        assert_eq!(take(&mut undone, "one", now()).await, Ok(()));
    }
    undone.rollback().await.expect("rollback");
    let mut tx = begin(&store).await;
    assert_eq!(take(&mut tx, "one", now()).await, Ok(()));
    assert_eq!(take(&mut tx, "one", now()).await, Ok(()));
}

async fn hand_in(tx: &mut Tx, n: u8, at: Timestamp) -> Result<bool, store::StoreError> {
    let statement = store::statements::NewStatement {
        id: domain::id::StatementId::from_bytes([n; 32]),
        kind: "message",
        envelope: &[b' '; 256],
        account: Some(crate::scene::account(12)),
        refers_to: &[],
        ends: None,
        received_at: at,
    };
    store::statements::insert(tx, &statement).await
}

#[tokio::test]
async fn sixty_statements_an_hour_pass_and_the_next_names_the_limit() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    for n in 1..=60 {
        let mut tx = begin(&store).await;
        assert!(hand_in(&mut tx, n, after(0)).await.expect("stores"));
        // One that is there already is none.
        assert!(!hand_in(&mut tx, n, after(0)).await.expect("is there"));
        tx.commit().await.expect("commits");
    }
    let mut tx = begin(&store).await;
    let refused = hand_in(&mut tx, 61, after(59)).await.expect_err("one too many");
    assert_eq!(refused.constraint(), Some("statements_per_hour"));
    // The next hour's, and those of a clock that was a day ahead and is right again.
    for minutes in [60, -24 * 60] {
        let mut later = begin(&store).await;
        assert!(hand_in(&mut later, 61, after(minutes)).await.expect("stores"));
        later.rollback().await.expect("undone");
    }
    // The agency's own rule, whichever it is.
    scene
        .superuser("update agencies set policy = '{\"statements_per_hour\": 10}'")
        .await
        .expect("sets");
    let refused = hand_in(&mut begin(&store).await, 62, after(1)).await.expect_err("one too many");
    assert_eq!(refused.constraint(), Some("statements_per_hour"));
}

#[tokio::test]
async fn a_use_is_given_back_to_the_count_and_never_below_nothing() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let mut tx = begin(&store).await;
    for _ in 0..3 {
        assert_eq!(take(&mut tx, "one", now()).await, Ok(()));
        limits::give_back(&mut tx, "one", "invite").await.expect("gives back");
        limits::give_back(&mut tx, "one", "invite").await.expect("nothing left to give");
    }
    assert_eq!(take(&mut tx, "one", now()).await, Ok(()));
    assert_eq!(take(&mut tx, "one", now()).await, Ok(()));
    assert!(take(&mut tx, "one", now()).await.is_err());
}
