//! What must hold for any bytes at all: one function for each thing that strangers hand us to read.
//!
//! A target panics where the parser broke its promise, and otherwise says whether it accepted the
//! bytes. `tests/fuzz` drives the same functions with libFuzzer; the tests below drive them over
//! `tests/fuzz/corpus` and seeded mutations of it, on any toolchain. The promises: no panic; what
//! is accepted comes out again byte for byte; nothing is taken for longer than it is.

use domain::id::Realm;

use crate::{
    checkpoint::{Checkpoint, origin},
    envelope::{Envelope, MAX_ENVELOPE},
    file::{self, Stanzas},
    invite::Code,
    key::SigningKey,
    letter::{self, BUCKETS},
};

pub mod corpus;
pub mod mutate;

/// Whether the bytes were accepted.
pub type Target = fn(&[u8]) -> bool;

/// Every target, by the name of its corpus.
pub const TARGETS: [(&str, Target); 5] = [
    ("envelope", envelope),
    ("age_header", age_header),
    ("letter", letter),
    ("checkpoint", checkpoint),
    ("invitation_code", invitation_code),
];

/// The exact bytes of a signed statement.
pub fn envelope(bytes: &[u8]) -> bool {
    // Inside a larger document the envelope's own keys may come in any order; the body may not.
    if let Ok(inside) = serde_json::from_slice::<Envelope>(bytes) {
        assert_eq!(Envelope::parse(&inside.to_json()), Ok(inside), "an envelope reads back");
    }
    let Ok(envelope) = Envelope::parse(bytes) else {
        return false;
    };
    assert!(bytes.len() <= MAX_ENVELOPE, "longer than any envelope");
    assert_eq!(envelope.to_json(), bytes, "one spelling of an envelope");
    true
}

/// An age file, of which only the header is read.
pub fn age_header(bytes: &[u8]) -> bool {
    let Ok(inspected) = file::inspect(bytes) else {
        return false;
    };
    assert!(inspected.plaintext_len < bytes.len(), "a file holds more than it is long");
    if inspected.stanzas == Stanzas::Other {
        return false;
    }
    let header = file::written_again(bytes).expect("it was read just now");
    let rest = bytes.strip_prefix(header.as_bytes()).expect("one spelling of a header");
    assert!(rest.starts_with(b"--- "), "the MAC follows the stanzas");
    true
}

/// What is inside a letter, without its padding, which is added here.
pub fn letter(bytes: &[u8]) -> bool {
    let Some(smallest) = BUCKETS.into_iter().find(|&bucket| bytes.len() <= bucket) else {
        return false;
    };
    let mut plaintext = bytes.to_vec();
    plaintext.resize(smallest, 0);
    let Ok((context, parts)) = letter::read(&plaintext) else {
        return false;
    };
    let again = letter::write(&context, &parts).expect("what was read can be written");
    assert!(*again == plaintext, "one spelling of a letter");
    plaintext.resize(smallest * 2, 0);
    assert!(letter::read(&plaintext).is_err(), "only the smallest bucket");
    true
}

/// A checkpoint without the log's signature, which is added here, after everybody else's.
pub fn checkpoint(bytes: &[u8]) -> bool {
    let Ok(note) = std::str::from_utf8(bytes) else {
        return false;
    };
    let (realm, key) = log();
    assert!(Checkpoint::verify(note, realm, &key.public_key()).is_err(), "nobody signed it");
    let Some(end) = note.find("\n\n") else {
        return false;
    };
    let body = &note[..=end];
    let signed = format!("{note}{}", signature_line(body, realm, &key));
    let Ok(checkpoint) = Checkpoint::verify(&signed, realm, &key.public_key()) else {
        return false;
    };
    let again = checkpoint.sign(realm, &key);
    assert!(again.starts_with(&format!("{body}\n")), "one spelling of a checkpoint");
    true
}

/// An invitation's code as somebody typed it.
pub fn invitation_code(bytes: &[u8]) -> bool {
    let Ok(typed) = std::str::from_utf8(bytes) else {
        return false;
    };
    let Ok(code) = typed.parse::<Code>() else {
        return false;
    };
    let blocks = code.to_blocks();
    assert_eq!(blocks.parse(), Ok(code), "what is printed is the same code");
    let heard = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let characters = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(heard).collect()
    };
    assert_eq!(characters(typed), characters(&blocks), "nothing typed was passed over");
    true
}

/// The log that the targets know.
fn log() -> (Realm, SigningKey) {
    (Realm::from_bytes([0xab; 32]), SigningKey::from_seed(&[7; 32]))
}

/// The log's own line under any body, though it be no checkpoint.
fn signature_line(body: &str, realm: Realm, key: &SigningKey) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    // The name and the key id are those of any checkpoint of this log.
    let any = Checkpoint { size: 0, root: [0; 32] }.sign(realm, key);
    let line = any.lines().last().expect("a line").to_owned();
    let (name, encoded) = line.rsplit_once(' ').expect("a name and a signature");
    let mut signature = BASE64_STANDARD.decode(encoded).expect("base64");
    signature.truncate(4);
    signature.extend_from_slice(&key.sign(body.as_bytes()).to_bytes());
    assert!(name.ends_with(&origin(realm)), "the log's own name");
    format!("{name} {}\n", BASE64_STANDARD.encode(signature))
}

#[cfg(test)]
mod tests;
