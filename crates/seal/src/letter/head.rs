//! The first line of a letter: compact JSON with these keys in this order.

use domain::id::{ArrangementId, FileHash, LetterId, MembershipId, Realm};
use serde::{Deserialize, Serialize};

use super::{Author, Context, Kind, LetterError, MediaType, Part};
use crate::file;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    realm: Realm,
    letter: LetterId,
    rev: u64,
    kind: String,
    arrangement: ArrangementId,
    /// A membership or a member of staff: 16 bytes as hex either way.
    author: MembershipId,
    to: Vec<MembershipId>,
    parts: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(rename = "type")]
    media_type: String,
    len: usize,
    hash: FileHash,
}

/// One part as listed.
pub(super) struct Listed {
    pub media_type: MediaType,
    pub len: usize,
    pub hash: FileHash,
}

/// The line with its LF. Refuses a context whose author is not of the sort its kind asks for, a
/// revision 0 and a letter without parts.
pub(super) fn write(context: &Context, parts: &[Part]) -> Result<String, LetterError> {
    let author = match (context.kind, context.author) {
        (Kind::Letter | Kind::Message, Author::Member(membership)) => membership,
        (Kind::Comment | Kind::Note | Kind::Team, Author::Staff(staff)) => {
            MembershipId::from_bytes(staff.to_bytes())
        }
        _ => return Err(LetterError::Head),
    };
    let parts: Vec<Entry> = parts
        .iter()
        .map(|part| Entry {
            media_type: part.media_type.as_str().to_owned(),
            len: part.bytes.len(),
            hash: file::hash(&part.bytes),
        })
        .collect();
    if parts.is_empty() || !revision(context.rev) {
        return Err(LetterError::Head);
    }
    let head = Head {
        realm: context.realm,
        letter: context.letter,
        rev: context.rev,
        kind: context.kind.as_str().to_owned(),
        arrangement: context.arrangement,
        author,
        to: context.to.clone(),
        parts,
    };
    let mut line = serde_json::to_string(&head).map_err(|_| LetterError::Head)?;
    line.push('\n');
    Ok(line)
}

/// Reads a line without its LF; any spelling but the one [`write`] makes is refused.
pub(super) fn read(line: &[u8]) -> Result<(Context, Vec<Listed>), LetterError> {
    let head: Head = serde_json::from_slice(line).map_err(|_| LetterError::Head)?;
    let again = serde_json::to_vec(&head).map_err(|_| LetterError::Head)?;
    if again != line || !revision(head.rev) {
        return Err(LetterError::Head);
    }
    let (kind, author) = kind(&head).ok_or(LetterError::Head)?;
    let parts: Option<Vec<Listed>> = head
        .parts
        .iter()
        .map(|entry| {
            Some(Listed { media_type: media_type(entry)?, len: entry.len, hash: entry.hash })
        })
        .collect();
    let parts = parts.filter(|parts| !parts.is_empty()).ok_or(LetterError::Head)?;
    let context = Context {
        realm: head.realm,
        letter: head.letter,
        rev: head.rev,
        kind,
        arrangement: head.arrangement,
        author,
        to: head.to,
    };
    Ok((context, parts))
}

/// From 1, and exact in every JSON reader.
fn revision(rev: u64) -> bool {
    (1..1 << 53).contains(&rev)
}

fn kind(head: &Head) -> Option<(Kind, Author)> {
    let all = [Kind::Letter, Kind::Comment, Kind::Note, Kind::Team, Kind::Message];
    let kind = all.into_iter().find(|kind| kind.as_str() == head.kind)?;
    let author = match kind {
        Kind::Letter | Kind::Message => Author::Member(head.author),
        Kind::Comment | Kind::Note | Kind::Team => {
            Author::Staff(domain::id::StaffId::from_bytes(head.author.to_bytes()))
        }
    };
    Some((kind, author))
}

fn media_type(entry: &Entry) -> Option<MediaType> {
    let all = [MediaType::Text, MediaType::Jpeg, MediaType::Png];
    all.into_iter().find(|media_type| media_type.as_str() == entry.media_type)
}
