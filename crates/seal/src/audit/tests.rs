use super::*;
use crate::{
    key::SigningKey,
    statement::{Decision, Outcome},
    testing::{Letterbox, salt},
};

/// An entry that a test may change.
#[derive(Clone)]
struct Kept {
    statement: Envelope,
    salt: Option<[u8; 16]>,
    leaf: Hash,
    note: String,
}

/// A letter that was passed on, decided at a checkpoint that was there.
fn delivered() -> Letterbox {
    let mut of = Letterbox::new(1);
    let submit_id = of.letter();
    let coordinator = of.coordinator.clone();
    let Checkpoint { size, root } = of.checkpoint();
    let body = of.decision_body(submit_id, Outcome::Deliver);
    of.say(&coordinator, Decision { log_size: size, log_root: root, ..body });
    of
}

/// The log as the worker keeps it.
fn log_of(of: &Letterbox) -> Vec<Kept> {
    log_signed(of, |size| of.log_key_at(size))
}

/// The log, with the checkpoint of each size signed by some key.
fn log_signed<'a>(of: &Letterbox, key: impl Fn(u64) -> &'a SigningKey) -> Vec<Kept> {
    let mut tree = Tree::new();
    let entries = (0..).zip(&of.statements).map(|(index, statement)| {
        let leaf = tree::leaf(&salt(index), statement.id());
        tree.push(leaf);
        let (size, root) = (tree.size(), tree.root());
        let note = Checkpoint { size, root }.sign(of.realm, key(size));
        Kept { statement: statement.clone(), salt: Some(salt(index)), leaf, note }
    });
    entries.collect()
}

/// How far an audit comes, and what stops it.
fn audited(of: &Letterbox, log: &[Kept]) -> Result<Audit, (usize, Fault)> {
    let mut audit = Audit::new(of.realm, of.root.public_key()).expect("its own root");
    for (at, Kept { statement, salt, leaf, note }) in log.iter().enumerate() {
        let entry = Entry { statement, salt: *salt, leaf: *leaf, note };
        audit.add(&entry).map_err(|fault| (at, fault))?;
    }
    Ok(audit)
}

fn fault(of: &Letterbox, change: impl FnOnce(&mut Vec<Kept>)) -> (usize, Fault) {
    let mut log = log_of(of);
    change(&mut log);
    audited(of, &log).expect_err("a fault")
}

#[test]
fn a_whole_log_is_audited_and_so_is_one_with_purged_entries() {
    let of = delivered();
    let mut log = log_of(&of);
    let audit = audited(&of, &log).expect("whole");
    assert_eq!((audit.checkpoint(), audit.purged()), (of.checkpoint(), &[][..]));
    log[20].salt = None;
    assert_eq!(audited(&of, &log).expect("whole").purged(), [20]);
}

#[test]
fn whatever_was_altered_removed_or_reordered_is_found_at_its_place() {
    let of = delivered();
    let last = of.statements.len() - 1;
    assert_eq!(fault(&of, |log| log[5].leaf[0] ^= 1), (5, Fault::Leaf));
    assert_eq!(fault(&of, |log| log[5].salt = Some([9; 16])), (5, Fault::Leaf));
    // A purged leaf is exchanged as well: only the checkpoint tells.
    let exchanged = fault(&of, |log| {
        log[5].salt = None;
        log[5].leaf[0] ^= 1;
    });
    assert_eq!(exchanged, (5, Fault::OtherTree));
    assert_eq!(fault(&of, |log| drop(log.remove(last - 1))).0, last - 1);
    assert_eq!(fault(&of, |log| log.swap(last, last - 1)).0, last - 1);
    let repeated = fault(&of, |log| log.push(log[last].clone()));
    assert_eq!(repeated, (last + 1, Fault::Statement(Refusal::Repeated)));
    let note = fault(&of, |log| log[7].note = log[6].note.clone());
    assert_eq!(note, (7, Fault::OtherTree));
}

#[test]
fn checkpoints_that_the_log_has_not_signed_and_strangers_statements_are_found() {
    let of = delivered();
    let stranger = SigningKey::from_seed(&[7; 32]);
    let refused = audited(&of, &log_signed(&of, |_| &stranger)).err();
    assert_eq!(refused, Some((0, Fault::Checkpoint(Refusal::BadSignature))));
    let other = Letterbox::new(2);
    let theirs = fault(&of, |log| log[4].statement = other.statements[4].clone());
    assert!(matches!(theirs, (4, Fault::Statement(_))), "{theirs:?}");
    assert!(Audit::new(of.realm, other.root.public_key()).is_err());
}

#[test]
fn a_decision_taken_on_another_log_is_found() {
    let mut of = delivered();
    let submit_id = of.letter();
    let coordinator = of.coordinator.clone();
    let size = of.checkpoint().size;
    let body = of.decision_body(submit_id, Outcome::Deliver);
    of.say(&coordinator, Decision { log_size: size, log_root: [8; 32], ..body });
    let log = log_of(&of);
    assert_eq!(audited(&of, &log).err(), Some((log.len() - 1, Fault::OtherSeen)));
}

#[test]
fn each_checkpoint_is_signed_by_the_key_that_the_log_named_by_then() {
    let mut of = delivered();
    let first = of.checkpoint().size;
    of.replace_log_key();
    let second = of.letter();
    of.replace_log_key();
    let coordinator = of.coordinator.clone();
    let body = of.decision_body(second, Outcome::Deliver);
    let Checkpoint { size, root } = of.checkpoint();
    of.say(&coordinator, Decision { log_size: size, log_root: root, ..body });
    let audit = audited(&of, &log_of(&of)).expect("whole");
    assert_eq!(audit.checkpoint(), of.checkpoint());
    // Any key of another time, whoever has it: one that was replaced, and one not yet logged.
    let [oldest, older] = &of.earlier_log_keys[..] else { panic!("two keys before") };
    let refused = Fault::Checkpoint(Refusal::BadSignature);
    let last = of.checkpoint().size;
    for (key, from, to) in [
        (oldest, first, last),
        (older, size - 1, last),
        (older, 0, first),
        (&of.log_key, 0, size - 1),
    ] {
        for at in [from, to - 1] {
            let log = log_signed(&of, |n| if n == at + 1 { key } else { of.log_key_at(n) });
            let at = usize::try_from(at).expect("small");
            assert_eq!(audited(&of, &log).err(), Some((at, refused)), "{at}");
        }
    }
    // The statement that names the key cannot be taken out, nor put elsewhere.
    let changed = usize::try_from(first).expect("small");
    assert_eq!(fault(&of, |log| drop(log.remove(changed))).0, changed);
    assert_eq!(fault(&of, |log| log.swap(changed, changed + 1)).0, changed);
    assert_eq!(fault(&of, |log| log.swap(changed, changed - 1)).0, changed - 1);
}
