//! The worker as a process runs it: configuration in, until asked to stop.

use std::time::Duration;

use domain::{id::Realm, role::Role};
use jiff::SignedDuration;
use moderation::{AgencyConfig, Config};
use store::{accounts::Audience, statements::Verdict};
use tempfile::TempDir;
use tokio::{sync::oneshot, time::timeout};

use crate::scene::{AGENCY, Scene};

fn config(scene: &Scene, folder: &TempDir) -> Config {
    let log_key_file = folder.path().join("log.key");
    std::fs::write(&log_key_file, format!("{}\n", hex::encode(*scene.log_key.seed())))
        .expect("writes");
    Config {
        database_url: scene.database.url(store::Role::Worker),
        // Far too rarely for this test: it is woken, or it fails.
        poll_seconds: 600,
        agency: vec![AgencyConfig { agency: AGENCY, realm: scene.realm, log_key_file }],
    }
}

#[tokio::test]
async fn a_running_worker_is_woken_by_new_statements_and_stops_when_asked() {
    let mut scene = Scene::new().await;
    let folder = TempDir::new().expect("a folder");
    let (stop, stopped) = oneshot::channel::<()>();
    let running =
        tokio::spawn(moderation::run(config(&scene, &folder), scene.clock.clone(), async {
            let _ = stopped.await;
        }));
    for round in 0..2 {
        if round == 1 {
            scene.enrol(None, Role::Lead, None);
            scene.post_all().await;
        }
        let last = scene.statements.last().expect("statements").id();
        let logged = async {
            while scene.verdict(last).await == Verdict::Waiting {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_mins(1), logged).await.expect("it is logged");
    }
    stop.send(()).expect("it runs");
    let ended = timeout(Duration::from_secs(10), running).await.expect("it stops");
    ended.expect("no panic").expect("no error");
}

#[tokio::test]
async fn a_worker_with_another_realm_pinned_logs_nothing() {
    let scene = Scene::new().await;
    let other = moderation::Agency {
        id: AGENCY,
        realm: Realm::from_bytes([1; 32]),
        log_key: scene.log_key.clone(),
    };
    let store = scene.database.store(store::Role::Worker).await;
    let worker = moderation::Worker::new(store, scene.clock.clone(), [other]);
    worker.drain().await.expect("drains");
    assert_eq!(scene.count("select count(*) from verdicts").await, 0);
}

#[test]
fn a_key_that_is_no_key_is_named_with_its_file() {
    let folder = TempDir::new().expect("a folder");
    let log_key_file = folder.path().join("log.key");
    std::fs::write(&log_key_file, "not hex").expect("writes");
    let config = Config {
        database_url: "postgres:///nowhere".into(),
        poll_seconds: 1,
        agency: vec![AgencyConfig {
            agency: AGENCY,
            realm: Realm::from_bytes([1; 32]),
            log_key_file,
        }],
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let run = moderation::run(config, store::Clock::system(), std::future::pending());
    let error = runtime.expect("a runtime").block_on(run).expect_err("no key");
    assert!(error.to_string().contains("log.key"), "{error}");
}

#[tokio::test]
async fn a_running_worker_forgets_what_has_run_out() {
    let scene = Scene::verified().await;
    let folder = TempDir::new().expect("a folder");
    let tx = scene.signed_in(&scene.mother, Audience::Family).await;
    tx.commit().await.expect("commits");
    let sessions = "select count(*) from sessions";
    assert_eq!(scene.count(sessions).await, 1);
    scene.advance(SignedDuration::from_hours(24 * 8));
    let (stop, stopped) = oneshot::channel::<()>();
    let running =
        tokio::spawn(moderation::run(config(&scene, &folder), scene.clock.clone(), async {
            let _ = stopped.await;
        }));
    let forgotten = async {
        while scene.count(sessions).await + scene.count("select count(*) from jobs").await > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_mins(1), forgotten).await.expect("it is forgotten");
    stop.send(()).expect("it runs");
    running.await.expect("no panic").expect("no error");
}
