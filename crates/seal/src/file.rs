//! age files as the protocol wants them: exactly the stanzas it names and no others.
//!
//! age's Rust implementation adds a random "grease" stanza, which would hide a second recipient
//! and make lengths vary, so sealing captures the file key that age made, wraps it for the true
//! recipients only, and writes the header and its MAC anew. The payload is age's, untouched.

use std::{cell::RefCell, collections::HashSet, io::Read, io::Write, iter};

use age::{Decryptor, EncryptError, Encryptor, Recipient as _, secrecy::ExposeSecret};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use domain::id::FileHash;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::key::{HybridRecipient, X25519Recipient};

mod header;

pub use header::{Inspected, Stanzas, inspect};

/// The scrypt work factor of every wrap under words: 2^15.
pub(crate) const WORK_FACTOR: u8 = 15;

/// Why a file is not the age file it should be, or does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Not an age v1 file, or its header is not in the one canonical form.
    #[error("not a well-formed age file")]
    Malformed,
    /// The stanzas are not exactly those this kind of file must have.
    #[error("the file's recipients are not exactly those its kind must have")]
    Stanzas,
    /// The length is not one this kind of file can have.
    #[error("the file's length is not one its kind can have")]
    Length,
    /// The key does not open the file, or the file was altered.
    #[error("the key does not open the file")]
    Key,
    /// No recipient was given, or too many.
    #[error("a document is sealed to between 1 and 64 recipients")]
    Recipients,
}

/// SHA-256 of a sealed file's bytes: `ct_hash`, `grant_hash`, `card_hash` and the like.
pub fn hash(file: &[u8]) -> FileHash {
    FileHash::from_bytes(Sha256::digest(file).into())
}

/// Refuses every file but one with exactly one X25519 stanza (letters, contacts).
pub fn require_one_x25519(file: &[u8]) -> Result<Inspected, FileError> {
    require(file, |stanzas| stanzas == Stanzas::X25519)
}

/// Refuses every file but one with exactly one hybrid stanza (grants, epoch wraps).
pub fn require_one_hybrid(file: &[u8]) -> Result<Inspected, FileError> {
    require(file, |stanzas| stanzas == Stanzas::Hybrid(1))
}

fn require(file: &[u8], accept: impl Fn(Stanzas) -> bool) -> Result<Inspected, FileError> {
    let inspected = inspect(file)?;
    if accept(inspected.stanzas) { Ok(inspected) } else { Err(FileError::Stanzas) }
}

/// Seals to one X25519 recipient.
pub(crate) fn seal_x25519(recipient: &X25519Recipient, plaintext: &[u8]) -> Vec<u8> {
    seal(plaintext, |file_key| {
        let (stanzas, _) = recipient
            .to_age()
            .wrap_file_key(file_key)
            .expect("wrapping for a checked X25519 recipient cannot fail");
        stanzas
    })
}

/// Seals to hybrid recipients, one stanza each and in this order.
pub(crate) fn seal_hybrid(
    recipients: &[&HybridRecipient],
    plaintext: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    seal(plaintext, |file_key| recipients.iter().map(|r| r.wrap(file_key, rng)).collect())
}

/// Seals under a passphrase with scrypt at 2^15.
pub(crate) fn seal_words(passphrase: &str, plaintext: &[u8]) -> Vec<u8> {
    let mut recipient = age::scrypt::Recipient::new(passphrase.to_owned().into());
    recipient.set_work_factor(WORK_FACTOR);
    seal(plaintext, |file_key| {
        let (stanzas, _) = recipient.wrap_file_key(file_key).expect("scrypt at 2^15 cannot fail");
        stanzas
    })
}

/// Opens a file whose stanzas `accept` allows, wholly or not at all.
pub(crate) fn open(
    file: &[u8],
    accept: impl Fn(Stanzas) -> bool,
    identity: &dyn age::Identity,
) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let inspected = require(file, accept)?;
    let decryptor = Decryptor::new_buffered(file).map_err(|_| FileError::Malformed)?;
    let mut reader = decryptor.decrypt(iter::once(identity)).map_err(|_| FileError::Key)?;
    // Reserved whole, so that no half of the plaintext stays behind in a freed buffer.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(inspected.plaintext_len + 1));
    reader.read_to_end(&mut plaintext).map_err(|_| FileError::Key)?;
    Ok(plaintext)
}

/// Opens a file sealed under a passphrase by [`seal_words`].
pub(crate) fn open_words(file: &[u8], passphrase: &str) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let mut identity = age::scrypt::Identity::new(passphrase.to_owned().into());
    identity.set_max_work_factor(WORK_FACTOR);
    open(file, |stanzas| stanzas == Stanzas::Scrypt, &identity)
}

/// Keeps a copy of the file key that age made.
struct Capture(RefCell<Zeroizing<[u8; FILE_KEY_BYTES]>>);

impl age::Recipient for Capture {
    fn wrap_file_key(
        &self,
        file_key: &FileKey,
    ) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        self.0.borrow_mut().copy_from_slice(file_key.expose_secret());
        // Never written out: `seal` replaces the whole header.
        let stanza = Stanza { tag: "captured".to_owned(), args: vec![], body: vec![] };
        Ok((vec![stanza], HashSet::new()))
    }
}

fn seal(plaintext: &[u8], wrap: impl FnOnce(&FileKey) -> Vec<Stanza>) -> Vec<u8> {
    let capture = Capture(RefCell::default());
    let encryptor = Encryptor::with_recipients(iter::once(&capture as _))
        .expect("one recipient without labels is always accepted");
    let file_key = FileKey::init_with_mut(|key| key.copy_from_slice(&**capture.0.borrow()));
    let mut file = header(&file_key, &wrap(&file_key));

    let chunks = plaintext.len() / header::CHUNK_LEN + 1;
    file.reserve(header::NONCE_LEN + plaintext.len() + chunks * header::TAG_LEN);
    let output = AfterHeader { file: &mut file, header: Vec::new(), past: false };
    let mut writer = encryptor.wrap_output(output).expect("writing to memory cannot fail");
    writer.write_all(plaintext).expect("writing to memory cannot fail");
    writer.finish().expect("writing to memory cannot fail");
    file
}

/// The version line and the stanzas, in the one form they have.
fn stanza_lines(stanzas: &[Stanza]) -> String {
    let mut header = String::from(header::VERSION_LINE);
    for stanza in stanzas {
        header.push_str("-> ");
        header.push_str(&stanza.tag);
        for argument in &stanza.args {
            header.push(' ');
            header.push_str(argument);
        }
        header.push('\n');
        let body = BASE64_STANDARD_NO_PAD.encode(&stanza.body);
        let mut rest = body.as_str();
        // The last line of a body is shorter than 64 characters, empty if need be.
        while rest.len() >= header::BODY_COLUMNS {
            let (line, more) = rest.split_at(header::BODY_COLUMNS);
            header.push_str(line);
            header.push('\n');
            rest = more;
        }
        header.push_str(rest);
        header.push('\n');
    }
    header
}

/// The header of the age format, with its MAC under the file key.
fn header(file_key: &FileKey, stanzas: &[Stanza]) -> Vec<u8> {
    let mut header = stanza_lines(stanzas);
    header.push_str("---");
    let mut mac_key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, file_key.expose_secret())
        .expand(b"header", &mut *mac_key)
        .expect("32 bytes are a valid length");
    let mac = Hmac::<Sha256>::new_from_slice(&*mac_key)
        .expect("HMAC takes keys of any length")
        .chain_update(&header)
        .finalize();
    header.push(' ');
    header.push_str(&BASE64_STANDARD_NO_PAD.encode(mac.into_bytes()));
    header.push('\n');
    header.into_bytes()
}

/// Drops age's own header from what it writes and appends the rest to the file.
struct AfterHeader<'a> {
    file: &'a mut Vec<u8>,
    header: Vec<u8>,
    past: bool,
}

impl Write for AfterHeader<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.past {
            self.file.extend_from_slice(bytes);
        } else {
            self.header.extend_from_slice(bytes);
            if let Some(end) = header::end(&self.header) {
                self.file.extend_from_slice(&self.header[end..]);
                self.past = true;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a header says, written again: the whole header but the MAC's line. For tests alone.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn written_again(file: &[u8]) -> Option<String> {
    Some(stanza_lines(&header::stanzas(file)?))
}

#[cfg(test)]
mod cctv;
#[cfg(test)]
mod tests;
