//! What servers keep, searched for what they must never learn.
//!
//! A whole journey, then a search of the database (dumped, as files, as write-ahead log), of every
//! log and configuration file, and of the outbox. PostgreSQL may compress a long value that was
//! changed since, so the write-ahead log alone would prove little; envelopes and sealed files, the
//! long values here, are stored as they are.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use client::{Api, Remarked};
use domain::id::LetterId;
use seal::key::HybridIdentity;
use seal::random::System;
use seal::statement::{About, AttachmentKind};
use xtask::postgres::Durability;
use xtask::seed::{Agency, Card, Decision, Letterbox, Person, now};
use xtask::stack::{Database, Options, Stack};

use crate::behind::Behind;
use crate::forge::letter_key;
use crate::scene::{address, run, scratch, two_people};
use crate::search::{Needles, files_below};

const LETTER: &str = "Dear friend, the marmalade lighthouse keeps its ochre promise every spring.";
const ANSWER: &str = "Thank you. My velvet barometer sings whenever the tangerine boat comes in.";
const NOTE: &str = "Please sit down first: the cobalt greenhouse is mentioned in the second line.";
const WORRY: &str = "I am worried: nobody has watered the porcelain orchard since the last letter.";
/// Nobody else is called this, nor writes to such an address.
const NAMES: [&str; 2] = ["Bethquillon", "Kerryzander"];

#[test]
fn nothing_a_server_keeps_gives_a_letter_away() {
    run(async {
        let folder = scratch();
        let database = Database::Private(Durability::Durable);
        let options = Options { database, ..Options::default() };
        let mut stack = Stack::start(folder.path(), options).await.unwrap();
        let agency = Agency::found(&mut stack, &mut |_| {}).await.unwrap();
        let (writer, reader, letterbox) = two_people(&stack, &agency, NAMES).await;
        let letters = journey(&agency, &writer, &reader, &letterbox).await;
        come_back(&stack, &writer).await;
        let behind = Behind::of(&stack).await;
        behind.drained().await;

        let mut secrets = Needles::default();
        let mut addresses = Needles::default();
        for text in [LETTER, ANSWER, NOTE, WORRY] {
            // Any half of it would do.
            secrets.add("a letter's text", &text.as_bytes()[..text.len() / 2]);
            secrets.add("a letter's text", &text.as_bytes()[text.len() / 2..]);
        }
        for (member, person) in [&writer, &reader].into_iter().enumerate() {
            secrets.add("somebody's name", person.name.as_bytes());
            addresses.add("an address", address(&person.name).as_bytes());
            add_code(&mut secrets, &letterbox.members[member].code);
            let membership = letterbox.of(&person.name);
            for letter in letters {
                let key = letter_key(person, membership, letter).await;
                add_identity(&mut secrets, "a letter's key", &key.to_text());
            }
        }
        let staff = agency.leads.iter().chain(&agency.coordinators).chain([&agency.administrator]);
        for person in staff.chain([&writer, &reader]) {
            add_keys(&mut secrets, person);
        }
        add_printed(&mut secrets, &agency);

        // What is there must be found, or finding nothing means nothing.
        let mut stored = Needles::default();
        stored.add("the team's name", b"Letterbox team");
        stored.add("a letter's id", &letters[0].to_bytes());

        let data = stack.postgres().unwrap().data();
        let wal = data.join("pg_wal");
        assert_shows(&stored, &wal, 2);
        assert_nothing(&secrets, &wal);
        assert_nothing(&addresses, &wal);

        let dumps = stack.folder().join("dumps");
        dump(&stack, &behind, &dumps).await;
        assert_shows(&stored, &dumps, 2);
        behind.execute("checkpoint").await;
        assert_shows(&stored, &data.join("base"), 2);
        assert_shows(&stored, &stack.logs(), 1);
        let mut operators = Needles::default();
        operators.add("the agency's id", stack.agency().to_string().as_bytes());
        assert_shows(&operators, &stack.folder().join("config"), 1);

        // Everything there is: cluster, logs, configuration, the operator's keys, the outbox.
        assert_nothing(&secrets, stack.folder());
        for place in fs::read_dir(stack.folder()).unwrap().flatten() {
            if place.path() != stack.outbox() {
                assert_nothing(&addresses, &place.path());
            }
        }
        assert_only_envelopes(&secrets, &addresses, &stack.outbox());
    });
}

/// A letter with a note, its answer, and a worry.
async fn journey(
    agency: &Agency,
    writer: &Person,
    reader: &Person,
    letterbox: &Letterbox,
) -> [LetterId; 2] {
    let [priya, sam] = &agency.coordinators;
    let letter = writer.write(letterbox, LETTER).await.unwrap().letter;
    let to = Some(letterbox.of(&reader.name));
    let note = [Remarked { kind: AttachmentKind::Note, to, text: NOTE }];
    priya.check(letter, Decision { remarks: &note, ..Decision::DELIVER }).await.unwrap();
    assert_eq!(reader.receive(letterbox, letter).await.unwrap(), LETTER);

    let answer = reader.write(letterbox, ANSWER).await.unwrap().letter;
    sam.check(answer, Decision::DELIVER).await.unwrap();
    assert_eq!(writer.receive(letterbox, answer).await.unwrap(), ANSWER);

    let standing = letterbox.standing(writer).await.unwrap();
    let about = (About::Worry, None);
    let me = letterbox.of(&writer.name);
    writer.account.tell_team(&standing, me, about, WORRY, now(), &mut System).await.unwrap();
    [letter, answer]
}

/// On another device, first with a slip of the pen.
async fn come_back(stack: &Stack, person: &Person) {
    let origin = &stack.family().origin;
    let slip = Card { words: format!("{}s", person.words), ..person.card() };
    assert!(Person::return_to(origin, &slip).await.is_err());
    Person::return_to(origin, &person.card()).await.unwrap();
    let stranger = Api::new(origin.parse().unwrap());
    assert!(client::Invitation::look_up(&stranger, "K7PM-4XQD-9RTW").await.is_err());
}

/// Everything that somebody signs and opens with, and the words on their card.
fn add_keys(secrets: &mut Needles, person: &Person) {
    let add = |secrets: &mut Needles, seed: &[u8], identity: &HybridIdentity| {
        secrets.add("a signing key", seed);
        add_identity(secrets, "a sealing key", &identity.to_text());
    };
    for keys in &person.account.bundle().memberships {
        add(secrets, &*keys.sign_seed.seed(), &keys.seal_identity);
    }
    for keys in &person.account.bundle().staff {
        add(secrets, &*keys.sign_seed.seed(), &keys.seal_identity);
    }
    add_words(secrets, &person.words);
}

/// Any three words in a row: two might meet by chance.
fn add_words(secrets: &mut Needles, card: &str) {
    let words: Vec<_> = card.split(' ').collect();
    for three in words.windows(3) {
        for between in ["", " ", "-", ".", "+", "%20"] {
            secrets.add("words of a card", three.join(between).as_bytes());
        }
    }
}

fn add_code(secrets: &mut Needles, blocks: &str) {
    for between in ["", " ", "-"] {
        let code = blocks.replace('-', between);
        secrets.add("a printed code", code.as_bytes());
        secrets.add("a printed code", code.to_lowercase().as_bytes());
    }
}

/// What the ceremony printed for safes and offices.
fn add_printed(secrets: &mut Needles, agency: &Agency) {
    for custodian in &agency.printed.custodians {
        add_words(secrets, custodian);
    }
    add_identity(secrets, "the archive's key", &agency.printed.archive);
    let root_file = hex::decode(&agency.printed.root_file).unwrap();
    secrets.add("the root's file", &root_file[root_file.len() - 32..]);
}

/// An `AGE-SECRET-KEY-…`, in either case, and the bytes in it.
fn add_identity(secrets: &mut Needles, what: &str, text: &str) {
    // Without its name, which says nothing; the last six characters only check the others.
    let data = &text[text.rfind('1').unwrap() + 1..];
    secrets.add(what, data.as_bytes());
    secrets.add(what, data.to_lowercase().as_bytes());
    let alphabet = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
    let five = data[..data.len() - 6].chars().map(|c| alphabet.find(c).unwrap());
    let five = five.map(|value| u8::try_from(value).unwrap());
    let bits: Vec<u8> = five.flat_map(|v| (0..5).rev().map(move |b| v >> b & 1)).collect();
    let bytes: Vec<u8> =
        bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | bit)).collect();
    assert_eq!(bytes.len(), 32);
    secrets.add(what, &bytes);
}

/// Every table of the database as text, its columns of bytes in both ways that PostgreSQL shows
/// them; and what `pg_dump` makes of it, where this PostgreSQL brings one.
async fn dump(stack: &Stack, behind: &Behind, folder: &Path) {
    fs::create_dir(folder).unwrap();
    // The server writes there, under its own account.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
    for form in ["hex", "escape"] {
        let place = folder.join(form).display().to_string();
        let copy_all = format!(
            "set local bytea_output = {form};
             do $do$ declare it record; begin
                 for it in select oid::regclass as name, oid from pg_class where relkind = 'r' loop
                     execute format('copy %s to %L', it.name, '{place}.' || it.oid);
                 end loop;
             end $do$"
        );
        behind.execute(&copy_all).await;
    }
    let postgres = stack.postgres().unwrap();
    if let Some(program) = postgres.binaries().program("pg_dump") {
        let dumped = Command::new(program).arg(stack.database_url("postgres")).output().unwrap();
        assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
        fs::write(folder.join("pg_dump"), dumped.stdout).unwrap();
    }
}

fn assert_shows(stored: &Needles, place: &Path, least: usize) {
    let found = files_below(place)
        .iter()
        .flat_map(|path| stored.found_in(&fs::read(path).unwrap_or_default()))
        .collect::<std::collections::BTreeSet<_>>();
    assert!(found.len() >= least, "the search is blind in {}: {found:?}", place.display());
}

fn assert_nothing(secrets: &Needles, place: &Path) {
    let found = secrets.found_below(place);
    assert!(found.is_empty(), "in {}: {found:#?}", place.display());
}

/// An address is on the envelope and nowhere in what is said; nothing else is anywhere.
fn assert_only_envelopes(secrets: &Needles, addresses: &Needles, outbox: &Path) {
    let notices = files_below(outbox);
    assert!(notices.len() >= 2, "both have had news");
    for path in notices {
        let message = fs::read_to_string(&path).unwrap();
        let (head, body) = message.split_once("\r\n\r\n").unwrap();
        let (to, rest): (Vec<_>, Vec<_>) = head.lines().partition(|line| line.starts_with("To:"));
        assert_eq!(to.len(), 1, "{head}");
        assert!(!addresses.found_in(to[0].as_bytes()).is_empty(), "{head}");
        // As it travels, and put together again: lines of mail are cut anywhere.
        let whole = body.replace("=\r\n", "").replace("\r\n", "");
        for said in [rest.join("\n").as_str(), body, &whole] {
            assert_eq!(addresses.found_in(said.as_bytes()), [""; 0], "{said}");
            assert_eq!(secrets.found_in(said.as_bytes()), [""; 0], "{said}");
        }
    }
}
