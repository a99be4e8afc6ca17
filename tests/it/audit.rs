//! The log held to what it says by those who did not write it: `postern log` on a database, on an
//! export, and from outside. What is wrong with a log is put there by the superuser, past every rule,
//! and taken back.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use seal::checkpoint::Checkpoint;
use seal::key::SigningKey;
use seal::tree::{self, Tree};
use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::seed::Decision;
use xtask::stack::Stack;

use crate::behind::Behind;
use crate::scene::{Scene, on_test_cluster, run, scratch};

/// Verifies the whole log of a stack, and gives how many entries it has.
pub fn log_verifies(stack: &Stack) -> u64 {
    let told = Auditor::of(stack).told(&["verify"], 0);
    let (entries, _) = told.split_once(" entries, none changed.").expect("how many");
    entries.replace(',', "").parse().expect("a number")
}

/// Somebody with `postern log`, the realm, and the login that reads the log alone.
pub struct Auditor {
    folder: TempDir,
    realm: String,
    origin: String,
}

impl Auditor {
    /// One for a stack whose realm is pinned.
    pub fn of(stack: &Stack) -> Self {
        let folder = scratch();
        let realm = stack.pinned().expect("an agency").realm.to_string();
        let (url, agency) = (stack.database_url("verifier_login"), stack.agency());
        let config = format!(
            "[verify]\ndatabase_url = {url:?}\nagency = \"{agency}\"\nrealm = \"{realm}\"\n"
        );
        fs::write(folder.path().join("verify.toml"), config).unwrap();
        Self { folder, realm, origin: stack.family().origin.clone() }
    }

    /// A file of theirs.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `postern log` to its end, with nothing of this machine's settings.
    fn log(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(xtask::services::executable().unwrap());
        command.env_clear().arg("log").args(arguments).current_dir(self.folder.path());
        if arguments[0] != "monitor" && !arguments.contains(&"--config") {
            command.args(["--config", "verify.toml"]);
        }
        command.output().unwrap()
    }

    /// What it says; it must end with this status.
    pub fn told(&self, arguments: &[&str], status: i32) -> String {
        let output = self.log(arguments);
        let [out, err] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {out}{err}");
        assert!(if status == 0 { err.is_empty() } else { out.is_empty() }, "{out}{err}");
        format!("{out}{err}")
    }

    /// A look at the families' site from outside.
    pub fn look(&self, status: i32) -> String {
        let (url, realm) = (self.origin.as_str(), self.realm.as_str());
        self.told(&["monitor", "--url", url, "--realm", realm, "--state", "seen"], status)
    }
}

/// What the log is made of.
const TABLES: [&str; 8] = [
    "agencies",
    "statements",
    "statement_references",
    "verdicts",
    "log_leaves",
    "log_salts",
    "log_nodes",
    "checkpoints",
];

/// Past every trigger and reference.
const ANYTHING: &str = "set local session_replication_role = replica";

async fn all(behind: &Behind, statements: &[String]) {
    let mut tx = behind.begin().await;
    for sql in statements {
        tx.attempt(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
    tx.commit().await.unwrap();
}

/// Keeps the log as it is, to be put back.
pub async fn keep(behind: &Behind) {
    let copies = TABLES.map(|table| format!("create table public.kept_{table} as table {table}"));
    all(behind, &copies).await;
}

pub async fn change(behind: &Behind, changes: &[&str]) {
    let changes = changes.iter().map(|sql| (*sql).to_owned());
    all(behind, &[ANYTHING.to_owned()].into_iter().chain(changes).collect::<Vec<_>>()).await;
}

pub async fn put_back(behind: &Behind) {
    let tables = TABLES.into_iter();
    let back = tables.map(|it| format!("delete from {it}; insert into {it} table kept_{it}"));
    all(behind, &[ANYTHING.to_owned()].into_iter().chain(back).collect::<Vec<_>>()).await;
}

/// As a database restored from before the last so many entries has it.
fn without_the_last(count: u64, size: u64) -> Vec<String> {
    let end = size - count;
    vec![
        format!("delete from log_nodes where ((node_index + 1) << level) > {end}"),
        format!("delete from log_salts where leaf_index >= {end}"),
        format!("delete from log_leaves where leaf_index >= {end}"),
        format!("delete from verdicts where log_index >= {end}"),
        format!("delete from checkpoints where size > {end}"),
    ]
}

fn texts(sql: &[String]) -> Vec<&str> {
    sql.iter().map(String::as_str).collect()
}

async fn delivered(scene: &Scene, text: &str) {
    let letter = scene.beth.write(&scene.letterbox, text).await.unwrap().letter;
    scene.agency.coordinators[0].check(letter, Decision::DELIVER).await.unwrap();
    assert_eq!(scene.kerry.receive(&scene.letterbox, letter).await.unwrap(), text);
    scene.behind().await.drained().await;
}

#[test]
fn a_log_verifies_where_it_lives_and_from_its_export_and_what_was_changed_is_found_at_its_number() {
    run(async {
        let folder = scratch();
        let scene = Scene::found(folder.path(), on_test_cluster()).await;
        delivered(&scene, "Nobody who audits reads this.").await;
        let (behind, auditor) = (scene.behind().await, Auditor::of(&scene.stack));
        let live = auditor.told(&["verify"], 0);
        let size = log_verifies(&scene.stack);
        let logged = behind.number("select count(*) from statements").await;
        assert_eq!(i64::try_from(size).unwrap(), logged);
        assert!(
            live.starts_with(&format!("{size} entries, none changed.\ncheckpoint: ")),
            "{live}"
        );

        auditor.told(&["export", "log"], 0);
        let offline = ["verify", "--export", "log", "--realm", &auditor.realm];
        let offline = [&offline[..], &["--config", "/nowhere"]].concat();
        assert_eq!(auditor.told(&offline, 0), live, "from the file alone");
        let whole = fs::read_to_string(auditor.file("log")).unwrap();
        assert_eq!(whole.lines().count() as u64, size + 1);
        let said: Vec<_> = whole.lines().skip(1).map(said).collect();
        for secret in ["Nobody who", "Beth", "Kerry", "example.org", "AGE-SECRET"] {
            assert!(said.iter().all(|said| !said.contains(secret)), "{secret}");
        }
        trouble_is_no_finding(&auditor, &whole);

        keep(&behind).await;
        for (what, entry, code, sql) in changes(size) {
            change(&behind, &texts(&sql)).await;
            let told = auditor.told(&["verify"], 1);
            let first =
                format!("postern: Entry {entry} does not match. Do not rely on later ones.");
            assert!(told.starts_with(&first), "{what}: {told}");
            assert!(code.is_empty() || told.contains(&format!("({code})")), "{what}: {told}");
            auditor.told(&["export", "damaged"], 1);
            assert!(!auditor.file("damaged").exists(), "{what}: no file says that it is a log");
            put_back(&behind).await;
        }
        // Another root, in row and realm alike.
        let other = "update agencies set root_key = sha256('x'), realm = sha256(sha256('x'))";
        change(&behind, &[other]).await;
        let told = auditor.told(&["verify"], 1);
        assert!(
            told.contains("The log does not match.") && told.contains("(wrong-realm)"),
            "{told}"
        );
        put_back(&behind).await;
        assert_eq!(auditor.told(&["verify"], 0), live, "and all is as it was");
    });
}

/// What the statement in a line says.
fn said(line: &str) -> String {
    let line: Value = serde_json::from_str(line).unwrap();
    let payload = STANDARD.decode(line["statement"]["payload"].as_str().unwrap()).unwrap();
    String::from_utf8(payload).unwrap()
}

/// A file or a database that cannot be read, and another realm.
fn trouble_is_no_finding(auditor: &Auditor, whole: &str) {
    auditor.told(&["export", "log"], 2);
    assert_eq!(fs::read_to_string(auditor.file("log")).unwrap(), whole, "not written over");
    auditor.told(&["verify", "--export", "nowhere"], 2);
    auditor.told(&["verify", "--realm", "too short"], 2);
    let config = fs::read_to_string(auditor.file("verify.toml")).unwrap();
    for (was, is) in [("verifier_login", "api_login"), ("[verify]", "[verfy]")] {
        fs::write(auditor.file("other.toml"), config.replacen(was, is, 1)).unwrap();
        let told = auditor.told(&["verify", "--config", "other.toml"], 2);
        assert!(told.contains("\n  next: "), "{told}");
    }
    let other = "ab".repeat(32);
    for arguments in [&["verify"][..], &["verify", "--export", "log"]] {
        let told = auditor.told(&[arguments, &["--realm", &other]].concat(), 1);
        assert!(told.contains("(wrong-realm)"), "{told}");
    }
    let cut = &whole[..whole.len() - 1];
    fs::write(auditor.file("cut"), cut).unwrap();
    let told = auditor.told(&["verify", "--export", "cut"], 1);
    assert!(told.contains("(malformed)"), "{told}");
}

type Changed = (&'static str, u64, &'static str, Vec<String>);

/// What somebody with the whole database in hand may do to it, and where that is found.
#[expect(clippy::too_many_lines, reason = "a list")]
fn changes(size: u64) -> Vec<Changed> {
    let one = |what, entry, code, sql: &str| (what, entry, code, vec![sql.to_owned()]);
    let statement =
        "where statement_id = (select statement_id from log_leaves where leaf_index = 7)";
    let moved = ["log_leaves set leaf_index", "log_salts set leaf_index", "verdicts set log_index"];
    let moved = moved.into_iter().flat_map(|it| {
        let column = it.rsplit(' ').next().unwrap();
        [
            format!("update {it} = {column} + 1000000 where {column} in (7, 8)"),
            format!("update {it} = 1000015 - {column} where {column} > 999999"),
        ]
    });
    let last = size - 1;
    vec![
        one(
            "a leaf altered",
            7,
            "other-leaf",
            "update log_leaves set leaf_hash = sha256('') where leaf_index = 7",
        ),
        one(
            "a salt altered",
            7,
            "other-leaf",
            "update log_salts set salt = substr(sha256(''), 1, 16) where leaf_index = 7",
        ),
        one(
            "a statement's bytes altered",
            7,
            "malformed",
            &format!("update statements set envelope = set_byte(envelope, 20, 65) {statement}"),
        ),
        one(
            "a statement exchanged for another",
            7,
            "other-statement",
            &format!(
                "update statements set envelope = (select envelope from statements join log_leaves
                     using (statement_id) where leaf_index = 9) {statement}"
            ),
        ),
        one(
            "a statement under another kind",
            7,
            "other-statement",
            &format!("update statements set kind = 'contact' {statement}"),
        ),
        one(
            "a statement removed",
            7,
            "no-statement",
            &format!("delete from statements {statement}"),
        ),
        one("an entry removed", 7, "missing-entry", "delete from log_leaves where leaf_index = 7"),
        one(
            "the newest entry removed",
            last,
            "missing-entry",
            &format!("delete from log_leaves where leaf_index = {last}"),
        ),
        ("two entries in each other's place", 7, "", moved.collect()),
        one(
            "a verdict withdrawn",
            7,
            "other-verdict",
            &format!(
                "update verdicts set verdict = 'quarantined', log_index = null, reason = 'not-me'
                     {statement}"
            ),
        ),
        one(
            "a revocation left out of every proof",
            7,
            "other-references",
            &format!("update statement_references set ends = not ends {statement}"),
        ),
        one(
            "a reference removed",
            7,
            "other-references",
            &format!("delete from statement_references {statement}"),
        ),
        one("a checkpoint removed", 7, "no-checkpoint", "delete from checkpoints where size = 8"),
        one(
            "an older checkpoint in a later one's place",
            7,
            "other-tree",
            "update checkpoints set note = (select note from checkpoints where size = 7)
                 where size = 8",
        ),
        one(
            "a checkpoint's row altered",
            7,
            "other-root",
            "update checkpoints set root = sha256('') where size = 8",
        ),
        one(
            "a node of the tree altered",
            7,
            "other-node",
            "update log_nodes set hash = sha256('') where level = 2 and node_index = 1",
        ),
        one(
            "a node of the tree that is not there yet",
            size,
            "extra-rows",
            "insert into log_nodes select agency_id, 9, 9, hash from log_nodes limit 1",
        ),
    ]
}

#[test]
fn a_monitor_goes_along_with_the_log_and_finds_a_roll_back_and_a_rewriting_by_the_log_key_itself() {
    run(async {
        let folder = scratch();
        let scene = Scene::found(folder.path(), on_test_cluster()).await;
        let (behind, auditor) = (scene.behind().await, Auditor::of(&scene.stack));
        let told = auditor.look(0);
        assert!(told.contains("entries, pinned. This is the first look: nothing was"), "{told}");
        let before = log_verifies(&scene.stack);
        delivered(&scene, "The log grows.").await;
        let size = log_verifies(&scene.stack);
        let told = auditor.look(0);
        let new = size - before;
        let grown = format!("{size} entries, none changed, {new} new since the last look.");
        assert!(new > 1 && told.starts_with(&grown), "{told}");
        auditor.told(&["verify", "--seen", "seen"], 0);

        let seen = fs::read_to_string(auditor.file("seen")).unwrap();
        let note: Value = serde_json::from_str(&seen).unwrap();
        keep(&behind).await;
        // A database from before: whole in itself, but not for who has seen more.
        change(&behind, &texts(&without_the_last(2, size))).await;
        assert_eq!(log_verifies(&scene.stack), size - 2);
        let told = auditor.told(&["verify", "--seen", "seen"], 1);
        assert!(told.contains("(older-log)"), "{told}");
        let evidence = found(&auditor, "older-log");
        assert_eq!(evidence["seen"]["note"], note["note"]);
        let older = note_of(&behind, size - 2).await;
        assert_eq!(evidence["said"]["checkpoint"]["note"], older);
        assert_eq!(fs::read_to_string(auditor.file("seen")).unwrap(), seen, "moved by nothing");
        put_back(&behind).await;
        auditor.look(0);

        // Whoever has the database and the log's own key writes the last entry anew, and all that
        // follows from it.
        let key = fs::read_to_string(scene.stack.folder().join("keys/log.key")).unwrap();
        let mut private = [0; 32];
        hex::decode_to_slice(key.trim(), &mut private).unwrap();
        let key = SigningKey::from_seed(&private);
        change(&behind, &texts(&rewritten(&scene, &behind, size, &key).await)).await;
        assert_eq!(log_verifies(&scene.stack), size, "it is whole in itself");
        let told = auditor.told(&["verify", "--seen", "seen"], 1);
        assert!(told.contains("(other-log)"), "{told}");
        let evidence = found(&auditor, "other-log");
        assert_eq!(evidence["said"]["checkpoint"]["note"], note_of(&behind, size).await);
        assert_ne!(evidence["said"]["checkpoint"]["note"], evidence["seen"]["note"]);
        // A monitor that begins now is shown the other face: what the first one kept tells.
        Auditor::of(&scene.stack).look(0);
        put_back(&behind).await;
        auditor.look(0);
        // Another agency's realm: nothing is pinned.
        let other = Auditor { realm: "ab".repeat(32), ..Auditor::of(&scene.stack) };
        found(&other, "wrong-realm");
        assert!(!other.file("seen").exists());
    });
}

/// A look that finds this: what was kept.
pub fn found(auditor: &Auditor, code: &str) -> Value {
    let told = auditor.look(1);
    assert!(told.starts_with("postern: The log is not what was seen."), "{told}");
    assert!(told.contains(&format!("({code})")), "{told}");
    let kept = told.split("are in ").nth(1).and_then(|rest| rest.lines().next()).unwrap();
    let evidence: Value =
        serde_json::from_str(&fs::read_to_string(auditor.file("").join(Path::new(kept))).unwrap())
            .unwrap();
    assert_eq!(evidence["refused"], json!(code));
    evidence
}

async fn note_of(behind: &Behind, size: u64) -> Value {
    let note = format!("select to_json(note) from checkpoints where size = {size}");
    serde_json::from_str(&behind.json(&note).await).unwrap()
}

/// The last entry with another salt: its leaf, the nodes above it and a checkpoint, signed.
async fn rewritten(scene: &Scene, behind: &Behind, size: u64, key: &SigningKey) -> Vec<String> {
    let leaves = "select json_agg(json_build_array(encode(leaf_hash, 'hex'),
        encode(statement_id, 'hex')) order by leaf_index) from log_leaves";
    let leaves: Vec<[String; 2]> = serde_json::from_str(&behind.json(leaves).await).unwrap();
    let last = size - 1;
    let (mut tree, salt) = (Tree::new(), [7; 16]);
    for (index, [leaf, statement]) in (0..).zip(&leaves) {
        let mut hash = [0; 32];
        hex::decode_to_slice(leaf, &mut hash).unwrap();
        tree.push(if index == last { tree::leaf(&salt, statement.parse().unwrap()) } else { hash });
    }
    let realm = scene.agency.printed.realm;
    let note = Checkpoint { size, root: tree.root() }.sign(realm, key);
    let node = |level: u8| {
        let index = last >> level;
        let hash = tree.node(tree::NodeId { level, index }).unwrap();
        (index, hex::encode(hash))
    };
    let mut sql = vec![
        format!("update log_salts set salt = '\\x{}' where leaf_index = {last}", hex::encode(salt)),
        format!("update log_leaves set leaf_hash = '\\x{}' where leaf_index = {last}", node(0).1),
        format!(
            "update checkpoints set root = '\\x{}', note = '{note}' where size = {size}",
            hex::encode(tree.root()),
        ),
    ];
    for level in 1..=u8::try_from(last.trailing_ones()).unwrap() {
        let (index, hash) = node(level);
        sql.push(format!(
            "update log_nodes set hash = '\\x{hash}' where level = {level} and node_index = {index}"
        ));
    }
    sql
}
