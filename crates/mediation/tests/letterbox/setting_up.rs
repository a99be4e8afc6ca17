//! The first administrator, teams and their keys, staff, policy.

use jiff::SignedDuration;
use mediation::config::Audience;
use seal::epoch::Epoch as Wrap;
use seal::file;
use seal::gate::Request;
use seal::random::System;
use seal::statement::{Enrol, Invite, Role, SealKey, Staff, Statement};
use seal::testing::{Agency, NOW};
use seal::words::Words;
use serde_json::{Value, json};

use crate::joining::invitation;
use crate::person::origin;
use crate::sealed::{base64, wire};
use crate::world::{TOKEN, World};

/// The four statements with which an agency begins, as its first administrator's browser signs
/// them.
pub fn first_statements(world: &World) -> Vec<seal::envelope::Envelope> {
    // The same seed gives the same root, log key and notifier key as the operator's services.
    let mut agency = Agency::new(7);
    let invite_key = seal::key::SigningKey::generate(&mut System);
    let invite = agency.sign_root(Invite {
        invite: agency.clone().id(domain::id::InviteId::from_bytes),
        membership: None,
        arrangement: None,
        role: Role::Administrator,
        card_hash: None,
        invite_key: invite_key.public_key(),
        root_tag: [0; 32],
        until: NOW + 14 * 86_400,
    });
    let mut new = agency.keys();
    let enrol = Enrol {
        invite_id: invite.id(),
        sign_key: new.sign.public_key(),
        seal_key: SealKey::from(&new.seal.recipient()),
    };
    let enrol = Statement::new(agency.realm, Some(invite.id()), enrol);
    let enrol = seal::envelope::Envelope::sign_enrol(enrol, &invite_key, &new.sign);
    new.id = enrol.id();
    let staff = agency.staff_body(&new, &[Role::Administrator], &[]);
    let staff = agency.sign_root(staff);
    assert_eq!(agency.realm, world.letterbox.realm);
    vec![agency.statements[0].clone(), invite, enrol, staff]
}

/// The request that sets an agency up.
pub fn request(statements: &[seal::envelope::Envelope], root: &str) -> Value {
    let statements: Vec<_> = statements.iter().map(wire).collect();
    json!({"token": TOKEN, "name": "Northmoor", "root": root, "statements": statements})
}

#[tokio::test]
async fn an_agency_is_set_up_once_with_the_operators_token() {
    let world = World::empty().await;
    let account = world.new_account("ada", Audience::Staff).await;
    let ada = world.sign_in(account, true).await;
    assert_eq!(ada.get("/api/agency").await.refusal(), (404, "not-found"));
    let setup = "/api/agency/setup";
    assert_eq!(ada.get_with(setup, "Bearer wrong").await.refusal(), (404, "not-found"));
    let keys = ada.get_with(setup, &format!("Bearer {TOKEN}")).await.ok();
    assert_eq!(keys["notifier_key"], world.letterbox.notifier.recipient().to_string());

    let statements = first_statements(&world);
    let root = hex::encode(world.letterbox.root.public_key().as_bytes());
    let whole = request(&statements, &root);
    let mut wrong = whole.clone();
    wrong["token"] = "wrong".into();
    assert_eq!(ada.post("/api/agency", &wrong).await.refusal(), (404, "not-found"));
    // Another root than the one that signed.
    let other = hex::encode(Agency::new(8).root.public_key().as_bytes());
    let answer = ada.post("/api/agency", &request(&statements, &other)).await;
    assert_eq!(answer.refusal(), (422, "bad-signature"));
    let mut shuffled = statements.clone();
    shuffled.swap(1, 2);
    let answer = ada.post("/api/agency", &request(&shuffled, &root)).await;
    assert_eq!(answer.refusal(), (422, "wrong-kind"));
    let mut swapped = whole.clone();
    swapped["statements"].as_array_mut().expect("a list").pop();
    assert_eq!(ada.post("/api/agency", &swapped).await.refusal(), (400, "malformed"));

    let made = ada.post("/api/agency", &whole).await.ok();
    assert_eq!(made["realm"], json!(world.letterbox.realm));
    assert_eq!(ada.post("/api/agency", &whole).await.refusal(), (409, "agency-exists"));
    let seen = world.visitor().get("/api/agency").await.ok();
    assert_eq!((&seen["name"], &seen["root"]), (&json!("Northmoor"), &json!(root)));
    assert_eq!(seen["statement"], wire(&statements[0]));
    assert_eq!(seen["policy"]["turnaround_days"], 10);
    assert_eq!(seen["family_origin"], origin(false));
    let family = world.new_account("eve", Audience::Family).await;
    let eve = world.sign_in(family, false).await;
    assert_eq!(eve.post("/api/agency", &whole).await.refusal(), (404, "not-found"));
}

#[tokio::test]
async fn only_an_administrator_makes_teams_and_policy() {
    let mut world = World::new().await;
    let (administrator, lead) =
        (world.letterbox.administrator.clone(), world.letterbox.lead.clone());
    let (ada, dee) = (world.person(&administrator).await, world.person(&lead).await);
    let east = json!({"name": "East"});
    assert_eq!(dee.post("/api/teams", &east).await.refusal(), (404, "not-found"));
    ada.post("/api/teams", &east).await.ok();
    assert_eq!(ada.post("/api/teams", &east).await.refusal(), (409, "team-exists"));
    let names: Vec<_> = dee.get("/api/teams").await.ok().as_array().expect("a list").clone();
    let names: Vec<_> = names.iter().map(|it| it["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["East", "North", "South"]);

    let policy = json!({"turnaround_days": 5, "phone": "01632 960 001"});
    assert_eq!(dee.put("/api/agency/policy", &policy).await.refusal(), (404, "not-found"));
    assert_eq!(ada.put("/api/agency/policy", &policy).await.status.as_u16(), 204);
    let shown = &dee.get("/api/agency").await.ok()["policy"];
    assert_eq!((&shown["turnaround_days"], &shown["phone"]), (&json!(5), &json!("01632 960 001")));
    let answer = ada.put("/api/agency/policy", &json!({"turnaround_days": 0})).await;
    assert_eq!(
        (answer.refusal(), &answer.body["key"]),
        ((422, "policy"), &json!("turnaround_days"))
    );
}

#[tokio::test]
async fn an_agency_that_allows_fewer_tries_at_words_is_obeyed() {
    let mut world = World::new().await;
    let (administrator, coordinator) =
        (world.letterbox.administrator.clone(), world.letterbox.coordinator.clone());
    let ada = world.person(&administrator).await;
    let fewer = json!({"gate": {"tries_per_hour": 2, "tries_since_proof": 5}});
    assert_eq!(ada.put("/api/agency/policy", &fewer).await.status.as_u16(), 204);
    let words = Words::from_typed("some words on a card").expect("words");
    let request = Request::new(&words, &mut System).expect("blinds");
    let guess = json!({"blinded": base64(request.blinded())});
    for _ in 0..2 {
        let sam = world.person(&coordinator).await;
        sam.post("/api/gate", &guess).await.ok();
        sam.post("/api/gate", &guess).await.ok();
        let third = sam.post("/api/gate", &guess).await;
        assert_eq!(third.refusal(), (429, "words-wait"));
        assert_eq!(
            third.body["detail"],
            "You have tried your words 2 times. You can try again in 60 minutes. If the card is \
             lost, ask for new words."
        );
        world.clock.advance(SignedDuration::from_hours(1));
    }
    let sam = world.person(&coordinator).await;
    sam.post("/api/gate", &guess).await.ok();
    assert_eq!(sam.post("/api/gate", &guess).await.refusal(), (429, "words-locked"));
}

#[tokio::test]
async fn an_invitation_runs_out_as_soon_as_the_agencys_rules_say() {
    let mut world = World::new().await;
    let (administrator, coordinator) =
        (world.letterbox.administrator.clone(), world.letterbox.coordinator.clone());
    let (ada, sam) = (world.person(&administrator).await, world.person(&coordinator).await);
    let sooner = json!({"invite_days": 3});
    assert_eq!(ada.put("/api/agency/policy", &sooner).await.status.as_u16(), 204);
    let (_, _, request) = invitation(&mut world);
    let made = sam.post("/api/invites", &request).await.ok();
    let three_days = world.clock.now() + SignedDuration::from_hours(3 * 24);
    assert_eq!(made["expires_at"], json!(three_days));
}

/// The team's next epoch, signed by its lead, with a wrap for the coordinator; and the request.
pub fn next_epoch(world: &mut World) -> (seal::envelope::Envelope, Value) {
    let (lead, coordinator) = (world.letterbox.lead.clone(), world.letterbox.coordinator.clone());
    let team = world.letterbox.team;
    let (mut body, secret) = world.letterbox.epoch_body(team);
    let wrap = Wrap { realm: world.letterbox.realm, team, n: body.n };
    let previous =
        Wrap { n: 1, ..wrap }.seal(&world.letterbox.epoch, &secret.recipient(), &mut System);
    body.prev_secret_hash = Some(file::hash(&previous));
    let staff = world.letterbox.ledger.certificate(coordinator.id).expect("certified");
    let staff = staff.staff().expect("staff").staff;
    let mine = wrap.seal(&secret, &coordinator.seal.recipient(), &mut System);
    let archive = wrap.seal(&secret, &world.letterbox.archive.recipient(), &mut System);
    let envelope = world.letterbox.sign(&lead, body);
    let request = json!({
        "statement": wire(&envelope),
        "wraps": [{"staff": staff, "sealed": base64(&mine)}],
        "archive": base64(&archive),
        "previous": base64(&previous),
    });
    (envelope, request)
}

#[tokio::test]
async fn a_lead_begins_an_epoch_and_each_holder_gets_their_own_wrap() {
    let mut world = World::new().await;
    let (lead, coordinator) = (world.letterbox.lead.clone(), world.letterbox.coordinator.clone());
    let (dee, sam) = (world.person(&lead).await, world.person(&coordinator).await);
    let (envelope, request) = next_epoch(&mut world);
    let path = format!("/api/teams/{}/epochs", world.letterbox.team);
    assert_eq!(sam.post(&path, &request).await.refusal(), (404, "not-found"));
    let mut without = request.clone();
    without.as_object_mut().expect("an object").remove("previous");
    assert_eq!(dee.post(&path, &without).await.refusal(), (422, "wrong-version"));
    dee.post(&path, &request).await.ok();
    world.verified(&envelope).await;
    assert_eq!(dee.post(&path, &request).await.refusal(), (409, "stale-epoch"));

    let epochs = sam.get(&path).await.ok();
    assert_eq!(epochs.as_array().map(Vec::len), Some(2));
    assert_eq!(epochs[1]["wrap"], request["wraps"][0]["sealed"]);
    assert_eq!(epochs[1]["previous"], request["previous"]);
    assert_eq!(dee.get(&path).await.ok()[1]["wrap"], json!(null));
    let other = world.letterbox.other_lead.clone();
    let stranger = world.person(&other).await;
    assert_eq!(stranger.get(&path).await.refusal(), (404, "not-found"));
}

#[tokio::test]
async fn staff_see_who_works_here_and_can_prove_it() {
    let mut world = World::new().await;
    let coordinator = world.letterbox.coordinator.clone();
    let sam = world.person(&coordinator).await;
    let everybody = sam.get("/api/staff").await.ok();
    assert_eq!(everybody["staff"].as_array().map(Vec::len), Some(7));
    let proof: seal::ledger::Proof =
        serde_json::from_value(everybody["proof"].clone()).expect("a proof");
    let ledger = proof.fold(world.letterbox.realm).expect("verifies");
    assert!(ledger.is_in_force(coordinator.id));
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    assert_eq!(person.get("/api/staff").await.refusal(), (404, "not-found"));
}

/// The certificate of a coordinator who has enrolled and whom nobody has certified, unsigned.
pub async fn newcomer(world: &mut World) -> Staff {
    let (lead, team) = (world.letterbox.lead.clone(), world.letterbox.team);
    let enrolled = world.letterbox.enrol(Some(&lead), Role::Coordinator, None);
    let two = world.letterbox.agency.statements.len() - 2;
    let waiting = world.letterbox.agency.statements.split_off(two);
    for envelope in &waiting {
        world.store_only(envelope).await;
        world.log(envelope).await;
    }
    world.letterbox.staff_body(&enrolled, &[Role::Coordinator], &[team])
}

#[tokio::test]
async fn a_staff_certificate_comes_in_two_steps_and_from_managers_only() {
    let mut world = World::new().await;
    let (lead, second) = (world.letterbox.lead.clone(), world.letterbox.second_lead.clone());
    let body = newcomer(&mut world).await;
    let first = world.letterbox.sign(&lead, body.clone());
    let dee = world.person(&lead).await;
    let path = "/api/statements/staff";
    dee.post(path, &json!({"statement": wire(&first)})).await.ok();
    world.verified(&first).await;
    let last = Staff { prior: Some(first.id()), ..body.clone() };
    let last = world.letterbox.sign(&second, last);
    // Whoever brings a statement signed it.
    let answer = dee.post(path, &json!({"statement": wire(&last)})).await;
    assert_eq!(answer.refusal(), (403, "not-your-key"));
    let other = world.person(&second).await;
    other.post(path, &json!({"statement": wire(&last)})).await.ok();
    world.verified(&last).await;
    assert!(world.letterbox.ledger.is_in_force(last.id()));
    let coordinator = world.letterbox.coordinator.clone();
    let sam = world.person(&coordinator).await;
    let own = world.letterbox.sign(&coordinator, body);
    let answer = sam.post(path, &json!({"statement": wire(&own)})).await;
    assert_eq!(answer.refusal(), (404, "not-found"));
    let answer = dee.post("/api/statements/revoke", &json!({"statement": wire(&first)})).await;
    assert_eq!(answer.refusal(), (422, "wrong-kind"));
}

#[tokio::test]
async fn leads_see_the_quarantine_and_everybody_the_newest_checkpoint() {
    let mut world = World::new().await;
    let (lead, coordinator, mother) = (
        world.letterbox.lead.clone(),
        world.letterbox.coordinator.clone(),
        world.letterbox.mother.clone(),
    );
    let dee = world.person(&lead).await;
    assert_eq!(dee.get("/api/quarantine").await.ok(), json!([]));
    let sam = world.person(&coordinator).await;
    assert_eq!(sam.get("/api/quarantine").await.refusal(), (404, "not-found"));
    let person = world.person(&mother).await;
    let checkpoint = person.get("/api/log/checkpoint").await.ok();
    assert_eq!(checkpoint["size"], json!(world.letterbox.statements.len()));
}

#[tokio::test]
async fn an_administrator_brings_the_roots_word_for_another_log_key_and_for_no_other_change() {
    let mut world = World::new().await;
    let path = "/api/agency/log-key";
    let log_key = world.configured_anew();
    let (administrator, lead) =
        (world.letterbox.administrator.clone(), world.letterbox.lead.clone());
    let (ada, dee) = (world.person(&administrator).await, world.person(&lead).await);
    assert_eq!(ada.get(path).await.ok(), json!({"log_key": log_key, "waiting": null}));
    let body = seal::statement::Agency { log_key, ..world.letterbox.agency_body() };
    let envelope = world.letterbox.sign_root(body.clone());
    let statement = |envelope: &seal::envelope::Envelope| json!({"statement": wire(envelope)});
    for answer in [dee.get(path).await, dee.post(path, &statement(&envelope)).await] {
        assert_eq!(answer.refusal(), (404, "not-found"));
    }
    let other = Agency::new(9);
    let of_other =
        seal::statement::Agency { notifier_key: other.agency_body().notifier_key, ..body.clone() };
    let archive_key = other.agency_body().archive_key;
    for (code, body) in [
        ("foreign-keys", of_other),
        ("foreign-keys", seal::statement::Agency { archive_key, ..body.clone() }),
        ("foreign-keys", world.letterbox.agency_body()),
        ("wrong-version", seal::statement::Agency { n: 3, ..body.clone() }),
    ] {
        let envelope = world.letterbox.sign_root(body);
        assert_eq!(ada.post(path, &statement(&envelope)).await.refusal(), (422, code));
    }
    let by_herself = world.letterbox.sign(&administrator, body);
    let answer = ada.post(path, &statement(&by_herself)).await;
    assert_eq!(answer.refusal(), (422, "not-entitled"));
    let of_other = statement(&other.statements[0]);
    assert_eq!(ada.post(path, &of_other).await.refusal(), (422, "bad-signature"));

    let before = world.visitor().get("/api/agency").await.ok();
    ada.post(path, &statement(&envelope)).await.ok();
    // Until the worker has logged it, everybody is shown the one before, and an administrator what waits.
    assert_eq!(world.visitor().get("/api/agency").await.ok(), before);
    assert_eq!(ada.get(path).await.ok()["waiting"], wire(&envelope));
    // Whoever lost the answer asks again.
    ada.post(path, &statement(&envelope)).await.ok();
    world.log(&envelope).await;
    assert_eq!(ada.get(path).await.ok()["waiting"], json!(null));
    let now = world.visitor().get("/api/agency").await.ok();
    assert_eq!(now["statement"], wire(&envelope));
    assert_eq!(ada.post(path, &statement(&envelope)).await.refusal(), (422, "wrong-version"));
}
