//! The vectors shared with the TypeScript: statements, the log, whole histories.
//!
//! `cargo test -p seal -- --ignored write_statement_vectors` writes Rust's; both folders are read.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::PathBuf,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::*;
use crate::{
    checkpoint::{Checkpoint, origin},
    key::SigningKey,
    statement::{self, Kind, samples},
    testing::Seeded,
    tree::{self, Tree},
};

mod histories;

#[derive(Serialize, Deserialize)]
struct StatementVector {
    kind: String,
    seeds: Vec<String>,
    body: String,
    id: StatementId,
    envelope: Envelope,
}

#[derive(Serialize, Deserialize)]
struct MalformedVector {
    name: String,
    envelope: String,
    code: String,
}

#[derive(Serialize, Deserialize)]
struct LogVector {
    leaves: Vec<LeafVector>,
    root: String,
    checkpoint: String,
    origin: String,
    public: PublicKey,
    /// The audit path of every leaf.
    inclusion: Vec<Vec<String>>,
    /// The proof from every earlier size, 1 and up.
    #[serde(default)]
    consistency: Vec<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
struct LeafVector {
    salt: String,
    id: StatementId,
}

/// A whole history, and where it is refused.
#[derive(Serialize, Deserialize)]
struct History {
    name: String,
    root: PublicKey,
    realm: Realm,
    statements: Vec<Entry>,
    refuses: Option<Refused>,
}

/// A statement of a history: spelled out, or named by its id when an earlier history of the same
/// file has spelled it out. The histories share most statements; the file stays small.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Entry {
    Named(StatementId),
    Spelled(Box<Envelope>),
    /// A statement that is refused as it is read.
    Unreadable(serde_json::Value),
}

/// Names what was spelled out before.
fn fold_repeats(histories: &mut [History]) {
    let mut seen = HashSet::new();
    for entry in histories.iter_mut().flat_map(|history| &mut history.statements) {
        if let Entry::Spelled(envelope) = entry
            && !seen.insert(envelope.id())
        {
            *entry = Entry::Named(envelope.id());
        }
    }
}

/// Spells everything out.
fn unfold_repeats(histories: &mut [History]) {
    let mut seen: HashMap<StatementId, Box<Envelope>> = HashMap::new();
    for entry in histories.iter_mut().flat_map(|history| &mut history.statements) {
        match entry {
            Entry::Named(id) => *entry = Entry::Spelled(seen[id].clone()),
            Entry::Spelled(envelope) => drop(seen.insert(envelope.id(), envelope.clone())),
            Entry::Unreadable(_) => {}
        }
    }
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Refused {
    index: usize,
    code: String,
}

impl History {
    /// The first refusal, envelopes that cannot be read included.
    fn verdict(&self) -> Option<Refused> {
        let refused =
            |index, refusal: Refusal| Some(Refused { index, code: refusal.code().to_owned() });
        let mut ledger = match Ledger::new(self.realm, self.root) {
            Ok(ledger) => ledger,
            Err(refusal) => return refused(0, refusal),
        };
        for (index, entry) in self.statements.iter().enumerate() {
            let admitted = match entry {
                Entry::Spelled(envelope) => ledger.admit(envelope, None),
                Entry::Unreadable(_) => Err(Refusal::Malformed),
                Entry::Named(id) => unreachable!("{id} is spelled out when read"),
            };
            if let Err(refusal) = admitted {
                return refused(index, refusal);
            }
        }
        None
    }
}

fn folder(side: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../tests/vectors/postern", side].iter().collect()
}

/// A file of one side, which must be there.
fn read<T: DeserializeOwned>(side: &str, name: &str) -> Vec<T> {
    let path = folder(side).join(name);
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let entries: Vec<T> =
        serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!entries.is_empty(), "{} is empty", path.display());
    entries
}

/// One entry a line, so that a change shows in a review.
fn write<T: Serialize>(name: &str, entries: &[T]) {
    let lines: Vec<_> =
        entries.iter().map(|entry| serde_json::to_string(entry).expect("JSON")).collect();
    fs::create_dir_all(folder("rust")).expect("a folder");
    let text = format!("[\n{}\n]\n", lines.join(",\n"));
    fs::write(folder("rust").join(name), text).expect("written");
}

fn hex_list(hashes: &[tree::Hash]) -> Vec<String> {
    hashes.iter().map(hex::encode).collect()
}

fn log_vector(size: u64, rng: &mut Seeded) -> LogVector {
    let key = SigningKey::generate(rng);
    let realm = Realm::from_bytes(crate::random::bytes(rng));
    let mut tree = Tree::new();
    let mut leaves = Vec::new();
    for _ in 0..size {
        let salt: [u8; 16] = crate::random::bytes(rng);
        let id = StatementId::from_bytes(crate::random::bytes(rng));
        tree.push(tree::leaf(&salt, id));
        leaves.push(LeafVector { salt: hex::encode(salt), id });
    }
    let node = |id| tree.node(id);
    LogVector {
        leaves,
        root: hex::encode(tree.root()),
        checkpoint: Checkpoint { size, root: tree.root() }.sign(realm, &key),
        origin: origin(realm),
        public: key.public_key(),
        inclusion: (0..size)
            .map(|at| hex_list(&tree::inclusion(at, size, node).expect("a whole tree")))
            .collect(),
        consistency: (1..=size)
            .map(|old| hex_list(&tree::consistency(old, size, node).expect("a whole tree")))
            .collect(),
    }
}

#[test]
#[ignore = "writes the vectors; run it after changing the protocol"]
fn write_statement_vectors() {
    let statements: Vec<_> = samples::samples()
        .iter()
        .map(|sample| StatementVector {
            kind: sample.0.kind().to_string(),
            seeds: sample.1.iter().map(hex::encode).collect(),
            body: String::from_utf8(sample.0.to_bytes()).expect("ASCII"),
            id: sample.0.id(),
            envelope: samples::envelope(sample),
        })
        .collect();
    write("statements.json", &statements);
    let malformed: Vec<_> = samples::malformed()
        .into_iter()
        .map(|(name, envelope, refusal)| MalformedVector {
            name,
            envelope,
            code: refusal.code().to_owned(),
        })
        .collect();
    write("malformed.json", &malformed);
    let mut rng = Seeded::new(3);
    let logs: Vec<_> = [0, 1, 2, 3, 7, 8, 13].map(|size| log_vector(size, &mut rng)).into();
    write("log.json", &logs);
    let mut histories = histories::all();
    fold_repeats(&mut histories);
    write("ledgers.json", &histories);
}

#[test]
fn both_sides_write_the_same_statements() {
    for side in ["rust", "typescript"] {
        let mut kinds = HashSet::new();
        for vector in read::<StatementVector>(side, "statements.json") {
            let kind = Kind::ALL.iter().copied().find(|kind| kind.as_str() == vector.kind);
            let kind = kind.expect("a kind");
            let read = Statement::parse(kind, vector.body.as_bytes()).expect("a statement");
            assert_eq!(read.to_bytes(), vector.body.as_bytes());
            assert_eq!(statement::id(kind, vector.body.as_bytes()), vector.id);
            let seeds = vector.seeds.iter().map(|seed| {
                let bytes = hex::decode(seed).expect("hex");
                <[u8; 32]>::try_from(bytes).expect("32 bytes")
            });
            let signed = samples::envelope(&(read, seeds.clone().collect()));
            assert_eq!(signed.to_json(), vector.envelope.to_json(), "{kind}");
            assert_eq!(vector.envelope.id(), vector.id);
            let first = SigningKey::from_seed(&seeds.clone().next().expect("a seed"));
            assert!(vector.envelope.verify(&first.public_key()).is_ok());
            kinds.insert(kind);
        }
        assert!(kinds.len() == Kind::ALL.len(), "every kind of {side}");
    }
}

#[test]
fn both_sides_refuse_the_same_spellings() {
    for side in ["rust", "typescript"] {
        for vector in read::<MalformedVector>(side, "malformed.json") {
            let refusal = Envelope::parse(vector.envelope.as_bytes()).expect_err(&vector.name);
            assert_eq!(refusal.code(), vector.code, "{}", vector.name);
        }
    }
}

#[test]
fn both_sides_grow_the_same_log() {
    for side in ["rust", "typescript"] {
        for vector in read::<LogVector>(side, "log.json") {
            let hash = |text: &String| -> tree::Hash {
                hex::decode(text).expect("hex").try_into().expect("32 bytes")
            };
            let mut tree = Tree::new();
            let mut leaves = Vec::new();
            for leaf in &vector.leaves {
                let salt = hex::decode(&leaf.salt).expect("hex").try_into().expect("16 bytes");
                leaves.push(tree::leaf(&salt, leaf.id));
                tree.push(leaves[leaves.len() - 1]);
            }
            let (size, root) = (tree.size(), tree.root());
            assert_eq!(hex::encode(root), vector.root);
            let realm: Realm =
                vector.origin.strip_prefix("postern/").expect("an origin").parse().expect("hex");
            let read = Checkpoint::verify(&vector.checkpoint, realm, &vector.public);
            assert_eq!(read, Ok(Checkpoint { size, root }));
            for (at, path) in (0..).zip(&vector.inclusion) {
                let path: Vec<_> = path.iter().map(hash).collect();
                let leaf = leaves[usize::try_from(at).expect("small")];
                assert!(tree::verify_inclusion(&leaf, at, size, &path, &root));
            }
            for (old, path) in (1..).zip(&vector.consistency) {
                let path: Vec<_> = path.iter().map(hash).collect();
                let old_root = tree.root_of(old).expect("a size");
                assert!(tree::verify_consistency(old, size, &old_root, &root, &path));
            }
        }
    }
}

#[test]
fn both_sides_give_every_history_the_same_verdict() {
    for side in ["rust", "typescript"] {
        let mut histories = read::<History>(side, "ledgers.json");
        unfold_repeats(&mut histories);
        for history in histories {
            assert_eq!(history.verdict(), history.refuses, "{} of {side}", history.name);
        }
    }
}
