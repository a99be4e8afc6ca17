//! Moves between teams: who offers, who sees the offer, who takes it, and when it cannot be taken yet.

use domain::id::{StatementId, TeamId};
use seal::document::Subject;
use seal::envelope::Envelope;
use seal::file;
use seal::statement::{About, Arrangement};
use seal::testing::Signatory;
use serde_json::{Value, json};

use crate::checking::queued;
use crate::joining::document;
use crate::person::Person;
use crate::sealed::{base64, message, wire};
use crate::world::World;

/// The next version of the arrangement, under another team, with its files.
pub struct Offer {
    version: Arrangement,
    plan: Vec<u8>,
    notes: Vec<u8>,
}

impl Offer {
    pub fn new(world: &mut World, to: TeamId) -> Self {
        let (arrangement, team) = (world.letterbox.arrangement, world.letterbox.team);
        let plan = document(world, Subject::Plan(arrangement));
        let notes = document(world, Subject::Notes(arrangement));
        let next = world.letterbox.next_version(arrangement, team, Vec::new());
        let (plan_hash, notes_hash) = (file::hash(&plan), file::hash(&notes));
        let version = Arrangement { team: to, plan_hash, notes_hash, ..next };
        Self { version, plan, notes }
    }

    /// The first half, or with `prior` the second; and its request.
    pub fn said_by(
        &self,
        world: &World,
        by: &Signatory,
        prior: Option<StatementId>,
    ) -> (Envelope, Value) {
        let body = Arrangement { prior, ..self.version.clone() };
        let statement = world.letterbox.sign(by, body);
        let (plan, notes) = (base64(&self.plan), base64(&self.notes));
        let request = json!({"statement": wire(&statement), "plan": plan, "notes": notes});
        (statement, request)
    }

    /// Offered by the team's lead, and verified.
    pub async fn made(world: &mut World, to: TeamId) -> (Self, StatementId) {
        let lead = world.letterbox.lead.clone();
        let offer = Self::new(world, to);
        let (first, request) = offer.said_by(world, &lead, None);
        world.person(&lead).await.post("/api/arrangements", &request).await.ok();
        world.verified(&first).await;
        (offer, first.id())
    }
}

async fn offers(person: &Person) -> Vec<Value> {
    person.get("/api/moves").await.ok().as_array().expect("a list").clone()
}

#[tokio::test]
async fn only_a_lead_of_the_team_that_has_an_arrangement_offers_it_to_another() {
    let mut world = World::new().await;
    let to = world.letterbox.other_team;
    let offer = Offer::new(&mut world, to);
    let (coordinator, theirs) =
        (world.letterbox.coordinator.clone(), world.letterbox.other_lead.clone());
    for (by, refusal) in [(coordinator, (403, "forbidden")), (theirs, (404, "not-found"))] {
        let (_, request) = offer.said_by(&world, &by, None);
        let answer = world.person(&by).await.post("/api/arrangements", &request).await;
        assert_eq!(answer.refusal(), refusal);
    }
}

#[tokio::test]
async fn an_offer_is_seen_by_both_teams_opened_by_the_leads_it_is_for_and_taken_by_one() {
    let mut world = World::new().await;
    let to = world.letterbox.other_team;
    let (offer, first) = Offer::made(&mut world, to).await;
    let of = &world.letterbox;
    let (lead, coordinator) = (of.lead.clone(), of.coordinator.clone());
    let (taker, colleague) = (of.other_lead.clone(), of.other_coordinator.clone());
    let (here, desk) = (world.person(&lead).await, world.person(&coordinator).await);
    let (there, beside) = (world.person(&taker).await, world.person(&colleague).await);
    for person in [&here, &desk, &there, &beside] {
        let seen = offers(person).await;
        assert_eq!(seen.len(), 1);
        assert_eq!((&seen[0]["statement"], &seen[0]["to"]), (&json!(first), &json!(to)));
    }
    let path = format!("/api/moves/{first}");
    for person in [&here, &desk, &beside] {
        assert_eq!(person.get(&path).await.refusal(), (404, "not-found"));
    }
    assert_eq!(there.get(&path).await.ok()["notes"], base64(&offer.notes));

    // A colleague of theirs who is no lead cannot take it, nor can the team that offers it.
    for (by, person) in [(&colleague, &beside), (&lead, &here)] {
        let (_, request) = offer.said_by(&world, by, Some(first));
        let answer = person.post("/api/arrangements", &request).await;
        assert!(matches!(answer.status.as_u16(), 403 | 404), "{}", answer.body);
    }
    let (second, request) = offer.said_by(&world, &taker, Some(first));
    there.post("/api/arrangements", &request).await.ok();
    world.verified(&second).await;
    assert!(offers(&here).await.is_empty() && offers(&there).await.is_empty());
    assert_eq!(there.get(&path).await.refusal(), (404, "not-found"));
    let arrangement = format!("/api/arrangements/{}", world.letterbox.arrangement);
    assert_eq!(there.get(&arrangement).await.ok()["team"], json!(to));
    assert_eq!(here.get(&arrangement).await.refusal(), (404, "not-found"));
}

#[tokio::test]
async fn another_version_takes_an_offer_back() {
    let mut world = World::new().await;
    let to = world.letterbox.other_team;
    let (_, first) = Offer::made(&mut world, to).await;
    let team = world.letterbox.team;
    let (other, _) = Offer::made(&mut world, team).await;
    assert_eq!(other.version.team, team);
    let taker = world.letterbox.other_lead.clone();
    let there = world.person(&taker).await;
    assert!(offers(&there).await.is_empty());
    assert_eq!(there.get(&format!("/api/moves/{first}")).await.refusal(), (404, "not-found"));
}

#[tokio::test]
async fn an_arrangement_is_not_taken_while_a_letter_or_a_message_waits_in_the_team_that_has_it() {
    let mut world = World::new().await;
    let to = world.letterbox.other_team;
    let (mother, sam) = (world.letterbox.mother.clone(), world.letterbox.coordinator.clone());
    let (letter, submit) = queued(&mut world).await;
    let (_, said, request) = message(&mut world.letterbox, &mother, About::Worry, None);
    let family = world.person(&mother).await;
    family.post("/api/messages", &request).await.ok();
    world.verified(&said).await;

    let (offer, first) = Offer::made(&mut world, to).await;
    let taker = world.letterbox.other_lead.clone();
    let there = world.person(&taker).await;
    let (_, take) = offer.said_by(&world, &taker, Some(first));
    let held_up = (409, "move-held-up");
    assert_eq!(there.post("/api/arrangements", &take).await.refusal(), held_up);

    let withdraw = world.letterbox.withdraw_body(submit);
    let withdraw = world.letterbox.sign(&mother, withdraw);
    let path = format!("/api/letters/{}/withdraw", letter.letter());
    family.post(&path, &json!({"statement": wire(&withdraw)})).await.ok();
    assert_eq!(there.post("/api/arrangements", &take).await.refusal(), held_up);

    let desk = world.person(&sam).await;
    let waiting = desk.get("/api/messages").await.ok();
    let answer = format!("/api/messages/{}/answer", waiting[0]["message"].as_str().expect("an id"));
    desk.post(&answer, &json!({})).await.ok();
    there.post("/api/arrangements", &take).await.ok();
}
