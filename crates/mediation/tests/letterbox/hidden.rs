//! What one side must not learn about a letter, and what nobody may lose sight of.

use domain::id::StatementId;
use jiff::SignedDuration;
use seal::statement::{About, Outcome, Submit};
use seal::testing::Signatory;
use serde_json::{Value, json};
use store::Actor;

use crate::checking::queued;
use crate::person::Person;
use crate::sealed::{Draft, base64, decision, decision_request, message, wire};
use crate::setting_up::next_epoch;
use crate::world::{AGENCY, World};

/// Claims the letter and decides on it; logged, and not yet counted or settled.
async fn decided(
    world: &mut World,
    by: &Signatory,
    (draft, head): (&Draft, StatementId),
    (outcome, reason): (Outcome, &str),
) -> StatementId {
    let desk = world.person(by).await;
    desk.post(&format!("/api/checks/{}/claim", draft.letter()), &json!({})).await.ok();
    let (body, grants) = decision(&mut world.letterbox, draft, head, outcome);
    let envelope = world.letterbox.sign(by, body);
    let path = format!("/api/letters/{}/decisions", draft.letter());
    desk.post(&path, &decision_request(&envelope, &grants, reason)).await.ok();
    world.verified(&envelope).await;
    envelope.id()
}

async fn ids_of_proof(person: &Person, draft: &Draft) -> Vec<StatementId> {
    let proof = person.get(&format!("/api/letters/{}/proof", draft.letter())).await.ok();
    let proof: seal::ledger::Proof = serde_json::from_value(proof).expect("a proof");
    proof.ids()
}

async fn decisions(person: &Person, draft: &Draft) -> Vec<Value> {
    let path = format!("/api/letters/{}/decisions", draft.letter());
    person.get(&path).await.ok().as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_reader_is_not_told_why_an_earlier_revision_went_back() {
    let mut world = World::new().await;
    let (sam, mother, adopter) = (
        world.letterbox.coordinator.clone(),
        world.letterbox.mother.clone(),
        world.letterbox.adopter.clone(),
    );
    let (draft, head) = queued(&mut world).await;
    let what = (Outcome::Change, "contact-details");
    let change = decided(&mut world, &sam, (&draft, head), what).await;
    world.settled(draft.letter(), head, change, Outcome::Change).await;
    let body = world.letterbox.revise_body(&mother, draft.letter());
    let draft = Draft::of(&world.letterbox, body, &mother);
    let revised = draft.sign(&world.letterbox, &mother);
    let writer = world.person(&mother).await;
    writer.post("/api/letters", &draft.request(&revised)).await.ok();
    world.verified(&revised).await;
    world.allocated(draft.letter(), revised.id()).await;
    let what = (Outcome::Deliver, "fits-plan");
    let deliver = decided(&mut world, &sam, (&draft, revised.id()), what).await;
    world.settled(draft.letter(), revised.id(), deliver, Outcome::Deliver).await;
    world.released(draft.letter(), revised.id(), deliver).await;

    let reader = world.person(&adopter).await;
    let seen = decisions(&reader, &draft).await;
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(seen[0]["statement"], json!(deliver));
    assert_eq!(decisions(&writer, &draft).await.len(), 2);
}

#[tokio::test]
async fn a_writer_is_not_told_what_one_person_thinks_before_the_second_has_agreed() {
    let mut world = World::new().await;
    let (sam, mother) = (world.letterbox.coordinator.clone(), world.letterbox.mother.clone());
    let (draft, head) = queued(&mut world).await;
    let keep = decided(&mut world, &sam, (&draft, head), (Outcome::Keep, "hurtful")).await;
    world.counted(keep).await;
    let (writer, desk) = (world.person(&mother).await, world.person(&sam).await);
    assert_eq!(decisions(&writer, &draft).await, [] as [Value; 0]);
    assert!(!ids_of_proof(&writer, &draft).await.contains(&keep));
    assert!(ids_of_proof(&desk, &draft).await.contains(&keep));
}

#[tokio::test]
async fn a_letter_is_not_taken_under_an_arrangement_that_is_about_to_change() {
    let mut world = World::new().await;
    let (sam, mother) = (world.letterbox.coordinator.clone(), world.letterbox.mother.clone());
    let (team, arrangement) = (world.letterbox.team, world.letterbox.arrangement);
    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    let version = world.letterbox.next_version(arrangement, team, Vec::new());
    let newest = world.letterbox.sign(&sam, version);
    world.store_only(&newest).await;
    let person = world.person(&mother).await;
    // The worker would judge the version first, and then refuse the letter for good.
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (409, "plan-changing"));
    world.verified(&newest).await;
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (409, "stale-arrangement"));
    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    person.post("/api/letters", &draft.request(&envelope)).await.ok();
}

#[tokio::test]
async fn nothing_is_taken_under_a_team_key_that_is_about_to_change() {
    let mut world = World::new().await;
    let (lead, mother) = (world.letterbox.lead.clone(), world.letterbox.mother.clone());
    let draft = Draft::new(&mut world.letterbox);
    let letter = draft.request(&draft.sign(&world.letterbox, &mother));
    let (_, _, worry) = message(&mut world.letterbox, &mother, About::Worry, None);
    let (epoch, request) = next_epoch(&mut world);
    let path = format!("/api/teams/{}/epochs", world.letterbox.team);
    world.person(&lead).await.post(&path, &request).await.ok();
    let person = world.person(&mother).await;
    // The worker would judge the key first, and then refuse whatever is sealed to the one before.
    for (path, request) in [("/api/letters", &letter), ("/api/messages", &worry)] {
        assert_eq!(person.post(path, request).await.refusal(), (409, "key-changing"), "{path}");
    }
    world.verified(&epoch).await;
    for (path, request) in [("/api/letters", &letter), ("/api/messages", &worry)] {
        assert_eq!(person.post(path, request).await.refusal(), (409, "stale-epoch"), "{path}");
    }
    let draft = Draft::new(&mut world.letterbox);
    let letter = draft.request(&draft.sign(&world.letterbox, &mother));
    person.post("/api/letters", &letter).await.ok();
}

#[tokio::test]
async fn a_letter_that_came_too_late_opens_to_its_writer_and_is_sent_again() {
    let mut world = World::new().await;
    let (sam, mother) = (world.letterbox.coordinator.clone(), world.letterbox.mother.clone());
    let (team, arrangement) = (world.letterbox.team, world.letterbox.arrangement);
    let late = Draft::new(&mut world.letterbox);
    let envelope = late.sign(&world.letterbox, &mother);
    let person = world.person(&mother).await;
    person.post("/api/letters", &late.request(&envelope)).await.ok();
    let version = world.letterbox.next_version(arrangement, team, Vec::new());
    let newest = world.letterbox.sign(&sam, version);
    world.store_and_verify(&newest).await;
    world.refused(envelope.id(), "stale-arrangement").await;
    let mut tx = world.worker.begin(AGENCY, Actor::Nobody).await.expect("begins");
    let author = store::allocations::ask_again(&mut tx, late.letter(), envelope.id()).await;
    assert_eq!(author.expect("answers"), Some(world.letterbox.mother_membership));
    tx.commit().await.expect("commits");

    let shown = person.get(&format!("/api/letters/{}", late.letter())).await.ok();
    assert_eq!((&shown["state"], &shown["rev"]), (&json!("send_again"), &json!(1)));
    assert_eq!(shown["grant"], base64(&late.own));
    assert!(opens(&world, &person, &late, envelope.id()).await, "her own words are not lost");

    let fresh = Draft::new(&mut world.letterbox).submit;
    let body = Submit { letter: late.letter(), ..fresh };
    let again = Draft::of(&world.letterbox, body, &mother);
    let second = again.sign(&world.letterbox, &mother);
    let stranger = world.person(&sam).await;
    assert_eq!(stranger.post("/api/letters", &again.request(&second)).await.status.as_u16(), 404);
    person.post("/api/letters", &again.request(&second)).await.ok();
    world.verified(&second).await;
    assert!(opens(&world, &person, &again, second.id()).await);
    assert!(!ids_of_proof(&person, &again).await.contains(&envelope.id()));
}

/// Whether what the writer is given about their letter folds, with this revision in it.
async fn opens(world: &World, person: &Person, draft: &Draft, submit: StatementId) -> bool {
    let proof = person.get(&format!("/api/letters/{}/proof", draft.letter())).await.ok();
    let proof: seal::ledger::Proof = serde_json::from_value(proof).expect("a proof");
    let ledger = proof.fold(world.letterbox.realm);
    ledger.is_ok_and(|ledger| ledger.submit(submit).is_some())
}

#[tokio::test]
async fn a_key_that_nobody_judges_closes_no_letterbox() {
    let mut world = World::new().await;
    let (lead, mother) = (world.letterbox.lead.clone(), world.letterbox.mother.clone());
    let (_, request) = next_epoch(&mut world);
    let path = format!("/api/teams/{}/epochs", world.letterbox.team);
    world.person(&lead).await.post(&path, &request).await.ok();
    world.clock.advance(SignedDuration::from_hours(25));
    let draft = Draft::new(&mut world.letterbox);
    let letter = draft.request(&draft.sign(&world.letterbox, &mother));
    world.person(&mother).await.post("/api/letters", &letter).await.ok();
}

#[tokio::test]
async fn a_withdrawal_that_was_refused_once_is_not_said_to_have_worked_the_second_time() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let (draft, head) = queued(&mut world).await;
    let person = world.person(&mother).await;
    let withdraw = world.letterbox.withdraw_body(head);
    let envelope = world.letterbox.sign(&mother, withdraw);
    let path = format!("/api/letters/{}/withdraw", draft.letter());
    let request = json!({"statement": wire(&envelope)});
    person.post(&path, &request).await.ok();
    let mut tx = world.worker.begin(AGENCY, Actor::Nobody).await.expect("begins");
    let now = world.clock.now();
    store::verdicts::quarantine(&mut tx, envelope.id(), "expired", now).await.expect("judges");
    assert!(store::allocations::restore(&mut tx, draft.letter(), head).await.expect("restores"));
    tx.commit().await.expect("commits");
    assert_eq!(person.post(&path, &request).await.status.as_u16(), 409);
}

#[tokio::test]
async fn a_letter_stopped_at_its_release_is_shown_to_managers() {
    let mut world = World::new().await;
    let lead = world.letterbox.lead.clone();
    let (draft, head) = queued(&mut world).await;
    let desk = world.person(&lead).await;
    assert_eq!(desk.get("/api/quarantine").await.ok(), json!([]));
    let mut tx = world.worker.begin(AGENCY, Actor::Nobody).await.expect("begins");
    let now = world.clock.now();
    store::allocations::quarantine(&mut tx, draft.letter(), head, now).await.expect("stops");
    tx.commit().await.expect("commits");
    let stopped = desk.get("/api/quarantine").await.ok();
    assert_eq!(stopped[0]["statement"], json!(head));
    assert_eq!((&stopped[0]["kind"], &stopped[0]["reason"]), (&json!("submit"), &json!(null)));
}

#[tokio::test]
async fn a_message_is_no_parcel() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    let (_, _, mut request) = message(&mut world.letterbox, &mother, About::Help, None);
    request["ciphertext"] = base64(&vec![0; 2 << 20]).into();
    assert_eq!(person.post("/api/messages", &request).await.refusal(), (413, "too-large"));
}
