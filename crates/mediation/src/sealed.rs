//! What can be told about a sealed file from outside: its hash, its length, who it is sealed to.
//! Nothing is stored that is not exactly the file its statement names.

use axum::http::StatusCode;
use domain::id::FileHash;
use seal::{contact, document, file, letter};

use crate::problem::Problem;

/// The longest grant or epoch wrap: one hybrid stanza around five short lines.
const GRANT_MOST: usize = 4096;
/// The longest message: text, and a picture if need be. The team gets a page of them at a time.
const MESSAGE_MOST: usize = 1_049_016;
/// The longest document: 64 stanzas, and pages of text.
const DOCUMENT_MOST: usize = 1 << 20;

/// A sealed letter: one X25519 stanza, one of the five lengths, and the one that was signed.
pub fn letter(sealed: &[u8], hash: FileHash, len: u64) -> Result<(), Problem> {
    if u64::try_from(sealed.len()) != Ok(len) {
        return Err(Problem::invalid(
            "wrong-length",
            "The sealed letter did not arrive whole. Send it again.",
        ));
    }
    letter::check_form(sealed).map_err(|error| form("letter", error))?;
    same(sealed, hash)
}

/// A sealed message: in form a letter, and not as long as one may be.
pub fn message(sealed: &[u8], hash: FileHash, len: u64) -> Result<(), Problem> {
    short(sealed, MESSAGE_MOST)?;
    letter(sealed, hash, len)
}

/// A letter key sealed to one hybrid recipient, and the one that was signed.
pub fn grant(sealed: &[u8], hash: FileHash) -> Result<(), Problem> {
    one_hybrid(sealed)?;
    same(sealed, hash)
}

/// Anything short that is sealed to one hybrid recipient.
pub fn one_hybrid(sealed: &[u8]) -> Result<(), Problem> {
    short(sealed, GRANT_MOST)?;
    file::require_one_hybrid(sealed).map_err(|error| form("grant", error))?;
    Ok(())
}

/// A card, plan or notes, and the one that was signed.
pub fn signed_document(sealed: &[u8], hash: FileHash) -> Result<(), Problem> {
    document(sealed)?;
    same(sealed, hash)
}

/// A card, plan or notes.
pub fn document(sealed: &[u8]) -> Result<(), Problem> {
    short(sealed, DOCUMENT_MOST)?;
    document::check_form(sealed).map_err(|error| form("document", error))
}

/// A contact point, and the one that was signed.
pub fn contact_point(sealed: &[u8], hash: FileHash) -> Result<(), Problem> {
    short(sealed, GRANT_MOST)?;
    contact::check_form(sealed).map_err(|error| form("contact", error))?;
    same(sealed, hash)
}

/// A file whose hash was signed.
pub fn same(sealed: &[u8], hash: FileHash) -> Result<(), Problem> {
    if file::hash(sealed) == hash {
        Ok(())
    } else {
        Err(Problem::invalid(
            "wrong-hash",
            "A sealed file is not the one that was signed. Send it again.",
        ))
    }
}

fn short(sealed: &[u8], most: usize) -> Result<(), Problem> {
    if sealed.len() <= most {
        Ok(())
    } else {
        Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "This is too large to send."))
    }
}

fn form(what: &'static str, error: impl std::fmt::Display) -> Problem {
    Problem::invalid(
        "wrong-file",
        "A sealed file is not in the form it must have. Update the page and send it again.",
    )
    .with("file", what)
    .because(error)
}
