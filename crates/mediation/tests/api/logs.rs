//! What the log of a whole sign-in says, and does not.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::provider::{Lie, query};
use crate::scene::{ORIGIN, Scene, place};

/// Keeps every event of our own crates, whatever its level, by the thread it happened on. For the
/// whole process: a subscriber of one thread would miss what other tests' threads met first.
#[derive(Clone, Default)]
struct Keeper(Arc<Mutex<HashMap<ThreadId, String>>>);

impl Subscriber for Keeper {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("mediation") || metadata.target().starts_with("store")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut kept = self.0.lock().expect("unpoisoned");
        event.record(&mut Line(kept.entry(thread::current().id()).or_default()));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        writeln!(self.0, "{field}={value:?}").expect("strings grow");
    }
}

#[tokio::test]
async fn the_log_names_accounts_and_outcomes_and_no_secret_or_subject() {
    let keeper = Keeper::default();
    tracing::subscriber::set_global_default(keeper.clone()).expect("the only one");
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let callback = scene.begin(&mut browser, "/join/words", "anna-subject").await.expect("begins");
    let mut secrets = browser.cookies.clone();
    secrets.extend(query(&format!("{ORIGIN}{callback}")));
    place(&browser.get(&callback).await).expect("signs in");
    secrets.extend(browser.cookies.clone());
    let (mut ben, _) = scene.proved("ben-subject").await;
    secrets.insert("ben".into(), ben.session_cookie().expect("a session").clone());
    let account = ben.account().await.to_string();
    scene.provider.lie(Lie::OtherNonce);
    scene.sign_in(&mut scene.browser(), "anna-subject").await.expect_err("refused");
    ben.post("/api/gate", &json!({"blinded": "AAAA"})).await;

    // A test's runtime has one thread, so what it did stands in one place.
    let kept = keeper.0.lock().expect("unpoisoned").clone();
    let log = &kept[&thread::current().id()];
    for said in ["signed in", "keys opened", "another nonce", &account] {
        assert!(log.contains(said), "{said} is missing in\n{log}");
    }
    for secret in secrets.values().map(String::as_str).chain([
        "anna-subject",
        "ben-subject",
        "localhost",
        "127.0.0.1",
        "/join/words",
        "code=",
    ]) {
        assert!(!log.contains(secret), "{secret} is in\n{log}");
    }
}
