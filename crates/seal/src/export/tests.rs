use super::*;
use crate::{
    statement::Outcome,
    testing::{Letterbox, salt},
    tree::{self, Tree},
};

/// An agency whose last entries are a letter and the decision to pass it on.
fn letterbox() -> Letterbox {
    let mut of = Letterbox::new(1);
    let submit_id = of.letter();
    let Checkpoint { size, root } = of.checkpoint();
    let coordinator = of.coordinator.clone();
    let body = of.decision_body(submit_id, Outcome::Deliver);
    of.say(&coordinator, crate::statement::Decision { log_size: size, log_root: root, ..body });
    of
}

/// The export of a log, line by line, the first line first.
fn exported(of: &Letterbox) -> Vec<Vec<u8>> {
    let mut tree = Tree::new();
    let mut lines = Vec::new();
    let mut newest = String::new();
    for (index, statement) in (0..).zip(&of.statements) {
        let leaf = tree::leaf(&salt(index), statement.id());
        tree.push(leaf);
        let size = tree.size();
        newest = Checkpoint { size, root: tree.root() }.sign(of.realm, of.log_key_at(size));
        let (salt, statement) = (Some(salt(index)), statement.clone());
        lines.push(Line { index, leaf, salt, note: newest.clone(), statement }.to_line());
    }
    lines.insert(0, Head::new(of.realm, of.root.public_key(), newest).to_line());
    lines
}

/// Verifies lines as a reader of the file does.
fn verified(realm: Realm, lines: &[Vec<u8>]) -> Result<Audit, Mismatch> {
    let head = Head::parse(&lines[0]).expect("a first line");
    let mut verification = Verification::new(head, realm).expect("its own realm");
    for line in &lines[1..] {
        let at = Some(verification.next());
        let line = Line::parse(line).ok_or(Mismatch { entry: at, fault: Fault::Malformed })?;
        verification.take(&line)?;
    }
    verification.end()
}

/// What is found once the lines of a whole export were changed.
fn found(of: &Letterbox, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> (Option<u64>, &'static str) {
    let mut lines = exported(of);
    change(&mut lines);
    let Mismatch { entry, fault } = verified(of.realm, &lines).expect_err("a mismatch");
    (entry, fault.code())
}

fn text(line: &[u8]) -> String {
    String::from_utf8(line.to_vec()).expect("UTF-8")
}

#[test]
fn a_whole_export_verifies_from_the_realm_alone() {
    let of = letterbox();
    let lines = exported(&of);
    let audit = verified(of.realm, &lines).expect("whole");
    assert_eq!(audit.checkpoint(), of.checkpoint());
    assert_eq!(audit.ledger().ids(), of.ledger.ids());
    let longest = lines.iter().map(Vec::len).max().expect("lines");
    assert!(longest < MAX_LINE / 4, "{longest}");
    // The log of an agency that has said nothing yet.
    let empty = Head::new(of.realm, of.root.public_key(), String::new()).to_line();
    assert_eq!(verified(of.realm, &[empty]).expect("whole").checkpoint().size, 0);
}

#[test]
fn a_purged_entry_verifies_and_is_named() {
    let of = letterbox();
    let mut lines = exported(&of);
    let mut line = Line::parse(&lines[6]).expect("a line");
    line.salt = None;
    lines[6] = line.to_line();
    assert!(text(&lines[6]).contains(r#""salt":"","#));
    assert_eq!(verified(of.realm, &lines).expect("whole").purged(), [5]);
}

#[test]
fn an_export_that_was_cut_short_is_found_wherever_it_was_cut() {
    let of = letterbox();
    let lines = exported(&of);
    let head = Head::parse(&lines[0]).expect("a first line");
    let mut verification = Verification::new(head, of.realm).expect("its own realm");
    for line in &lines[1..] {
        let at = Some(verification.next());
        let cut = verification.clone().end().expect_err("more was signed");
        assert_eq!(cut, Mismatch { entry: at, fault: Fault::Missing });
        // Within a line, and before its last byte.
        for end in [0, 1, line.len() / 2, line.len() - 1] {
            assert!(Line::parse(&line[..end]).is_none(), "{end} bytes of {at:?}");
        }
        verification.take(&Line::parse(line).expect("a line")).expect("matches");
    }
    verification.end().expect("whole");
}

#[test]
fn no_byte_of_an_export_can_change() {
    let of = letterbox();
    let lines = exported(&of);
    let head = Head::parse(&lines[0]).expect("a first line");
    let mut verification = Verification::new(head, of.realm).expect("its own realm");
    let shortest = lines[1..].iter().map(Vec::len).min().expect("lines");
    for line in &lines[1..] {
        if line.len() == shortest {
            for place in 0..line.len() {
                let mut line = line.clone();
                line[place] ^= 1;
                let taken = Line::parse(&line).map(|line| verification.clone().take(&line));
                assert!(!matches!(taken, Some(Ok(()))), "byte {place}");
            }
        }
        verification.take(&Line::parse(line).expect("a line")).expect("matches");
    }
    for place in 0..lines[0].len() {
        let mut line = lines[0].clone();
        line[place] ^= 1;
        let Some(head) = Head::parse(&line) else { continue };
        // What says less or other than what was taken ends with a mismatch.
        let note = head.note.clone();
        if Verification::new(head, of.realm).is_ok() {
            let other = Verification { note, ..verification.clone() };
            assert!(other.end().is_err(), "byte {place} of the first line");
        }
    }
}

#[test]
fn entries_removed_repeated_or_in_another_order_are_found_at_their_numbers() {
    let of = letterbox();
    let last = of.statements.len();
    assert_eq!(found(&of, |lines| drop(lines.remove(8))), (Some(7), "other-entry"));
    assert_eq!(found(&of, |lines| lines.swap(8, 9)), (Some(7), "other-entry"));
    let twice = found(&of, |lines| lines.insert(9, lines[8].clone()));
    assert_eq!(twice, (Some(8), "other-entry"));
    let at = Some(last as u64);
    assert_eq!(found(&of, |lines| lines.push(lines[last].clone())), (at, "other-entry"));
    assert_eq!(found(&of, |lines| lines.push(b"\n".to_vec())), (at, "malformed"));
    // Numbered anew by whoever changed the order: the statements rest on each other, and the leaves
    // on the tree.
    let renumbered =
        |line: &[u8], index| Line { index, ..Line::parse(line).expect("a line") }.to_line();
    let swapped = found(&of, |lines| {
        lines.swap(3, 4);
        for place in [3, 4] {
            lines[place] = renumbered(&lines[place], place as u64 - 1);
        }
    });
    assert_eq!(swapped.0, Some(2), "{}", swapped.1);
    let repeated = found(&of, |lines| lines.push(renumbered(&lines[last], last as u64)));
    assert_eq!(repeated, (at, "repeated"));
}

#[test]
fn a_first_line_that_says_less_or_more_than_there_is_is_found() {
    let of = letterbox();
    let size = of.statements.len() as u64;
    let note_of = |line: &[u8]| Line::parse(line).expect("a line").note;
    let with_note = |lines: &mut Vec<Vec<u8>>, note: String| {
        lines[0] = Head::new(of.realm, of.root.public_key(), note).to_line();
    };
    let older = found(&of, |lines| with_note(lines, note_of(&lines[5])));
    assert_eq!(older, (Some(5), "extra-entry"));
    assert_eq!(found(&of, |lines| with_note(lines, String::new())), (Some(0), "extra-entry"));
    // A log cut short with its first line is an older log, whole: a monitor tells, not the file.
    let mut lines = exported(&of);
    with_note(&mut lines, note_of(&exported(&of)[5]));
    lines.truncate(6);
    assert_eq!(verified(of.realm, &lines).expect("whole").checkpoint().size, 5);
    // Nobody but the log's key says how long it is.
    let key = crate::key::SigningKey::from_seed(&[7; 32]);
    let forged = of.checkpoint().sign(of.realm, &key);
    assert_eq!(found(&of, |lines| with_note(lines, forged)), (None, "bad-checkpoint"));
    let other = Checkpoint { size, root: [7; 32] }.sign(of.realm, &of.log_key);
    assert_eq!(found(&of, |lines| with_note(lines, other)), (None, "other-tree"));
}

#[test]
fn another_agencys_export_is_refused_and_so_is_its_entry() {
    let (of, other) = (letterbox(), Letterbox::new(2));
    let head = Head::parse(&exported(&other)[0]).expect("a first line");
    let refused = Verification::new(head.clone(), of.realm).err();
    assert_eq!(refused, Some(Refusal::WrongRealm));
    let relabelled = Head { realm: of.realm, ..head };
    assert_eq!(Verification::new(relabelled, of.realm).err(), Some(Refusal::WrongRealm));
    let theirs = exported(&other);
    assert_eq!(found(&of, |lines| lines[4] = theirs[4].clone()).0, Some(3));
}

#[test]
fn every_other_spelling_is_refused() {
    let lines = exported(&letterbox());
    let (head, line) = (text(&lines[0]), text(&lines[3]));
    assert!(Head::parse(head.as_bytes()).is_some() && Line::parse(line.as_bytes()).is_some());
    for (was, is) in [
        ("\"index\":2", "\"index\": 2"),
        ("\"index\":2", "\"index\":2.0"),
        ("\"index\":2", "\"index\":2,\"index\":2"),
        ("\"index\":2", "\"index\":2,\"name\":\"Beth\""),
        ("{\"index\"", " {\"index\""),
        ("\"salt\":\"0", "\"salt\":null,\"\":\"0"),
        ("—", "\\u2014"),
        ("}}\n", "}}\r\n"),
        ("}}\n", "}}"),
        ("}}\n", "}}\n\n"),
    ] {
        let other = line.replacen(was, is, 1);
        assert_ne!(other, line, "{was}");
        assert!(Line::parse(other.as_bytes()).is_none(), "{is}");
    }
    let upper = line.replacen("\"leaf\":\"", "\"leaf\":\"F", 1);
    assert!(Line::parse(upper.as_bytes()).is_none());
    for (was, is) in [("\"postern_log\":1", "\"postern_log\":2"), ("\"realm\"", "\"Realm\"")] {
        assert!(Head::parse(head.replacen(was, is, 1).as_bytes()).is_none(), "{is}");
    }
    let long = format!("{}{line}", " ".repeat(MAX_LINE));
    assert!(Line::parse(long.as_bytes()).is_none());
}

#[test]
fn an_export_over_a_change_of_the_logs_key_verifies_and_its_old_key_signs_nothing_after() {
    let mut of = letterbox();
    let changed = of.statements.len();
    of.replace_log_key();
    of.letter();
    let audit = verified(of.realm, &exported(&of)).expect("whole");
    assert_eq!(audit.checkpoint(), of.checkpoint());
    let stolen = of.earlier_log_keys[0].clone();
    let with_note = |lines: &mut Vec<Vec<u8>>, note: String| {
        lines[0] = Head::new(of.realm, of.root.public_key(), note).to_line();
    };
    // The newest checkpoint, an entry's, and the way back to before the change.
    let newest = of.checkpoint().sign(of.realm, &stolen);
    assert_eq!(found(&of, |lines| with_note(lines, newest.clone())), (None, "bad-checkpoint"));
    let last = of.statements.len() - 1;
    let entry = found(&of, |lines| {
        let line = Line::parse(&lines[last + 1]).expect("a line");
        lines[last + 1] = Line { note: newest, ..line }.to_line();
    });
    assert_eq!(entry, (Some(last as u64), "bad-checkpoint"));
    let older = Line::parse(&exported(&of)[changed]).expect("a line").note;
    assert_eq!(found(&of, |lines| with_note(lines, older)), (None, "bad-checkpoint"));
    let without = found(&of, |lines| {
        lines.remove(changed + 1);
        for (at, text) in lines.iter_mut().enumerate().skip(changed + 1) {
            let line = Line::parse(text).expect("a line");
            *text = Line { index: at as u64 - 1, ..line }.to_line();
        }
    });
    assert_eq!(without, (Some(changed as u64), "bad-checkpoint"));
}
