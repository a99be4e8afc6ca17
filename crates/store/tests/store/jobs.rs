//! Jobs: one worker at a time, taken over when it dies, tried again, given up in the end.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use store::{
    Actor, Role, Store, StoreError,
    jobs::{self, Fate, Job, NewJob, Queue},
    testing::TestDatabase,
};

use crate::scene::{A, EMPTY, now};

const LEASE: SignedDuration = SignedDuration::from_secs(60);
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

async fn with_jobs(count: usize) -> (TestDatabase, Store) {
    let db = TestDatabase::create().await;
    let worker = db.store(Role::Worker).await;
    let mut tx = worker.begin(A, Actor::Nobody).await.expect("begin");
    for n in 0..count {
        enqueue(&mut tx, Queue::Release, &format!("job {n}"), now()).await;
    }
    tx.commit().await.expect("commit");
    (db, worker)
}

async fn enqueue(tx: &mut store::Tx, queue: Queue, key: &str, run_at: Timestamp) {
    let job = NewJob { queue, subject: key, run_at, dedupe_key: key };
    jobs::enqueue(tx, &job, now()).await.expect("enqueue");
}

async fn lease(store: &Store, at: Timestamp, limit: u16, token: u8) -> Vec<Job> {
    let mut tx = store.begin_queues().await.expect("begin");
    let leased =
        jobs::lease(&mut tx, Queue::Release, at, LEASE, limit, [token; 16]).await.expect("lease");
    tx.commit().await.expect("commit");
    leased
}

#[tokio::test]
async fn two_leasers_never_share_a_job() {
    let (_db, worker) = with_jobs(20).await;
    // Both hold their transactions open at once.
    let mut first = worker.begin_queues().await.expect("begin");
    let mut second = worker.begin_queues().await.expect("begin");
    let one =
        jobs::lease(&mut first, Queue::Release, now(), LEASE, 12, [1; 16]).await.expect("lease");
    let two =
        jobs::lease(&mut second, Queue::Release, now(), LEASE, 12, [2; 16]).await.expect("lease");
    second.commit().await.expect("commit");
    first.commit().await.expect("commit");
    let mut ids: Vec<_> = one.iter().chain(&two).map(|job| job.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((one.len(), two.len(), ids.len()), (12, 8, 20));
    assert!(lease(&worker, now(), 12, 3).await.is_empty());
}

#[tokio::test]
async fn an_expired_lease_is_taken_over_and_its_old_token_cannot_complete() {
    let (_db, worker) = with_jobs(1).await;
    let old = lease(&worker, now(), 1, 1).await.remove(0);
    assert!(lease(&worker, now() + SignedDuration::from_secs(59), 1, 2).await.is_empty());
    let new = lease(&worker, now() + LEASE, 1, 2).await.remove(0);
    assert_eq!((new.id, new.attempts), (old.id, 2));

    let mut tx = worker.begin(old.agency, Actor::Nobody).await.expect("begin");
    assert!(matches!(jobs::complete(&mut tx, &old).await, Err(StoreError::Stale)));
    assert!(matches!(jobs::fail(&mut tx, &old, "late", now(), 0.5).await, Err(StoreError::Stale)));
    jobs::complete(&mut tx, &new).await.expect("its own");
    assert!(matches!(jobs::complete(&mut tx, &new).await, Err(StoreError::Stale)));
    tx.commit().await.expect("commit");
    assert!(lease(&worker, now() + SignedDuration::from_hours(1), 1, 3).await.is_empty());
}

#[tokio::test]
async fn a_failed_job_waits_longer_each_time_and_is_dead_in_the_end() {
    let (_db, worker) = with_jobs(1).await;
    let mut at = now();
    for attempt in 1..=20 {
        let job = lease(&worker, at, 1, attempt).await.remove(0);
        assert_eq!(job.attempts, u32::from(attempt));
        let mut tx = worker.begin(job.agency, Actor::Nobody).await.expect("begin");
        let fate = jobs::fail(&mut tx, &job, "not-yet", at, 1.0).await.expect("fail");
        tx.commit().await.expect("commit");
        match fate {
            Fate::Again(next) => {
                assert!(
                    lease(&worker, next - SignedDuration::from_secs(1), 1, 99).await.is_empty()
                );
                assert!(next.duration_since(at) <= SignedDuration::from_hours(1));
                at = next;
            }
            Fate::Dead => assert_eq!(attempt, 20),
        }
    }
    let mut tx = worker.begin_queues().await.expect("begin");
    let dead = jobs::list_dead(&mut tx).await.expect("list");
    assert_eq!(dead.len(), 1);
    let (agency, job) = &dead[0];
    assert_eq!((*agency, job.attempts, job.last_error.as_str()), (A, 20, "not-yet"));

    jobs::retry(&mut tx, *agency, job.id, at).await.expect("retry");
    assert!(matches!(jobs::retry(&mut tx, *agency, job.id, at).await, Err(StoreError::Stale)));
    tx.commit().await.expect("commit");
    assert_eq!(lease(&worker, at, 1, 1).await[0].attempts, 1);
}

#[tokio::test]
async fn a_job_that_kills_its_worker_every_time_is_dead_too() {
    let (_db, worker) = with_jobs(1).await;
    let mut at = now();
    for attempt in 1..=20 {
        assert_eq!(lease(&worker, at, 1, attempt).await.len(), 1, "attempt {attempt}");
        at += LEASE;
    }
    assert!(lease(&worker, at, 1, 99).await.is_empty());
    let mut tx = worker.begin_queues().await.expect("begin");
    assert_eq!(jobs::list_dead(&mut tx).await.expect("list")[0].1.last_error, "lease-ran-out");
}

#[tokio::test]
async fn jobs_come_oldest_first_and_not_before_their_time() {
    let (_db, worker) = with_jobs(0).await;
    let mut tx = worker.begin(A, Actor::Nobody).await.expect("begin");
    let later = now() + SignedDuration::from_mins(5);
    enqueue(&mut tx, Queue::Release, "later", later).await;
    enqueue(&mut tx, Queue::Release, "now", now()).await;
    enqueue(&mut tx, Queue::Release, "now", now()).await;
    tx.commit().await.expect("commit");
    let subjects = |jobs: Vec<Job>| jobs.into_iter().map(|job| job.subject).collect::<Vec<_>>();
    assert_eq!(subjects(lease(&worker, now(), 9, 1).await), ["now"], "once, though sent twice");
    assert_eq!(subjects(lease(&worker, later, 9, 2).await), ["now", "later"]);
}

#[tokio::test]
async fn a_postponed_job_has_not_used_an_attempt() {
    let (_db, worker) = with_jobs(1).await;
    let job = lease(&worker, now(), 1, 1).await.remove(0);
    let later = now() + SignedDuration::from_hours(48);
    let mut tx = worker.begin(job.agency, Actor::Nobody).await.expect("begin");
    jobs::postpone(&mut tx, &job, later).await.expect("postpone");
    tx.commit().await.expect("commit");
    assert_eq!(lease(&worker, later, 1, 2).await[0].attempts, 1);
}

#[tokio::test]
async fn a_job_to_be_done_at_once_is_due_by_a_clock_that_is_behind_its_makers() {
    let (_db, worker) = with_jobs(1).await;
    let mut tx = worker.begin(A, Actor::Nobody).await.expect("begin");
    enqueue(&mut tx, Queue::Release, "later", now() + SignedDuration::from_mins(1)).await;
    tx.commit().await.expect("commit");
    let yesterday = now() - A_DAY;
    let leased = lease(&worker, yesterday, 9, 1).await;
    assert_eq!(leased.iter().map(|job| job.subject.as_str()).collect::<Vec<_>>(), ["job 0"]);
    // Once it was put off by the clock there is, that clock counts.
    let hour = yesterday + SignedDuration::from_hours(1);
    let mut tx = worker.begin(A, Actor::Nobody).await.expect("begin");
    jobs::postpone(&mut tx, &leased[0], hour).await.expect("postpone");
    tx.commit().await.expect("commit");
    assert!(lease(&worker, yesterday, 9, 2).await.is_empty());
    assert_eq!(lease(&worker, hour, 9, 2).await.len(), 1);
}

#[tokio::test]
async fn what_a_clock_a_day_ahead_left_in_hand_or_failed_waits_no_day_once_it_is_right() {
    let (_db, worker) = with_jobs(2).await;
    let tomorrow = now() + A_DAY;
    let leased = lease(&worker, tomorrow, 9, 1).await;
    assert_eq!(leased.len(), 2);
    let mut tx = worker.begin(A, Actor::Nobody).await.expect("begin");
    jobs::fail(&mut tx, &leased[0], "not-yet", tomorrow, 1.0).await.expect("fail");
    tx.commit().await.expect("commit");
    assert_eq!(lease(&worker, now(), 9, 2).await.len(), 2);
    // One that was put off to its hour after a failure keeps that hour.
    let (again, mut tx) = (
        lease(&worker, now() + LEASE, 9, 3).await,
        worker.begin(A, Actor::Nobody).await.expect("begin"),
    );
    for job in &again {
        jobs::postpone(&mut tx, job, tomorrow).await.expect("postpone");
    }
    tx.commit().await.expect("commit");
    assert!(lease(&worker, now() + LEASE, 9, 4).await.is_empty());
    assert_eq!(lease(&worker, tomorrow, 9, 5).await.len(), 2);
}

#[tokio::test]
async fn each_service_works_on_its_own_queues_for_every_agency() {
    let (db, worker) = with_jobs(1).await;
    let mut tx = worker.begin(EMPTY, Actor::Nobody).await.expect("begin");
    enqueue(&mut tx, Queue::Release, "of another agency", now()).await;
    enqueue(&mut tx, Queue::Notice, "for the notifier", now()).await;
    tx.commit().await.expect("commit");
    let leased = lease(&worker, now(), 9, 1).await;
    assert_eq!(leased.iter().map(|job| job.agency).collect::<Vec<_>>(), [A, EMPTY]);

    let notifier = db.store(Role::Notifier).await;
    assert!(lease(&notifier, now() + LEASE, 9, 2).await.is_empty(), "not its queue");
    let mut tx = notifier.begin_queues().await.expect("begin");
    let notices =
        jobs::lease(&mut tx, Queue::Notice, now(), LEASE, 9, [3; 16]).await.expect("lease");
    assert_eq!(notices[0].subject, "for the notifier");
    let mut tx = worker.begin_queues().await.expect("begin");
    assert_eq!(jobs::depth(&mut tx, Queue::Notice).await.expect("depth").0, 0, "hidden");
}

#[tokio::test]
async fn done_jobs_are_forgotten_after_a_while() {
    let (_db, worker) = with_jobs(2).await;
    let job = lease(&worker, now(), 1, 1).await.remove(0);
    let mut tx = worker.begin(job.agency, Actor::Nobody).await.expect("begin");
    jobs::complete(&mut tx, &job).await.expect("complete");
    assert_eq!(jobs::forget_done(&mut tx, now()).await.expect("forget"), 0, "not yet");
    let later = now() + SignedDuration::from_hours(1);
    assert_eq!(jobs::forget_done(&mut tx, later).await.expect("forget"), 1);
    assert_eq!(jobs::depth(&mut tx, Queue::Release).await.expect("depth"), (1, Some(now())));
}

#[tokio::test]
async fn a_committed_job_wakes_who_listens_to_its_queue() {
    let (db, worker) = with_jobs(0).await;
    let notifier = db.store(Role::Notifier).await;
    let mut wake = notifier.listen(Queue::Notice).await.expect("listen");
    let mut tx = worker.begin(A, Actor::Nobody).await.expect("begin");
    enqueue(&mut tx, Queue::Release, "for somebody else", now()).await;
    enqueue(&mut tx, Queue::Notice, "for the notifier", now()).await;
    tx.commit().await.expect("commit");
    // Far longer than it takes: only a wake that never comes runs into it.
    let waited = tokio::time::timeout(Duration::from_secs(30), wake.wait(Duration::from_mins(1)));
    waited.await.expect("woken");
}
