//! Every route for every kind of person, as one table: what changes there is seen in review.
//!
//! `matrix.txt` is generated from the API's own description. A request carries an empty object and
//! ids that name nothing, so 400, 404 and 422 come from behind the door, or hide that there is one.
//! With `POSTERN_WRITE_SNAPSHOTS` set the table is written anew.

use std::fmt::Write as _;
use std::path::Path;

use axum::Router;
use axum::http::Method;
use domain::id::{AccountId, ArrangementId, MembershipId, PersonId, StaffId, StatementId, TeamId};
use mediation::SiteConfig;
use mediation::config::Audience;
use serde_json::json;
use store::certificates::{Holder, NewCertificate};
use store::statements::NewStatement;
use store::{Actor, Role};

use crate::scene::{Browser, Scene, agency, site, site_config};

/// The columns: a column's name, its site, and how far in somebody is.
const PEOPLE: [(&str, Audience, Reach); 11] = [
    ("nobody", Audience::Family, Reach::Outside),
    ("restricted", Audience::Family, Reach::Restricted),
    ("waiting", Audience::Family, Reach::Proved),
    ("member", Audience::Family, Reach::Certified("birth-parent")),
    ("restricted staff", Audience::Staff, Reach::Restricted),
    ("waiting staff", Audience::Staff, Reach::Proved),
    ("coordinator", Audience::Staff, Reach::Certified("coordinator")),
    ("lead", Audience::Staff, Reach::Certified("lead")),
    ("administrator", Audience::Staff, Reach::Certified("administrator")),
    ("auditor", Audience::Staff, Reach::Certified("auditor")),
    ("records", Audience::Staff, Reach::Certified("records")),
];

#[derive(Clone, Copy)]
enum Reach {
    Outside,
    Restricted,
    Proved,
    Certified(&'static str),
}

#[tokio::test]
async fn who_reaches_what_is_as_written_down() {
    let scene = Scene::new().await;
    let store = scene.database.store(Role::Api).await;
    let staff = SiteConfig { audience: Audience::Staff, ..site_config(&scene.provider.issuer()) };
    let staff_router = site(store, &scene.clock, &staff);
    let mut people = Vec::new();
    for (name, audience, reach) in PEOPLE {
        let router = match audience {
            Audience::Family => scene.router.clone(),
            Audience::Staff => staff_router.clone(),
        };
        people.push(person(&scene, router, name, reach).await);
    }

    let document = scene.browser().get("/api/openapi.json").await.json();
    let mut routes: Vec<(&str, &str)> = document["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().expect("a path").keys().map(|method| (path.as_str(), method.as_str()))
        })
        .filter(|(path, _)| path.starts_with("/api/"))
        .collect();
    // Signing out ends the session that the others need.
    routes.sort_by_key(|(path, method)| (*path == "/api/sign-out", *path, *method));
    let mut table = String::new();
    for (index, (name, ..)) in PEOPLE.iter().enumerate() {
        writeln!(table, "{:>width$} {name}", "|", width = 46 + 4 * index).expect("strings grow");
    }
    for (path, method) in routes {
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
        let (id, name) = ("ab".repeat(16), path.split_once('{').map(|(before, _)| before));
        let id = if name == Some("/api/statements/") { id.repeat(2) } else { id };
        let concrete = path
            .split('/')
            .map(|part| if part.starts_with('{') { id.as_str() } else { part })
            .collect::<Vec<_>>()
            .join("/");
        write!(table, "{:<44}", format!("{:<6} {path}", method.as_str())).expect("strings grow");
        for person in &mut people {
            // Who may, and not how often.
            let mut tx = begin(&scene, Role::Api).await;
            tx.attempt("delete from limits").await.expect("may");
            tx.commit().await.expect("commits");
            let status = person.write(method.clone(), &concrete, &json!({})).await.status.as_u16();
            assert!(status < 500, "{method} {path}: {status}");
            write!(table, " {status}").expect("strings grow");
        }
        table.push('\n');
    }

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/matrix.txt");
    if std::env::var_os("POSTERN_WRITE_SNAPSHOTS").is_some() {
        std::fs::write(&file, &table).expect("writes the table");
    }
    let written = std::fs::read_to_string(&file).expect("the table is there");
    for (now, before) in table.lines().zip(written.lines()) {
        assert_eq!(now, before, "run with POSTERN_WRITE_SNAPSHOTS=1 if that is meant");
    }
    assert_eq!(table.lines().count(), written.lines().count(), "routes came or went");
}

async fn person(scene: &Scene, router: Router, name: &str, reach: Reach) -> Browser {
    let mut browser = Browser { router, ..scene.browser() };
    if matches!(reach, Reach::Outside) {
        return browser;
    }
    scene.sign_in(&mut browser, name).await.expect("signs in");
    if !matches!(reach, Reach::Restricted) {
        scene.open(&mut browser).await;
    }
    if let Reach::Certified(role) = reach {
        let account = browser.account().await;
        certify(scene, account, role).await;
    }
    browser
}

/// Puts a certificate in force, as the worker does once it has verified and logged the statements.
async fn certify(scene: &Scene, account: AccountId, role: &str) {
    let mark = account.to_bytes();
    let id =
        |byte: u8| StatementId::from_bytes([mark, [byte; 16]].concat().try_into().expect("32"));
    let now = scene.clock.now();
    let mut tx = begin(scene, Role::Api).await;
    for (byte, kind) in [(1, "enrol"), (2, if role == "birth-parent" { "member" } else { "staff" })]
    {
        let statement = NewStatement {
            id: id(byte),
            kind,
            envelope: &[b' '; 256],
            account: Some(account),
            refers_to: &[],
            ends: None,
            received_at: now,
        };
        store::statements::insert(&mut tx, &statement).await.expect("stores");
    }
    tx.commit().await.expect("commits");
    let teams = [TeamId::from_bytes([7; 16])];
    let holder = if role == "birth-parent" {
        Holder::Member {
            membership: MembershipId::from_bytes(mark),
            arrangement: ArrangementId::from_bytes(mark),
        }
    } else {
        let (staff, person) = (StaffId::from_bytes(mark), PersonId::from_bytes(mark));
        Holder::Staff { staff, person, teams: &teams }
    };
    let new = NewCertificate {
        id: id(2),
        holder,
        enrol: id(1),
        sign_key: [3; 32],
        seal_key: "age1pq1test",
        roles: vec![role.to_owned()],
        until: None,
        replaces: None,
    };
    let mut tx = begin(scene, Role::Worker).await;
    store::certificates::certify(&mut tx, &new, now).await.expect("certifies");
    tx.commit().await.expect("commits");
}

async fn begin(scene: &Scene, role: Role) -> store::Tx {
    let store = scene.database.store(role).await;
    store.begin(agency(), Actor::Nobody).await.expect("begins")
}
