//! How often each route goes to the database and back. Handing in and deciding are four: begin,
//! authenticate, write, commit. A growing number here is a page that waits longer.

use std::fmt;
use std::sync::{Arc, Mutex};

use seal::statement::Outcome;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::checking::queued;
use crate::sealed::{Draft, decision, decision_request};
use crate::world::World;

/// Remembers the round trips of the newest commit.
#[derive(Clone, Default)]
struct Counter(Arc<Mutex<Option<u64>>>);

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "store::tx"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        struct RoundTrips<'a>(&'a mut Option<u64>);
        impl Visit for RoundTrips<'_> {
            fn record_u64(&mut self, field: &Field, value: u64) {
                if field.name() == "round_trips" {
                    *self.0 = Some(value);
                }
            }
            fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
        }
        event.record(&mut RoundTrips(&mut self.0.lock().expect("unpoisoned")));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Counter {
    fn take(&self) -> u64 {
        self.0.lock().expect("unpoisoned").take().expect("a committed transaction")
    }
}

#[tokio::test]
async fn every_route_goes_to_the_database_as_often_as_it_must() {
    let counter = Counter::default();
    let _counting = tracing::subscriber::set_default(counter.clone());
    let mut world = World::new().await;
    // Another test's thread, which listens to nothing, may have been the first to commit.
    tracing::callsite::rebuild_interest_cache();
    let (mother, coordinator) =
        (world.letterbox.mother.clone(), world.letterbox.coordinator.clone());
    let (person, desk) = (world.person(&mother).await, world.person(&coordinator).await);
    let (checked, head) = queued(&mut world).await;
    let id = checked.letter();
    let arrangement = world.letterbox.arrangement;
    let mut seen = Vec::new();

    let draft = Draft::new(&mut world.letterbox);
    let envelope = draft.sign(&world.letterbox, &mother);
    person.post("/api/letters", &draft.request(&envelope)).await.ok();
    seen.push(("POST /api/letters", counter.take()));
    for (route, path) in [
        ("GET /api/letters", "/api/letters".to_owned()),
        ("GET /api/letters/{id}", format!("/api/letters/{id}")),
        ("GET /api/letters/{id}/proof", format!("/api/letters/{id}/proof")),
        ("GET /api/arrangements", "/api/arrangements".to_owned()),
        ("GET /api/arrangements/{id}", format!("/api/arrangements/{arrangement}")),
        ("GET /api/agency", "/api/agency".to_owned()),
    ] {
        person.get(&path).await.ok();
        seen.push((route, counter.take()));
    }
    desk.get("/api/checks").await.ok();
    seen.push(("GET /api/checks", counter.take()));
    desk.post(&format!("/api/checks/{id}/claim"), &json!({})).await.ok();
    seen.push(("POST /api/checks/{letter}/claim", counter.take()));
    desk.post(&format!("/api/checks/{id}/open"), &json!({"why": "check"})).await.ok();
    seen.push(("POST /api/checks/{letter}/open", counter.take()));
    let (body, grants) = decision(&mut world.letterbox, &checked, head, Outcome::Deliver);
    let envelope = world.letterbox.sign(&coordinator, body);
    let request = decision_request(&envelope, &grants, "fits-plan");
    desk.post(&format!("/api/letters/{id}/decisions"), &request).await.ok();
    seen.push(("POST /api/letters/{id}/decisions", counter.take()));

    let expected = [
        ("POST /api/letters", 4),
        ("GET /api/letters", 4),
        ("GET /api/letters/{id}", 7),
        ("GET /api/letters/{id}/proof", 7),
        ("GET /api/arrangements", 4),
        ("GET /api/arrangements/{id}", 9),
        ("GET /api/agency", 3),
        ("GET /api/checks", 4),
        ("POST /api/checks/{letter}/claim", 4),
        ("POST /api/checks/{letter}/open", 12),
        ("POST /api/letters/{id}/decisions", 4),
    ];
    assert_eq!(seen, expected);
}
