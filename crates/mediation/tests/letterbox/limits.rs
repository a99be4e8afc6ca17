//! What one person may do in an hour, in a day, and at one time.

use domain::id::StatementId;
use jiff::SignedDuration;
use seal::file;
use seal::statement::{About, Outcome};
use serde_json::{Value, json};

use crate::checking::queued;
use crate::person::Person;
use crate::sealed::{Draft, base64, decision, decision_request, message, wire};
use crate::world::World;

#[tokio::test]
async fn three_letters_of_a_writer_wait_and_the_fourth_is_told_so() {
    let mut world = World::new().await;
    let (mother, adopter) = (world.letterbox.mother.clone(), world.letterbox.adopter.clone());
    let person = world.person(&mother).await;
    let mut letters = Vec::new();
    for _ in 0..4 {
        let draft = Draft::new(&mut world.letterbox);
        let envelope = draft.sign(&world.letterbox, &mother);
        letters.push((draft, envelope));
    }
    for (draft, envelope) in &letters[..3] {
        person.post("/api/letters", &draft.request(envelope)).await.ok();
        world.verified(envelope).await;
    }
    let fourth = letters[3].0.request(&letters[3].1);
    assert_eq!(person.post("/api/letters", &fourth).await.refusal(), (409, "letters-open"));
    // Sending one of the three again is no fourth, and the other side writes as before.
    person.post("/api/letters", &letters[0].0.request(&letters[0].1)).await.ok();
    let reader = world.letterbox.mother_membership;
    let submit = world.letterbox.submit_body(&adopter, &[reader]);
    let answer = Draft::of(&world.letterbox, submit, &adopter);
    let envelope = answer.sign(&world.letterbox, &adopter);
    world.person(&adopter).await.post("/api/letters", &answer.request(&envelope)).await.ok();

    let withdraw = world.letterbox.withdraw_body(letters[0].1.id());
    let request = json!({"statement": wire(&world.letterbox.sign(&mother, withdraw))});
    person.post(&format!("/api/letters/{}/withdraw", letters[0].0.letter()), &request).await.ok();
    person.post("/api/letters", &fourth).await.ok();
}

#[tokio::test]
async fn where_news_goes_is_changed_three_times_a_day_at_most() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    for n in 1..=3 {
        let request = contact(&mut world, n);
        person.post("/api/contacts", &request).await.ok();
        // The same again is no change.
        person.post("/api/contacts", &request).await.ok();
    }
    let fourth = contact(&mut world, 4);
    let answer = person.post("/api/contacts", &fourth).await;
    assert_eq!(answer.refusal(), (429, "too-many-changes"));
    assert_eq!(answer.headers["retry-after"], "86400");
    world.clock.advance(SignedDuration::from_hours(24));
    world.person(&mother).await.post("/api/contacts", &fourth).await.ok();
}

fn contact(world: &mut World, n: u64) -> Value {
    let mother = world.letterbox.mother.clone();
    let membership = world.letterbox.mother_membership;
    let contact = seal::contact::Contact {
        realm: world.letterbox.realm,
        membership,
        n,
        channel: seal::contact::Channel::Email,
        address: format!("rose{n}@example.org"),
        lang: seal::contact::Language::En,
        avoid: vec![],
    };
    let sealed = contact.seal(&world.letterbox.notifier.recipient()).expect("seals");
    let mut body = world.letterbox.contact_body(membership, n);
    body.sealed_hash = file::hash(&sealed);
    json!({"statement": wire(&world.letterbox.sign(&mother, body)), "sealed": base64(&sealed)})
}

#[tokio::test]
async fn an_account_hands_in_so_many_statements_an_hour_as_its_agency_says() {
    let mut world = World::new().await;
    let (mother, administrator) =
        (world.letterbox.mother.clone(), world.letterbox.administrator.clone());
    let ada = world.person(&administrator).await;
    ada.put("/api/agency/policy", &json!({"statements_per_hour": 10})).await.ok();
    let person = world.person(&mother).await;
    // Joining was the first.
    let mut first = Value::Null;
    for n in 0..9 {
        let (_, _, request) = message(&mut world.letterbox, &mother, About::Help, None);
        person.post("/api/messages", &request).await.ok();
        if n == 0 {
            first = request;
        }
    }
    let (_, _, one_more) = message(&mut world.letterbox, &mother, About::Help, None);
    let answer = person.post("/api/messages", &one_more).await;
    assert_eq!(answer.refusal(), (429, "too-many-statements"));
    assert_eq!(answer.headers["retry-after"], "3600");
    // A lost answer, asked for again, is none.
    person.post("/api/messages", &first).await.ok();
    world.clock.advance(SignedDuration::from_hours(1));
    world.person(&mother).await.post("/api/messages", &one_more).await.ok();
}

async fn decide(world: &mut World, desk: &Person, letter: (&Draft, StatementId)) -> (u16, String) {
    let coordinator = world.letterbox.coordinator.clone();
    let (body, grants) = decision(&mut world.letterbox, letter.0, letter.1, Outcome::Deliver);
    let envelope = world.letterbox.sign(&coordinator, body);
    let request = decision_request(&envelope, &grants, "fits-plan");
    let path = format!("/api/letters/{}/decisions", letter.0.letter());
    let answer = desk.post(&path, &request).await;
    let (status, code) = answer.refusal();
    (status, code.to_owned())
}

#[tokio::test]
async fn after_thirty_idle_minutes_nobody_decides_before_they_have_signed_in_again() {
    let mut world = World::new().await;
    let coordinator = world.letterbox.coordinator.clone();
    let (draft, head) = queued(&mut world).await;
    let claim = format!("/api/checks/{}/claim", draft.letter());
    let desk = world.person(&coordinator).await;
    desk.post(&claim, &json!({})).await.ok();
    world.clock.advance(SignedDuration::from_mins(30));
    let refused = decide(&mut world, &desk, (&draft, head)).await;
    assert_eq!(refused, (401, "signed-out".to_owned()));
    let desk = world.person(&coordinator).await;
    let path = format!("/api/letters/{}/decisions", draft.letter());
    assert_eq!(desk.get(&path).await.ok(), json!([]), "nothing was decided");
    desk.post(&claim, &json!({})).await.ok();
    assert_eq!(decide(&mut world, &desk, (&draft, head)).await.0, 201);
}
