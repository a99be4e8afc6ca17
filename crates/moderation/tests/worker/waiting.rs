//! Statements that name one which is not judged yet, and what the world does meanwhile.

use domain::decision::Outcome;
use jiff::SignedDuration;
use seal::statement::{Reason, Revoke};
use store::statements::Verdict;

use crate::scene::Scene;

const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The newest letter's job is not done for now, whatever the reason.
const HELD_UP: &str = "update jobs set run_at = run_at + interval '90 hours'
    where subject = (select encode(head_id, 'hex') from letters)";

#[tokio::test]
async fn a_withdrawal_waits_for_its_letter_however_long_nobody_looked() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    let mother = scene.mother.clone();
    let body = scene.withdraw_body(submit);
    let withdraw = scene.sign(&mother, body);
    scene.letterbox.log(withdraw.clone());
    scene.take_back(&withdraw, submit).await;
    scene.tamper(HELD_UP).await;
    for _ in 0..80 {
        scene.advance(AN_HOUR);
        scene.drain().await;
    }
    assert_eq!(scene.verdict(withdraw.id()).await, Verdict::Waiting);
    assert_eq!(scene.state(submit).await, "withdrawn");
    scene.advance(AN_HOUR * 20);
    scene.drain().await;
    assert!(scene.is_logged(submit).await);
    assert!(scene.is_logged(withdraw.id()).await);
    assert_eq!(scene.state(submit).await, "withdrawn");
}

#[tokio::test]
async fn a_letter_taken_back_stays_so_when_it_does_not_verify() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    let mother = scene.mother.clone();
    let body = scene.withdraw_body(submit);
    let withdraw = scene.sign(&mother, body);
    scene.take_back(&withdraw, submit).await;
    scene.tamper("update ciphertexts set sealed = set_byte(sealed, 16000, 255 - get_byte(sealed, 16000))").await;
    scene.drain().await;
    assert_eq!(scene.reason(submit).await, "file-missing");
    assert_eq!(scene.reason(withdraw.id()).await, "missing-statement");
    assert_eq!(scene.state(submit).await, "withdrawn", "and not in nobody's hands");
}

#[tokio::test]
async fn a_reader_revoked_while_somebody_decides_puts_the_letter_back_in_the_queue() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene.drain().await;
    let by = scene.coordinator.clone();
    let mut body = scene.letterbox.agency.decision_body(submit, Outcome::Deliver);
    let files = scene.seal_to_readers(submit, &mut body);
    let envelope = scene.sign(&by, body.clone());
    scene.claim(&by, submit).await;
    let (lead, target_id) = (scene.lead.clone(), scene.adopter.id);
    scene.say(&lead, Revoke { target_id, reason: Reason::Lost });
    scene.post_all().await;
    assert!(scene.post_decision(&by, &envelope, &body, &files).await);
    scene.drain().await;
    assert_eq!(scene.reason(envelope.id()).await, "wrong-grants");
    assert_eq!(scene.state(submit).await, "with_agency");
    assert!(scene.allocated(submit).await.is_some());
}
