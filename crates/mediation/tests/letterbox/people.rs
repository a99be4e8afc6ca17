//! What people learn about each other: staff by their first names, those who wait by what they wait
//! with, those who lost their words by whoever looks after them.

use mediation::config::Audience;
use seal::account::AccountKey;
use seal::statement::{Member, Outcome, Reason, Revoke, Role};
use seal::testing::Signatory;
use serde_json::{Value, json};

use crate::checking::queued;
use crate::joining::{enrolment, invitation, path};
use crate::person::Person;
use crate::scene::new_account;
use crate::sealed::{decision, decision_request, wire};
use crate::world::World;

async fn named(world: &mut World, who: &Signatory, name: &str) -> Person {
    let desk = world.person(who).await;
    let answer = desk.put("/api/staff/name", &json!({"name": name})).await;
    assert_eq!(answer.status.as_u16(), 204, "{answer:?}");
    desk
}

#[tokio::test]
async fn a_checker_s_first_name_stands_wherever_families_and_colleagues_see_what_they_did() {
    let mut world = World::new().await;
    let (sam, priya) =
        (world.letterbox.coordinator.clone(), world.letterbox.second_coordinator.clone());
    let (mother, adopter) = (world.letterbox.mother.clone(), world.letterbox.adopter.clone());
    let (writer, reader) = (world.person(&mother).await, world.person(&adopter).await);
    let second = world.person(&priya).await;
    let desk = named(&mut world, &sam, "  Sam ").await;
    let (draft, head) = queued(&mut world).await;
    let letter = format!("/api/letters/{}", draft.letter());
    let check = format!("/api/checks/{}", draft.letter());

    let claimed = desk.post(&format!("{check}/claim"), &json!({})).await.ok();
    assert_eq!(claimed["name"], "Sam");
    assert_eq!(second.get("/api/checks").await.ok()[0]["claim"]["name"], "Sam");
    let refused = second.post(&format!("{check}/claim"), &json!({})).await;
    assert_eq!(refused.refusal(), (409, "held"));
    assert_eq!(refused.body["held_by_name"], "Sam");
    desk.post(&format!("{check}/open"), &json!({"why": "check"})).await.ok();
    let (body, grants) = decision(&mut world.letterbox, &draft, head, Outcome::Deliver);
    let envelope = world.letterbox.sign(&sam, body);
    let request = decision_request(&envelope, &grants, "fits-plan");
    desk.post(&format!("{letter}/decisions"), &request).await.ok();
    world.verified(&envelope).await;
    world.settled(draft.letter(), head, envelope.id(), Outcome::Deliver).await;
    world.released(draft.letter(), head, envelope.id()).await;

    for somebody in [&writer, &reader] {
        let mine = somebody.get("/api/letters").await.ok();
        assert_eq!(mine[0]["decided"]["name"], "Sam");
        assert_eq!(somebody.get(&letter).await.ok()["decided"]["name"], "Sam");
        for path in ["openings", "decisions"] {
            let found = somebody.get(&format!("{letter}/{path}")).await.ok();
            assert_eq!(found[0]["name"], "Sam", "{path}");
        }
        assert_eq!(somebody.get("/api/openings").await.ok()[0]["name"], "Sam");
    }
    let everybody = second.get("/api/staff").await.ok()["staff"].clone();
    let everybody = everybody.as_array().expect("a list");
    let of = |who: &Signatory| everybody.iter().find(|it| it["statement"] == json!(who.id));
    assert_eq!(of(&sam).expect("sam")["name"], "Sam");
    assert_eq!(of(&priya).expect("priya")["name"], Value::Null, "until it is given");
    // It may change; nothing that was signed does.
    named(&mut world, &sam, "Samira").await;
    assert_eq!(writer.get("/api/letters").await.ok()[0]["decided"]["name"], "Samira");
}

#[tokio::test]
async fn a_letter_given_to_somebody_says_their_name_on_the_desk() {
    let mut world = World::new().await;
    let sam = world.letterbox.coordinator.clone();
    let desk = named(&mut world, &sam, "Sam").await;
    let (draft, head) = queued(&mut world).await;
    let staff = desk.get("/api/session").await.ok()["certificates"][0]["staff"].clone();
    let waiting = desk.get("/api/checks").await.ok();
    assert_eq!(waiting[0]["allocated_name"], Value::Null);
    let staff = serde_json::from_value(staff).expect("an id");
    world.given_to(draft.letter(), head, staff).await;
    assert_eq!(desk.get("/api/checks").await.ok()[0]["allocated_name"], "Sam");
}

#[tokio::test]
async fn a_first_name_is_short_can_be_read_and_is_ones_own() {
    let mut world = World::new().await;
    let (sam, mother) = (world.letterbox.coordinator.clone(), world.letterbox.mother.clone());
    let desk = world.person(&sam).await;
    let forty = "é".repeat(40);
    named(&mut world, &sam, &forty).await;
    for name in ["", "   ", &"a".repeat(41), "Sam\nLead", "Sam\u{202e}maS", "\u{200b}"] {
        let answer = desk.put("/api/staff/name", &json!({"name": name})).await;
        assert_eq!(answer.refusal(), (422, "wrong-name"), "{name:?}");
    }
    let answer = desk.put("/api/staff/name", &json!({"name": "Sam", "staff": "ab"})).await;
    assert_eq!(answer.refusal(), (400, "malformed"));
    // Families, and whoever waits to become staff, have no such name.
    let account = world.new_account("newcomer", Audience::Staff).await;
    let waiting = world.sign_in(account, true).await;
    for somebody in [world.person(&mother).await, waiting] {
        let answer = somebody.put("/api/staff/name", &json!({"name": "Sam"})).await;
        assert_eq!(answer.refusal(), (404, "not-found"));
    }
    let everybody = desk.get("/api/staff").await.ok()["staff"].clone();
    let names: Vec<_> = everybody
        .as_array()
        .expect("a list")
        .iter()
        .filter(|it| !it["name"].is_null())
        .map(|it| (it["statement"].clone(), it["name"].clone()))
        .collect();
    assert_eq!(names, [(json!(sam.id), json!(forty))]);
}

#[tokio::test]
async fn openings_of_all_ones_letters_come_together_and_nobody_elses_with_them() {
    let mut world = World::new().await;
    let sam = world.letterbox.coordinator.clone();
    let (mother, adopter) = (world.letterbox.mother.clone(), world.letterbox.adopter.clone());
    let (desk, writer) = (world.person(&sam).await, world.person(&mother).await);
    let reader = world.person(&adopter).await;
    let mut letters = Vec::new();
    for _ in 0..2 {
        let (draft, _) = queued(&mut world).await;
        let check = format!("/api/checks/{}", draft.letter());
        desk.post(&format!("{check}/claim"), &json!({})).await.ok();
        for why in ["check", "worry"] {
            world.clock.advance(jiff::SignedDuration::from_secs(1));
            desk.post(&format!("{check}/open"), &json!({"why": why})).await.ok();
            letters.insert(0, (json!(draft.letter()), json!(why)));
        }
    }
    let all = writer.get("/api/openings").await.ok();
    let seen: Vec<_> = all
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| (it["letter"].clone(), it["why"].clone()))
        .collect();
    assert_eq!(seen, letters, "newest first");
    let page = writer.get("/api/openings?limit=3").await;
    let link = page.headers["link"].to_str().expect("ASCII").to_owned();
    let next = link.trim_start_matches('<').split('>').next().expect("a link");
    let rest = writer.get(&format!("/api/openings{next}")).await.ok();
    assert_eq!(rest.as_array().map(Vec::len), Some(1));
    assert_eq!(rest[0], all[3]);
    // Not passed on: the other side knows of no letter, and of no opening.
    assert_eq!(reader.get("/api/openings").await.ok(), json!([]));
    // For staff there is the letter's own list.
    assert_eq!(desk.get("/api/openings").await.refusal(), (404, "not-found"));
}

#[tokio::test]
async fn who_has_enrolled_finds_their_enrolment_until_they_are_certified() {
    let mut world = World::new().await;
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let (code, invite, request) = invitation(&mut world);
    desk.post("/api/invites", &request).await.ok();
    world.verified(&invite).await;
    let account = world.new_account("rose", Audience::Family).await;
    let rose = world.sign_in(account, false).await;
    assert_eq!(rose.get("/api/enrolments").await.ok(), json!([]));
    let (signatory, enrol) = enrolment(&world, &code, &invite);
    let enrol_path = format!("{}/enrol", path(code.keys().locator));
    rose.post(&enrol_path, &json!({"statement": wire(&enrol)})).await.ok();

    let place = (world.letterbox.grandmother_membership, world.letterbox.arrangement);
    let waiting = json!([{
        "statement": enrol.id(),
        "envelope": wire(&enrol),
        "role": "grandparent",
        "membership": place.0,
        "arrangement": place.1,
        "counts_from": null,
    }]);
    // Verified or not: the eight digits are there to be read out.
    assert_eq!(rose.get("/api/enrolments").await.ok(), waiting);
    world.verified(&enrol).await;
    assert_eq!(rose.get("/api/enrolments").await.ok(), waiting);
    // Nobody else's, whoever they are.
    let mother = world.letterbox.mother.clone();
    for somebody in [&desk, &world.person(&mother).await] {
        assert_eq!(somebody.get("/api/enrolments").await.ok(), json!([]));
    }

    let body = world.letterbox.member_body(&signatory, Role::Grandparent, place);
    let member = world.letterbox.sign(&coordinator, body);
    let certify = format!("/api/arrangements/{}/members", place.1);
    desk.post(&certify, &json!({"statement": wire(&member)})).await.ok();
    assert_eq!(rose.get("/api/enrolments").await.ok(), waiting);
    world.verified(&member).await;
    assert_eq!(rose.get("/api/enrolments").await.ok(), json!([]));
}

#[tokio::test]
async fn an_enrolment_that_was_refused_is_no_longer_waited_with() {
    let mut world = World::new().await;
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let (code, invite, request) = invitation(&mut world);
    desk.post("/api/invites", &request).await.ok();
    world.verified(&invite).await;
    let account = world.new_account("rose", Audience::Family).await;
    let rose = world.sign_in(account, false).await;
    let (_, enrol) = enrolment(&world, &code, &invite);
    let enrol_path = format!("{}/enrol", path(code.keys().locator));
    rose.post(&enrol_path, &json!({"statement": wire(&enrol)})).await.ok();
    world.refused(enrol.id(), "revoked").await;
    assert_eq!(rose.get("/api/enrolments").await.ok(), json!([]));
}

#[tokio::test]
async fn new_keys_that_two_have_certified_say_from_when_they_count_unless_the_old_ones_object() {
    let mut world = World::new().await;
    let (mother, sam) = (world.letterbox.mother.clone(), world.letterbox.coordinator.clone());
    let lead = world.letterbox.lead.clone();
    let place = (world.letterbox.mother_membership, world.letterbox.arrangement);
    let since = world.letterbox.statements.len();
    let enrolled = world.letterbox.enrol(Some(&sam), Role::BirthParent, Some(place));
    world.catch_up(since).await;
    let (again, before) = (world.person(&enrolled).await, world.person(&mother).await);
    let counts_from = async || again.get("/api/enrolments").await.ok()[0]["counts_from"].clone();

    let certify = format!("/api/arrangements/{}/members", place.1);
    let body = world.letterbox.member_body(&enrolled, Role::BirthParent, place);
    let body = Member { replaces: Some(mother.id), ..body };
    let first = world.letterbox.sign(&sam, body.clone());
    let desk = world.person(&sam).await;
    desk.post(&certify, &json!({"statement": wire(&first)})).await.ok();
    world.verified(&first).await;
    // The second rings too, and asks for the numbers.
    assert_eq!(counts_from().await, Value::Null);
    let second = world.letterbox.sign(&lead, Member { prior: Some(first.id()), ..body });
    let desk = world.person(&lead).await;
    desk.post(&certify, &json!({"statement": wire(&second)})).await.ok();
    assert_eq!(counts_from().await, "2026-11-26T10:00:00Z");

    let objection = Revoke { target_id: first.id(), reason: Reason::Mistake };
    let objection = json!({"statement": wire(&world.letterbox.sign(&mother, objection))});
    before.post("/api/replacements/objections", &objection).await.ok();
    assert_eq!(counts_from().await, Value::Null);
}

/// Gives a person of the setting their account's keys, and asks for new words.
async fn asks(person: &Person) -> Value {
    let session = person.get("/api/session").await.ok();
    let account = serde_json::from_value(session["account"].clone()).expect("an id");
    let keys = new_account(&AccountKey::from_bytes([9; 32]), account);
    person.post("/api/account", &keys).await.ok();
    person.post("/api/words-requests", &json!({})).await.ok();
    session["account"].clone()
}

async fn asking(desk: &Person) -> Vec<Value> {
    desk.get("/api/words-requests").await.ok().as_array().expect("a list").clone()
}

#[tokio::test]
async fn who_lost_their_words_is_seen_by_the_team_that_looks_after_them_and_by_administrators() {
    let mut world = World::new().await;
    let (mother, sam) = (world.letterbox.mother.clone(), world.letterbox.coordinator.clone());
    let (lead, other) = (world.letterbox.lead.clone(), world.letterbox.other_lead.clone());
    let administrator = world.letterbox.administrator.clone();
    let person = world.person(&mother).await;
    let (desk, lead) = (world.person(&sam).await, world.person(&lead).await);
    let (other, ada) = (world.person(&other).await, world.person(&administrator).await);
    let account = asks(&person).await;
    world.clock.advance(jiff::SignedDuration::from_mins(1));
    let staff_account = asks(&desk).await;

    let membership = world.letterbox.mother_membership;
    let places = json!([{"membership": membership, "arrangement": world.letterbox.arrangement}]);
    for team in [&desk, &lead] {
        let seen = asking(team).await;
        assert_eq!(seen.len(), 1, "{seen:?}");
        assert_eq!((&seen[0]["account"], &seen[0]["memberships"]), (&account, &places));
        assert_eq!(seen[0]["asked_at"], "2026-11-23T10:00:00Z");
        assert_eq!(seen[0]["staff"], Value::Null);
    }
    assert_eq!(asking(&other).await, [] as [Value; 0], "another team's");
    // A colleague who lost theirs is nobody's but an administrator's.
    let all = asking(&ada).await;
    assert_eq!(all.len(), 2);
    assert_eq!((&all[0]["account"], &all[1]["account"]), (&account, &staff_account));
    assert!(all[1]["staff"].is_string());
    assert_eq!(person.get("/api/words-requests").await.refusal(), (404, "not-found"));
}

#[tokio::test]
async fn who_asked_before_being_certified_is_seen_and_who_has_new_keys_is_not_any_more() {
    let mut world = World::new().await;
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let (code, invite, request) = invitation(&mut world);
    desk.post("/api/invites", &request).await.ok();
    world.verified(&invite).await;
    let account = world.new_account("rose", Audience::Family).await;
    let rose = world.sign_in(account, false).await;
    let (_, enrol) = enrolment(&world, &code, &invite);
    let enrol_path = format!("{}/enrol", path(code.keys().locator));
    rose.post(&enrol_path, &json!({"statement": wire(&enrol)})).await.ok();
    asks(&rose).await;
    let membership = world.letterbox.grandmother_membership;
    assert_eq!(asking(&desk).await[0]["memberships"][0]["membership"], json!(membership));

    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    asks(&person).await;
    assert_eq!(asking(&desk).await.len(), 2);
    // Keys that a team manager has stopped are still to be replaced; new ones under another sign-in
    // end it.
    world.ended(mother.id).await;
    assert_eq!(asking(&desk).await.len(), 2);
    world.given_new_keys().await;
    let left = asking(&desk).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["memberships"][0]["membership"], json!(membership));
}
