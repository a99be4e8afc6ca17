//! The targets over the committed corpora, over seeded mutations of them, and the corpora's making.

use std::fs;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{
    TARGETS,
    corpus::{self, Seeds, repository},
    mutate::mutated,
};
use crate::{checkpoint::origin, key::X25519Identity, testing::Seeded};

#[test]
fn every_file_of_a_corpus_is_read_or_refused_as_its_name_says() {
    for (name, target) in TARGETS {
        corpus::is_as_named(name, target);
    }
}

#[test]
fn no_mutation_of_a_corpus_breaks_a_promise() {
    for (seed, (name, target)) in (0..).zip(TARGETS) {
        corpus::drive(name, target, seed);
    }
}

#[test]
fn the_same_seed_makes_the_same_mutations() {
    let run = || {
        let mut rng = Seeded::new(1);
        (0..50).map(|_| mutated(b"some bytes", b"others", &mut rng)).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

/// Writes the corpora anew from the shared vectors: only after the protocol has changed.
#[test]
#[ignore = "writes tests/fuzz/corpus"]
fn write_corpora() {
    for (name, target) in TARGETS {
        corpus::write(name, target, from_vectors(name));
    }
}

fn from_vectors(target: &str) -> Seeds {
    let mut seeds: Seeds = match target {
        "envelope" => envelopes(),
        "age_header" => headers(),
        "letter" => letters(),
        "checkpoint" => checkpoints(),
        _ => codes(),
    };
    // Each file also cut short.
    let cut = seeds.first().map(|(_, bytes)| bytes[..bytes.len() / 2].to_vec());
    seeds.extend(cut.map(|bytes| ("half".to_owned(), bytes)));
    seeds
}

fn vectors(name: &str) -> Vec<Value> {
    let path = repository().join("tests/vectors/postern/rust").join(format!("{name}.json"));
    serde_json::from_slice(&fs::read(path).expect("vectors")).expect("JSON")
}

fn text<'a>(entry: &'a Value, field: &str) -> &'a str {
    entry[field].as_str().expect("a text")
}

fn bytes(entry: &Value, field: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(text(entry, field)).expect("base64")
}

/// The shortest statement of each kind that fits in a kilobyte or so, and a few malformed ones.
fn envelopes() -> Seeds {
    let short = |bytes: &Vec<u8>| bytes.len() < 2500;
    let mut seeds: Seeds = Vec::new();
    for entry in vectors("statements") {
        let envelope: crate::envelope::Envelope =
            serde_json::from_value(entry["envelope"].clone()).expect("an envelope");
        let (kind, json) = (text(&entry, "kind").to_owned(), envelope.to_json());
        if short(&json) && seeds.iter().all(|(known, _)| *known != kind) {
            seeds.push((kind, json));
        }
    }
    for (number, entry) in vectors("malformed").iter().enumerate().step_by(5) {
        let json = text(entry, "envelope").as_bytes().to_vec();
        if short(&json) {
            seeds.push((format!("malformed-{number}"), json));
        }
    }
    seeds
}

/// Headers with a payload of a few bytes: nobody opens it.
fn headers() -> Seeds {
    let shortened = |file: Vec<u8>| {
        let mac = file.windows(5).position(|w| w == b"\n--- ").expect("a MAC");
        file[..mac + 5 + 44 + 40].to_vec()
    };
    let mut seeds: Seeds = [("letters", "file"), ("grants", "file"), ("wraps", "sealed")]
        .map(|(name, field)| (name.to_owned(), shortened(bytes(&vectors(name)[0], field))))
        .into();
    let documents = vectors("documents");
    let several = documents.iter().map(|entry| bytes(entry, "file"));
    seeds.extend(several.take(1).map(|file| ("document".to_owned(), shortened(file))));
    let mut mixed = seeds[0].1.clone();
    let stanza = "-> X25519 AAAA\n\n";
    drop(mixed.splice(22..22, stanza.bytes()));
    seeds.push(("mixed".to_owned(), mixed));
    seeds
}

fn letters() -> Seeds {
    let mut seeds = Seeds::new();
    for entry in vectors("letters") {
        let key: X25519Identity = text(&entry, "identity").parse().expect("an identity");
        let (context, parts) =
            super::letter::open_any(&bytes(&entry, "file"), &key).expect("opens");
        let plaintext = super::letter::write(&context, &parts).expect("writes");
        let end = plaintext.iter().rposition(|&b| b != 0).expect("not all zeros") + 1;
        if end < 4000 {
            seeds.push((
                format!("{}-{}", context.kind.as_str(), seeds.len()),
                plaintext[..end].into(),
            ));
        }
    }
    let (_, first) = &seeds[0];
    let dirty = [first, &b"\0\0x"[..]].concat();
    seeds.push(("dirty-padding".to_owned(), dirty));
    seeds
}

fn checkpoints() -> Seeds {
    let (realm, _) = super::log();
    let mut seeds: Seeds = vectors("log")
        .iter()
        .enumerate()
        .map(|(size, entry)| {
            // Of this log, signed by another.
            let note = text(entry, "checkpoint").replace(text(entry, "origin"), &origin(realm));
            (format!("size-{size}"), note.into_bytes())
        })
        .collect();
    let unsigned = |size: &str| {
        format!("{}\n{size}\n{}\n\n", origin(realm), BASE64_STANDARD.encode([5; 32])).into_bytes()
    };
    seeds.push(("unsigned".to_owned(), unsigned("5")));
    seeds.push(("leading-zero".to_owned(), unsigned("05")));
    seeds.push(("too-large".to_owned(), unsigned("9007199254740992")));
    seeds
}

fn codes() -> Seeds {
    let mut seeds: Seeds = vectors("invites")
        .iter()
        .enumerate()
        .map(|(number, entry)| (format!("code-{number}"), text(entry, "code").into()))
        .collect();
    for (label, typed) in [
        ("typed", " aobl c2d3\te4f5\n"),
        ("wide-spaces", "A0B1\u{2003}C2D3\u{85}E4F5"),
        ("mark", "\u{feff}A0B1C2D3E4F5"),
        ("dotless", "A0B1C2D3E4F\u{131}"),
        ("long-s", "A0B1C2D3E4F\u{17f}"),
        ("thirteen", "A0B1C2D3E4F56"),
    ] {
        seeds.push((label.to_owned(), typed.into()));
    }
    seeds
}
