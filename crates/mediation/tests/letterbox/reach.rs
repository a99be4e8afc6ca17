//! Who reaches whose things: every route, asked for what really exists, by everybody it could be
//! hidden from. As one table, so that what changes is seen in review.
//!
//! The things are one member's: their letter, passed on; another that is being checked; their draft,
//! message, arrangement, invitation. What is written is what somebody entitled sent before, so an
//! answer below 400 is a door that stood open. `reach.txt` is made from the API's own description:
//! a route that it does not have fails. With `POSTERN_WRITE_SNAPSHOTS` set it is written anew.

mod things;

use std::fmt::Write as _;
use std::path::Path;

use axum::http::Method;
use serde_json::Value;

use self::things::{People, Things};
use crate::person::{Answer, Person};
use crate::world::World;

/// To whom nothing of the member's may show, not even that it is there.
const OUTSIDE: [&str; 6] = [
    "nobody",
    "another agency's member",
    "another agency's lead",
    "a member of another arrangement",
    "another team's coordinator",
    "another team's lead",
];

/// What names nothing, in the place of each kind of id.
fn absent(path: &str) -> String {
    let id = "ab".repeat(16);
    let id = if path.starts_with("/api/statements/") { id.repeat(2) } else { id };
    path.split('/')
        .map(|part| if part.starts_with('{') { id.as_str() } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

fn routes(document: &Value) -> Vec<(String, Method)> {
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        // Probes say nothing of anybody; signing in and the provider's own door stand open to all,
        // and have tests of their own.
        if !path.starts_with("/api/") || path.starts_with("/api/sign-in") {
            continue;
        }
        for method in item.as_object().expect("a path").keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            routes.push((path.clone(), method));
        }
    }
    // What only reads comes first, and what ends the session that the others need last.
    routes.sort_by_key(|(path, method)| {
        let ends = ["/api/account/renewal", "/api/sign-out"].iter().position(|it| it == path);
        (ends, !method.is_safe(), path.clone(), method.to_string())
    });
    routes
}

async fn ask(person: &Person, method: &Method, path: &str, body: &Value) -> Answer {
    person.send(method.clone(), path, body, None).await
}

/// Hidden and absent: the same status, the same headers, the same bytes.
fn assert_same(hidden: &Answer, absent: &Answer, what: &str) {
    assert_eq!(hidden.status, absent.status, "{what}");
    assert_eq!(hidden.headers, absent.headers, "{what}");
    assert_eq!(hidden.bytes, absent.bytes, "{what}");
}

#[tokio::test]
async fn everybody_reaches_what_is_written_down_and_hidden_looks_like_absent() {
    let mut world = World::new().await;
    let things = Box::pin(Things::of(&mut world)).await;
    let people = Box::pin(People::of(&mut world, &things)).await;
    let document = world.visitor().get("/api/openapi.json").await.ok();
    let mut table = String::new();
    for (index, (name, _)) in people.0.iter().enumerate() {
        writeln!(table, "{:>width$} {name}", "|", width = 46 + 4 * index).expect("strings grow");
    }
    for (path, method) in routes(&document) {
        write!(table, "{:<44}", format!("{:<6} {path}", method.as_str())).expect("strings grow");
        let (real, body) = (things.path(&path), things.body(&path, &method));
        for (name, person) in &people.0 {
            let what = format!("{method} {path} by {name}");
            world.forget_limits().await;
            let answer = ask(person, &method, &real, &body).await;
            assert!(answer.status.as_u16() < 500, "{what}: {}", answer.status);
            write!(table, " {}", answer.status.as_u16()).expect("strings grow");
            let is_outside = OUTSIDE.contains(name);
            let is_refused =
                answer.status.as_u16() == 404 || is_outside && answer.status.is_client_error();
            if path.contains('{') && is_refused {
                let nothing = ask(person, &method, &absent(&path), &body).await;
                assert_same(&answer, &nothing, &what);
            }
            if is_outside && !path.contains('{') {
                things.assert_not_in(&answer.body.to_string(), &what);
            }
        }
        table.push('\n');
    }

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letterbox/reach.txt");
    if std::env::var_os("POSTERN_WRITE_SNAPSHOTS").is_some() {
        std::fs::write(&file, &table).expect("writes the table");
    }
    let written = std::fs::read_to_string(&file).expect("the table is there");
    for (now, before) in table.lines().zip(written.lines()) {
        assert_eq!(now, before, "run with POSTERN_WRITE_SNAPSHOTS=1 if that is meant");
    }
    assert_eq!(table.lines().count(), written.lines().count(), "routes came or went");
}
