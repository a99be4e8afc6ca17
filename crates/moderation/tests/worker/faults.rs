//! What goes wrong: forgeries, altered rows, dead workers. Nothing is released by any of it, and
//! nothing is lost.

use domain::{decision::Outcome, role::Role};
use jiff::SignedDuration;
use sqlx::Row;
use store::{
    jobs::{self, Queue},
    statements::Verdict,
};

use crate::scene::Scene;

/// From the Saturday morning when the scene is set to the hour at which letters are passed on.
const TO_MONDAY: SignedDuration = SignedDuration::from_hours(49);

#[tokio::test]
async fn a_letter_with_an_altered_file_is_quarantined() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene
        .tamper(
            "update ciphertexts set sealed = set_byte(sealed, 16000, get_byte(sealed, 16000) # 1)",
        )
        .await;
    scene.drain().await;
    assert_eq!(scene.reason(submit).await, "file-missing");
    assert_eq!(scene.state(submit).await, "quarantined");
}

#[tokio::test]
async fn a_grant_altered_after_the_decision_stops_the_release() {
    let (scene, submit) = Scene::to_be_delivered().await;
    scene
        .tamper(
            "alter table grants drop constraint grants_hash;
             update grants set sealed = set_byte(sealed, 1800, get_byte(sealed, 1800) # 1)
             where grantee_kind = 'member'",
        )
        .await;
    scene.advance(TO_MONDAY);
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, []);
    assert_eq!(scene.state(submit).await, "quarantined");
}

#[tokio::test]
async fn rows_that_say_deliver_release_nothing() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene.drain().await;
    // Everything an all-powerful database could write, without anybody's signature.
    scene
        .tamper(
            "update letters set state = 'passing_on', decided_at = now(), release_at = submitted_at;
             insert into jobs (agency_id, queue, subject, run_at, dedupe_key, created_at)
             select agency_id, 'release', replace(letter_id::text, '-', ''), submitted_at, 'x',
                 submitted_at from letters",
        )
        .await;
    scene.advance(TO_MONDAY);
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, []);
    assert_eq!(scene.state(submit).await, "quarantined");
}

#[tokio::test]
async fn a_reader_added_to_the_rows_receives_nothing() {
    let (scene, submit) = Scene::to_be_delivered().await;
    scene
        .tamper(
            "alter table grants drop constraint grants_hash;
             insert into grants select agency_id, statement_id, sha256('x'), letter_id, 'member',
                 agency_id, null, sealed from grants where grantee_kind = 'member'",
        )
        .await;
    scene.advance(TO_MONDAY);
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, []);
    assert_eq!(scene.state(submit).await, "quarantined", "a grant nobody signed for");
}

#[tokio::test]
async fn a_decision_that_was_overtaken_puts_the_letter_back_in_the_queue() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene.drain().await;
    let by = scene.coordinator.clone();
    let mut body = scene.letterbox.agency.decision_body(submit, Outcome::Deliver);
    let files = scene.seal_to_readers(submit, &mut body);
    let envelope = scene.sign(&by, body.clone());
    scene.claim(&by, submit).await;
    // The arrangement moves on between the signing and the verifying.
    let (arrangement, team) = (scene.arrangement, scene.team);
    let version = scene.next_version(arrangement, team, Vec::new());
    scene.say(&by, version);
    scene.post_all().await;
    assert!(scene.post_decision(&by, &envelope, &body, &files).await);
    scene.drain().await;
    assert_eq!(scene.reason(envelope.id()).await, "stale-arrangement");
    assert_eq!(scene.state(submit).await, "with_agency");
    assert!(scene.allocated(submit).await.is_some());
    // Somebody checks it anew.
    let another = scene.second_coordinator.clone();
    scene.check(&another, submit, Outcome::Deliver).await;
    scene.drain().await;
    scene.advance(TO_MONDAY);
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
}

#[tokio::test]
async fn references_that_hide_what_a_statement_names_quarantine_it() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene
        .tamper(
            "delete from statement_references where statement_id = (select head_id from letters)",
        )
        .await;
    scene.drain().await;
    assert_eq!(scene.reason(submit).await, "references-altered");
}

#[tokio::test]
async fn a_worker_that_dies_with_a_job_in_hand_loses_nothing() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    // Another worker takes the job and is never heard of again.
    let dead = scene.database.store(store::Role::Worker).await;
    let mut tx = dead.begin_queues().await.expect("begins");
    let lease = SignedDuration::from_mins(2);
    let leased = jobs::lease(&mut tx, Queue::Verify, scene.clock.now(), lease, 9, [1; 16]).await;
    assert_eq!(leased.expect("leases").len(), 1);
    tx.commit().await.expect("commits");
    assert_eq!(scene.drain().await, 0);
    assert_eq!(scene.verdict(submit).await, Verdict::Waiting);
    scene.advance(lease);
    assert_eq!(scene.drain().await, 1);
    assert!(scene.is_logged(submit).await);
}

#[tokio::test]
async fn a_worker_that_dies_before_it_commits_leaves_no_trace() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    let before = scene.count("select max(size) from checkpoints").await;
    // The worker stops in the middle, again and again, at whatever point a millisecond falls on.
    for _ in 0..5 {
        let worker = scene.another_worker().await;
        let stopped = tokio::time::timeout(std::time::Duration::from_millis(3), worker.drain());
        let _ = stopped.await;
        scene.advance(SignedDuration::from_mins(3));
    }
    // The server rolls back what was dropped in its own time, and holds the job until then: a worker
    // comes by again, as it does anyway.
    for _ in 0..100 {
        scene.drain().await;
        if scene.is_logged(submit).await {
            break;
        }
        scene.advance(SignedDuration::from_mins(3));
    }
    assert!(scene.is_logged(submit).await);
    assert_eq!(scene.count("select max(size) from checkpoints").await, before + 1);
    assert_eq!(scene.count("select count(*) from log_leaves").await, before + 1);
    assert_eq!(scene.count("select count(*) from jobs where state <> 'done'").await, 0);
}

#[tokio::test]
async fn two_workers_write_one_log() {
    let mut scene = Scene::new().await;
    for _ in 0..6 {
        scene.enrol(None, Role::Lead, None);
    }
    scene.post_all().await;
    let (one, two) = (scene.another_worker().await, scene.another_worker().await);
    for _ in 0..20 {
        let (first, second) = tokio::join!(one.drain(), two.drain());
        first.expect("drains");
        second.expect("drains");
        scene.advance(SignedDuration::from_mins(3));
    }
    let wanted = i64::try_from(scene.statements.len()).expect("small");
    assert_eq!(scene.count("select count(*) from verdicts where verdict = 'logged'").await, wanted);
    assert_eq!(scene.count("select max(size) from checkpoints").await, wanted);
}

#[tokio::test]
async fn a_log_that_differs_from_its_checkpoint_is_not_continued() {
    let mut scene = Scene::verified().await;
    scene.tamper("update log_leaves set leaf_hash = sha256('x') where leaf_index = (select max(leaf_index) from log_leaves)").await;
    scene.tamper("update log_nodes set hash = sha256('x')").await;
    scene.enrol(None, Role::Lead, None);
    scene.post_all().await;
    scene.drain().await;
    let last = scene.statements.last().expect("an enrolment").id();
    assert_eq!(scene.verdict(last).await, Verdict::Waiting);
    let row = scene
        .row(
            "select count(*) from jobs where last_error = 'log-differs' and $1::bytea is not null",
            &[],
        )
        .await;
    assert_eq!(row.get::<i64, _>(0), 1);
}

#[tokio::test]
async fn history_that_was_rewritten_decides_nothing() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene.tamper("update statements set envelope = convert_to(replace(convert_from(envelope, 'UTF8'), 'A', 'B'), 'UTF8') where kind = 'member'").await;
    scene.drain().await;
    assert_eq!(scene.verdict(submit).await, Verdict::Waiting);
    let wrong = "select count(*) from jobs where last_error = 'history-does-not-verify'";
    assert_eq!(scene.count(wrong).await, 1);
}

#[tokio::test]
async fn an_agency_without_a_worker_of_its_own_is_left_alone() {
    let scene = Scene::new().await;
    let other = moderation::Worker::new(
        scene.database.store(store::Role::Worker).await,
        scene.clock.clone(),
        [],
    );
    other.drain().await.expect("drains");
    assert_eq!(scene.count("select count(*) from verdicts").await, 0);
    scene.advance(SignedDuration::from_mins(1));
    assert_eq!(scene.drain().await, scene.statements.len());
}
