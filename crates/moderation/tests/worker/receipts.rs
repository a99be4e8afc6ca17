//! A reader's answer through the worker: verified like everything else, and then its writer's.

use domain::id::StatementId;
use jiff::Timestamp;
use seal::envelope::Envelope;
use seal::statement::{Phrase, Reason, Revoke};
use sqlx::Row;

use crate::scene::Scene;

/// A letter that was passed on to the adopter on Monday at ten.
async fn passed_on() -> (Scene, StatementId) {
    let (scene, submit) = Scene::to_be_delivered().await;
    scene.clock.set("2026-11-23T10:00:00Z".parse::<Timestamp>().expect("a moment"));
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
    (scene, submit)
}

fn thanks(scene: &Scene, submit: StatementId, phrase: Phrase) -> Envelope {
    scene.sign(&scene.adopter, scene.receipt_body(submit, phrase))
}

async fn verdict(scene: &Scene, id: StatementId) -> String {
    let row = scene.row("select verdict from receipts where statement_id = $1", id.as_bytes());
    row.await.get(0)
}

#[tokio::test]
async fn a_thank_you_is_logged_and_its_writer_told_that_there_is_something() {
    let (scene, submit) = passed_on().await;
    let receipt = thanks(&scene, submit, Phrase::Thanks);
    assert!(scene.answer(&scene.adopter, &receipt).await);
    let before = scene.told().await;
    scene.drain().await;
    assert!(scene.is_logged(receipt.id()).await);
    assert_eq!(verdict(&scene, receipt.id()).await, "logged");
    let mut after = scene.told().await;
    after.retain(|told| !before.contains(told));
    assert_eq!(after, [(scene.mother_membership, "answered".to_owned())]);
    let body = "select count(*) from notices where event = 'answered' and body = 'news'";
    assert_eq!(scene.count(body).await, 1, "news like any other: it says nothing");
    // The same job again tells nobody twice.
    scene.tamper("update jobs set state = 'ready', run_at = created_at where state = 'done'").await;
    scene.drain().await;
    assert_eq!(scene.count(body).await, 1);
}

#[tokio::test]
async fn a_second_answer_that_slipped_past_the_api_is_refused_by_the_log() {
    let (scene, submit) = passed_on().await;
    let first = thanks(&scene, submit, Phrase::Thanks);
    scene.answer(&scene.adopter, &first).await;
    scene.drain().await;
    let second = thanks(&scene, submit, Phrase::WillWrite);
    assert!(!scene.answer(&scene.adopter, &second).await, "the API keeps it out");
    // With the first row out of the way, only the log remembers.
    scene.tamper("update receipts set verdict = 'quarantined'").await;
    assert!(scene.answer(&scene.adopter, &second).await);
    scene.drain().await;
    assert_eq!(scene.reason(second.id()).await, "repeated");
    assert_eq!(verdict(&scene, second.id()).await, "quarantined");
    assert_eq!(scene.count("select count(*) from notices where event = 'answered'").await, 1);
}

#[tokio::test]
async fn an_answer_under_a_certificate_that_ended_is_refused_and_its_writer_told_nothing() {
    let (mut scene, submit) = passed_on().await;
    let receipt = thanks(&scene, submit, Phrase::Thanks);
    let (lead, target_id) = (scene.lead.clone(), scene.adopter.id);
    scene.say(&lead, Revoke { target_id, reason: Reason::Left });
    scene.post_all().await;
    scene.answer(&scene.adopter.clone(), &receipt).await;
    scene.drain().await;
    assert_eq!(scene.reason(receipt.id()).await, "revoked");
    assert_eq!(verdict(&scene, receipt.id()).await, "quarantined");
    assert_eq!(scene.count("select count(*) from notices where event = 'answered'").await, 0);
}

#[tokio::test]
async fn an_answer_in_a_row_that_says_more_than_was_granted_is_refused() {
    let (scene, submit) = passed_on().await;
    // Somebody with the database's keys gives the letter to its own writer, who thanks herself.
    scene
        .tamper(
            "insert into deliveries select agency_id, submit_id,
                 (select author from letters l where l.letter_id = d.letter_id), letter_id,
                 decision_id, released_at from deliveries d",
        )
        .await;
    let receipt = scene.sign(&scene.mother, scene.receipt_body(submit, Phrase::Thanks));
    assert!(scene.answer(&scene.mother, &receipt).await);
    scene.drain().await;
    assert_eq!(scene.reason(receipt.id()).await, "not-entitled");
    assert_eq!(verdict(&scene, receipt.id()).await, "quarantined");
}
