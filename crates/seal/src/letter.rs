//! Letters: an age file with exactly one X25519 stanza to a fresh key, holding one JSON line of
//! context, the parts, and zeros up to a bucket, so that a length tells nothing but the bucket.
//!
//! The same container holds what staff attach and what members write to the team.

use domain::id::{ArrangementId, FileHash, KeyHash, LetterId, MembershipId, Realm, StaffId};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    file::{self, FileError, Stanzas},
    key::X25519Identity,
};

mod head;
mod image;
mod text;

pub use image::ImageError;
pub use text::TextError;

/// Lengths of the plaintext: 16 KiB, 256 KiB, 1, 4 and 16 MiB.
pub const BUCKETS: [usize; 5] = [1 << 14, 1 << 18, 1 << 20, 1 << 22, 1 << 24];
/// Lengths of the sealed file, one for each bucket: the values `ct_len` may have.
pub const FILE_LENGTHS: [usize; 5] = [16_584, 262_392, 1_049_016, 4_195_512, 16_781_496];

/// Why a letter cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// The sealed file itself.
    #[error(transparent)]
    File(#[from] FileError),
    /// The first line is not a context in the one form it has.
    #[error("a letter's context is not well formed")]
    Head,
    /// The context inside is not the one its statement says.
    #[error("a letter's context is not that of its statement")]
    Context,
    /// A part is missing, cut short, altered, or there is none.
    #[error("a letter's parts are not those its context lists")]
    Parts,
    /// Something other than zeros follows the parts, or more of them than the smallest bucket has.
    #[error("a letter's padding is not zeros up to the smallest bucket")]
    Padding,
    /// More than 16 MiB.
    #[error("a letter is longer than 16 MiB")]
    TooLong,
    /// A text part that could hide or reorder anything.
    #[error("a letter's text is not plain: {0}")]
    Text(#[from] TextError),
    /// An image part that carries more than pixels.
    #[error("a letter's image is not plain: {0}")]
    Image(#[from] ImageError),
}

/// What a sealed letter is, and so who writes it and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// From a member to members on other sides.
    Letter,
    /// From staff to the author, with a decision.
    Comment,
    /// From staff to an addressee, with the final decision.
    Note,
    /// From staff to the next checker.
    Team,
    /// From a member to the team.
    Message,
}

impl Kind {
    /// As it stands in the context.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Comment => "comment",
            Self::Note => "note",
            Self::Team => "team",
            Self::Message => "message",
        }
    }
}

/// Whoever wrote it; the kind tells which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Author {
    /// Of letters and messages.
    Member(MembershipId),
    /// Of comments, notes and lines to the team.
    Staff(StaffId),
}

/// Where a letter belongs: its statement must say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The agency.
    pub realm: Realm,
    /// The letter it is or belongs to; for a message the message id.
    pub letter: LetterId,
    /// The revision, from 1; for a message 1.
    pub rev: u64,
    /// What it is.
    pub kind: Kind,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// Who wrote it, of the sort that `kind` asks for.
    pub author: Author,
    /// Whom it is for, as in the statement; empty for the team.
    pub to: Vec<MembershipId>,
}

/// The types a part may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// `text/plain`, UTF-8 in NFC.
    Text,
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
}

impl MediaType {
    /// The name in the context.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// One text or picture of a letter. Zeroized when dropped; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// What the bytes are.
    pub media_type: MediaType,
    /// The bytes themselves.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl Part {
    /// A text, brought to NFC.
    pub fn text(text: &str) -> Self {
        Self { media_type: MediaType::Text, bytes: text::normalise(text) }
    }

    /// Refuses text that could hide or reorder anything and images that carry more than pixels.
    pub fn check(&self) -> Result<(), LetterError> {
        match self.media_type {
            MediaType::Text => text::check(&self.bytes)?,
            MediaType::Jpeg => image::check_jpeg(&self.bytes)?,
            MediaType::Png => image::check_png(&self.bytes)?,
        }
        Ok(())
    }

    /// The text of a checked text part.
    pub fn as_text(&self) -> Option<&str> {
        match self.media_type {
            MediaType::Text => std::str::from_utf8(&self.bytes).ok(),
            MediaType::Jpeg | MediaType::Png => None,
        }
    }
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Part({}, {} bytes)", self.media_type.as_str(), self.bytes.len())
    }
}

/// A sealed letter and the key that opens it.
#[derive(Debug)]
pub struct SealedLetter {
    /// The age file.
    pub file: Vec<u8>,
    /// The letter key `L`: goes into grants only.
    pub key: X25519Identity,
}

impl SealedLetter {
    /// `ct_hash`
    pub fn hash(&self) -> FileHash {
        file::hash(&self.file)
    }

    /// `key_hash`
    pub fn key_hash(&self) -> KeyHash {
        self.key.recipient().key_hash()
    }
}

/// Seals strictly checked parts under a fresh letter key.
pub fn seal(
    context: &Context,
    parts: &[Part],
    rng: &mut impl CryptoRng,
) -> Result<SealedLetter, LetterError> {
    let plaintext = write(context, parts)?;
    let key = X25519Identity::generate(rng);
    Ok(SealedLetter { file: file::seal_x25519(&key.recipient(), &plaintext), key })
}

/// What is sealed: the context's line, the parts, zeros up to the smallest bucket that holds them.
pub(crate) fn write(context: &Context, parts: &[Part]) -> Result<Zeroizing<Vec<u8>>, LetterError> {
    for part in parts {
        part.check()?;
    }
    let head = head::write(context, parts)?;
    let filled = head.len() + parts.iter().map(|part| part.bytes.len()).sum::<usize>();
    let bucket = bucket(filled).ok_or(LetterError::TooLong)?;
    let mut plaintext = Zeroizing::new(Vec::with_capacity(bucket));
    plaintext.extend_from_slice(head.as_bytes());
    for part in parts {
        plaintext.extend_from_slice(&part.bytes);
    }
    plaintext.resize(bucket, 0);
    Ok(plaintext)
}

/// The smallest bucket that holds so many bytes.
fn bucket(filled: usize) -> Option<usize> {
    BUCKETS.into_iter().find(|&bucket| filled <= bucket)
}

/// What anybody can check without the key: one X25519 stanza and one of the five lengths.
pub fn check_form(file: &[u8]) -> Result<(), LetterError> {
    if !FILE_LENGTHS.contains(&file.len()) {
        return Err(FileError::Length.into());
    }
    file::require_one_x25519(file)?;
    Ok(())
}

/// Opens a whole letter whose context must be this one, and checks every part strictly
/// (checks 8 and 9 of a reader).
pub fn open(
    file: &[u8],
    key: &X25519Identity,
    expected: &Context,
) -> Result<Vec<Part>, LetterError> {
    let (context, parts) = open_any(file, key)?;
    if context != *expected {
        return Err(LetterError::Context);
    }
    Ok(parts)
}

/// Opens a whole letter without knowing where it belongs. For the archive, which compares the
/// context with the statements afterwards: a reader uses [`open`].
pub fn open_any(file: &[u8], key: &X25519Identity) -> Result<(Context, Vec<Part>), LetterError> {
    check_form(file)?;
    read(&file::open(file, |stanzas| stanzas == Stanzas::X25519, &key.to_age())?)
}

/// Reads what was sealed: exactly what [`write`] writes, and nothing else.
pub(crate) fn read(plaintext: &[u8]) -> Result<(Context, Vec<Part>), LetterError> {
    let line = plaintext.iter().position(|&b| b == b'\n').ok_or(LetterError::Head)?;
    let (context, listed) = head::read(&plaintext[..line])?;
    let mut rest = &plaintext[line + 1..];
    let mut parts = Vec::with_capacity(listed.len());
    for entry in listed {
        let (bytes, after) = rest.split_at_checked(entry.len).ok_or(LetterError::Parts)?;
        if file::hash(bytes) != entry.hash {
            return Err(LetterError::Parts);
        }
        let part = Part { media_type: entry.media_type, bytes: bytes.to_vec().into() };
        part.check()?;
        parts.push(part);
        rest = after;
    }
    let filled = plaintext.len() - rest.len();
    if bucket(filled) != Some(plaintext.len()) || rest.iter().any(|&b| b != 0) {
        return Err(LetterError::Padding);
    }
    Ok((context, parts))
}

#[cfg(test)]
mod tests;
