//! Handing letters in, and everything that is refused at the door.

use seal::statement::Outcome;
use serde_json::json;

use crate::person::Person;
use crate::sealed::{Draft, base64, decision, decision_request, wire};
use crate::world::World;

#[tokio::test]
async fn a_letter_is_handed_in_once_however_often_it_is_sent() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    let person = world.person(&mother).await;
    for _ in 0..2 {
        let answer = person.post("/api/letters", &draft.request(&envelope)).await.ok();
        assert_eq!(answer["letter"], json!(draft.letter()));
        assert_eq!(answer["statement"], json!(envelope.id()));
        assert_eq!((&answer["state"], &answer["due_on"]), (&json!("with_agency"), &json!(null)));
    }
    world.verified(&envelope).await;
    world.allocated(draft.letter(), envelope.id()).await;

    let letterbox = person.get("/api/letters").await.ok();
    assert_eq!(letterbox.as_array().map(Vec::len), Some(1));
    assert_eq!(letterbox[0]["direction"], "sent");
    assert_eq!(letterbox[0]["due_on"], "2026-12-07");
    let whole = person.get(&format!("/api/letters/{}", draft.letter())).await.ok();
    assert_eq!(whole["ciphertext"], base64(&draft.ciphertext));
    assert_eq!(whole["grant"], base64(&draft.own));
    // The very bytes that were signed come back.
    let stored = person.get(&format!("/api/statements/{}", envelope.id())).await.ok();
    assert_eq!(stored["envelope"], wire(&envelope));
    assert_eq!(stored["verdict"], "logged");
}

#[tokio::test]
async fn files_that_are_not_what_was_signed_are_refused() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    let draft = Draft::new(&mut world.letterbox);
    let other = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    let whole = draft.request(&envelope);

    let truncated = base64(&draft.ciphertext[..draft.ciphertext.len() - 1]);
    let mut flipped = draft.ciphertext.clone();
    *flipped.last_mut().expect("a byte") ^= 1;
    for (field, value, code) in [
        ("/ciphertext", truncated, "wrong-length"),
        ("/ciphertext", base64(&other.ciphertext), "wrong-hash"),
        ("/ciphertext", base64(&flipped), "wrong-hash"),
        ("/grants/epoch", base64(&other.epoch), "wrong-hash"),
        ("/grants/archive", base64(&draft.epoch), "wrong-hash"),
        ("/grants/self", base64(&draft.own[..1000]), "wrong-file"),
        ("/grants/self", base64(&[0; 5000]), "too-large"),
    ] {
        let mut body = whole.clone();
        *body.pointer_mut(field).expect("a field") = value.into();
        let answer = person.post("/api/letters", &body).await;
        assert_eq!(answer.body["code"], code, "{field} {}", answer.body);
    }
    // No trace is left: the whole letter still goes in.
    person.post("/api/letters", &whole).await.ok();
}

#[tokio::test]
async fn a_letter_of_no_known_length_or_with_two_stanzas_is_refused() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;

    // A second recipient, hidden after the first: the file of a colluding writer.
    let mut draft = Draft::new(&mut world.letterbox);
    let text = String::from_utf8_lossy(&draft.ciphertext).into_owned();
    let end = text.find("--- ").expect("a MAC");
    let start = text.find("-> X25519").expect("a stanza");
    let stanza = draft.ciphertext[start..end].to_vec();
    draft.ciphertext.splice(end..end, stanza.iter().copied());
    draft.ciphertext.truncate(16_584);
    draft.submit.ct_hash = seal::file::hash(&draft.ciphertext);
    let envelope = draft.sign(&world.letterbox, &mother);
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (422, "wrong-file"));
    assert_eq!(answer.body["file"], "letter");

    // Larger than anything the API reads.
    let mut draft = Draft::new(&mut world.letterbox);
    draft.ciphertext = vec![0; 20 << 20];
    let envelope = draft.sign(&world.letterbox, &mother);
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (413, "too-large"));
    // Within what it reads, and still no letter.
    draft.ciphertext = vec![0; 1 << 20];
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (422, "wrong-length"));
}

#[tokio::test]
async fn a_letter_key_is_used_once() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    let draft = Draft::new(&mut world.letterbox);
    let first = draft.sign(&world.letterbox, &mother);
    person.post("/api/letters", &draft.request(&first)).await.ok();

    let mut second = Draft::new(&mut world.letterbox);
    second.submit.key_hash = draft.submit.key_hash;
    let envelope = second.sign(&world.letterbox, &mother);
    let answer = person.post("/api/letters", &second.request(&envelope)).await;
    assert_eq!(answer.refusal(), (422, "key-reused"));
}

#[tokio::test]
async fn a_letter_is_signed_with_a_certificate_of_its_own_session() {
    let mut world = World::new().await;
    let (mother, adopter) = (world.letterbox.mother.clone(), world.letterbox.adopter.clone());
    let person = world.person(&adopter).await;
    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (403, "not-your-key"));
    // The right certificate and another key.
    let forged = seal::testing::Signatory { sign: adopter.sign.clone(), ..mother.clone() };
    let envelope = draft.sign(&world.letterbox, &forged);
    let person = world.person(&mother).await;
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (422, "bad-signature"));
    // Somebody else's name under one's own key.
    let mut draft = Draft::new(&mut world.letterbox);
    draft.submit.author = world.letterbox.grandmother_membership;
    let envelope = draft.sign(&world.letterbox, &mother);
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (422, "wrong-author"));
    // A staff session has no letterbox.
    let lead = world.letterbox.lead.clone();
    let staff = world.person(&lead).await;
    assert_eq!(staff.get("/api/letters").await.refusal(), (404, "not-found"));
}

#[tokio::test]
async fn an_arrangement_that_is_unknown_or_not_mine_is_not_there() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    let mut draft = Draft::new(&mut world.letterbox);
    draft.submit.arrangement = domain::id::ArrangementId::from_bytes([0x77; 16]);
    let envelope = draft.sign(&world.letterbox, &mother);
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (404, "not-found"));
    let path = format!("/api/arrangements/{}", draft.submit.arrangement);
    assert_eq!(person.get(&path).await.body, answer.body);
    // The same answer for a letter that is not there and for one of somebody else.
    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    person.post("/api/letters", &draft.request(&envelope)).await.ok();
    let adopter = world.letterbox.adopter.clone();
    let adopter = world.person(&adopter).await;
    for path in ["", "/proof", "/openings", "/decisions"] {
        let there = adopter.get(&format!("/api/letters/{}{path}", draft.letter())).await;
        let not = adopter.get(&format!("/api/letters/{}{path}", "77".repeat(16))).await;
        assert_eq!((there.status, &there.body), (not.status, &not.body));
        assert_eq!(there.refusal(), (404, "not-found"));
    }
}

#[tokio::test]
async fn a_writer_needs_the_newest_arrangement_and_the_right_to_write() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let coordinator = world.letterbox.coordinator.clone();
    let person = world.person(&mother).await;
    let (team, arrangement) = (world.letterbox.team, world.letterbox.arrangement);
    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);

    // The mother may no longer write.
    let mut version = world.letterbox.next_version(arrangement, team, Vec::new());
    let membership = world.letterbox.mother_membership;
    for member in version.members.iter_mut().filter(|it| it.membership == membership) {
        member.write = false;
    }
    let newest = world.letterbox.sign(&coordinator, version);
    world.store_and_verify(&newest).await;

    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (409, "stale-arrangement"));
    assert_eq!(answer.body["newest"], json!(newest.id()));
    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (403, "no-write-right"));
    assert_eq!(
        answer.body["detail"],
        "Your plan does not have letters from you at the moment. Ask your letterbox worker."
    );
}

#[tokio::test]
async fn a_letter_to_ones_own_side_or_to_an_old_key_is_refused() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    let mut draft = Draft::new(&mut world.letterbox);
    draft.submit.to = vec![world.letterbox.grandmother_membership];
    let envelope = draft.sign(&world.letterbox, &mother);
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (422, "wrong-reader"));

    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    let (lead, team) = (world.letterbox.lead.clone(), world.letterbox.team);
    let (epoch, _) = world.letterbox.epoch_body(team);
    let epoch = world.letterbox.sign(&lead, epoch);
    world.store_and_verify(&epoch).await;
    let answer = person.post("/api/letters", &draft.request(&envelope)).await;
    assert_eq!(answer.refusal(), (409, "stale-epoch"));
}

#[tokio::test]
async fn a_letter_can_be_taken_back_until_it_is_claimed() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let coordinator = world.letterbox.coordinator.clone();
    let (person, desk) = (world.person(&mother).await, world.person(&coordinator).await);
    let mut letters = Vec::new();
    for _ in 0..2 {
        let draft = Draft::new(&mut world.letterbox);
        let envelope = draft.sign(&world.letterbox, &mother);
        person.post("/api/letters", &draft.request(&envelope)).await.ok();
        world.verified(&envelope).await;
        world.allocated(draft.letter(), envelope.id()).await;
        let withdraw = world.letterbox.withdraw_body(envelope.id());
        let withdraw = json!({"statement": wire(&world.letterbox.sign(&mother, withdraw))});
        letters.push((draft.letter(), withdraw));
    }
    let (letter, withdraw) = &letters[0];
    for _ in 0..2 {
        let answer = person.post(&format!("/api/letters/{letter}/withdraw"), withdraw).await.ok();
        assert_eq!(answer["state"], "withdrawn");
    }
    let (letter, withdraw) = &letters[1];
    desk.post(&format!("/api/checks/{letter}/claim"), &json!({})).await.ok();
    desk.delete(&format!("/api/checks/{letter}/claim")).await;
    // Given back to the queue, and on it as before: it was in somebody's hands all the same.
    world.allocated(*letter, person_head(&person, &letter.to_string()).await).await;
    let answer = person.post(&format!("/api/letters/{letter}/withdraw"), withdraw).await;
    assert_eq!(answer.status.as_u16(), 409);
    let state = &person.get(&format!("/api/letters/{letter}")).await.ok()["state"];
    assert_eq!(state, "with_agency");
}

async fn person_head(person: &Person, letter: &str) -> domain::id::StatementId {
    let letter = person.get(&format!("/api/letters/{letter}")).await.ok();
    letter["statement"].as_str().expect("an id").parse().expect("an id")
}

#[tokio::test]
async fn a_letter_sent_back_is_followed_by_its_next_revision() {
    let mut world = World::new().await;
    let (mother, coordinator) =
        (world.letterbox.mother.clone(), world.letterbox.coordinator.clone());
    let (person, desk) = (world.person(&mother).await, world.person(&coordinator).await);
    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    person.post("/api/letters", &draft.request(&envelope)).await.ok();
    world.verified(&envelope).await;
    world.allocated(draft.letter(), envelope.id()).await;

    // Nobody asked for a change yet.
    let early = world.letterbox.revise_body(&mother, draft.letter());
    let early = Draft::of(&world.letterbox, early, &mother);
    let signed = early.sign(&world.letterbox, &mother);
    let answer = person.post("/api/letters", &early.request(&signed)).await;
    assert_eq!(answer.refusal(), (409, "wrong-revision"));

    let path = format!("/api/checks/{}/claim", draft.letter());
    desk.post(&path, &json!({})).await.ok();
    let (body, grants) = decision(&mut world.letterbox, &draft, envelope.id(), Outcome::Change);
    let decided = world.letterbox.sign(&coordinator, body);
    let request = decision_request(&decided, &grants, "places");
    let path = format!("/api/letters/{}/decisions", draft.letter());
    desk.post(&path, &request).await.ok();
    world.verified(&decided).await;
    world.settled(draft.letter(), envelope.id(), decided.id(), Outcome::Change).await;

    let sent = person.get("/api/letters").await.ok();
    assert_eq!(sent[0]["state"], "needs_change");
    assert_eq!(sent[0]["decided"]["reason"], "places");
    assert_eq!(sent[0]["decided"]["role"], "coordinator");
    let answer = person.post("/api/letters", &early.request(&signed)).await.ok();
    assert_eq!(answer["state"], "with_agency");
    let sent = person.get("/api/letters").await.ok();
    assert_eq!((&sent[0]["rev"], &sent[0]["decided"]), (&json!(2), &json!(null)));
    // Two devices: the second revision is one.
    let again = world.letterbox.revise_body(&mother, draft.letter());
    let again = Draft::of(&world.letterbox, again, &mother);
    let signed = again.sign(&world.letterbox, &mother);
    let answer = person.post("/api/letters", &again.request(&signed)).await;
    assert_eq!(answer.refusal(), (409, "wrong-revision"));
}

#[tokio::test]
async fn a_letter_says_whether_it_can_still_be_taken_back() {
    let mut world = World::new().await;
    let (mother, sam) = (world.letterbox.mother.clone(), world.letterbox.coordinator.clone());
    let (writer, desk) = (world.person(&mother).await, world.person(&sam).await);
    let (draft, head) = crate::checking::queued(&mut world).await;
    let path = format!("/api/letters/{}", draft.letter());
    let can = async || {
        let listed = writer.get("/api/letters").await.ok()[0]["can_withdraw"].clone();
        assert_eq!(writer.get(&path).await.ok()["can_withdraw"], listed);
        listed
    };
    assert_eq!(can().await, json!(true));
    let claim = format!("/api/checks/{}/claim", draft.letter());
    desk.post(&claim, &json!({})).await.ok();
    assert_eq!(can().await, json!(false));
    // Given out anew, it has been in somebody's hands all the same: the state alone does not tell.
    assert_eq!(desk.delete(&claim).await.status.as_u16(), 204);
    world.allocated(draft.letter(), head).await;
    assert_eq!(writer.get(&path).await.ok()["state"], "with_agency");
    assert_eq!(can().await, json!(false));
    let withdraw = world.letterbox.withdraw_body(head);
    let statement = world.letterbox.sign(&mother, withdraw);
    let request = json!({"statement": wire(&statement)});
    let answer = writer.post(&format!("{path}/withdraw"), &request).await;
    assert_eq!(answer.refusal(), (409, "being-checked"));
}
