//! The log as its readers see it: every proof held in it, and nobody shown what is not theirs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::id::StatementId;
use seal::bundle::{LogPin, Pins};
use seal::checkpoint::Checkpoint;
use seal::ledger::Proof;
use seal::logged;
use seal::statement::{Outcome, Reason, Refusal, Revoke};
use seal::tree::{self, Hash};
use serde_json::{Value, json};
use store::{Actor, Role};

use crate::checking::queued;
use crate::person::Person;
use crate::receipts::passed_on;
use crate::sealed::{Draft, decision, decision_request, wire};
use crate::world::{AGENCY, World};

fn pin(world: &World, size: u64) -> Pins {
    pinned(size, hex::encode(world.log.root_of(size).expect("a size")))
}

fn pinned(size: u64, root: String) -> Pins {
    Pins { log: LogPin { size, root }, ..Pins::default() }
}

fn newest(world: &World) -> Checkpoint {
    Checkpoint { size: world.log.size(), root: world.log.root() }
}

fn hashes(path: &Value) -> Vec<Hash> {
    let path = path.as_array().expect("a path").iter();
    let path = path.map(|hash| STANDARD.decode(hash.as_str().expect("base64")).expect("base64"));
    path.map(|hash| hash.try_into().expect("a hash")).collect()
}

/// What a browser makes of a proof, having seen the log at a size.
async fn heard(
    world: &World,
    person: &Person,
    (path, proof): (&str, fn(Value) -> Value),
    seen: u64,
    own: Option<StatementId>,
) -> Result<Checkpoint, Refusal> {
    let answer = person.get(&format!("{path}?seen={seen}")).await.ok();
    let proof: Proof = serde_json::from_value(proof(answer)).expect("a proof");
    let ledger = proof.fold(world.letterbox.realm).expect("verifies");
    logged::hold(&proof, &ledger, &pin(world, seen), own)
}

#[tokio::test]
async fn every_proof_is_held_in_the_log_from_where_it_was_seen() {
    let mut world = World::new().await;
    let (adopter, lead) = (world.letterbox.adopter.clone(), world.letterbox.lead.clone());
    let (draft, _) = passed_on(&mut world).await;
    let (reader, dee) = (world.person(&adopter).await, world.person(&lead).await);
    let letter = format!("/api/letters/{}/proof", draft.letter());
    let arrangement = format!("/api/arrangements/{}", world.letterbox.arrangement);
    let inside: fn(Value) -> Value = |mut answer| answer["proof"].take();
    for seen in [0, 1, 7, world.log.size() - 1, world.log.size()] {
        for (person, path, proof) in [
            (&reader, letter.as_str(), (|answer| answer) as fn(Value) -> Value),
            (&reader, arrangement.as_str(), inside),
            (&dee, arrangement.as_str(), inside),
            (&dee, "/api/staff", inside),
        ] {
            let held = heard(&world, person, (path, proof), seen, None).await;
            assert_eq!(held, Ok(newest(&world)), "{path} from {seen}");
        }
    }
    // Who has seen more than there is learns that from the checkpoint.
    let answer = reader.get(&format!("{letter}?seen=9007199254740991")).await.ok();
    let proof: Proof = serde_json::from_value(answer).expect("a proof");
    let ledger = proof.fold(world.letterbox.realm).expect("verifies");
    let later = pinned((1 << 53) - 1, "00".repeat(32));
    assert_eq!(logged::hold(&proof, &ledger, &later, None), Err(Refusal::OlderLog));
}

/// Who waits for a table that somebody else has locked.
const WAITING: &str = "select count(*) from pg_locks join pg_database d on d.oid = database
    where not granted and locktype = 'relation' and datname = current_database()";

#[tokio::test]
async fn a_proof_that_is_put_together_while_the_log_gets_another_key_is_of_one_moment() {
    let mut world = World::new().await;
    let adopter = world.letterbox.adopter.clone();
    let (draft, _) = passed_on(&mut world).await;
    let (reader, before) = (world.person(&adopter).await, newest(&world));
    world.letterbox.replace_log_key();
    let named = world.letterbox.statements.last().expect("the agency's").clone();
    world.store_only(&named).await;
    // Logged, and committed only when the reader's proof has its statements and waits for their
    // salts: in a queue behind somebody who purges, who waits for the worker.
    let logging = world.logging(&named).await;
    let mut looking = world.begin_api(Actor::Nobody).await;
    let records = world.database.store(Role::Records).await;
    let mut purging = records.begin(AGENCY, Actor::Nobody).await.expect("begins");
    let purging = tokio::spawn(async move {
        purging.attempt("lock table log_salts in access exclusive mode").await.expect("may");
    });
    while looking.number(WAITING).await.expect("a number") < 1 {}
    let path = format!("/api/letters/{}/proof", draft.letter());
    let reading = tokio::spawn(async move { reader.get(&path).await.ok() });
    while !reading.is_finished() && looking.number(WAITING).await.expect("a number") < 2 {}
    logging.commit().await.expect("commits");
    purging.await.expect("no panic");

    let proof = reading.await.expect("no panic");
    let proof: Proof = serde_json::from_value(proof).expect("a proof");
    let ledger = proof.fold(world.letterbox.realm).expect("verifies");
    assert_eq!(logged::hold(&proof, &ledger, &Pins::default(), None), Ok(before));
}

#[tokio::test]
async fn staff_are_proved_any_statement_and_what_has_ended_it() {
    let mut world = World::new().await;
    let (mother, adopter, lead, sam) = (
        world.letterbox.mother.clone(),
        world.letterbox.adopter.clone(),
        world.letterbox.lead.clone(),
        world.letterbox.coordinator.clone(),
    );
    let (_, head) = queued(&mut world).await;
    let revoke = Revoke { target_id: adopter.id, reason: Reason::Left };
    let revoke = world.letterbox.sign(&lead, revoke);
    let dee = world.person(&lead).await;
    dee.post("/api/statements/revoke", &json!({"statement": wire(&revoke)})).await.ok();
    world.verified(&revoke).await;
    let desk = world.person(&sam).await;
    let path = format!("/api/proof?of={head},{}&seen=3", adopter.id);
    let proof: Proof = serde_json::from_value(desk.get(&path).await.ok()).expect("a proof");
    let ledger = proof.fold(world.letterbox.realm).expect("verifies");
    assert!(ledger.statement(head).is_some());
    assert!(!ledger.is_in_force(adopter.id), "its end is in the proof");
    assert_eq!(logged::hold(&proof, &ledger, &pin(&world, 3), None), Ok(newest(&world)));

    // By itself too: the arrangement says that whoever ended it led the team.
    let alone = desk.get(&format!("/api/proof?of={}", adopter.id)).await.ok();
    let alone: Proof = serde_json::from_value(alone).expect("a proof");
    assert!(!alone.fold(world.letterbox.realm).expect("verifies").is_in_force(adopter.id));

    // Not for families, not of what is none, not of everything at once.
    let mother = world.person(&mother).await;
    assert_eq!(mother.get(&path).await.refusal(), (404, "not-found"));
    let many = vec![head.to_string(); 65].join(",");
    for of in ["", "x", "00", many.as_str()] {
        assert_eq!(desk.get(&format!("/api/proof?of={of}")).await.refusal(), (400, "malformed"));
    }
    let absent = format!("/api/proof?of={}", "00".repeat(32));
    assert!(desk.get(&absent).await.ok()["statements"].is_array());
}

#[tokio::test]
async fn a_letter_just_sent_is_in_its_writers_proof_and_waits_for_its_place() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let writer = world.person(&mother).await;
    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    writer.post("/api/letters", &draft.request(&envelope)).await.ok();
    let letter = format!("/api/letters/{}/proof", draft.letter());
    let whole: (&str, fn(Value) -> Value) = (&letter, |answer| answer);
    assert!(heard(&world, &writer, whole, 5, Some(mother.id)).await.is_ok());
    assert_eq!(heard(&world, &writer, whole, 5, None).await, Err(Refusal::NotLogged));
    world.verified(&envelope).await;
    assert!(heard(&world, &writer, whole, 5, None).await.is_ok());
}

#[tokio::test]
async fn what_the_worker_has_not_logged_is_in_nobody_elses_proof() {
    let mut world = World::new().await;
    let (sam, priya) =
        (world.letterbox.coordinator.clone(), world.letterbox.second_coordinator.clone());
    let (draft, head) = queued(&mut world).await;
    let (desk, colleague) = (world.person(&sam).await, world.person(&priya).await);
    desk.post(&format!("/api/checks/{}/claim", draft.letter()), &json!({})).await.ok();
    let (body, grants) = decision(&mut world.letterbox, &draft, head, Outcome::Deliver);
    let decided = world.letterbox.sign(&sam, body);
    let request = decision_request(&decided, &grants, "fits-plan");
    let path = format!("/api/letters/{}/decisions", draft.letter());
    desk.post(&path, &request).await.ok();
    let letter = format!("/api/letters/{}/proof", draft.letter());
    let whole: (&str, fn(Value) -> Value) = (&letter, |answer| answer);
    assert!(heard(&world, &colleague, whole, 0, None).await.is_ok());
    world.verified(&decided).await;
    assert!(heard(&world, &colleague, whole, 0, None).await.is_ok());
}

#[tokio::test]
async fn a_place_in_the_log_is_proved_to_those_who_may_see_the_statement() {
    let mut world = World::new().await;
    let (mother, adopter, sam) = (
        world.letterbox.mother.clone(),
        world.letterbox.adopter.clone(),
        world.letterbox.coordinator.clone(),
    );
    let (_, head) = queued(&mut world).await;
    let path = format!("/api/statements/{head}/inclusion");
    let (writer, reader) = (world.person(&mother).await, world.person(&adopter).await);
    let desk = world.person(&sam).await;
    let index = world.log.size() - 1;
    for (person, size) in [(&writer, None), (&desk, None), (&desk, Some(index + 1))] {
        let query = size.map(|size| format!("?size={size}")).unwrap_or_default();
        let proved = person.get(&format!("{path}{query}")).await.ok();
        let salt = hex::decode(proved["salt"].as_str().expect("hex")).expect("hex");
        let leaf = tree::leaf(&salt.try_into().expect("16 bytes"), head);
        let note = proved["checkpoint"]["note"].as_str().expect("a note");
        let (realm, key) = (world.letterbox.realm, world.letterbox.log_key.public_key());
        let signed = Checkpoint::verify(note, realm, &key).expect("signed");
        assert_eq!(signed.size, size.unwrap_or(world.log.size()));
        let path = hashes(&proved["path"]);
        assert_eq!(proved["index"], index);
        assert!(tree::verify_inclusion(&leaf, index, signed.size, &path, &signed.root));
    }
    assert_eq!(reader.get(&path).await.refusal(), (404, "not-found"));
    // A tree that was too small for it, or never was.
    for size in [0, index, index + 2, u64::MAX] {
        let asked = desk.get(&format!("{path}?size={size}")).await;
        assert_eq!(asked.refusal(), (404, "not-found"), "{size}");
    }
    let nothing = format!("/api/statements/{}/inclusion", "00".repeat(32));
    assert_eq!(desk.get(&nothing).await.refusal(), (404, "not-found"));
    // Purged: nobody can tell any more which leaf was its own, and the tree stays whole.
    let records = world.database.store(Role::Records).await;
    let mut tx = records.begin(AGENCY, Actor::Nobody).await.expect("begins");
    tx.attempt(&format!("delete from log_salts where leaf_index = {index}")).await.expect("purges");
    tx.commit().await.expect("commits");
    assert_eq!(desk.get(&path).await.refusal(), (404, "not-found"));
    let other = format!("/api/statements/{}/inclusion", sam.id);
    assert!(desk.get(&other).await.ok()["path"].is_array());
}

#[tokio::test]
async fn anybody_may_see_that_the_log_only_grows() {
    let world = World::new().await;
    let visitor = world.visitor();
    let size = world.log.size();
    assert_eq!(visitor.get("/api/log/checkpoint").await.ok()["size"], size);
    for (from, to) in [(1, None), (5, None), (5, Some(9)), (size, Some(size))] {
        let query = to.map(|to| format!("&to={to}")).unwrap_or_default();
        let path = format!("/api/log/consistency?from={from}{query}");
        let proved = visitor.get(&path).await.ok();
        let to = to.unwrap_or(size);
        let [older, newer] = [from, to].map(|size| world.log.root_of(size).expect("a size"));
        assert_eq!(proved["from"]["root"], hex::encode(older));
        assert_eq!(proved["to"]["root"], hex::encode(newer));
        let path = hashes(&proved["path"]);
        assert!(tree::verify_consistency(from, to, &older, &newer, &path), "{from} to {to}");
    }
    for query in ["from=0", "from=9&to=5", "from=1&to=100000", "from=18446744073709551615"] {
        let asked = visitor.get(&format!("/api/log/consistency?{query}")).await;
        assert_eq!(asked.refusal(), (404, "not-found"), "{query}");
    }
}
