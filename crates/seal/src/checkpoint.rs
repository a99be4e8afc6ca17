//! Checkpoints of the log: C2SP tlog-checkpoint in a C2SP signed note.
//!
//! ```text
//! postern/<realm>
//! <size>
//! <base64 of the root>
//!
//! — postern/<realm> <base64 of key id ‖ signature>
//! ```

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::id::Realm;
use sha2::{Digest, Sha256};

use crate::{
    key::{PublicKey, Signature, SigningKey},
    statement::Refusal,
    strict::MAX_INTEGER,
    tree::Hash,
};

/// The longest note read, in bytes.
const MAX_NOTE: usize = 4096;

/// A state of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many leaves.
    pub size: u64,
    /// Their root.
    pub root: Hash,
}

/// The log's origin, which is also the name of its key.
pub fn origin(realm: Realm) -> String {
    format!("postern/{realm}")
}

/// A signed note's key id: the first four bytes of SHA-256(name ⏎ 01 ‖ key), 01 for Ed25519.
fn key_id(origin: &str, key: &PublicKey) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(origin)
        .chain_update([b'\n', 1])
        .chain_update(key.as_bytes())
        .finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

impl Checkpoint {
    /// Writes and signs the note.
    pub fn sign(&self, realm: Realm, key: &SigningKey) -> String {
        let origin = origin(realm);
        let body = format!("{origin}\n{}\n{}\n", self.size, BASE64_STANDARD.encode(self.root));
        let mut signature = key_id(&origin, &key.public_key()).to_vec();
        signature.extend_from_slice(&key.sign(body.as_bytes()).to_bytes());
        format!("{body}\n— {origin} {}\n", BASE64_STANDARD.encode(signature))
    }

    /// Reads a note that must be this realm's, signed by its log key. Lines signed by others are
    /// passed over. [`Refusal::Malformed`] for anything that is no such note,
    /// [`Refusal::BadSignature`] if the log has not signed it.
    pub fn verify(note: &str, realm: Realm, key: &PublicKey) -> Result<Self, Refusal> {
        if note.len() > MAX_NOTE {
            return Err(Refusal::Malformed);
        }
        let end = note.find("\n\n").ok_or(Refusal::Malformed)?;
        let (body, signatures) = (&note[..=end], &note[end + 2..]);
        let origin = origin(realm);
        let checkpoint = parse_body(body, &origin).ok_or(Refusal::Malformed)?;
        let lines = signatures.strip_suffix('\n').ok_or(Refusal::Malformed)?;
        let mut signed = false;
        for line in lines.split('\n') {
            let (name, signature) = parse_signature(line).ok_or(Refusal::Malformed)?;
            if name != origin || signature.get(..4) != Some(&key_id(&origin, key)) {
                continue;
            }
            let bytes = signature[4..].try_into().map_err(|_| Refusal::Malformed)?;
            key.verify_strict(body.as_bytes(), &Signature::from_bytes(bytes))
                .map_err(|_| Refusal::BadSignature)?;
            signed = true;
        }
        if signed { Ok(checkpoint) } else { Err(Refusal::BadSignature) }
    }
}

/// Exactly three lines: the origin, the size in decimal without leading zeros, the root.
fn parse_body(body: &str, origin: &str) -> Option<Checkpoint> {
    let mut lines = body.strip_suffix('\n')?.split('\n');
    let (name, size_text, root) = (lines.next()?, lines.next()?, lines.next()?);
    let size: u64 = size_text.parse().ok()?;
    let root: Hash = BASE64_STANDARD.decode(root).ok()?.try_into().ok()?;
    let canonical = size.to_string() == size_text && size <= MAX_INTEGER;
    (name == origin && lines.next().is_none() && canonical).then_some(Checkpoint { size, root })
}

/// The name and the bytes of a signature line.
fn parse_signature(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let named = !name.is_empty() && !name.contains(char::is_whitespace) && !name.contains('+');
    named.then_some((name, BASE64_STANDARD.decode(encoded).ok()?))
}

#[cfg(test)]
mod tests;
