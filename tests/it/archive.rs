//! The restore drill: a letter opened with what the ceremony printed and a copy of the database, when
//! no server runs and nobody who worked there can be asked.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use seal::root;
use seal::words::Words;
use xtask::seed::Decision;

use crate::scene::{run, scratch, shared};

/// `postern archive open` as the records office runs it: the identity is typed.
pub fn open(realm: &str, identity: &str, letter: &Path, to: Option<&Path>) -> Output {
    let mut child = Command::new(xtask::services::executable().unwrap())
        .args(["archive", "open", "--identity", "-", "--realm", realm])
        .args(to.iter().flat_map(|folder| [Path::new("--to"), folder]))
        .arg(letter)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(identity.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn the_records_office_opens_a_letter_from_printed_material_and_a_copy_of_the_database() {
    run(async {
        let scene = shared().await;
        let printed = &scene.agency.printed;
        let sent = scene.beth.write(&scene.letterbox, "For a hundred years.").await.unwrap();
        scene.agency.coordinators[0].check(sent.letter, Decision::DELIVER).await.unwrap();
        let behind = scene.behind().await;

        // The query as it is printed in deploy/, on what a backup holds.
        let query = include_str!("../../deploy/database/letter.sql");
        let query = query.replace(":'letter'", &format!("'{}'", sent.letter));
        let from_backup = behind.json(query.trim_end().trim_end_matches(';')).await;
        let folder = scratch();
        let letter = folder.path().join("letter.json");
        fs::write(&letter, &from_backup).unwrap();

        // The root file and both custodians' words say whose agency it was.
        let words = printed.custodians.each_ref().map(|it| Words::from_typed(it).unwrap());
        let root = root::open(&hex::decode(&printed.root_file).unwrap(), &words[0], &words[1]);
        assert_eq!(root.unwrap().public_key().realm(), printed.realm);

        // Typed by hand, in lines and small letters.
        let typed: Vec<_> = printed.archive.as_bytes().chunks(8).collect();
        let typed = typed.join(&b'\n');
        let typed = String::from_utf8(typed).unwrap().to_lowercase();
        let realm = printed.realm.to_string();
        let opened = open(&realm, &typed, &letter, None);
        assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
        assert_eq!(String::from_utf8(opened.stdout).unwrap(), "For a hundred years.\n");

        // Another agency's realm, another identity, a letter or a log that somebody changed: nothing.
        let other = seal::key::HybridIdentity::generate(&mut seal::random::System).to_text();
        let changed = folder.path().join("changed.json");
        let mut log: serde_json::Value = serde_json::from_str(&from_backup).unwrap();
        log["log"][7]["salt"] = log["log"][8]["salt"].clone();
        let other_log = folder.path().join("other_log.json");
        fs::write(&other_log, log.to_string()).unwrap();
        let at = from_backup.find("\"ciphertext\"").unwrap() + 2000;
        let mut bytes = from_backup.into_bytes();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        fs::write(&changed, bytes).unwrap();
        for (realm, identity, letter) in [
            ("ab".repeat(32).as_str(), typed.as_str(), &letter),
            (realm.as_str(), other.as_str(), &letter),
            (realm.as_str(), typed.as_str(), &changed),
            (realm.as_str(), typed.as_str(), &other_log),
        ] {
            let refused = open(realm, identity, letter, None);
            assert_eq!(refused.status.code(), Some(1));
            assert!(refused.stdout.is_empty());
        }
    });
}
