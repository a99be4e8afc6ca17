//! Giving letters back to somebody with new keys: two members of staff, and everybody else kept out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::id::StatementId;
use seal::bundle::Pins;
use seal::envelope::Envelope;
use seal::file;
use seal::grant::{Grant, Grantee};
use seal::ledger::Proof;
use seal::letter::Part;
use seal::open::{self, Reader, Sealed};
use seal::random::System;
use seal::statement::{Reason, Reseal, Revoke, Role};
use seal::testing::Signatory;
use serde_json::{Value, json};

use crate::moves::Offer;
use crate::person::{Answer, Person};
use crate::receipts::passed_on;
use crate::sealed::{Draft, base64, wire};
use crate::world::World;

fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().expect("base64")).expect("base64")
}

async fn send(person: &Person, reseal: &Envelope, grant: Option<&[u8]>) -> Answer {
    let body = json!({"statement": wire(reseal), "grant": grant.map(base64)});
    person.post("/api/reseals", &body).await
}

async fn lost(person: &Person, world: &World) -> Vec<Value> {
    let membership = world.letterbox.adopter_membership;
    let path = format!("/api/memberships/{membership}/lost-letters");
    person.get(&path).await.ok().as_array().expect("a list").clone()
}

/// A letter that was passed on to the adopter, who has new keys since.
async fn scene(world: &mut World) -> (Draft, StatementId, Signatory) {
    let (draft, head) = passed_on(world).await;
    let membership = world.letterbox.adopter_membership;
    let adopter = world.replaced(Role::AdoptiveParent, membership).await;
    (draft, head, adopter)
}

/// The letter's key sealed to its reader's keys.
pub fn grant(world: &World, draft: &Draft, to: &Signatory) -> Vec<u8> {
    let grantee = Grantee::Member(world.letterbox.adopter_membership);
    let (realm, letter) = (world.letterbox.realm, draft.letter());
    let grant = Grant { realm, letter, rev: 1, grantee };
    grant.seal(&draft.key, &to.seal.recipient(), &mut System)
}

#[tokio::test]
async fn a_letter_given_back_by_two_opens_for_new_keys() {
    let mut world = World::new().await;
    let (draft, head, adopter) = scene(&mut world).await;
    let (sam, dee) =
        (world.letterbox.coordinator.clone(), world.letterbox.second_coordinator.clone());
    let (one, two) = (world.person(&sam).await, world.person(&dee).await);
    let reader = world.person(&adopter).await;
    let path = format!("/api/letters/{}", draft.letter());

    let before = reader.get("/api/letters").await.ok();
    assert_eq!(
        (&before[0]["letter"], &before[0]["is_readable"]),
        (&json!(draft.letter()), &json!(false))
    );
    assert_eq!(reader.get(&path).await.ok()["grant"], Value::Null);
    let wanted = lost(&one, &world).await;
    assert_eq!(wanted.len(), 1);
    assert_eq!(wanted[0]["direction"], "received");
    assert_eq!(wanted[0]["first"], Value::Null);

    let body = world.letterbox.reseal_body(head, adopter.id);
    let first = world.letterbox.sign(&sam, body);
    // A lost answer, asked for again, is no second one.
    for _ in 0..2 {
        assert_eq!(send(&one, &first, None).await.status.as_u16(), 201);
    }
    world.given_back(&first).await;
    assert_eq!(lost(&two, &world).await[0]["first"]["statement"], json!(first.id()));
    let waiting = two.get("/api/reseals").await.ok();
    assert_eq!(waiting.as_array().expect("a list").len(), 1);
    assert_eq!(waiting[0]["membership"], json!(world.letterbox.adopter_membership));
    assert_eq!(waiting[0]["letters"], json!(1));

    // The second opens the letter's key with the team's, which goes on record.
    let open_path = format!("/api/checks/{}/open", draft.letter());
    let opened = two.post(&open_path, &json!({"why": "reseal"})).await.ok();
    let proof: Proof = serde_json::from_value(opened["proof"].clone()).expect("a proof");
    let ledger = proof.fold(world.letterbox.realm).expect("verifies");
    assert!(ledger.statement(first.id()).is_some());
    let sealed = grant(&world, &draft, &adopter);
    let agreed = Reseal { prior: Some(first.id()), grant_hash: Some(file::hash(&sealed)), ..body };
    let alone = world.letterbox.sign(&sam, agreed);
    assert_eq!(send(&one, &alone, Some(&sealed)).await.refusal(), (422, "same-person"));
    let second = world.letterbox.sign(&dee, agreed);
    assert_eq!(send(&two, &second, Some(&sealed)).await.status.as_u16(), 201);
    assert_eq!(reader.get(&path).await.ok()["grant"], Value::Null, "the worker has yet to judge");
    world.given_back(&second).await;

    let whole = reader.get(&path).await.ok();
    assert_eq!(whole["is_readable"], json!(true));
    let proof = reader.get(&format!("{path}/proof")).await.ok();
    let proof: Proof = serde_json::from_value(proof).expect("a proof");
    let (ciphertext, grant) = (bytes(&whole["ciphertext"]), bytes(&whole["grant"]));
    let who = Reader {
        realm: world.letterbox.realm,
        membership: world.letterbox.adopter_membership,
        certificate: adopter.id,
        identity: &adopter.seal,
        seen: &Pins::default(),
    };
    let sealed = Sealed { ciphertext: &ciphertext, grant: &grant };
    let opened = open::open_delivered(who, &proof, head, sealed).expect("opens");
    assert_eq!(opened.parts, [Part::text("Hello.")]);
    let openings = reader.get(&format!("{path}/openings")).await.ok();
    let openings = openings.as_array().expect("a list");
    assert!(openings.iter().any(|it| it["why"] == "reseal"), "{openings:?}");
    assert!(lost(&one, &world).await.is_empty());
    assert_eq!(two.get("/api/reseals").await.ok(), json!([]));
    let again = Reseal { reason: Reason::Mistake, ..body };
    let again = world.letterbox.sign(&sam, again);
    assert_eq!(send(&one, &again, None).await.refusal(), (409, "given-back"));
}

#[tokio::test]
async fn after_a_move_the_team_that_has_the_arrangement_asks_and_the_one_with_the_key_agrees() {
    let mut world = World::new().await;
    let (draft, head, adopter) = scene(&mut world).await;
    let (to, taker) = (world.letterbox.other_team, world.letterbox.other_lead.clone());
    let (offer, half) = Offer::made(&mut world, to).await;
    let (taken, request) = offer.said_by(&world, &taker, Some(half));
    world.person(&taker).await.post("/api/arrangements", &request).await.ok();
    world.verified(&taken).await;

    let (viv, sam) =
        (world.letterbox.other_coordinator.clone(), world.letterbox.coordinator.clone());
    let (one, two) = (world.person(&viv).await, world.person(&sam).await);
    assert_eq!(lost(&one, &world).await[0]["team"], json!(world.letterbox.team));
    let path = format!("/api/letters/{}", draft.letter());
    let proof = one.get(&format!("{path}/proof")).await.ok();
    let proof: Proof = serde_json::from_value(proof).expect("a proof");
    let ledger = proof.fold(world.letterbox.realm).expect("verifies");
    assert!(ledger.is_in_force(viv.id), "what they sign can be held against it");
    let body = world.letterbox.reseal_body(head, adopter.id);
    let first = world.letterbox.sign(&viv, body);
    assert_eq!(send(&one, &first, None).await.status.as_u16(), 201);
    world.given_back(&first).await;
    // What is in it is not for those who have the arrangement only since.
    let open = format!("/api/checks/{}/open", draft.letter());
    let why = json!({"why": "reseal"});
    assert_eq!(one.post(&open, &why).await.refusal(), (404, "not-found"));
    two.post(&open, &why).await.ok();
    assert_eq!(two.get("/api/reseals").await.ok()[0]["letters"], json!(1));
    let sealed = grant(&world, &draft, &adopter);
    let agreed = Reseal { prior: Some(first.id()), grant_hash: Some(file::hash(&sealed)), ..body };
    let second = world.letterbox.sign(&sam, agreed);
    assert_eq!(send(&two, &second, Some(&sealed)).await.status.as_u16(), 201);
    world.given_back(&second).await;
    assert!(lost(&one, &world).await.is_empty());
    let reader = world.person(&adopter).await;
    assert_eq!(reader.get(&path).await.ok()["is_readable"], json!(true));
}

#[tokio::test]
async fn nobody_else_gives_a_letter_back_nor_learns_of_it() {
    let mut world = World::new().await;
    let (draft, head, adopter) = scene(&mut world).await;
    let (sam, other) =
        (world.letterbox.coordinator.clone(), world.letterbox.other_coordinator.clone());
    let (desk, elsewhere) = (world.person(&sam).await, world.person(&other).await);
    let reader = world.person(&adopter).await;
    let body = world.letterbox.reseal_body(head, adopter.id);

    assert!(lost(&elsewhere, &world).await.is_empty());
    let foreign = world.letterbox.sign(&other, body);
    assert_eq!(send(&elsewhere, &foreign, None).await.refusal(), (404, "not-found"));
    let own = world.letterbox.sign(&adopter, body);
    assert_eq!(send(&reader, &own, None).await.refusal().0, 404);
    // Another's signature is nobody's.
    assert_eq!(send(&elsewhere, &world.letterbox.sign(&sam, body), None).await.refusal().0, 403);
    // A first statement brings no file, and a second the one it names.
    let sealed = grant(&world, &draft, &adopter);
    let first = world.letterbox.sign(&sam, body);
    assert_eq!(send(&desk, &first, Some(&sealed)).await.refusal(), (422, "wrong-grants"));
    send(&desk, &first, None).await.ok();
    world.given_back(&first).await;
    assert_eq!(elsewhere.get("/api/reseals").await.ok(), json!([]));
    let dee = world.letterbox.second_coordinator.clone();
    let agreed = Reseal { prior: Some(first.id()), grant_hash: Some(file::hash(&sealed)), ..body };
    let second = world.letterbox.sign(&dee, agreed);
    let two = world.person(&dee).await;
    let (other_file, nothing) = (grant(&world, &draft, &sam), None);
    assert_eq!(send(&two, &second, Some(&other_file)).await.refusal().0, 422);
    assert_eq!(send(&two, &second, nothing).await.refusal(), (422, "wrong-grants"));
    // To keys that the arrangement does not name there is nothing to give.
    let old = Reseal { cert_id: world.letterbox.adopter.id, ..body };
    let old = world.letterbox.sign(&sam, old);
    assert_eq!(send(&desk, &old, None).await.refusal(), (404, "not-found"));
}

#[tokio::test]
async fn staff_see_when_the_old_keys_have_objected_to_new_ones() {
    let mut world = World::new().await;
    let (mother, sam) = (world.letterbox.mother.clone(), world.letterbox.coordinator.clone());
    let (person, desk) = (world.person(&mother).await, world.person(&sam).await);
    let half = world.asked_for_new_keys().await;
    let listed = async || {
        let invites = desk.get("/api/invites").await.ok();
        let all = invites.as_array().expect("a list").iter();
        let mut all = all.flat_map(|it| it["certificates"].as_array().expect("a list"));
        all.find(|it| it["statement"] == json!(half.id())).expect("the first half").clone()
    };
    let before = listed().await;
    assert_eq!((&before["ended"], &before["in_force"]), (&json!(false), &json!(false)));
    assert!(before["judged_at"].is_string(), "the days to wait are counted from here");

    let objection = Revoke { target_id: half.id(), reason: Reason::Mistake };
    let objection = json!({"statement": wire(&world.letterbox.sign(&mother, objection))});
    person.post("/api/replacements/objections", &objection).await.ok();
    assert_eq!(listed().await["ended"], json!(true));
}
