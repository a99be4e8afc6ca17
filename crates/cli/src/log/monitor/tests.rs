//! A monitor against a small site on this machine, which says whatever a test wants.

use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use seal::checkpoint::Checkpoint as Head;
use seal::key::SigningKey;
use seal::testing::{Agency as Testing, Letterbox};
use seal::tree::Tree;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::*;

/// What the site shows.
struct Face {
    agency: Value,
    note: String,
    /// The tree that its proofs are made of.
    tree: Tree,
    /// What it says instead, on one path.
    instead: Option<(&'static str, String)>,
    /// The agency it shows from the next answer about it on.
    next: Option<Value>,
}

/// An agency's log and a site that shows it, and a monitor's folder.
struct Watched {
    of: Letterbox,
    face: Arc<Mutex<Face>>,
    url: Url,
    folder: tempfile::TempDir,
}

/// A tree of so many leaves: those of the true log, or from one on of another.
fn tree(size: u64, other_from: u64) -> Tree {
    let mut tree = Tree::new();
    for leaf in 0..size {
        let salt = if leaf < other_from { leaf } else { leaf + 1000 };
        tree.push(<[u8; 32]>::from(Sha256::digest(salt.to_be_bytes())));
    }
    tree
}

fn signed(of: &Testing, tree: &Tree, key: &SigningKey) -> String {
    Head { size: tree.size(), root: tree.root() }.sign(of.realm, key)
}

impl Watched {
    /// A site that shows a log of so many entries.
    async fn new(size: u64) -> Self {
        let of = Letterbox::new(1);
        let agency = json!({
            "root": of.root.public_key(),
            "statement": of.statements[0],
            "name": "An agency",
        });
        let tree = tree(size, size);
        let note = signed(&of, &tree, &of.log_key);
        let face = Face { agency, note, tree, instead: None, next: None };
        let face = Arc::new(Mutex::new(face));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(answer_all(listener, face.clone()));
        Self { of, face, url, folder: tempfile::tempdir().unwrap() }
    }

    fn change(&self, change: impl FnOnce(&mut Face)) {
        change(&mut self.face.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Shows another log under the agency's own log key.
    fn show(&self, tree: Tree) {
        let note = signed(&self.of, &tree, &self.of.log_key);
        self.change(|face| (face.note, face.tree, face.instead) = (note, tree, None));
    }

    /// Answers with something else on one path: a status, and a body.
    fn say(&self, path: &'static str, status: &str, body: &str) {
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
        self.change(|face| face.instead = Some((path, answer)));
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("seen")
    }

    async fn look(&self) -> Result<String, Stop> {
        look(&self.url, self.of.realm, &self.state()).await
    }

    /// What was kept of findings.
    fn evidence(&self) -> Vec<Value> {
        let files = fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path());
        let is_evidence = |path: &PathBuf| path.to_string_lossy().contains("seen.evidence-");
        let kept = files.filter(is_evidence).map(|path| fs::read_to_string(path).unwrap());
        kept.map(|text| serde_json::from_str(&text).unwrap()).collect()
    }

    /// A look must find this, move nothing, and keep it once.
    async fn assert_found(&self, code: &str) -> Value {
        let before = fs::read(self.state()).ok();
        for _ in 0..2 {
            let Err(Stop::Mismatch(text)) = self.look().await else { panic!("no {code}") };
            assert!(text.contains(&format!("({code})")), "{code}: {text}");
        }
        assert_eq!(fs::read(self.state()).ok(), before, "what was seen stays");
        let mut kept = self.evidence();
        kept.retain(|evidence| evidence["refused"] == code);
        assert_eq!(kept.len(), 1, "{code} is kept once");
        kept.remove(0)
    }
}

/// Answers one request a connection.
async fn answer_all(listener: TcpListener, face: Arc<Mutex<Face>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let mut stream = BufReader::new(stream);
        let (mut asked, mut line) = (String::new(), String::new());
        while stream.read_line(&mut line).await.is_ok_and(|read| read > 2) {
            if let Some(path) = line.strip_prefix("GET /") {
                asked = path.split(' ').next().unwrap_or_default().to_owned();
            }
            line.clear();
        }
        let answer = {
            let mut face = face.lock().unwrap_or_else(PoisonError::into_inner);
            let answer = answer(&face, &asked);
            if asked == "api/agency"
                && let Some(next) = face.next.take()
            {
                face.agency = next;
            }
            answer
        };
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

fn answer(face: &Face, asked: &str) -> String {
    if let Some((path, answer)) = &face.instead
        && asked.starts_with(path)
    {
        return answer.clone();
    }
    let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
    let body = match path {
        "api/agency" => face.agency.clone(),
        "api/log/checkpoint" => json!({ "note": face.note, "size": 0, "root": "of no matter" }),
        "api/log/consistency" => {
            let numbers: Vec<u64> =
                query.split('&').map(|it| it.split_once('=').unwrap().1.parse().unwrap()).collect();
            let path = tree::consistency(numbers[0], numbers[1], |node| face.tree.node(node));
            let path: Vec<_> =
                path.unwrap().into_iter().map(|hash| BASE64_STANDARD.encode(hash)).collect();
            json!({ "path": path })
        }
        _ => panic!("{asked}"),
    };
    let body = body.to_string();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn the_first_look_is_pinned_and_says_so_and_later_ones_go_along_with_the_log() {
    let watched = Watched::new(7).await;
    let told = watched.look().await.unwrap();
    assert!(told.starts_with("7 entries, pinned. This is the first look"), "{told}");
    let told = watched.look().await.unwrap();
    assert!(told.starts_with("7 entries, none changed, 0 new since the last look."), "{told}");
    for size in [8, 9, 64, 1200] {
        watched.show(tree(size, size));
        let told = watched.look().await.unwrap();
        assert!(told.contains("none changed"), "{told}");
        let seen = Seen::load(&watched.state(), watched.of.realm).unwrap().unwrap();
        assert_eq!(seen.checkpoint().root, tree(size, size).root());
    }
    assert!(watched.look().await.unwrap().starts_with("1,200 entries"));
    assert!(watched.evidence().is_empty());
}

#[tokio::test]
async fn a_log_that_went_back_is_found_and_both_checkpoints_are_kept() {
    let watched = Watched::new(12).await;
    watched.look().await.unwrap();
    let newest = signed(&watched.of, &tree(12, 12), &watched.of.log_key);
    watched.show(tree(9, 9));
    let evidence = watched.assert_found("older-log").await;
    assert_eq!(evidence["seen"]["note"], newest);
    let older = signed(&watched.of, &tree(9, 9), &watched.of.log_key);
    assert_eq!(evidence["said"]["checkpoint"]["note"], older);
    // The true log grows on: what was found stays kept, and so does the monitor.
    watched.show(tree(13, 13));
    watched.look().await.unwrap();
    assert_eq!(watched.evidence().len(), 1);
}

#[tokio::test]
async fn a_fork_is_found_at_the_same_size_and_behind_any_growth() {
    let watched = Watched::new(12).await;
    watched.look().await.unwrap();
    for size in [12, 13, 40] {
        watched.show(tree(size, 11));
        let evidence = watched.assert_found("other-log").await;
        let forked = signed(&watched.of, &tree(size, 11), &watched.of.log_key);
        assert_eq!(evidence["said"]["checkpoint"]["note"], forked);
        for file in fs::read_dir(watched.folder.path()).unwrap() {
            let path = file.unwrap().path();
            if path.to_string_lossy().contains("evidence") {
                fs::remove_file(path).unwrap();
            }
        }
    }
}

#[tokio::test]
async fn growth_without_its_proof_is_not_believed() {
    let watched = Watched::new(12).await;
    watched.look().await.unwrap();
    watched.show(tree(20, 20));
    let hash = BASE64_STANDARD.encode([7; 32]);
    for (status, body) in [
        ("404 Not Found", "{}".to_owned()),
        ("200 OK", "{}".to_owned()),
        ("200 OK", json!({ "path": [] }).to_string()),
        ("200 OK", json!({ "path": [hash] }).to_string()),
        ("200 OK", json!({ "path": ["no hash"] }).to_string()),
    ] {
        watched.say("api/log/consistency", status, &body);
        let before = fs::read(watched.state()).unwrap();
        assert!(matches!(watched.look().await, Err(Stop::Mismatch(_))), "{body}");
        assert_eq!(fs::read(watched.state()).unwrap(), before);
    }
    watched.change(|face| face.instead = None);
    watched.look().await.unwrap();
}

#[tokio::test]
async fn only_what_the_realms_root_and_the_key_it_names_have_signed_is_believed() {
    let watched = Watched::new(12).await;
    let other = Testing::new(2);
    let mallory = SigningKey::from_seed(&[7; 32]);
    let honest = watched.face.lock().unwrap().agency.clone();
    for looked_before in [false, true] {
        if looked_before {
            watched.change(|face| face.agency = honest.clone());
            watched.show(tree(12, 12));
            watched.look().await.unwrap();
            for path in fs::read_dir(watched.folder.path()).unwrap().map(|it| it.unwrap().path()) {
                if path.to_string_lossy().contains("evidence") {
                    fs::remove_file(path).unwrap();
                }
            }
        }
        let show = |agency: &Value, note: String| {
            watched.change(|face| (face.agency, face.note) = (agency.clone(), note));
        };
        let note = signed(&watched.of, &tree(13, 13), &watched.of.log_key);
        let forged = signed(&watched.of, &tree(13, 13), &mallory);
        show(&honest, forged.clone());
        watched.assert_found("bad-signature").await;
        // Whoever names another log key is not the root.
        let mut named = honest.clone();
        let theirs = &other.statements[0];
        named["statement"] = json!(theirs);
        show(&named, forged.clone());
        assert!(matches!(watched.look().await, Err(Stop::Mismatch(_))));
        let by_staff = json!({ "root": honest["root"], "statement": watched.of.statements[4] });
        show(&by_staff, note.clone());
        assert!(matches!(watched.look().await, Err(Stop::Mismatch(_))));
        // Another agency, whole, under its own root.
        let whole = json!({ "root": other.root.public_key(), "statement": theirs });
        show(&whole, signed(&other, &tree(13, 13), &other.log_key));
        watched.assert_found("wrong-realm").await;
        show(&json!({}), note);
        watched.assert_found("malformed").await;
        assert_eq!(watched.state().exists(), looked_before, "nothing else is pinned");
    }
}

#[tokio::test]
async fn trouble_on_the_way_is_no_finding_and_changes_nothing() {
    let watched = Watched::new(12).await;
    watched.look().await.unwrap();
    watched.show(tree(13, 13));
    let before = fs::read(watched.state()).unwrap();
    for (path, status, body) in [
        ("api/agency", "404 Not Found", ""),
        ("api/agency", "302 Found", ""),
        ("api/log/checkpoint", "404 Not Found", ""),
        ("api/log/checkpoint", "200 OK", "<html>"),
        ("api/log/consistency", "503 Service Unavailable", ""),
        ("api/log/consistency", "429 Too Many Requests", ""),
    ] {
        watched.say(path, status, body);
        let Err(Stop::Unread(text)) = watched.look().await else { panic!("{path} {status}") };
        assert!(text.contains("\n  next: "), "{text}");
        assert_eq!(fs::read(watched.state()).unwrap(), before);
    }
    let nobody = "http://127.0.0.1:1/".parse().unwrap();
    let looked = look(&nobody, watched.of.realm, &watched.state()).await;
    assert!(matches!(looked, Err(Stop::Unread(_))));
    assert!(watched.evidence().is_empty());
    watched.change(|face| face.instead = None);
    watched.look().await.unwrap();
}

#[tokio::test]
async fn a_state_that_was_damaged_or_is_another_agencys_is_neither_believed_nor_written_over() {
    let watched = Watched::new(12).await;
    watched.look().await.unwrap();
    let whole = fs::read_to_string(watched.state()).unwrap();
    let mut other: Value = serde_json::from_str(&whole).unwrap();
    let unsigned = whole.replace("\\n12\\n", "\\n11\\n");
    other["realm"] = json!("ab".repeat(32));
    for damaged in [String::new(), whole[..200].to_owned(), other.to_string(), unsigned] {
        assert_ne!(damaged, whole);
        fs::write(watched.state(), &damaged).unwrap();
        assert!(matches!(watched.look().await, Err(Stop::Unread(_))), "{damaged}");
        assert_eq!(fs::read_to_string(watched.state()).unwrap(), damaged);
    }
    fs::write(watched.state(), &whole).unwrap();
    let _held = alone(&watched.state()).unwrap();
    let Err(Stop::Unread(text)) = watched.look().await else { panic!("two at once") };
    assert!(text.contains("another monitor is at work"), "{text}");
}

/// The agency as it names another log key, and that key's checkpoint of a tree.
fn rekeyed(watched: &Watched, tree: &Tree) -> (Value, String) {
    let mut of = watched.of.clone();
    of.replace_log_key();
    let mut agency = watched.face.lock().unwrap().agency.clone();
    agency["statement"] = json!(of.statements.last().unwrap());
    (agency, signed(&of, tree, &of.log_key))
}

#[tokio::test]
async fn a_log_whose_key_the_root_replaced_is_gone_along_with_and_the_old_key_is_not_believed_again()
 {
    let watched = Watched::new(12).await;
    watched.look().await.unwrap();
    let (old, older) = (watched.face.lock().unwrap().agency.clone(), tree(14, 14));
    let (new, note) = rekeyed(&watched, &older);
    watched.change(|face| (face.agency, face.note, face.tree) = (new.clone(), note, older));
    let told = watched.look().await.unwrap();
    assert!(told.contains("2 new since the last look, and the root has given the log"), "{told}");
    assert!(!watched.look().await.unwrap().contains("another key"), "it is said once");
    // The stolen key, with the statement that replaced it and without.
    watched.show(tree(15, 15));
    watched.assert_found("bad-signature").await;
    watched.change(|face| face.agency = old);
    watched.assert_found("wrong-version").await;
    let grown = tree(15, 15);
    let (_, note) = rekeyed(&watched, &grown);
    watched.change(|face| (face.agency, face.note, face.tree) = (new, note, grown));
    watched.look().await.unwrap();
}

#[tokio::test]
async fn a_key_that_is_replaced_between_two_answers_is_no_finding_and_signs_no_older_tree() {
    let watched = Watched::new(12).await;
    watched.look().await.unwrap();
    // Of the tree that the old key has signed there is no checkpoint of the new one.
    let (new, note) = rekeyed(&watched, &tree(12, 12));
    let old = watched.face.lock().unwrap().agency.clone();
    watched.change(|face| (face.agency, face.note) = (new.clone(), note));
    watched.assert_found("other-log").await;
    let grown = tree(13, 13);
    let (_, note) = rekeyed(&watched, &grown);
    watched.change(|face| (face.agency, face.next) = (old, Some(new)));
    watched.change(|face| (face.note, face.tree) = (note, grown));
    assert!(watched.look().await.unwrap().starts_with("13 entries, none changed"));
}
