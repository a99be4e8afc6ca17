//! A reader's short answer: signed by the reader, logged by the worker, seen by the writer alone.

use domain::id::StatementId;
use seal::envelope::Envelope;
use seal::ledger::Proof;
use seal::statement::{Outcome, Phrase};
use seal::testing::Signatory;
use serde_json::{Value, json};

use crate::checking::queued;
use crate::person::{Answer, Person};
use crate::sealed::{Draft, decision, decision_request, wire};
use crate::world::World;

/// A letter decided on, and not passed on yet; the decision.
async fn decided(world: &mut World) -> (Draft, StatementId, StatementId) {
    let sam = world.letterbox.coordinator.clone();
    let desk = world.person(&sam).await;
    let (draft, head) = queued(world).await;
    desk.post(&format!("/api/checks/{}/claim", draft.letter()), &json!({})).await.ok();
    let (body, grants) = decision(&mut world.letterbox, &draft, head, Outcome::Deliver);
    let envelope = world.letterbox.sign(&sam, body);
    let path = format!("/api/letters/{}/decisions", draft.letter());
    desk.post(&path, &decision_request(&envelope, &grants, "fits-plan")).await.ok();
    world.verified(&envelope).await;
    world.settled(draft.letter(), head, envelope.id(), Outcome::Deliver).await;
    (draft, head, envelope.id())
}

/// A letter that was passed on to the adopter.
pub async fn passed_on(world: &mut World) -> (Draft, StatementId) {
    let (draft, head, decision) = decided(world).await;
    world.released(draft.letter(), head, decision).await;
    (draft, head)
}

fn signed(world: &World, by: &Signatory, head: StatementId, phrase: Phrase) -> Envelope {
    world.letterbox.sign(by, world.letterbox.receipt_body(head, phrase))
}

async fn send(person: &Person, draft: &Draft, receipt: &Envelope) -> Answer {
    let path = format!("/api/letters/{}/receipts", draft.letter());
    person.post(&path, &json!({"statement": wire(receipt)})).await
}

/// What a letter's two views say of its receipt.
async fn seen(person: &Person, draft: &Draft) -> Value {
    let letters = person.get("/api/letters").await.ok();
    let letters = letters.as_array().expect("a list");
    let entry = letters.iter().find(|it| it["letter"] == json!(draft.letter())).expect("there");
    let whole = person.get(&format!("/api/letters/{}", draft.letter())).await.ok();
    assert_eq!(whole["receipt"], entry["receipt"]);
    whole["receipt"].clone()
}

#[tokio::test]
async fn a_thank_you_reaches_the_writer_once_the_worker_has_logged_it() {
    let mut world = World::new().await;
    let (adopter, mother) = (world.letterbox.adopter.clone(), world.letterbox.mother.clone());
    let (reader, writer) = (world.person(&adopter).await, world.person(&mother).await);
    let (draft, head) = passed_on(&mut world).await;
    assert_eq!(seen(&writer, &draft).await, Value::Null);
    let receipt = signed(&world, &adopter, head, Phrase::Thanks);
    // A lost answer, asked for again, is no second receipt.
    for _ in 0..2 {
        let sent = send(&reader, &draft, &receipt).await;
        assert_eq!(sent.status.as_u16(), 201, "{sent:?}");
        assert_eq!(sent.ok(), json!({"statement": receipt.id()}));
    }
    let expected = json!({
        "phrase": "thanks",
        "at": "2026-11-23T10:00:00Z",
        "statement": receipt.id(),
        "membership": world.letterbox.adopter_membership,
    });
    assert_eq!(seen(&writer, &draft).await, Value::Null, "not before it is logged");
    assert_eq!(seen(&reader, &draft).await, expected, "the reader has said it");
    world.answered(&receipt).await;
    assert_eq!(seen(&writer, &draft).await, expected);

    // The writer's browser sees for itself who said it; the reader's proof has no need of it.
    let path = format!("/api/letters/{}/proof", draft.letter());
    let proof = async |person: &Person| -> Proof {
        serde_json::from_value(person.get(&path).await.ok()).expect("a proof")
    };
    let theirs = proof(&writer).await;
    let ledger = theirs.fold(world.letterbox.realm).expect("verifies");
    assert!(ledger.statement(receipt.id()).is_some());
    assert!(!proof(&reader).await.ids().contains(&receipt.id()));
    let sam = world.letterbox.coordinator.clone();
    assert!(!proof(&world.person(&sam).await).await.ids().contains(&receipt.id()));
}

#[tokio::test]
async fn a_letter_is_answered_once() {
    let mut world = World::new().await;
    let adopter = world.letterbox.adopter.clone();
    let reader = world.person(&adopter).await;
    let (draft, head) = passed_on(&mut world).await;
    let thanks = signed(&world, &adopter, head, Phrase::Thanks);
    let will_write = signed(&world, &adopter, head, Phrase::WillWrite);
    let (one, two) =
        tokio::join!(send(&reader, &draft, &thanks), send(&reader, &draft, &will_write));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{one:?} {two:?}");
    let refused = if one.status.as_u16() == 409 { &one } else { &two };
    assert_eq!(refused.refusal(), (409, "receipt-sent"));
    // And not again once it is logged.
    let (first, second) =
        if one.status.as_u16() == 201 { (thanks, will_write) } else { (will_write, thanks) };
    world.answered(&first).await;
    assert_eq!(send(&reader, &draft, &second).await.refusal(), (409, "receipt-sent"));
    // Another letter is another matter.
    let (draft, head) = passed_on(&mut world).await;
    let receipt = signed(&world, &adopter, head, Phrase::Thanks);
    send(&reader, &draft, &receipt).await.ok();
}

#[tokio::test]
async fn nobody_answers_a_letter_that_was_not_passed_on_to_them() {
    let mut world = World::new().await;
    let (adopter, mother) = (world.letterbox.adopter.clone(), world.letterbox.mother.clone());
    let sam = world.letterbox.coordinator.clone();
    let (reader, writer) = (world.person(&adopter).await, world.person(&mother).await);
    let desk = world.person(&sam).await;
    // Decided and waiting for its hour: to its reader it is not there.
    let (draft, head, decision) = decided(&mut world).await;
    let early = signed(&world, &adopter, head, Phrase::Thanks);
    assert_eq!(send(&reader, &draft, &early).await.refusal(), (404, "not-found"));
    world.released(draft.letter(), head, decision).await;

    let hers = signed(&world, &mother, head, Phrase::Thanks);
    assert_eq!(send(&writer, &draft, &hers).await.refusal(), (404, "not-found"));
    let staffs = signed(&world, &sam, head, Phrase::Thanks);
    assert_eq!(send(&desk, &draft, &staffs).await.refusal(), (404, "not-found"));
    // Brought by somebody who did not sign it.
    assert_eq!(send(&writer, &draft, &early).await.refusal(), (403, "not-your-key"));
    assert_eq!(send(&world.visitor(), &draft, &early).await.refusal(), (401, "signed-out"));
    // About another letter than the address says, or about nothing that was ever sent.
    let (other, _) = passed_on(&mut world).await;
    assert_eq!(send(&reader, &other, &early).await.refusal(), (404, "not-found"));
    let nothing = signed(&world, &adopter, StatementId::from_bytes([9; 32]), Phrase::Thanks);
    assert_eq!(send(&reader, &draft, &nothing).await.refusal(), (404, "not-found"));
    assert_eq!(seen(&writer, &draft).await, Value::Null);
    send(&reader, &draft, &early).await.ok();
}

#[tokio::test]
async fn a_receipt_is_a_receipt_and_says_what_was_signed() {
    let mut world = World::new().await;
    let adopter = world.letterbox.adopter.clone();
    let reader = world.person(&adopter).await;
    let (draft, head) = passed_on(&mut world).await;
    let withdraw = world.letterbox.withdraw_body(head);
    let withdraw = world.letterbox.sign(&adopter, withdraw);
    assert_eq!(send(&reader, &draft, &withdraw).await.refusal(), (422, "wrong-kind"));
    let receipt = signed(&world, &adopter, head, Phrase::Thanks);
    let mut altered = json!({"statement": wire(&receipt)});
    let other = signed(&world, &adopter, head, Phrase::WillWrite);
    altered["statement"]["signatures"] = wire(&other)["signatures"].clone();
    let path = format!("/api/letters/{}/receipts", draft.letter());
    assert_eq!(reader.post(&path, &altered).await.refusal(), (422, "bad-signature"));
}

#[tokio::test]
async fn an_answer_the_worker_refused_is_not_said_to_have_worked_and_another_may_follow() {
    let mut world = World::new().await;
    let (adopter, mother) = (world.letterbox.adopter.clone(), world.letterbox.mother.clone());
    let (reader, writer) = (world.person(&adopter).await, world.person(&mother).await);
    let (draft, head) = passed_on(&mut world).await;
    let thanks = signed(&world, &adopter, head, Phrase::Thanks);
    send(&reader, &draft, &thanks).await.ok();
    world.refused(thanks.id(), "not-entitled").await;
    world.judged(thanks.id(), "quarantined").await;
    for somebody in [&reader, &writer] {
        assert_eq!(seen(somebody, &draft).await, Value::Null);
    }
    assert_eq!(send(&reader, &draft, &thanks).await.refusal(), (409, "receipt-refused"));
    let will_write = signed(&world, &adopter, head, Phrase::WillWrite);
    send(&reader, &draft, &will_write).await.ok();
    world.answered(&will_write).await;
    assert_eq!(seen(&writer, &draft).await["phrase"], "will-write");
}
