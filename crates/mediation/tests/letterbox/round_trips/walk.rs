//! One request of every route that succeeds.

use domain::id::{ArrangementId, MembershipId};
use mediation::config::Audience;
use seal::account::AccountKey;
use seal::document::Subject;
use seal::file;
use seal::gate::Request;
use seal::random::System;
use seal::statement::{About, Body, Member, Outcome, Phrase, Reason, Revoke, Role};
use seal::testing::{Agency, on_paper};
use seal::words::Words;
use serde_json::{Value, json};

use super::Walk;
use crate::administrators::Back;
use crate::checking::queued;
use crate::joining::{contact_point, document, enrolment, invitation, path};
use crate::moves::Offer;
use crate::provider::{CLIENT_ID, signed};
use crate::receipts::passed_on;
use crate::scene::{self, Scene};
use crate::sealed::{Draft, base64, decision, decision_request, message, wire};
use crate::setting_up::{first_statements, newcomer, next_epoch, request};
use crate::world::{TOKEN, World};

/// Walks past everything; the API's own description.
pub async fn all(walk: &mut Walk) -> Value {
    let document = door(walk).await;
    set_up(walk).await;
    let mut world = World::new().await;
    office(walk, &mut world).await;
    people(walk, &mut world).await;
    arrangements(walk, &mut world).await;
    messages(walk, &mut world).await;
    letters(walk, &mut world).await;
    checks(walk, &mut world).await;
    Box::pin(coming_back(walk)).await;
    document
}

/// Probes, signing in, and what an account keeps here.
async fn door(walk: &mut Walk) -> Value {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    for probe in ["/healthz", "/readyz", "/metrics"] {
        walk.count(browser.get(probe)).await;
    }
    let document = walk.count(browser.get("/api/openapi.json")).await.json();
    walk.count(scene.sign_in(&mut browser, "anna")).await.expect("signs in");
    // The session, new keys, a challenge and its proof.
    let key: AccountKey = walk.count(scene.open(&mut browser)).await;
    walk.count(browser.get("/api/account")).await;
    let next = json!({"version": 2, "sealed": scene::sealed(7)});
    walk.count(browser.write(axum::http::Method::PUT, "/api/account/bundle", &next)).await;
    let device = json!({"kind": "device", "sealed": scene::sealed(3)});
    let added = walk.count(browser.post("/api/account/wraps", &device)).await.json();
    let wrap = format!("/api/account/wraps/{}", added["wrap"].as_str().expect("an id"));
    walk.count(browser.write(axum::http::Method::DELETE, &wrap, &json!({}))).await;
    let draft = format!("/api/drafts/{}", "ab".repeat(16));
    let sealed = json!({"version": 1, "sealed": scene::sealed(5)});
    walk.count(browser.write(axum::http::Method::PUT, &draft, &sealed)).await;
    walk.count(browser.get("/api/drafts")).await;
    walk.count(browser.write(axum::http::Method::DELETE, &draft, &json!({}))).await;
    walk.count(browser.post("/api/words-requests", &json!({}))).await;
    walk.count(browser.get("/api/words-requests/mine")).await;
    let words = Words::from_typed("some words on a card").expect("words");
    let question = Request::new(&words, &mut System).expect("blinds");
    let question = json!({"blinded": scene::base64(question.blinded())});
    walk.count(browser.post("/api/gate", &question)).await;
    // With the gate's count to be forgiven, a proof is at its dearest.
    walk.count(browser.prove(&key)).await;
    walk.count(browser.post("/api/sign-out", &json!({}))).await;
    walk.count(log_out(&scene)).await;
    document
}

/// The provider ends somebody's sessions.
async fn log_out(scene: &Scene) {
    let now = scene.clock.now().as_second();
    let claims = json!({
        "iss": scene.provider.issuer(), "aud": CLIENT_ID, "iat": now, "exp": now + 60, "jti": "one",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}}, "sub": "anna",
    });
    let token = signed(&json!({"alg": "EdDSA", "kid": "first"}), &claims, 1);
    let mut server = scene.browser();
    let request = server
        .request(axum::http::Method::POST, "/api/sign-in/logout")
        .body(format!("logout_token={token}").into());
    server.send(request.expect("a request")).await;
}

/// The first administrator.
async fn set_up(walk: &mut Walk) {
    let world = World::empty().await;
    let account = world.new_account("ada", Audience::Staff).await;
    let ada = world.sign_in(account, true).await;
    let token = format!("Bearer {TOKEN}");
    walk.count(ada.get_with("/api/agency/setup", &token)).await.ok();
    let root = hex::encode(Agency::new(7).root.public_key().as_bytes());
    let whole = request(&first_statements(&world), &root);
    walk.count(ada.post("/api/agency", &whole)).await.ok();
}

/// Policy, teams, keys, staff, and what the log and the quarantine hold.
async fn office(walk: &mut Walk, world: &mut World) {
    let log_key = world.configured_anew();
    let (administrator, lead) =
        (world.letterbox.administrator.clone(), world.letterbox.lead.clone());
    let (ada, dee) = (world.person(&administrator).await, world.person(&lead).await);
    walk.count(world.visitor().get("/api/agency")).await.ok();
    walk.count(ada.put("/api/agency/policy", &json!({}))).await.ok();
    walk.count(ada.get("/api/agency/log-key")).await.ok();
    let body = seal::statement::Agency { log_key, ..world.letterbox.agency_body() };
    let statement = wire(&world.letterbox.sign_root(body));
    let named = json!({"statement": statement});
    walk.count(ada.post("/api/agency/log-key", &named)).await.ok();
    let back = Back::of(world).await;
    let administrators = "/api/agency/administrators";
    walk.count(back.person.post(&format!("{administrators}/invites"), &back.invite())).await.ok();
    let certified = back.enrolled(world).await;
    walk.count(back.person.post(administrators, &certified)).await.ok();
    walk.count(ada.post("/api/teams", &json!({"name": "East"}))).await.ok();
    let epochs = format!("/api/teams/{}/epochs", world.letterbox.team);
    for path in ["/api/teams", &epochs, "/api/staff", "/api/quarantine", "/api/log/checkpoint"] {
        walk.count(dee.get(path)).await.ok();
    }
    for path in ["", "/inclusion"] {
        walk.count(dee.get(&format!("/api/statements/{}{path}", lead.id))).await.ok();
    }
    walk.count(dee.get(&format!("/api/proof?of={}", lead.id))).await.ok();
    walk.count(dee.get("/api/log/consistency?from=1")).await.ok();
    walk.count(dee.put("/api/staff/name", &json!({"name": "Dee"}))).await.ok();
    walk.count(dee.get("/api/words-requests")).await.ok();

    let certificate = newcomer(world).await;
    let certificate = json!({"statement": wire(&world.letterbox.sign(&lead, certificate))});
    walk.count(dee.post("/api/statements/staff", &certificate)).await.ok();
    let target_id = world.letterbox.second_coordinator.id;
    let revoke = Revoke { target_id, reason: Reason::Left };
    let revoke = json!({"statement": wire(&world.letterbox.sign(&lead, revoke))});
    walk.count(dee.post("/api/statements/revoke", &revoke)).await.ok();
    let (epoch, request) = next_epoch(world);
    walk.count(dee.post(&epochs, &request)).await.ok();
    // While it waits, nothing is taken under the one before.
    world.verified(&epoch).await;
}

/// An invitation, the enrolment under it, and the certificate.
async fn people(walk: &mut Walk, world: &mut World) {
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let (code, invite, request) = invitation(world);
    walk.count(desk.post("/api/invites", &request)).await.ok();
    world.verified(&invite).await;
    walk.count(desk.get("/api/invites")).await.ok();
    let found = path(code.keys().locator);
    walk.count(world.visitor().get(&found)).await.ok();

    let account = world.new_account("rose", Audience::Family).await;
    let rose = world.sign_in(account, false).await;
    let (signatory, enrol) = enrolment(world, &code, &invite);
    let request = json!({"statement": wire(&enrol)});
    walk.count(rose.post(&format!("{found}/enrol"), &request)).await.ok();
    walk.count(rose.get("/api/enrolments")).await.ok();
    world.verified(&enrol).await;

    let place = (world.letterbox.grandmother_membership, world.letterbox.arrangement);
    let member = world.letterbox.member_body(&signatory, Role::Grandparent, place);
    let request = json!({"statement": wire(&world.letterbox.sign(&coordinator, member))});
    walk.count(desk.post(&format!("/api/arrangements/{}/members", place.1), &request)).await.ok();
}

/// A new arrangement, and one as its staff and its people see it.
async fn arrangements(walk: &mut Walk, world: &mut World) {
    let (mother, coordinator) =
        (world.letterbox.mother.clone(), world.letterbox.coordinator.clone());
    let (person, desk) = (world.person(&mother).await, world.person(&coordinator).await);
    let team = world.letterbox.team;
    let arrangement = world.letterbox.id(ArrangementId::from_bytes);
    let one = world.letterbox.id(MembershipId::from_bytes);
    let two = world.letterbox.id(MembershipId::from_bytes);
    let members = on_paper(&[(one, "a"), (two, "b")]);
    let mut version = world.letterbox.next_version(arrangement, team, members);
    let plan = document(world, Subject::Plan(arrangement));
    let notes = document(world, Subject::Notes(arrangement));
    let card = document(world, Subject::Card(one));
    (version.plan_hash, version.notes_hash) = (file::hash(&plan), file::hash(&notes));
    let request = json!({
        "statement": wire(&world.letterbox.sign(&coordinator, version)),
        "plan": base64(&plan), "notes": base64(&notes),
        "cards": [{"membership": one, "sealed": base64(&card)}],
    });
    walk.count(desk.post("/api/arrangements", &request)).await.ok();
    let mine = format!("/api/arrangements/{}", world.letterbox.arrangement);
    for somebody in [&person, &desk] {
        walk.count(somebody.get("/api/arrangements")).await.ok();
        walk.count(somebody.get(&mine)).await.ok();
    }
    let (to, taker) = (world.letterbox.other_team, world.letterbox.other_lead.clone());
    let (_, offer) = Offer::made(world, to).await;
    let there = world.person(&taker).await;
    walk.count(there.get("/api/moves")).await.ok();
    walk.count(there.get(&format!("/api/moves/{offer}"))).await.ok();
}

/// Where news is sent to, and a message to the team.
async fn messages(walk: &mut Walk, world: &mut World) {
    let (mother, coordinator) =
        (world.letterbox.mother.clone(), world.letterbox.coordinator.clone());
    let (person, desk) = (world.person(&mother).await, world.person(&coordinator).await);
    let (sealed, contact) = contact_point(world);
    let statement = wire(&world.letterbox.sign(&mother, contact));
    let request = json!({"statement": statement, "sealed": base64(&sealed)});
    walk.count(person.post("/api/contacts", &request)).await.ok();
    walk.count(person.get("/api/contacts")).await.ok();

    let (_, envelope, request) = message(&mut world.letterbox, &mother, About::Worry, None);
    walk.count(person.post("/api/messages", &request)).await.ok();
    let Body::Message(body) = &envelope.unverified().body else { panic!("no message") };
    for somebody in [&person, &desk] {
        walk.count(somebody.get("/api/messages")).await.ok();
    }
    let answer = format!("/api/messages/{}/answer", body.message);
    walk.count(desk.post(&answer, &json!({}))).await.ok();
}

/// A letter handed in, looked at by its writer, and taken back.
async fn letters(walk: &mut Walk, world: &mut World) {
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    walk.count(person.post("/api/letters", &draft.request(&envelope))).await.ok();
    world.verified(&envelope).await;
    walk.count(person.get("/api/letters")).await.ok();
    walk.count(person.get("/api/openings")).await.ok();
    let letter = format!("/api/letters/{}", draft.letter());
    for path in ["", "/proof", "/openings", "/decisions"] {
        walk.count(person.get(&format!("{letter}{path}"))).await.ok();
    }
    let withdraw = world.letterbox.withdraw_body(envelope.id());
    let request = json!({"statement": wire(&world.letterbox.sign(&mother, withdraw))});
    walk.count(person.post(&format!("{letter}/withdraw"), &request)).await.ok();
}

/// A letter claimed, opened and decided on.
async fn checks(walk: &mut Walk, world: &mut World) {
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let (draft, head) = queued(world).await;
    let letter = format!("/api/letters/{}", draft.letter());
    let check = format!("/api/checks/{}", draft.letter());
    let (claim, renew) = (format!("{check}/claim"), format!("{check}/renew"));
    walk.count(desk.get("/api/checks")).await.ok();
    walk.count(desk.post(&claim, &json!({}))).await.ok();
    walk.count(desk.post(&renew, &json!({}))).await.ok();
    walk.count(desk.delete(&claim)).await.ok();
    walk.count(desk.post(&claim, &json!({}))).await.ok();
    walk.count(desk.post(&format!("{check}/open"), &json!({"why": "check"}))).await.ok();
    for path in ["/proof", "/openings", "/decisions"] {
        walk.count(desk.get(&format!("{letter}{path}"))).await.ok();
    }
    let (body, grants) = decision(&mut world.letterbox, &draft, head, Outcome::Deliver);
    let envelope = world.letterbox.sign(&coordinator, body);
    let request = decision_request(&envelope, &grants, "fits-plan");
    walk.count(desk.post(&format!("{letter}/decisions"), &request)).await.ok();
    world.verified(&envelope).await;
    world.settled(draft.letter(), head, envelope.id(), Outcome::Deliver).await;
    world.released(draft.letter(), head, envelope.id()).await;
    let adopter = world.letterbox.adopter.clone();
    let reader = world.person(&adopter).await;
    let body = world.letterbox.receipt_body(head, Phrase::Thanks);
    let request = json!({"statement": wire(&world.letterbox.sign(&adopter, body))});
    walk.count(reader.post(&format!("{letter}/receipts"), &request)).await.ok();
}

/// A letter given back to new keys; new keys that the old ones stop, and those that go on.
async fn coming_back(walk: &mut Walk) {
    let mut world = World::new().await;
    let (_, head) = passed_on(&mut world).await;
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let membership = world.letterbox.adopter_membership;
    let adopter = world.replaced(Role::AdoptiveParent, membership).await;
    walk.count(desk.get(&format!("/api/memberships/{membership}/lost-letters"))).await.ok();
    let body = world.letterbox.reseal_body(head, adopter.id);
    let request = json!({"statement": wire(&world.letterbox.sign(&coordinator, body))});
    walk.count(desk.post("/api/reseals", &request)).await.ok();
    walk.count(desk.get("/api/reseals")).await.ok();

    let mother = world.letterbox.mother.clone();
    let place = (world.letterbox.mother_membership, world.letterbox.arrangement);
    let before = world.letterbox.statements.len();
    let enrolled = world.letterbox.enrol(Some(&coordinator), Role::BirthParent, Some(place));
    world.catch_up(before).await;
    let body = world.letterbox.member_body(&enrolled, Role::BirthParent, place);
    let half = Member { replaces: Some(mother.id), ..body };
    let half = world.letterbox.sign(&coordinator, half);
    world.store_and_verify(&half).await;
    let person = world.person(&mother).await;
    walk.count(person.get("/api/replacements")).await.ok();
    let objection = Revoke { target_id: half.id(), reason: Reason::Mistake };
    let request = json!({"statement": wire(&world.letterbox.sign(&mother, objection))});
    walk.count(person.post("/api/replacements/objections", &request)).await.ok();

    world.with_keys(&mother).await;
    let mut copy = world.letterbox.clone();
    copy.enrol(Some(&coordinator), Role::BirthParent, Some(place));
    let invite = copy.statements[copy.statements.len() - 2].clone();
    let Body::Invite(body) = &invite.unverified().body else { panic!("no invitation") };
    world.store_and_verify(&invite).await;
    let request = json!({"invite": body.invite});
    walk.count(person.post("/api/account/renewal", &request)).await.ok();
}
