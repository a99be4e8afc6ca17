//! The vectors shared with the TypeScript: one proof, and what a server may send to hold it.
//!
//! `cargo test -p seal -- --ignored write_held_vectors` writes Rust's; both folders are read.

use std::fs;
use std::path::PathBuf;

use domain::id::Realm;
use domain::role::Role;

use super::*;
use crate::{
    bundle::LogPin,
    envelope::Envelope,
    key::{PublicKey, SigningKey},
    testing::Agency,
};

#[derive(Serialize, Deserialize)]
struct Held {
    realm: Realm,
    root: PublicKey,
    statements: Vec<Envelope>,
    /// The certificate of whoever hears it.
    own: StatementId,
    cases: Vec<Case>,
}

#[derive(Serialize, Deserialize)]
struct Case {
    name: String,
    log: Logged,
    seen: Pins,
    /// Why it is refused; none if it is held.
    code: Option<String>,
}

fn file(side: &str) -> PathBuf {
    let vectors = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/postern");
    vectors.join(side).join("held.json")
}

fn case(name: &str, log: Logged, seen: &Pins, code: Option<Refusal>) -> Case {
    let code = code.map(|refusal| refusal.code().to_owned());
    Case { name: name.to_owned(), log, seen: seen.clone(), code }
}

fn pin(of: &Agency, size: u64) -> Pins {
    let root = hex::encode(of.tree().root_of(size).expect("a size"));
    Pins { log: LogPin { size, root }, ..Pins::default() }
}

/// The last statement is the lead's own, and in one case not logged yet.
fn held() -> Held {
    let mut of = Agency::new(9);
    of.root_staff(&[Role::Administrator], &[]);
    let team = of.id(domain::id::TeamId::from_bytes);
    let lead = of.root_staff(&[Role::Lead], &[team]);
    let (epoch, _) = of.epoch_body(team);
    of.say(&lead, epoch);
    // The administrator's part is in the log and not in the proof.
    let statements = [&of.statements[..1], &of.statements[4..]].concat();
    let log = |of: &Agency, seen| of.proof_of(statements.clone(), seen).log.expect("a log");
    let (good, seen) = (log(&of, 3), pin(&of, 3));
    let mut before = of.clone();
    before.statements.pop();
    let unseen = Pins::default();
    let elsewhere = Realm::from_bytes([0x77; 32]);
    let changed = |change: &dyn Fn(&mut Logged)| {
        let mut log = good.clone();
        change(&mut log);
        log
    };
    let newest = of.checkpoint();
    let altered = Checkpoint { root: [0x77; 32], ..newest };
    let stranger = SigningKey::from_seed(&[0x77; 32]);
    let lie = |name, refusal, change: &dyn Fn(&mut Logged)| {
        case(name, changed(change), &seen, Some(refusal))
    };
    let other = LogPin { root: hex::encode([0x77; 32]), ..seen.log.clone() };
    let other = Pins { log: other, ..Pins::default() };
    let cases = vec![
        case("from where it was seen", good.clone(), &seen, None),
        case("never seen before", log(&of, 0), &unseen, None),
        case("one's own, not logged yet", log(&before, 3), &seen, None),
        case("a log rolled back", log(&before, 0), &pin(&of, newest.size), Some(Refusal::OlderLog)),
        case("another log", good.clone(), &other, Some(Refusal::OtherLog)),
        lie("an entry altered", Refusal::NotInLog, &|it| {
            it.places[2].as_mut().expect("logged").salt = [0xff; 16];
        }),
        lie("an entry removed", Refusal::NotLogged, &|it| it.places[2] = None),
        lie("entries in another order", Refusal::WrongPlace, &|it| it.places.swap(1, 2)),
        lie("a place too few", Refusal::Malformed, &|it| {
            it.places.pop();
        }),
        lie("a hash too few", Refusal::NotInLog, &|it| drop(it.hashes.drain(..44))),
        lie("another tree under the checkpoint", Refusal::NotInLog, &|it| {
            it.note = altered.sign(of.realm, &of.log_key);
        }),
        lie("a stranger's signature", Refusal::BadSignature, &|it| {
            it.note = newest.sign(of.realm, &stranger);
        }),
        lie("another agency's checkpoint", Refusal::Malformed, &|it| {
            it.note = newest.sign(elsewhere, &of.log_key);
        }),
    ];
    Held { realm: of.realm, root: of.root.public_key(), statements, own: lead.id, cases }
}

/// The log's key was replaced; the proof tells of that, or keeps it back.
fn rekeyed(told: bool) -> Held {
    let mut of = Agency::new(9);
    let lead = of.root_staff(&[Role::Lead], &[]);
    let changed = of.checkpoint().size;
    let second = of.replace_log_key();
    of.root_staff(&[Role::Administrator], &[]);
    let mut statements = of.statements.clone();
    statements.retain(|it| told || it.id() != second);
    let before = Pins { agency: Some(of.statements[0].id()), ..pin(&of, changed) };
    let after = Pins { agency: Some(second), ..pin(&of, changed + 1) };
    let log = |seen: &Pins| of.proof_of(statements.clone(), seen.log.size).log.expect("a log");
    let stolen = |seen: &Pins| {
        let note = of.checkpoint().sign(of.realm, &of.earlier_log_keys[0]);
        Logged { note, ..log(seen) }
    };
    let unseen = Pins::default();
    let cases = if told {
        vec![
            case("never seen before", log(&unseen), &unseen, None),
            case("seen before the change", log(&before), &before, None),
            case("seen after the change", log(&after), &after, None),
            case(
                "the old key, never seen before",
                stolen(&unseen),
                &unseen,
                Some(Refusal::BadSignature),
            ),
            case("the old key, seen before", stolen(&before), &before, Some(Refusal::BadSignature)),
            case("the old key, seen after", stolen(&after), &after, Some(Refusal::BadSignature)),
        ]
    } else {
        vec![
            case("the old key", stolen(&after), &after, Some(Refusal::OlderAgency)),
            case("the new key", log(&after), &after, Some(Refusal::OlderAgency)),
            case("the new key, seen before", log(&before), &before, Some(Refusal::BadSignature)),
            case("the old key, nothing known of another", stolen(&before), &before, None),
        ]
    };
    Held { realm: of.realm, root: of.root.public_key(), statements, own: lead.id, cases }
}

#[test]
#[ignore = "writes files"]
fn write_held_vectors() {
    let held = [held(), rekeyed(true), rekeyed(false)];
    let lines = held.map(|one| serde_json::to_string(&one).expect("JSON")).join(",\n");
    fs::write(file("rust"), format!("[\n{lines}\n]\n")).expect("written");
}

#[test]
fn both_sides_hold_the_same_proofs() {
    for side in ["rust", "typescript"] {
        let text = fs::read(file(side)).expect("the vectors");
        let entries: Vec<Held> = serde_json::from_slice(&text).expect("vectors");
        for Held { realm, root, statements, own, cases } in entries {
            let mut proof = Proof { root, statements, log: None };
            let ledger = proof.fold(realm).expect("folds");
            for Case { name, log, seen, code } in cases {
                proof.log = Some(log);
                let refused = hold(&proof, &ledger, &seen, Some(own)).err();
                assert_eq!(refused.map(Refusal::code), code.as_deref(), "{name} of {side}");
            }
        }
    }
}
