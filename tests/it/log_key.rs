//! The log's key replaced on a running stack, and what whoever stole the old one can still do.

use std::fs;
use std::process::Command;

use client::{Error, Opened};
use domain::id::LetterId;
use seal::checkpoint::Checkpoint;
use seal::key::SigningKey;
use seal::random::System;
use seal::root;
use seal::words::Words;
use xtask::seed::{Decision, now};
use xtask::services::Role;
use xtask::stack::Stack;

use crate::audit::{Auditor, change, found, keep, log_verifies, put_back};
use crate::behind::Behind;
use crate::scene::{Scene, on_test_cluster, run, scratch};

/// The log key that the operator keeps.
fn log_key(stack: &Stack) -> SigningKey {
    let text = fs::read_to_string(stack.folder().join("keys/log.key")).unwrap();
    let mut seed = [0; 32];
    hex::decode_to_slice(text.trim(), &mut seed).unwrap();
    SigningKey::from_seed(&seed)
}

/// The root, from what its custodians keep.
fn root_of(scene: &Scene) -> SigningKey {
    let printed = &scene.agency.printed;
    let [first, second] = printed.custodians.each_ref().map(|it| Words::from_typed(it).unwrap());
    root::open(&hex::decode(&printed.root_file).unwrap(), &first, &second).unwrap()
}

/// A letter goes its whole way, and its reader pins the log that they saw with it.
async fn delivered(scene: &mut Scene, text: &str) -> LetterId {
    let letter = scene.beth.write(&scene.letterbox, text).await.unwrap().letter;
    scene.agency.coordinators[0].check(letter, Decision::DELIVER).await.unwrap();
    scene.kerry.wait_until(letter, "passed_on").await.unwrap();
    let opened = read(scene, letter).await.unwrap();
    assert_eq!(opened.text(), text);
    scene.kerry.account.pin_log(&opened.seen, &mut System).await.unwrap();
    letter
}

async fn read(scene: &Scene, letter: LetterId) -> Result<Opened, Error> {
    scene.kerry.account.read(scene.letterbox.of("Kerry"), letter).await
}

/// What `postern doctor` says of a role's configuration.
fn doctor(stack: &Stack, role: &str) -> String {
    let mut command = Command::new(xtask::services::executable().unwrap());
    let config = stack.folder().join(format!("config/{role}.toml"));
    let output = command.env_clear().args(["doctor", "--config"]).arg(config).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The newest checkpoint, as the old key would sign it.
async fn signed_by(behind: &Behind, scene: &Scene, key: &SigningKey) -> String {
    let newest = "select json_build_array(size, encode(root, 'hex')) from checkpoints
        order by size desc limit 1";
    let (size, hash): (u64, String) = serde_json::from_str(&behind.json(newest).await).unwrap();
    let mut root = [0; 32];
    hex::decode_to_slice(hash, &mut root).unwrap();
    let note = Checkpoint { size, root }.sign(scene.agency.printed.realm, key);
    format!("update checkpoints set note = '{note}' where size = {size}")
}

#[test]
fn a_log_key_is_replaced_while_letters_travel_and_the_old_one_then_signs_for_nobody() {
    run(async {
        let folder = scratch();
        let mut scene = Scene::found(folder.path(), on_test_cluster()).await;
        let (behind, auditor) = (scene.behind().await, Auditor::of(&scene.stack));
        delivered(&mut scene, "Under the first key.").await;
        auditor.look(0);
        let stolen = log_key(&scene.stack);
        let pinned = scene.kerry.account.bundle().pins.clone();
        let is_named = "is the key that the agency's root has named";
        assert!(doctor(&scene.stack, "moderation").contains(is_named));

        // The operator makes a key, and the root names it. The worker, not started again yet, goes on
        // under the key that it has.
        scene.stack.replace_log_key().unwrap();
        scene.stack.restart(Role::Mediation).await.unwrap();
        for role in ["mediation", "moderation"] {
            let told = doctor(&scene.stack, role);
            assert!(told.contains("wrong") && told.contains("A new key for the log"), "{told}");
        }
        let root = root_of(&scene);
        let administrator = &scene.agency.administrator;
        let named = administrator.account.replace_log_key(&root, now()).await.unwrap();
        let waits = "select count(*) from jobs where last_error = 'other-log-key'";
        behind.wait_for("the change to wait for the worker's key", waits).await;
        delivered(&mut scene, "While the change waits.").await;
        auditor.look(0);

        scene.stack.restart(Role::Moderation).await.unwrap();
        scene.agency.administrator.wait_for(named).await.unwrap();
        let letter = delivered(&mut scene, "Under the second key.").await;
        // Whoever had pinned the log under the first key went along, and knows the second.
        let now = &scene.kerry.account.bundle().pins;
        assert!(now.log.size > pinned.log.size && now.agency == Some(named));
        let told = auditor.look(0);
        assert!(told.contains("the root has given the log another key"), "{told}");
        for role in ["mediation", "moderation"] {
            assert!(doctor(&scene.stack, role).contains(is_named));
        }
        behind.drained().await;
        let size = log_verifies(&scene.stack);
        auditor.told(&["verify", "--seen", "seen"], 0);
        auditor.told(&["export", "log"], 0);
        auditor.told(&["verify", "--export", "log"], 0);

        // The thief has the database, the site and the old key.
        keep(&behind).await;
        let forged = signed_by(&behind, &scene, &stolen).await;
        change(&behind, &[&forged]).await;
        let told = auditor.told(&["verify"], 1);
        assert!(told.contains("(bad-checkpoint)"), "{told}");
        found(&auditor, "bad-signature");
        refused(&scene, letter, "bad-signature").await;
        // And says nothing of the new key to anybody.
        let untold = format!(
            "update verdicts set verdict = 'quarantined', log_index = null, reason = 'not-me'
                 where statement_id = '\\x{named}'"
        );
        change(&behind, &[&untold]).await;
        auditor.told(&["verify"], 1);
        found(&auditor, "wrong-version");
        refused(&scene, letter, "older-agency").await;
        put_back(&behind).await;
        auditor.look(0);
        assert_eq!(read(&scene, letter).await.unwrap().text(), "Under the second key.");
        assert_eq!(log_verifies(&scene.stack), size);
    });
}

/// Kerry's browser, which knows the new key, refuses what it is shown, and says why.
async fn refused(scene: &Scene, letter: LetterId, code: &str) {
    let Err(why) = read(scene, letter).await else { panic!("{code} is read") };
    let why = why.to_string();
    assert!(why.contains("cannot be trusted") && why.contains("check 1 of 9"), "{why}");
    let Err(why) = scene.letterbox.standing(&scene.kerry).await else { panic!("{code} stands") };
    assert!(format!("{why:?}").contains(code), "{why:?}");
}
