//! How often each route goes to the database and back, as one table: a growing number is a page
//! that waits longer, and is seen in review.
//!
//! `round_trips.txt` holds every route of the API's own description. What counts is a request that
//! succeeds, begin and commit included; a number less two is its statements. Handing in and
//! deciding are four: begin, authenticate, write, commit. With `POSTERN_WRITE_SNAPSHOTS` set the
//! table is written anew.

mod walk;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::mem;
use std::path::Path;

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// The most that handing in and deciding may take.
const MOST: u64 = 4;

/// Path and method of a route, in the order of the table.
type Route = (String, String);

/// Hears every commit, and every answer with its route; each thread's apart, because other tests
/// run on other threads.
struct Listener;

thread_local! {
    static HEARD: RefCell<Heard> = RefCell::default();
}

#[derive(Default)]
struct Heard {
    /// Round trips of what was committed since the last answer.
    committed: u64,
    answered: Vec<Answered>,
}

#[derive(Default)]
struct Answered {
    route: Route,
    status: u64,
    round_trips: u64,
}

impl Visit for Answered {
    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "round_trips" => self.round_trips = value,
            "status" => self.status = value,
            _ => {}
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "route" => value.clone_into(&mut self.route.0),
            "method" => value.clone_into(&mut self.route.1),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        matches!(metadata.target(), "store::tx" | "mediation::health")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Answered::default();
        event.record(&mut fields);
        HEARD.with_borrow_mut(|heard| {
            if event.metadata().target() == "store::tx" {
                heard.committed += fields.round_trips;
            } else {
                fields.round_trips = mem::take(&mut heard.committed);
                heard.answered.push(fields);
            }
        });
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// A walk past every route, and how often each went to the database.
#[derive(Default)]
struct Walk {
    seen: BTreeMap<Route, u64>,
}

impl Walk {
    /// Notes what the requests of a future take; all must succeed. Of a route that is asked twice,
    /// the dearer counts.
    async fn count<T>(&mut self, requests: impl Future<Output = T>) -> T {
        // The tests' own transactions, in which the worker is played, are none of a request.
        HEARD.take();
        let answer = requests.await;
        for Answered { route, status, round_trips } in HEARD.take().answered {
            assert!(status < 400, "{route:?}: {status}");
            let most = self.seen.entry(route).or_default();
            *most = round_trips.max(*most);
        }
        answer
    }

    fn table(&self) -> String {
        let mut table = String::new();
        for ((path, method), round_trips) in &self.seen {
            let route = format!("{method:<6} {path}");
            writeln!(table, "{route:<40} {round_trips}").expect("strings grow");
        }
        table
    }
}

/// Every route of the API's description.
fn described(document: &Value) -> Vec<Route> {
    let paths = document["paths"].as_object().expect("paths");
    let methods = |item: &Value| -> Vec<_> {
        item.as_object().expect("a path").keys().map(|method| method.to_uppercase()).collect()
    };
    paths
        .iter()
        .flat_map(|(path, item)| methods(item).into_iter().map(|method| (path.clone(), method)))
        .collect()
}

#[tokio::test]
async fn every_route_goes_to_the_database_as_often_as_is_written_down() {
    tracing::subscriber::set_global_default(Listener).expect("nobody else listens");
    // Another test's thread may have been the first to commit, when nobody listened yet.
    tracing::callsite::rebuild_interest_cache();
    let mut walk = Walk::default();
    let document = Box::pin(walk::all(&mut walk)).await;

    for route in described(&document) {
        assert!(walk.seen.contains_key(&route), "no request of {route:?}: add one to the walk");
    }
    for path in ["/api/letters", "/api/letters/{id}/decisions"] {
        let round_trips = walk.seen[&(path.to_owned(), "POST".to_owned())];
        assert!(round_trips <= MOST, "{path} takes {round_trips} round trips");
    }
    let table = walk.table();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letterbox/round_trips.txt");
    if std::env::var_os("POSTERN_WRITE_SNAPSHOTS").is_some() {
        std::fs::write(&file, &table).expect("writes the table");
    }
    let written = std::fs::read_to_string(&file).expect("the table is there");
    for (now, before) in table.lines().zip(written.lines()) {
        assert_eq!(now, before, "run with POSTERN_WRITE_SNAPSHOTS=1 if that is meant");
    }
    assert_eq!(table.lines().count(), written.lines().count(), "routes came or went");
}
