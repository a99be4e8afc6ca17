//! One member's things, and everybody who might want to see them.

use std::collections::BTreeMap;

use axum::http::Method;
use domain::id::{ArrangementId, InviteId, MembershipId, StatementId, TeamId};
use seal::account::AccountKey;
use seal::file;
use seal::statement::{About, Body, Outcome, Phrase, Reason, Reseal, Revoke, Role};
use seal::testing::{Signatory, on_paper};
use serde_json::{Value, json};
use store::Actor;

use crate::checking::queued;
use crate::joining::{contact_point, invitation};
use crate::moves::Offer;
use crate::person::Person;
use crate::reseals;
use crate::scene;
use crate::sealed::{Draft, base64, decision, decision_request, message, wire};
use crate::world::World;

/// The ids of the mother's things by the path they stand in, and what was written of them.
pub struct Things {
    ids: BTreeMap<&'static str, String>,
    written: BTreeMap<(&'static str, &'static str), Value>,
    /// The team that the arrangement is offered to.
    offered_to: TeamId,
}

impl Things {
    /// Makes them: an account with a wrap and a draft, a letter that was passed on and answered,
    /// another one in the queue, a message, a contact point, an open invitation, and an offer of the
    /// arrangement to a third team.
    pub async fn of(world: &mut World) -> Self {
        let (mother, sam) = (world.letterbox.mother.clone(), world.letterbox.coordinator.clone());
        let person = world.person(&mother).await;
        let desk = world.person(&sam).await;
        let mut written = BTreeMap::new();

        let account = person.get("/api/session").await.ok()["account"].clone();
        let account = account.as_str().expect("an account").parse().expect("an id");
        let keys = scene::new_account(&AccountKey::from_bytes([9; 32]), account);
        person.post("/api/account", &keys).await.ok();
        written.insert(("POST", "/api/account"), keys);
        let device = json!({"kind": "device", "sealed": scene::sealed(3)});
        let wrap = person.post("/api/account/wraps", &device).await.ok()["wrap"].clone();
        written.insert(("POST", "/api/account/wraps"), device);
        let draft = "cd".repeat(16);
        let sealed = json!({"version": 1, "sealed": scene::sealed(5)});
        person.put(&format!("/api/drafts/{draft}"), &sealed).await.ok();
        let next = json!({"version": 2, "sealed": scene::sealed(6)});
        written.insert(("PUT", "/api/drafts/{letter}"), next);

        let (letter, head) = queued(world).await;
        desk.post(&format!("/api/checks/{}/claim", letter.letter()), &json!({})).await.ok();
        let (body, grants) = decision(&mut world.letterbox, &letter, head, Outcome::Deliver);
        let deliver = world.letterbox.sign(&sam, body);
        let request = decision_request(&deliver, &grants, "fits-plan");
        let path = format!("/api/letters/{}/decisions", letter.letter());
        desk.post(&path, &request).await.ok();
        written.insert(("POST", "/api/letters/{id}/decisions"), request);
        world.verified(&deliver).await;
        world.settled(letter.letter(), head, deliver.id(), Outcome::Deliver).await;
        world.released(letter.letter(), head, deliver.id()).await;
        let (adopter, given_back) = given_back(world, &letter, head).await;
        written.insert(("POST", "/api/reseals"), given_back);
        let receipt = world.letterbox.receipt_body(head, Phrase::Thanks);
        let receipt = json!({"statement": wire(&world.letterbox.sign(&adopter, receipt))});
        written.insert(("POST", "/api/letters/{id}/receipts"), receipt);

        let (waiting, submit) = queued(world).await;
        let envelope = waiting.sign(&world.letterbox, &mother);
        written.insert(("POST", "/api/letters"), waiting.request(&envelope));
        let withdraw = world.letterbox.withdraw_body(submit);
        let withdraw = json!({"statement": wire(&world.letterbox.sign(&mother, withdraw))});
        written.insert(("POST", "/api/letters/{id}/withdraw"), withdraw);
        written.insert(("POST", "/api/checks/{letter}/open"), json!({"why": "check"}));

        let (_, said, request) = message(&mut world.letterbox, &mother, About::Worry, None);
        person.post("/api/messages", &request).await.ok();
        written.insert(("POST", "/api/messages"), request);
        let Body::Message(said) = &said.unverified().body else { panic!("no message") };
        let said = said.message.to_string();
        let (sealed, contact) = contact_point(world);
        let contact = wire(&world.letterbox.sign(&mother, contact));
        let request = json!({"statement": contact, "sealed": base64(&sealed)});
        person.post("/api/contacts", &request).await.ok();
        written.insert(("POST", "/api/contacts"), request);
        let (code, invite, request) = invitation(world);
        desk.post("/api/invites", &request).await.ok();
        world.verified(&invite).await;
        written.insert(("POST", "/api/invites"), request);

        let (again, half, objection) = new_keys_asked(world, &mother).await;
        written.insert(("POST", "/api/replacements/objections"), objection);
        written.insert(("POST", "/api/account/renewal"), json!({"invite": again}));

        let third = world.letterbox.id(TeamId::from_bytes);
        let mut tx = world.begin_api(Actor::Nobody).await;
        store::teams::insert(&mut tx, third, "East").await.expect("a team");
        tx.commit().await.expect("commits");
        let (_, offer) = Offer::made(world, third).await;

        let ids = BTreeMap::from([
            ("/api/account/wraps/", wrap.as_str().expect("an id").to_owned()),
            ("/api/arrangements/", world.letterbox.arrangement.to_string()),
            ("/api/checks/", waiting.letter().to_string()),
            ("/api/drafts/", draft),
            ("/api/invites/", code.keys().locator.to_string()),
            ("/api/letters/", letter.letter().to_string()),
            ("/api/memberships/", world.letterbox.adopter_membership.to_string()),
            ("/api/messages/", said),
            ("/api/moves/", offer.to_string()),
            ("/api/replacements/", half.to_string()),
            ("/api/statements/", head.to_string()),
            ("/api/teams/", world.letterbox.team.to_string()),
        ]);
        Self { ids, written, offered_to: third }
    }

    /// A route's path with the id of what really is there, and what it must be asked with.
    pub fn path(&self, template: &str) -> String {
        match template {
            "/api/log/consistency" => return format!("{template}?from=1"),
            "/api/proof" => return format!("{template}?of={}", self.ids["/api/statements/"]),
            _ => {}
        }
        let Some((before, rest)) = template.split_once('{') else { return template.to_owned() };
        let id = self.ids.get(before).unwrap_or_else(|| panic!("nothing stands in {template}"));
        let after = rest.split_once('}').expect("a closing brace").1;
        assert!(!after.contains('{'), "{template} has two ids: say which");
        format!("{before}{id}{after}")
    }

    /// No list, and no other answer, may name any of them.
    pub fn assert_not_in(&self, answer: &str, what: &str) {
        for (place, id) in self.ids.iter().filter(|(place, _)| **place != "/api/teams/") {
            assert!(!answer.contains(id.as_str()), "{what} names what stands in {place}");
        }
    }

    /// What somebody entitled wrote there, or nothing in particular.
    pub fn body(&self, template: &str, method: &Method) -> Value {
        let wrote = |(m, path): &(&str, &str)| *m == method.as_str() && *path == template;
        let found = self.written.iter().find(|(route, _)| wrote(route));
        found.map_or_else(|| json!({}), |(_, body)| body.clone())
    }
}

/// The letter's reader loses everything and has new keys; two coordinators give the letter back, and
/// the second has sent this.
async fn given_back(world: &mut World, letter: &Draft, head: StatementId) -> (Signatory, Value) {
    let membership = world.letterbox.adopter_membership;
    let adopter = world.replaced(Role::AdoptiveParent, membership).await;
    world.letterbox.adopter = adopter.clone();
    let (sam, dee) =
        (world.letterbox.coordinator.clone(), world.letterbox.second_coordinator.clone());
    let body = world.letterbox.reseal_body(head, adopter.id);
    let first = world.letterbox.sign(&sam, body);
    let request = json!({"statement": wire(&first)});
    world.person(&sam).await.post("/api/reseals", &request).await.ok();
    world.given_back(&first).await;
    let sealed = reseals::grant(world, letter, &adopter);
    let second = Reseal { prior: Some(first.id()), grant_hash: Some(file::hash(&sealed)), ..body };
    let second = world.letterbox.sign(&dee, second);
    let request = json!({"statement": wire(&second), "grant": base64(&sealed)});
    world.person(&dee).await.post("/api/reseals", &request).await.ok();
    world.given_back(&second).await;
    (adopter, request)
}

/// Somebody asks for new keys in this member's place: the code they have not used yet, the first half
/// of what would end the member's certificate, and the member's objection to that.
async fn new_keys_asked(world: &mut World, mother: &Signatory) -> (InviteId, StatementId, Value) {
    let half = world.asked_for_new_keys().await;
    let sam = world.letterbox.coordinator.clone();
    let place = (world.letterbox.mother_membership, world.letterbox.arrangement);
    let objection = Revoke { target_id: half.id(), reason: Reason::Mistake };
    let objection = json!({"statement": wire(&world.letterbox.sign(mother, objection))});
    let mut copy = world.letterbox.clone();
    let since = copy.statements.len();
    copy.enrol(Some(&sam), Role::BirthParent, Some(place));
    let invite = copy.statements[since].clone();
    let Body::Invite(body) = &invite.unverified().body else { panic!("no invitation") };
    world.store_and_verify(&invite).await;
    (body.invite, half.id(), objection)
}

/// The columns of the table. Whose the things are comes last, and may change them.
pub struct People(pub Vec<(&'static str, Person)>);

impl People {
    /// Signs everybody in.
    pub async fn of(world: &mut World, things: &Things) -> Self {
        let mut elsewhere = world.beside().await;
        let since = world.letterbox.agency.statements.len();
        let (lead, ada) = (world.letterbox.lead.clone(), world.letterbox.administrator.clone());
        let agency = &mut world.letterbox.agency;
        let auditor = agency.staff((&lead, &ada), &[Role::Auditor], &[]);
        let records = agency.staff((&lead, &ada), &[Role::Records], &[]);
        let taker = agency.root_staff(&[Role::Lead], &[things.offered_to]);
        let arrangement = world.letterbox.id(ArrangementId::from_bytes);
        let membership = world.letterbox.id(MembershipId::from_bytes);
        let (team, sam) = (world.letterbox.team, world.letterbox.coordinator.clone());
        let members = on_paper(&[(membership, "a")]);
        let version = world.letterbox.next_version(arrangement, team, members);
        world.letterbox.agency.say(&sam, version);
        let stranger =
            world.letterbox.agency.join(&sam, Role::BirthParent, (membership, arrangement));
        world.catch_up(since).await;
        let (mother, their_lead) =
            (elsewhere.letterbox.mother.clone(), elsewhere.letterbox.lead.clone());
        let mut people = vec![
            ("nobody", world.visitor()),
            ("another agency's member", elsewhere.person(&mother).await),
            ("another agency's lead", elsewhere.person(&their_lead).await),
        ];
        for (name, somebody) in [
            ("a member of another arrangement", stranger),
            ("another team's coordinator", world.letterbox.other_coordinator.clone()),
            ("another team's lead", world.letterbox.other_lead.clone()),
            ("auditor", auditor),
            ("records", records),
            ("administrator", ada),
            ("lead of the team it is offered to", taker),
            ("lead", lead),
            ("another coordinator of the team", world.letterbox.second_coordinator.clone()),
            ("the coordinator who checks", sam),
            ("the other member", world.letterbox.adopter.clone()),
            ("the member whose it is", world.letterbox.mother.clone()),
        ] {
            people.push((name, world.person(&somebody).await));
        }
        Self(people)
    }
}
