//! Statements: stored once, found again, and gathered into proofs in log order.

use domain::id::StatementId;
use store::{
    Actor, Role,
    jobs::{self, Queue},
    statements::{self, NewStatement, Reached, Verdict},
};

use crate::scene::{A, Scene, hex32, now, statement};

#[tokio::test]
async fn a_statement_its_references_and_its_job_are_one_round_trip_and_happen_once() {
    let scene = Scene::set().await;
    let api = scene.db.store(Role::Api).await;
    let envelope = [b'e'; 120];
    let new = NewStatement {
        id: statement(70),
        kind: "revoke",
        envelope: &envelope,
        account: None,
        refers_to: &[statement(51), statement(52)],
        ends: Some(statement(52)),
        received_at: now(),
    };
    let mut tx = api.begin(A, Actor::Nobody).await.expect("begin");
    assert!(statements::insert(&mut tx, &new).await.expect("insert"));
    assert_eq!(tx.round_trips(), 2);
    assert!(!statements::insert(&mut tx, &new).await.expect("again"));
    tx.commit().await.expect("commit");

    let worker = scene.db.store(Role::Worker).await;
    let mut tx = worker.begin(A, Actor::Nobody).await.expect("begin");
    let found = statements::find(&mut tx, statement(70)).await.expect("find").expect("stored");
    assert_eq!((found.kind.as_str(), found.envelope.as_slice()), ("revoke", &envelope[..]));
    assert_eq!((found.verdict, found.received_at), (Verdict::Waiting, now()));
    let references = format!(
        "select count(*) from statement_references where statement_id = '\\x{}'",
        hex32(70)
    );
    assert_eq!(tx.number(&references).await.expect("count"), 2);
    let ending = format!("{references} and ends and refers_to = '\\x{}'", hex32(52));
    assert_eq!(tx.number(&ending).await.expect("count"), 1);
    let job =
        format!("select count(*) from jobs where queue = 'verify' and subject = '{}'", hex32(70));
    assert_eq!(tx.number(&job).await.expect("count"), 1);
}

#[tokio::test]
async fn a_rolled_back_statement_leaves_nothing() {
    let scene = Scene::set().await;
    let api = scene.db.store(Role::Api).await;
    let new = NewStatement {
        id: statement(70),
        kind: "enrol",
        envelope: &[b'e'; 120],
        account: None,
        refers_to: &[],
        ends: None,
        received_at: now(),
    };
    let mut tx = api.begin(A, Actor::Nobody).await.expect("begin");
    statements::insert(&mut tx, &new).await.expect("insert");
    drop(tx);
    let worker = scene.db.store(Role::Worker).await;
    let mut tx = worker.begin_queues().await.expect("begin");
    // The scene's own two remain.
    assert_eq!(jobs::depth(&mut tx, Queue::Verify).await.expect("depth").0, 2);
}

#[tokio::test]
async fn a_proof_is_all_that_is_reachable_in_log_order() {
    let scene = Scene::set().await;
    let api = scene.db.store(Role::Api).await;
    let mut tx = api.begin(A, Actor::Nobody).await.expect("begin");
    let proof = statements::reachable(&mut tx, &[statement(58)]).await.expect("reachable");
    // The agency's own first, which nothing refers to.
    assert_eq!(ids(&proof), [50, 51, 52, 53, 54, 55, 56, 58].map(statement));
    let proof = proof.statements;
    assert!(proof.iter().all(|found| matches!(found.verdict, Verdict::Logged { .. })));
}

#[tokio::test]
async fn a_logged_revocation_is_part_of_the_proof_of_what_it_ends_and_a_waiting_one_is_not() {
    let scene = Scene::set().await;
    let revocation = format!(
        "insert into statement_references values ('{A}', '\\x{}', '\\x{}', true)",
        hex32(63),
        hex32(51)
    );
    scene.superuser(&revocation).await.expect("a revocation");
    let api = scene.db.store(Role::Api).await;
    let mut tx = api.begin(A, Actor::Nobody).await.expect("begin");
    let before = statements::reachable(&mut tx, &[statement(53)]).await.expect("reachable");
    assert_eq!(ids(&before), [50, 51, 53].map(statement));
    let logged = format!(
        "insert into verdicts values ('{A}', '\\x{}', 'logged', null, 9, now())",
        hex32(63)
    );
    scene.superuser(&logged).await.expect("a verdict");
    let after = statements::reachable(&mut tx, &[statement(53)]).await.expect("reachable");
    assert_eq!(ids(&after), [50, 51, 53, 63].map(statement));
    // How far the log has come is what its newest checkpoint says, and no other row.
    assert_eq!((before.log_size, after.log_size), (9, 9));
    let grown =
        format!("insert into checkpoints values ('{A}', 10, '\\x{}', 'note', now())", hex32(63));
    scene.superuser(&grown).await.expect("a checkpoint");
    let grown = statements::reachable(&mut tx, &[statement(53)]).await.expect("reachable");
    assert_eq!(grown.log_size, 10);
}

fn ids(reached: &Reached) -> Vec<StatementId> {
    reached.statements.iter().map(|found| found.id).collect()
}

#[tokio::test]
async fn what_was_refused_is_listed_with_its_reason() {
    let scene = Scene::set().await;
    let api = scene.db.store(Role::Api).await;
    let mut tx = api.begin(A, Actor::Nobody).await.expect("begin");
    let refused = statements::list_quarantined(&mut tx).await.expect("list");
    let reasons: Vec<_> = refused.iter().map(|found| (found.id, found.verdict.clone())).collect();
    let reason = "bad-signature".to_owned();
    assert_eq!(reasons, [(statement(60), Verdict::Quarantined { reason })]);
}
