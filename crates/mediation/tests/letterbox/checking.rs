//! The queue, claims, openings and decisions.

use domain::id::StatementId;
use jiff::SignedDuration;
use seal::statement::{About, AttachmentKind, Outcome};
use seal::testing::Signatory;
use serde_json::{Value, json};

use crate::person::{Answer, Person};
use crate::sealed::{Draft, base64, decision, decision_request, message};
use crate::world::World;

/// A letter by the mother, in the queue.
pub async fn queued(world: &mut World) -> (Draft, StatementId) {
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    person.post("/api/letters", &draft.request(&envelope)).await.ok();
    world.verified(&envelope).await;
    world.allocated(draft.letter(), envelope.id()).await;
    (draft, envelope.id())
}

async fn claim(desk: &Person, draft: &Draft) -> Answer {
    desk.post(&format!("/api/checks/{}/claim", draft.letter()), &json!({})).await
}

async fn open(desk: &Person, draft: &Draft, why: &str) -> Answer {
    desk.post(&format!("/api/checks/{}/open", draft.letter()), &json!({"why": why})).await
}

/// Signs and sends the next decision; the statement's id and the answer.
async fn decide(
    world: &mut World,
    by: &Signatory,
    desk: &Person,
    (draft, head): (&Draft, StatementId),
    (outcome, reason): (Outcome, &str),
) -> (seal::envelope::Envelope, Answer) {
    let (body, grants) = decision(&mut world.letterbox, draft, head, outcome);
    let envelope = world.letterbox.sign(by, body);
    let path = format!("/api/letters/{}/decisions", draft.letter());
    let answer = desk.post(&path, &decision_request(&envelope, &grants, reason)).await;
    (envelope, answer)
}

#[tokio::test]
async fn a_delivered_letter_opens_for_its_reader_and_not_a_moment_before() {
    let mut world = World::new().await;
    let coordinator = world.letterbox.coordinator.clone();
    let adopter = world.letterbox.adopter.clone();
    let (desk, reader) = (world.person(&coordinator).await, world.person(&adopter).await);
    let (draft, head) = queued(&mut world).await;
    let path = format!("/api/letters/{}", draft.letter());

    let queue = desk.get("/api/checks").await.ok();
    assert_eq!(queue[0]["letter"], json!(draft.letter()));
    claim(&desk, &draft).await.ok();
    let opened = open(&desk, &draft, "check").await.ok();
    assert_eq!(opened["ciphertext"], base64(&draft.ciphertext));
    assert_eq!(opened["grant"], base64(&draft.epoch));
    assert_verifies(&world, &opened["proof"], head);

    let what = (Outcome::Deliver, "fits-plan");
    let (decided, answer) = decide(&mut world, &coordinator, &desk, (&draft, head), what).await;
    assert_eq!(answer.ok()["verdict"], "waiting");
    assert_eq!(reader.get(&path).await.refusal(), (404, "not-found"));
    world.verified(&decided).await;
    world.settled(draft.letter(), head, decided.id(), Outcome::Deliver).await;
    assert_eq!(reader.get(&path).await.refusal(), (404, "not-found"));
    assert_eq!(reader.get("/api/letters").await.ok(), json!([]));

    world.released(draft.letter(), head, decided.id()).await;
    let received = reader.get("/api/letters").await.ok();
    assert_eq!(received[0]["direction"], "received");
    assert_eq!(received[0]["state"], "passed_on");
    let whole = reader.get(&path).await.ok();
    assert_eq!(whole["ciphertext"], base64(&draft.ciphertext));
    assert_ne!(whole["grant"], base64(&draft.own));
    let proof = reader.get(&format!("{path}/proof")).await.ok();
    let ledger = assert_verifies(&world, &proof, head);
    let membership = world.letterbox.adopter_membership;
    let grant = ledger.delivered_to(head, membership, adopter.id).expect("delivered to me");
    let file = base64_decode(&whole["grant"]);
    assert_eq!(seal::file::hash(&file), grant);
    // Who looked, when and why, is there for both.
    let openings = reader.get(&format!("{path}/openings")).await.ok();
    assert_eq!(openings.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&openings[0]["role"], &openings[0]["why"]),
        (&json!("coordinator"), &json!("check"))
    );
    let decisions = reader.get(&format!("{path}/decisions")).await.ok();
    assert_eq!(decisions[0]["outcome"], "deliver");
}

fn base64_decode(value: &Value) -> Vec<u8> {
    use base64::Engine as _;
    let text = value.as_str().expect("base64");
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}

/// A reader's own fold of the proof, to the pinned realm.
fn assert_verifies(world: &World, proof: &Value, head: StatementId) -> seal::ledger::Ledger {
    let proof: seal::ledger::Proof = serde_json::from_value(proof.clone()).expect("a proof");
    let ledger = proof.fold(world.letterbox.realm).expect("verifies");
    assert!(ledger.submit(head).is_some());
    ledger
}

#[tokio::test]
async fn a_checker_who_is_new_to_a_letter_can_hold_their_own_decision_against_its_history() {
    let mut world = World::new().await;
    let priya = world.letterbox.second_coordinator.clone();
    let desk = world.person(&priya).await;
    let (draft, head) = queued(&mut world).await;
    claim(&desk, &draft).await.ok();
    let opened = open(&desk, &draft, "check").await.ok();
    let (body, _) = decision(&mut world.letterbox, &draft, head, Outcome::Deliver);
    let decided = world.letterbox.sign(&priya, body);
    let mut ledger = assert_verifies(&world, &opened["proof"], head);
    ledger.admit(&decided, None).expect("nothing is missing that the decision rests on");
}

#[tokio::test]
async fn one_person_holds_a_letter_until_they_have_been_idle_for_a_quarter_of_an_hour() {
    let mut world = World::new().await;
    let (sam, priya) =
        (world.letterbox.coordinator.clone(), world.letterbox.second_coordinator.clone());
    let (sam, priya) = (world.person(&sam).await, world.person(&priya).await);
    let (draft, _) = queued(&mut world).await;
    claim(&sam, &draft).await.ok();
    let held = claim(&priya, &draft).await;
    assert_eq!(held.refusal(), (409, "held"));
    assert!(held.body["held_by"].is_string());
    world.clock.advance(SignedDuration::from_mins(14));
    let renew = format!("/api/checks/{}/renew", draft.letter());
    assert_eq!(sam.post(&renew, &json!({})).await.status.as_u16(), 204);
    world.clock.advance(SignedDuration::from_mins(14));
    assert_eq!(claim(&priya, &draft).await.refusal(), (409, "held"));
    priya.get("/api/checks").await.ok();
    world.clock.advance(SignedDuration::from_mins(2));
    claim(&priya, &draft).await.ok();
    assert_eq!(sam.post(&renew, &json!({})).await.refusal(), (409, "no-claim"));
    assert_eq!(open(&sam, &draft, "check").await.refusal(), (409, "no-claim"));
    let queue = sam.get("/api/checks").await.ok();
    assert!(queue[0]["claim"]["staff"].is_string());
    // Given back, it is anybody's.
    let path = format!("/api/checks/{}/claim", draft.letter());
    assert_eq!(priya.delete(&path).await.status.as_u16(), 204);
    assert_eq!(sam.get("/api/checks").await.ok()[0]["claim"], json!(null));
    claim(&sam, &draft).await.ok();
}

#[tokio::test]
async fn a_clock_that_goes_back_takes_no_letter_from_who_holds_it_and_keeps_none_from_others() {
    let mut world = World::new().await;
    let people = (world.letterbox.coordinator.clone(), world.letterbox.second_coordinator.clone());
    let (sam, priya) = (world.person(&people.0).await, world.person(&people.1).await);
    let (draft, _) = queued(&mut world).await;
    claim(&sam, &draft).await.ok();
    world.clock.advance(-SignedDuration::from_hours(1));
    open(&sam, &draft, "check").await.ok();
    let renew = format!("/api/checks/{}/renew", draft.letter());
    assert_eq!(sam.post(&renew, &json!({})).await.status.as_u16(), 204);
    claim(&sam, &draft).await.ok();
    assert_eq!(priya.get("/api/checks").await.ok()[0]["claim"], json!(null));
    claim(&priya, &draft).await.ok();
    assert_eq!(claim(&sam, &draft).await.refusal(), (409, "held"));

    // A claim of a clock that ran ahead is not in force until the day it was made for.
    let a_day = SignedDuration::from_hours(24);
    let (draft, _) = queued(&mut world).await;
    world.clock.advance(a_day);
    let tomorrow = world.person(&people.0).await;
    claim(&tomorrow, &draft).await.ok();
    world.clock.advance(-a_day);
    claim(&priya, &draft).await.ok();
}

#[tokio::test]
async fn an_agency_says_for_how_long_a_claim_holds() {
    let mut world = World::new().await;
    let (ada, sam, priya) = (
        world.letterbox.administrator.clone(),
        world.letterbox.coordinator.clone(),
        world.letterbox.second_coordinator.clone(),
    );
    let ada = world.person(&ada).await;
    let (desk, second) = (world.person(&sam).await, world.person(&priya).await);
    let policy = json!({"claim_minutes": 20});
    assert_eq!(ada.put("/api/agency/policy", &policy).await.status.as_u16(), 204);
    let (draft, head) = queued(&mut world).await;
    let claimed = claim(&desk, &draft).await.ok();
    assert_eq!(claimed["lapses_at"], "2026-11-23T10:20:00Z");
    world.clock.advance(SignedDuration::from_mins(19));
    assert_eq!(claim(&second, &draft).await.refusal(), (409, "held"));
    let queue = second.get("/api/checks").await.ok();
    assert_eq!(queue[0]["claim"]["lapses_at"], claimed["lapses_at"]);
    open(&desk, &draft, "check").await.ok();

    // Opening renewed it for the same time; after that nobody holds the letter.
    world.clock.advance(SignedDuration::from_mins(20));
    assert_eq!(second.get("/api/checks").await.ok()[0]["claim"], json!(null));
    assert_eq!(open(&desk, &draft, "check").await.refusal(), (409, "no-claim"));
    let what = (Outcome::Deliver, "fits-plan");
    let (_, answer) = decide(&mut world, &sam, &desk, (&draft, head), what).await;
    assert_eq!(answer.refusal(), (409, "no-claim"));
    claim(&second, &draft).await.ok();
}

#[tokio::test]
async fn two_claims_at_one_moment_make_one_claim() {
    let mut world = World::new().await;
    let (sam, priya) =
        (world.letterbox.coordinator.clone(), world.letterbox.second_coordinator.clone());
    let (sam, priya) = (world.person(&sam).await, world.person(&priya).await);
    for _ in 0..3 {
        let (draft, _) = queued(&mut world).await;
        let (one, two) = tokio::join!(claim(&sam, &draft), claim(&priya, &draft));
        let statuses = [one.status.as_u16(), two.status.as_u16()];
        assert!(statuses.contains(&200) && statuses.contains(&409), "{one:?} {two:?}");
    }
}

#[tokio::test]
async fn a_letter_of_another_team_is_not_there() {
    let mut world = World::new().await;
    let (other, administrator) =
        (world.letterbox.other_lead.clone(), world.letterbox.administrator.clone());
    let (draft, _) = queued(&mut world).await;
    for somebody in [other, administrator] {
        let desk = world.person(&somebody).await;
        assert_eq!(claim(&desk, &draft).await.refusal(), (404, "not-found"));
        assert_eq!(open(&desk, &draft, "sample").await.refusal(), (404, "not-found"));
        for path in ["proof", "openings", "decisions"] {
            let answer = desk.get(&format!("/api/letters/{}/{path}", draft.letter())).await;
            assert_eq!(answer.refusal(), (404, "not-found"));
        }
    }
    let other = world.letterbox.other_lead.clone();
    assert_eq!(world.person(&other).await.get("/api/checks").await.ok(), json!([]));
}

#[tokio::test]
async fn keeping_a_letter_takes_two_people() {
    let mut world = World::new().await;
    let (sam, priya) =
        (world.letterbox.coordinator.clone(), world.letterbox.second_coordinator.clone());
    let (desk, second) = (world.person(&sam).await, world.person(&priya).await);
    let (draft, head) = queued(&mut world).await;
    let keep = (Outcome::Keep, "risk");
    // Nobody decides on what they do not hold.
    let (_, answer) = decide(&mut world, &sam, &desk, (&draft, head), keep).await;
    assert_eq!(answer.refusal(), (409, "no-claim"));
    claim(&desk, &draft).await.ok();
    let wrong = (Outcome::Keep, "fits-plan");
    let (_, answer) = decide(&mut world, &sam, &desk, (&draft, head), wrong).await;
    assert_eq!(answer.refusal(), (422, "wrong-reason"));
    let (first, answer) = decide(&mut world, &sam, &desk, (&draft, head), keep).await;
    answer.ok();

    // Until the worker has judged it, nobody takes the next step.
    assert_eq!(claim(&second, &draft).await.refusal(), (409, "not-open"));
    world.verified(&first).await;
    world.counted(first.id()).await;
    let answer = claim(&desk, &draft).await;
    assert_eq!(answer.refusal(), (403, "already-decided"));
    assert_eq!(
        answer.body["detail"],
        "You have decided on this letter. A colleague who has not must take the next look."
    );
    let (_, answer) = decide(&mut world, &sam, &desk, (&draft, head), keep).await;
    assert_eq!(answer.refusal(), (403, "already-decided"));
    claim(&second, &draft).await.ok();
    let (last, answer) = decide(&mut world, &priya, &second, (&draft, head), keep).await;
    answer.ok();
    world.verified(&last).await;
    world.settled(draft.letter(), head, last.id(), Outcome::Keep).await;

    // Its writer is told what, by whom and why; its reader nothing at all.
    let mother = world.letterbox.mother.clone();
    let sent = world.person(&mother).await.get("/api/letters").await.ok();
    assert_eq!(
        (&sent[0]["state"], &sent[0]["decided"]["reason"]),
        (&json!("kept"), &json!("risk"))
    );
    let adopter = world.letterbox.adopter.clone();
    assert_eq!(world.person(&adopter).await.get("/api/letters").await.ok(), json!([]));
}

#[tokio::test]
async fn another_look_is_somebody_elses() {
    let mut world = World::new().await;
    let (sam, priya, dee) = (
        world.letterbox.coordinator.clone(),
        world.letterbox.second_coordinator.clone(),
        world.letterbox.lead.clone(),
    );
    let (draft, head) = queued(&mut world).await;
    let keep = (Outcome::Keep, "hurtful");
    let mut last = None;
    for (somebody, is_last) in [(&sam, false), (&priya, true)] {
        let desk = world.person(somebody).await;
        claim(&desk, &draft).await.ok();
        let (decided, answer) = decide(&mut world, somebody, &desk, (&draft, head), keep).await;
        answer.ok();
        world.verified(&decided).await;
        if is_last {
            world.settled(draft.letter(), head, decided.id(), Outcome::Keep).await;
        } else {
            world.counted(decided.id()).await;
        }
        last = Some(decided.id());
    }
    world.clock.advance(SignedDuration::from_mins(1));
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    let (_, asked, request) = message(&mut world.letterbox, &mother, About::Look, last);
    person.post("/api/messages", &request).await.ok();
    world.verified(&asked).await;
    world.allocated(draft.letter(), head).await;

    world.clock.advance(SignedDuration::from_mins(1));
    let manager = world.person(&dee).await;
    claim(&manager, &draft).await.ok();
    let opened = open(&manager, &draft, "another-look").await.ok();
    // What the manager's browser verifies leaves room for their decision.
    let ledger = assert_verifies(&world, &opened["proof"], head);
    let (next, _) = ledger.next_step(head, Outcome::Deliver).expect("another look is open");
    assert_eq!(next.step, 1);
    let (first, answer) = decide(&mut world, &dee, &manager, (&draft, head), keep).await;
    answer.ok();
    world.verified(&first).await;
    world.counted(first.id()).await;
    // A second person must agree again, and neither of the first two is one.
    for somebody in [&sam, &priya, &dee] {
        let desk = world.person(somebody).await;
        assert_eq!(claim(&desk, &draft).await.refusal(), (403, "already-decided"));
    }
    let other = world.letterbox.second_lead.clone();
    claim(&world.person(&other).await, &draft).await.ok();
}

#[tokio::test]
async fn a_comment_reaches_the_writer_with_the_decision_it_came_with() {
    let mut world = World::new().await;
    let (coordinator, mother) =
        (world.letterbox.coordinator.clone(), world.letterbox.mother.clone());
    let (desk, person) = (world.person(&coordinator).await, world.person(&mother).await);
    let (draft, head) = queued(&mut world).await;
    claim(&desk, &draft).await.ok();
    // Files of the right form: what is inside is the business of browsers.
    let comment = Draft::new(&mut world.letterbox);
    let reader = (world.letterbox.mother_membership, mother.id);
    let mut attached = world.letterbox.attachment(AttachmentKind::Comment, Some(reader));
    (attached.ct_hash, attached.ct_len) = (comment.submit.ct_hash, comment.submit.ct_len);
    attached.grant_hash = Some(comment.submit.self_grant_hash);
    attached.review_grant_hash = comment.submit.grant_hash;
    attached.archive_grant_hash = comment.submit.archive_grant_hash;
    let (mut body, _) = decision(&mut world.letterbox, &draft, head, Outcome::Change);
    body.attached = vec![attached];
    let decided = world.letterbox.sign(&coordinator, body);
    let mut request = decision_request(&decided, &[], "photo");
    let path = format!("/api/letters/{}/decisions", draft.letter());
    assert_eq!(desk.post(&path, &request).await.refusal(), (422, "wrong-attachment"));
    request["attached"] = json!([{
        "kind": "comment", "membership": reader.0, "sealed": base64(&comment.ciphertext),
        "grant": base64(&comment.own), "review_grant": base64(&comment.epoch),
        "archive_grant": base64(&comment.archive),
    }]);
    let mut swapped = request.clone();
    swapped["attached"][0]["grant"] = base64(&comment.epoch).into();
    assert_eq!(desk.post(&path, &swapped).await.refusal(), (422, "wrong-hash"));
    desk.post(&path, &request).await.ok();

    let letter = format!("/api/letters/{}", draft.letter());
    assert_eq!(person.get(&letter).await.ok()["attachments"], json!([]));
    world.verified(&decided).await;
    world.settled(draft.letter(), head, decided.id(), Outcome::Change).await;
    let whole = person.get(&letter).await.ok();
    assert_eq!(whole["attachments"][0]["kind"], "comment");
    assert_eq!(whole["attachments"][0]["ciphertext"], base64(&comment.ciphertext));
    assert_eq!(whole["attachments"][0]["grant"], base64(&comment.own));
}

#[tokio::test]
async fn a_decision_under_an_old_arrangement_is_refused_with_the_newest() {
    let mut world = World::new().await;
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let (draft, head) = queued(&mut world).await;
    claim(&desk, &draft).await.ok();
    let (body, grants) = decision(&mut world.letterbox, &draft, head, Outcome::Deliver);
    let old = world.letterbox.sign(&coordinator, body);
    let (team, arrangement) = (world.letterbox.team, world.letterbox.arrangement);
    let version = world.letterbox.next_version(arrangement, team, Vec::new());
    let newest = world.letterbox.sign(&coordinator, version);
    world.store_and_verify(&newest).await;
    let path = format!("/api/letters/{}/decisions", draft.letter());
    let answer = desk.post(&path, &decision_request(&old, &grants, "fits-plan")).await;
    assert_eq!(answer.refusal(), (409, "stale-arrangement"));
    assert_eq!(answer.body["newest"], json!(newest.id()));
}

#[tokio::test]
async fn the_grants_of_a_decision_are_exactly_those_it_names() {
    let mut world = World::new().await;
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let (draft, head) = queued(&mut world).await;
    claim(&desk, &draft).await.ok();
    let (body, grants) = decision(&mut world.letterbox, &draft, head, Outcome::Deliver);
    let envelope = world.letterbox.sign(&coordinator, body);
    let path = format!("/api/letters/{}/decisions", draft.letter());
    for (grants, code) in [
        (vec![], "wrong-grants"),
        ([grants.clone(), grants.clone()].concat(), "wrong-grants"),
        (
            vec![json!({"membership": grants[0]["membership"], "sealed": base64(&draft.own)})],
            "wrong-hash",
        ),
    ] {
        let answer = desk.post(&path, &decision_request(&envelope, &grants, "fits-plan")).await;
        assert_eq!(answer.refusal(), (422, code));
    }
    // Sent twice, stored once.
    for _ in 0..2 {
        desk.post(&path, &decision_request(&envelope, &grants, "fits-plan")).await.ok();
    }
}

#[tokio::test]
async fn a_queue_is_read_page_by_page() {
    let mut world = World::new().await;
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let mut letters = Vec::new();
    for _ in 0..3 {
        letters.push(json!(queued(&mut world).await.0.letter()));
        world.clock.advance(SignedDuration::from_secs(1));
    }
    let mut seen = Vec::new();
    let mut next = Some("?limit=2".to_owned());
    while let Some(query) = next {
        let page = desk.get(&format!("/api/checks{query}")).await;
        let link = page.headers.get("link").map(|it| it.to_str().expect("ASCII").to_owned());
        next = link.map(|it| it[1..it.find('>').expect("a link")].to_owned());
        seen.extend(page.ok().as_array().expect("a list").iter().map(|it| it["letter"].clone()));
    }
    assert_eq!(seen, letters);
}
