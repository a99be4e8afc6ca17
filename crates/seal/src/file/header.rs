//! Reading the header of an age file without opening it, in its one canonical form.

use age_core::format::{AgeStanza, read::age_stanza};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};

use super::FileError;
use crate::hybrid;

pub(super) const VERSION_LINE: &str = "age-encryption.org/v1\n";
pub(super) const BODY_COLUMNS: usize = 64;
pub(super) const NONCE_LEN: usize = 16;
pub(super) const CHUNK_LEN: usize = 64 * 1024;
pub(super) const TAG_LEN: usize = 16;

const MAC_PREFIX: &[u8] = b"--- ";
const MAC_CHARACTERS: usize = 43;
/// A wrapped file key: 16 bytes and a tag.
const BODY_LEN: usize = 32;
const SHARE_LEN: usize = 32;
const SALT_LEN: usize = 16;
/// No file of the protocol has more.
const MOST_STANZAS: usize = 64;

/// The recipients a header names: one kind, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stanzas {
    /// Exactly one classic X25519 stanza.
    X25519,
    /// This many `mlkem768x25519` stanzas and nothing else.
    Hybrid(usize),
    /// Exactly one scrypt stanza of work factor 2^15.
    Scrypt,
    /// Anything else: a mix, an unknown kind, grease, several classic stanzas.
    Other,
}

/// What the outside of a file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// The recipients.
    pub stanzas: Stanzas,
    /// The length of the plaintext in bytes, computed from the length of the file.
    pub plaintext_len: usize,
}

/// Reads the header strictly and computes the plaintext's length; opens nothing.
pub fn inspect(file: &[u8]) -> Result<Inspected, FileError> {
    let mut rest = file.strip_prefix(VERSION_LINE.as_bytes()).ok_or(FileError::Malformed)?;
    let mut kinds = Vec::new();
    while !rest.starts_with(MAC_PREFIX) {
        let (after, stanza) = age_stanza(rest).map_err(|_| FileError::Malformed)?;
        if kinds.len() == MOST_STANZAS {
            return Err(FileError::Stanzas);
        }
        kinds.push(kind(&stanza));
        rest = after;
    }
    rest = &rest[MAC_PREFIX.len()..];
    if rest.len() <= MAC_CHARACTERS || rest[MAC_CHARACTERS] != b'\n' {
        return Err(FileError::Malformed);
    }
    decoded(&rest[..MAC_CHARACTERS], 32).ok_or(FileError::Malformed)?;
    let payload = rest.len() - MAC_CHARACTERS - 1;
    Ok(Inspected { stanzas: together(&kinds), plaintext_len: plaintext_len(payload)? })
}

/// Every stanza of a header that [`inspect`] has read.
#[cfg(any(test, feature = "testing"))]
pub(super) fn stanzas(file: &[u8]) -> Option<Vec<age_core::format::Stanza>> {
    let mut rest = file.strip_prefix(VERSION_LINE.as_bytes())?;
    let mut stanzas = Vec::new();
    while !rest.starts_with(MAC_PREFIX) {
        let (after, stanza) = age_stanza(rest).ok()?;
        stanzas.push(stanza.into());
        rest = after;
    }
    Some(stanzas)
}

/// Where the header that age itself wrote ends, once it is all there.
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    // A stanza's lines start with "-> " or hold base64, so this marks the MAC line only.
    let mac = bytes.windows(5).position(|window| window == b"\n--- ")?;
    let end = mac + 5 + MAC_CHARACTERS + 1;
    (bytes.len() >= end).then_some(end)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    X25519,
    Hybrid,
    Scrypt,
    Other,
}

fn kind(stanza: &AgeStanza<'_>) -> Kind {
    let body = stanza.body().len() == BODY_LEN;
    match (stanza.tag, &stanza.args[..]) {
        ("X25519", [share]) if body && decoded(share.as_bytes(), SHARE_LEN).is_some() => {
            Kind::X25519
        }
        (hybrid::TAG, [key])
            if body && decoded(key.as_bytes(), hybrid::ENCAPSULATED_LEN).is_some() =>
        {
            Kind::Hybrid
        }
        ("scrypt", [salt, "15"]) if body && decoded(salt.as_bytes(), SALT_LEN).is_some() => {
            Kind::Scrypt
        }
        _ => Kind::Other,
    }
}

fn together(kinds: &[Kind]) -> Stanzas {
    match kinds {
        [Kind::X25519] => Stanzas::X25519,
        [Kind::Scrypt] => Stanzas::Scrypt,
        [Kind::Hybrid, more @ ..] if more.iter().all(|k| *k == Kind::Hybrid) => {
            Stanzas::Hybrid(kinds.len())
        }
        _ => Stanzas::Other,
    }
}

/// Unpadded base64 of exactly `len` bytes, without stray trailing bits.
fn decoded(text: &[u8], len: usize) -> Option<Vec<u8>> {
    BASE64_STANDARD_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == len)
}

/// The payload is a nonce, then chunks of 64 KiB with a tag each, the last one shorter or full
/// and never empty unless it is the only one.
fn plaintext_len(payload: usize) -> Result<usize, FileError> {
    let chunks = payload.checked_sub(NONCE_LEN).ok_or(FileError::Malformed)?;
    let full = chunks / (CHUNK_LEN + TAG_LEN);
    let last = chunks % (CHUNK_LEN + TAG_LEN);
    match last {
        0 if full > 0 => Ok(full * CHUNK_LEN),
        TAG_LEN if full == 0 => Ok(0),
        _ if last > TAG_LEN => Ok(full * CHUNK_LEN + last - TAG_LEN),
        _ => Err(FileError::Malformed),
    }
}
