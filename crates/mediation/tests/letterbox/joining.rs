//! Invitations, enrolment, certifying, arrangements, contact points and messages.

use domain::id::{InviteId, MembershipId};
use jiff::SignedDuration;
use mediation::config::Audience;
use seal::document::{Document, Subject};
use seal::envelope::Envelope;
use seal::file;
use seal::invite::Code;
use seal::random::{System, bytes};
use seal::statement::{About, Body, Enrol, Invite, Role, SealKey, Statement};
use seal::testing::{NOW, Signatory, on_paper};
use serde_json::{Value, json};

use crate::person::Person;
use crate::sealed::{base64, message, wire};
use crate::world::World;

/// The invitation of a code into the arrangement.
fn invite(world: &mut World, code: &Code, membership: MembershipId, card: &[u8]) -> Invite {
    let keys = code.keys();
    Invite {
        invite: keys.locator,
        membership: Some(membership),
        arrangement: Some(world.letterbox.arrangement),
        role: Role::Grandparent,
        card_hash: Some(file::hash(card)),
        invite_key: keys.sign.public_key(),
        root_tag: keys.root_tag(&world.letterbox.root.public_key()),
        until: NOW + 14 * 86_400,
    }
}

/// A sealed card, plan or notes.
pub fn document(world: &World, subject: Subject) -> Vec<u8> {
    let document = Document { realm: world.letterbox.realm, subject, n: 0 };
    let recipients = [&world.letterbox.epoch.recipient(), &world.letterbox.archive.recipient()];
    document.seal(r#"{"name":"Rose"}"#, &recipients, &mut System).expect("seals")
}

/// An invitation for the grandmother, signed by a coordinator; its code and the request.
pub fn invitation(world: &mut World) -> (Code, Envelope, Value) {
    let coordinator = world.letterbox.coordinator.clone();
    let code = Code::generate(&mut System);
    let membership = world.letterbox.grandmother_membership;
    let card = document(world, Subject::Card(membership));
    let body = invite(world, &code, membership, &card);
    let envelope = world.letterbox.sign(&coordinator, body);
    let request = json!({"statement": wire(&envelope), "card": base64(&card)});
    (code, envelope, request)
}

/// The same, made and verified.
async fn invited(world: &mut World) -> (Code, Envelope) {
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let (code, envelope, request) = invitation(world);
    let made = desk.post("/api/invites", &request).await.ok();
    assert_eq!(made["invite"], json!(code.keys().locator));
    world.verified(&envelope).await;
    (code, envelope)
}

/// Fresh keys, and their enrolment under a code.
pub fn enrolment(world: &World, code: &Code, invite: &Envelope) -> (Signatory, Envelope) {
    let mut new = world.letterbox.agency.clone().keys();
    new.sign = seal::key::SigningKey::generate(&mut System);
    let body = Enrol {
        invite_id: invite.id(),
        sign_key: new.sign.public_key(),
        seal_key: SealKey::from(&new.seal.recipient()),
    };
    let statement = Statement::new(world.letterbox.realm, Some(invite.id()), body);
    let envelope = Envelope::sign_enrol(statement, &code.keys().sign, &new.sign);
    (Signatory { id: envelope.id(), ..new }, envelope)
}

pub fn path(locator: InviteId) -> String {
    format!("/api/invites/{locator}")
}

#[tokio::test]
async fn a_code_leads_to_an_enrolment_a_certificate_and_a_place() {
    let mut world = World::new().await;
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let (code, invitation) = invited(&mut world).await;
    let keys = code.keys();

    // Anybody with the code sees the role and the proof: the code itself tells the true root.
    let found = world.visitor().get(&path(keys.locator)).await.ok();
    assert_eq!(found["role"], "grandparent");
    let proof: seal::ledger::Proof =
        serde_json::from_value(found["proof"].clone()).expect("a proof");
    let ledger = proof.fold(world.letterbox.realm).expect("verifies");
    let Some(Body::Invite(body)) = ledger.statement(invitation.id()).map(|it| &it.body) else {
        panic!("no invitation in its own proof");
    };
    assert!(keys.is_root(&proof.root, &body.root_tag));
    assert_eq!(status(&desk).await, "made");

    let account = world.new_account("rose", Audience::Family).await;
    let rose = world.sign_in(account, false).await;
    let (signatory, enrol) = enrolment(&world, &code, &invitation);
    let enrol_path = format!("{}/enrol", path(keys.locator));
    let request = json!({"statement": wire(&enrol)});
    for _ in 0..2 {
        rose.post(&enrol_path, &request).await.ok();
    }
    world.verified(&enrol).await;
    assert_eq!(status(&desk).await, "joined");
    let used = world.visitor().get(&path(keys.locator)).await;
    assert_eq!(used.refusal(), (410, "code-used"));
    assert_eq!(
        used.body["detail"],
        "This code has been used. If that was not you, call Northmoor now."
    );
    let administrator = world.letterbox.administrator.clone();
    let ada = world.person(&administrator).await;
    let policy = json!({"phone": "01632 960 001"});
    assert_eq!(ada.put("/api/agency/policy", &policy).await.status.as_u16(), 204);
    assert_eq!(
        world.visitor().get(&path(keys.locator)).await.body["detail"],
        "This code has been used. If that was not you, call 01632 960 001 now."
    );
    // Somebody else with the same sheet comes too late.
    let late = world.new_account("mallory", Audience::Family).await;
    let late = world.sign_in(late, false).await;
    let (_, forged) = enrolment(&world, &code, &invitation);
    let answer = late.post(&enrol_path, &json!({"statement": wire(&forged)})).await;
    assert_eq!(answer.refusal(), (410, "code-used"));

    let place = (world.letterbox.grandmother_membership, world.letterbox.arrangement);
    let body = world.letterbox.member_body(&signatory, Role::Grandparent, place);
    let member = world.letterbox.sign(&coordinator, body);
    let certify = format!("/api/arrangements/{}/members", place.1);
    assert_eq!(newest(&desk).await["certificates"], json!([]));
    desk.post(&certify, &json!({"statement": wire(&member)})).await.ok();
    let certificate = |verdict, in_force| (json!(member.id()), json!(verdict), json!(in_force));
    let listed = async || {
        let one = newest(&desk).await["certificates"][0].take();
        assert_eq!(
            (one["judged_at"].is_null(), &one["ended"]),
            (one["verdict"] == "waiting", &json!(false))
        );
        (one["statement"].clone(), one["verdict"].clone(), one["in_force"].clone())
    };
    assert_eq!(listed().await, certificate("waiting", false));
    world.verified(&member).await;
    assert_eq!(status(&desk).await, "certified");
    assert_eq!(listed().await, certificate("logged", true));
    // The member's own session now holds the certificate.
    let session = rose.get("/api/session").await.ok();
    assert_eq!(session["certificates"][0]["membership"], json!(place.0));
}

/// The status of the newest invitation into the team's arrangements.
async fn status(desk: &Person) -> Value {
    newest(desk).await["status"].clone()
}

/// The newest invitation into the team's arrangements.
async fn newest(desk: &Person) -> Value {
    let invites = desk.get("/api/invites").await.ok();
    let newest = invites.as_array().expect("a list").iter().find(|it| !it["card"].is_null());
    newest.expect("an invitation with a card").clone()
}

#[tokio::test]
async fn a_code_that_is_mistyped_or_has_run_out_is_refused_in_the_right_words() {
    let mut world = World::new().await;
    let (code, invitation) = invited(&mut world).await;
    let locator = code.keys().locator;
    let visitor = world.visitor();
    let mistyped = visitor.get(&path(InviteId::from_bytes(bytes(&mut System)))).await;
    assert_eq!(mistyped.refusal(), (404, "no-such-code"));
    assert_eq!(mistyped.body["detail"], "Check your code. It looks like K7PM 4XQD 9RTW.");
    assert_eq!(visitor.get("/api/invites/nonsense").await.status.as_u16(), 404);

    // A code of staff is none on the family site.
    let account = world.new_account("rose", Audience::Staff).await;
    let staff = world.sign_in(account, true).await;
    let (_, enrol) = enrolment(&world, &code, &invitation);
    let enrol_path = format!("{}/enrol", path(locator));
    let request = json!({"statement": wire(&enrol)});
    assert_eq!(staff.post(&enrol_path, &request).await.refusal(), (404, "no-such-code"));

    world.clock.advance(SignedDuration::from_hours(14 * 24));
    let old = visitor.get(&path(locator)).await;
    assert_eq!(old.refusal(), (410, "code-run-out"));
    assert_eq!(old.body["detail"], "This code has run out.");
    let account = world.new_account("rose", Audience::Family).await;
    let rose = world.sign_in(account, false).await;
    assert_eq!(rose.post(&enrol_path, &request).await.refusal(), (410, "code-run-out"));
}

#[tokio::test]
async fn one_code_is_looked_up_so_often_and_no_more() {
    let mut world = World::new().await;
    let (code, _) = invited(&mut world).await;
    let visitor = world.visitor();
    for _ in 0..5 {
        visitor.get(&path(code.keys().locator)).await.ok();
    }
    let answer = visitor.get(&path(code.keys().locator)).await;
    assert_eq!(answer.refusal(), (429, "too-many-tries"));
    assert!(answer.headers.contains_key("retry-after"));
    world.clock.advance(SignedDuration::from_hours(1));
    visitor.get(&path(code.keys().locator)).await.ok();
}

#[tokio::test]
async fn an_enrolment_is_signed_with_the_code_and_the_new_key() {
    let mut world = World::new().await;
    let (code, invitation) = invited(&mut world).await;
    let account = world.new_account("rose", Audience::Family).await;
    let rose = world.sign_in(account, false).await;
    let enrol_path = format!("{}/enrol", path(code.keys().locator));
    // Another code's key.
    let other = Code::generate(&mut System);
    let (_, forged) = enrolment(&world, &other, &invitation);
    let answer = rose.post(&enrol_path, &json!({"statement": wire(&forged)})).await;
    assert_eq!(answer.refusal(), (422, "bad-signature"));
    // A restricted session, or none.
    let (_, enrol) = enrolment(&world, &code, &invitation);
    let answer = world.visitor().post(&enrol_path, &json!({"statement": wire(&enrol)})).await;
    assert_eq!(answer.refusal(), (401, "signed-out"));
}

#[tokio::test]
async fn staff_invite_and_certify_in_their_own_teams() {
    let mut world = World::new().await;
    let other = world.letterbox.other_coordinator.clone();
    let desk = world.person(&other).await;
    let code = Code::generate(&mut System);
    let membership = world.letterbox.grandmother_membership;
    let card = document(&world, Subject::Card(membership));
    let body = invite(&mut world, &code, membership, &card);
    let envelope = world.letterbox.sign(&other, body.clone());
    let request = json!({"statement": wire(&envelope), "card": base64(&card)});
    assert_eq!(desk.post("/api/invites", &request).await.refusal(), (404, "not-found"));
    // A coordinator makes no staff, and a card belongs to its invitation.
    let staff = Invite {
        membership: None,
        arrangement: None,
        card_hash: None,
        role: Role::Lead,
        ..body.clone()
    };
    let envelope = world.letterbox.sign(&other, staff);
    let answer = desk.post("/api/invites", &json!({"statement": wire(&envelope)})).await;
    assert_eq!(answer.refusal(), (422, "not-entitled"));
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let envelope = world.letterbox.sign(&coordinator, body);
    let other_card = base64(&document(&world, Subject::Card(membership)));
    for request in [
        json!({"statement": wire(&envelope)}),
        json!({"statement": wire(&envelope), "card": other_card}),
    ] {
        assert_eq!(desk.post("/api/invites", &request).await.refusal(), (422, "wrong-hash"));
    }
}

#[tokio::test]
async fn an_arrangement_is_written_by_its_team_and_read_by_those_in_it() {
    let mut world = World::new().await;
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let team = world.letterbox.team;
    let (arrangement, one, two) = (
        world.letterbox.id(domain::id::ArrangementId::from_bytes),
        world.letterbox.id(MembershipId::from_bytes),
        world.letterbox.id(MembershipId::from_bytes),
    );
    let (plan, notes) = (
        document(&world, Subject::Plan(arrangement)),
        document(&world, Subject::Notes(arrangement)),
    );
    let members = on_paper(&[(one, "a"), (two, "b")]);
    let mut version = world.letterbox.next_version(arrangement, team, members);
    version.plan_hash = file::hash(&plan);
    version.notes_hash = file::hash(&notes);
    let envelope = world.letterbox.sign(&coordinator, version.clone());
    let card = document(&world, Subject::Card(one));
    let request = json!({
        "statement": wire(&envelope), "plan": base64(&plan), "notes": base64(&notes),
        "cards": [{"membership": one, "sealed": base64(&card)}],
    });
    let swapped = json!({
        "statement": wire(&envelope), "plan": base64(&notes), "notes": base64(&plan),
    });
    assert_eq!(desk.post("/api/arrangements", &swapped).await.refusal(), (422, "wrong-hash"));
    let other = world.letterbox.other_coordinator.clone();
    let stranger = world.person(&other).await;
    let foreign = json!({"statement": wire(&world.letterbox.sign(&other, version.clone())),
        "plan": base64(&plan), "notes": base64(&notes)});
    assert_eq!(stranger.post("/api/arrangements", &foreign).await.refusal(), (404, "not-found"));
    desk.post("/api/arrangements", &request).await.ok();
    world.verified(&envelope).await;

    let read = desk.get(&format!("/api/arrangements/{arrangement}")).await.ok();
    assert_eq!(read["plan"], base64(&plan));
    assert_eq!(read["notes"], base64(&notes));
    assert_eq!(read["cards"][0]["sealed"], base64(&card));
    assert_eq!(read["members"].as_array().map(Vec::len), Some(2));
    // Another team's staff name the same person in something of their own, which nobody verified.
    let elsewhere = world.letterbox.id(domain::id::ArrangementId::from_bytes);
    let theirs = world.letterbox.other_team;
    let mut planted = world.letterbox.next_version(elsewhere, theirs, on_paper(&[(one, "a")]));
    planted.plan_hash = file::hash(&plan);
    planted.notes_hash = file::hash(&notes);
    let planted = json!({
        "statement": wire(&world.letterbox.sign(&other, planted)),
        "plan": base64(&plan), "notes": base64(&notes),
        "cards": [{"membership": one, "sealed": base64(&document(&world, Subject::Card(one)))}],
    });
    world.clock.advance(jiff::SignedDuration::from_mins(1));
    stranger.post("/api/arrangements", &planted).await.ok();
    let read = desk.get(&format!("/api/arrangements/{arrangement}")).await.ok();
    assert_eq!(read["cards"][0]["sealed"], base64(&card));
    // The first version again, or a second that forgets it.
    version.reviewers = 2;
    let lead = world.letterbox.lead.clone();
    let stale = world.letterbox.sign(&lead, version);
    let request = json!({
        "statement": wire(&stale), "plan": base64(&plan), "notes": base64(&notes),
    });
    let manager = world.person(&lead).await;
    let answer = manager.post("/api/arrangements", &request).await;
    assert_eq!(answer.refusal(), (409, "stale-arrangement"));
    assert_eq!(answer.body["newest"], json!(envelope.id()));

    // The mother sees her own, with what she needs to write, and no notes.
    let mother = world.letterbox.mother.clone();
    let person = world.person(&mother).await;
    assert_eq!(person.get("/api/arrangements").await.ok().as_array().map(Vec::len), Some(1));
    let path = format!("/api/arrangements/{arrangement}");
    assert_eq!(person.get(&path).await.refusal(), (404, "not-found"));
    let mine = world.letterbox.arrangement;
    let mine = person.get(&format!("/api/arrangements/{mine}")).await.ok();
    assert_eq!((&mine["notes"], &mine["cards"]), (&json!(null), &json!([])));
    assert!(mine["epoch"]["review_key"].as_str().is_some_and(|key| key.starts_with("age1pq1")));
    let proof: seal::ledger::Proof =
        serde_json::from_value(mine["proof"].clone()).expect("a proof");
    proof.fold(world.letterbox.realm).expect("verifies");
}

/// The mother's contact point, sealed, and its statement.
pub fn contact_point(world: &mut World) -> (Vec<u8>, seal::statement::Contact) {
    let membership = world.letterbox.mother_membership;
    let contact = seal::contact::Contact {
        realm: world.letterbox.realm,
        membership,
        n: 1,
        channel: seal::contact::Channel::Email,
        address: "rose@example.org".into(),
        lang: seal::contact::Language::Cy,
        avoid: vec![],
    };
    let sealed = contact.seal(&world.letterbox.notifier.recipient()).expect("seals");
    let mut body = world.letterbox.contact_body(membership, 1);
    body.sealed_hash = file::hash(&sealed);
    (sealed, body)
}

#[tokio::test]
async fn a_contact_point_is_opaque_and_ones_own() {
    let mut world = World::new().await;
    let (mother, adopter) = (world.letterbox.mother.clone(), world.letterbox.adopter.clone());
    let (sealed, body) = contact_point(&mut world);
    let envelope = world.letterbox.sign(&mother, body.clone());
    let request = json!({"statement": wire(&envelope), "sealed": base64(&sealed)});
    let person = world.person(&mother).await;
    person.post("/api/contacts", &request).await.ok();
    let mine = person.get("/api/contacts").await.ok();
    assert_eq!((&mine[0]["channel"], &mine[0]["state"]), (&json!("email"), &json!("waiting")));
    assert!(mine[0].get("sealed").is_none());
    let (second, again) = contact_point(&mut world);
    let envelope = world.letterbox.sign(&mother, again);
    let request = json!({"statement": wire(&envelope), "sealed": base64(&second)});
    assert_eq!(person.post("/api/contacts", &request).await.refusal(), (409, "stale-contact"));
    // Of somebody else.
    let envelope = world.letterbox.sign(&adopter, body);
    let request = json!({"statement": wire(&envelope), "sealed": base64(&sealed)});
    let other = world.person(&adopter).await;
    assert_eq!(other.post("/api/contacts", &request).await.refusal(), (404, "not-found"));
}

#[tokio::test]
async fn a_worry_reaches_the_team_and_nobody_else() {
    let mut world = World::new().await;
    let mother = world.letterbox.mother.clone();
    let (draft, envelope, request) = message(&mut world.letterbox, &mother, About::Worry, None);
    let Body::Message(body) = &envelope.unverified().body else { panic!("no message") };
    let person = world.person(&mother).await;
    for _ in 0..2 {
        person.post("/api/messages", &request).await.ok();
    }
    let mine = person.get("/api/messages").await.ok();
    assert_eq!((&mine[0]["about"], &mine[0]["ciphertext"]), (&json!("worry"), &json!(null)));
    let adopter = world.letterbox.adopter.clone();
    assert_eq!(world.person(&adopter).await.get("/api/messages").await.ok(), json!([]));
    let other = world.letterbox.other_lead.clone();
    let stranger = world.person(&other).await;
    assert_eq!(stranger.get("/api/messages").await.ok(), json!([]));

    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let waiting = desk.get("/api/messages").await.ok();
    assert_eq!(waiting[0]["ciphertext"], base64(&draft.ciphertext));
    assert_eq!(waiting[0]["grant"], base64(&draft.epoch));
    let answer = format!("/api/messages/{}/answer", body.message);
    assert_eq!(stranger.post(&answer, &json!({})).await.refusal(), (404, "not-found"));
    assert_eq!(desk.post(&answer, &json!({})).await.status.as_u16(), 204);
    assert_eq!(desk.get("/api/messages").await.ok(), json!([]));
    assert!(person.get("/api/messages").await.ok()[0]["answered_at"].is_string());
}
