//! Lies about the log: an honest history in a log that is not the one that was seen.

use client::Account;
use domain::id::Realm;
use seal::checkpoint::Checkpoint;
use seal::random::System;
use serde_json::{Value, json};
use xtask::seed::Decision;

use super::{Change, assert_untrusted, change, flip, liars_key};
use crate::liar::Liar;
use crate::scene::{run, shared};

/// What a server may say of the log beside an honest history.
pub fn lies(realm: Realm) -> Vec<(&'static str, Change)> {
    let forged = Checkpoint { size: 1, root: [7; 32] }.sign(realm, &liars_key());
    vec![
        ("no log", change(|proof| proof["log"] = Value::Null)),
        ("the liar's checkpoint", change(move |proof| proof["log"]["note"] = json!(forged))),
        (
            "an entry altered",
            change(|proof| proof["log"]["places"][1]["salt"] = json!("7".repeat(32))),
        ),
        ("an entry held back", change(|proof| proof["log"]["places"][1] = Value::Null)),
        (
            "entries in another order",
            change(|proof| proof["log"]["places"].as_array_mut().unwrap().swap(1, 2)),
        ),
        ("a stretch of the tree", flip_in_log()),
    ]
}

fn flip_in_log() -> Change {
    let flip = flip("hashes");
    change(move |proof| flip(&mut proof["log"]))
}

#[test]
fn a_reader_who_has_seen_more_is_not_shown_less() {
    run(async {
        let scene = shared().await;
        let liar = Liar::before(scene.stack.family()).await;
        let mut kerry = liar.welcomes(&scene.kerry).await;
        let [priya, _] = &scene.agency.coordinators;
        let me = scene.letterbox.of("Kerry");
        let text = "Once seen, always there.";
        let letter = scene.beth.write(&scene.letterbox, text).await.unwrap().letter;
        priya.check(letter, Decision::DELIVER).await.unwrap();
        kerry.wait_until(letter, "passed_on").await.unwrap();
        let path = format!("/api/letters/{letter}/proof");
        let older: Value = kerry.account.api.get(&path).await.unwrap();
        let bundle: Value = kerry.account.api.get("/api/account").await.unwrap();

        // The log grows, and is seen to have grown.
        let another = scene.beth.write(&scene.letterbox, "Another.").await.unwrap().letter;
        priya.check(another, Decision::DELIVER).await.unwrap();
        kerry.wait_until(another, "passed_on").await.unwrap();
        let before = kerry.account.bundle().pins.log.size;
        let seen = kerry.account.read(me, another).await.unwrap().seen;
        kerry.account.pin_log(&seen, &mut System).await.unwrap();
        let pinned = kerry.account.bundle().pins.log.clone();
        assert!(pinned.size > before && pinned.size == seen.checkpoint().size);

        // Everything in it was true once.
        liar.lies(&path, move |it| *it = older.clone());
        assert_untrusted(&liar, "the log of then", &kerry.account.read(me, letter).await);
        assert_eq!(kerry.receive(&scene.letterbox, letter).await.unwrap(), text);
        // The same pin, moved back on its way.
        liar.lies("/api/account", move |it| it["bundle"] = bundle["bundle"].clone());
        let again = Account::unlock(kerry.account.api, &kerry.words, &mut System).await;
        assert_untrusted(&liar, "the bundle of then", &again);
        // On the truth it opens, with the pin.
        let kerry = liar.welcomes(&scene.kerry).await;
        assert_eq!(kerry.account.bundle().pins.log, pinned);
        assert_eq!(kerry.receive(&scene.letterbox, letter).await.unwrap(), text);
        scene.behind().await.drained().await;
    });
}
