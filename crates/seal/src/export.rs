//! A whole log in one file, and its verification line by line: `PROTOCOL.md` §9, "Export".
//!
//! ```text
//! {"postern_log":1,"realm":"<64 hex>","root":"<64 hex>","note":"<the newest checkpoint>"}
//! {"index":0,"leaf":"<64 hex>","salt":"<32 hex>","note":"<its checkpoint>","statement":{…}}
//! ```
//!
//! UTF-8, a JSON object a line, each ended by LF; absent = `""`: no checkpoint in the first line of
//! an empty log, no salt once an entry was purged. The first line says how long the log is, so that
//! a file that was cut short is found. It holds statements as they were signed and nothing that is
//! sealed: no letter, no name, no address.

use domain::id::Realm;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    audit::{Audit, Entry, Fault},
    checkpoint::Checkpoint,
    envelope::{Envelope, MAX_ENVELOPE},
    key::PublicKey,
    statement::Refusal,
    strict,
    tree::Hash,
};

/// The longest line read, in bytes: an envelope, a note, and what stands around them.
pub const MAX_LINE: usize = MAX_ENVELOPE + 8 * 1024;
/// The version of the format.
const VERSION: u8 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    postern_log: u8,
    /// The agency's realm. Whoever reads it brings their own.
    pub realm: Realm,
    /// The root key, whose hash is the realm.
    pub root: PublicKey,
    /// The newest checkpoint, a C2SP signed note; empty while the log is.
    pub note: String,
}

impl Head {
    /// The first line of this log.
    pub const fn new(realm: Realm, root: PublicKey, note: String) -> Self {
        Self { postern_log: VERSION, realm, root, note }
    }

    /// Reads the first line; none if this is no export of this version.
    pub fn parse(line: &[u8]) -> Option<Self> {
        parse(line).filter(|head: &Self| head.postern_log == VERSION)
    }

    /// The line, LF included.
    pub fn to_line(&self) -> Vec<u8> {
        write(self)
    }
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its number, from 0.
    pub index: u64,
    /// The leaf.
    #[serde(with = "strict::hex32")]
    pub leaf: Hash,
    /// The leaf's salt; none once the entry was purged.
    #[serde(with = "salt")]
    pub salt: Option<[u8; 16]>,
    /// The checkpoint that was signed with it.
    pub note: String,
    /// The statement as it was signed.
    pub statement: Envelope,
}

impl Line {
    /// Reads a line; none if it is not in the one spelling of an entry.
    pub fn parse(line: &[u8]) -> Option<Self> {
        parse(line)
    }

    /// The line, LF included.
    pub fn to_line(&self) -> Vec<u8> {
        write(self)
    }
}

/// A value of one spelling: what it would be written as, byte for byte.
fn parse<T: Serialize + DeserializeOwned>(line: &[u8]) -> Option<T> {
    let json = line.strip_suffix(b"\n").filter(|_| line.len() <= MAX_LINE)?;
    let value: T = serde_json::from_slice(json).ok()?;
    (strict::write(&value) == json).then_some(value)
}

fn write<T: Serialize>(value: &T) -> Vec<u8> {
    let mut line = strict::write(value);
    line.push(b'\n');
    line
}

/// The first thing that is wrong with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct Mismatch {
    /// The number of the entry, from 0; none if it is the checkpoint of the whole.
    pub entry: Option<u64>,
    /// What is wrong with it.
    pub fault: Fault,
}

/// A whole log under verification. It keeps every statement, for later ones rest on them: about
/// 2 KiB of memory an entry.
#[derive(Clone, Debug)]
pub struct Verification {
    audit: Audit,
    note: String,
}

impl Verification {
    /// Begins with what the log says of itself, held to the reader's own realm;
    /// [`Refusal::WrongRealm`] if it is another's.
    pub fn new(head: Head, realm: Realm) -> Result<Self, Refusal> {
        if head.realm != realm {
            return Err(Refusal::WrongRealm);
        }
        Ok(Self { audit: Audit::new(realm, head.root)?, note: head.note })
    }

    /// The number of the entry that comes next.
    pub fn next(&self) -> u64 {
        self.audit.tree().size()
    }

    /// What was verified so far.
    pub const fn audit(&self) -> &Audit {
        &self.audit
    }

    /// Takes the next entry. After a mismatch there is no going on.
    pub fn take(&mut self, line: &Line) -> Result<(), Mismatch> {
        let wrong = |fault| Mismatch { entry: Some(self.audit.tree().size()), fault };
        if line.index != self.next() {
            return Err(wrong(Fault::OtherEntry));
        }
        let Line { leaf, salt, note, statement, .. } = line;
        let entry = Entry { statement, salt: *salt, leaf: *leaf, note };
        let at = self.next();
        self.audit.add(&entry).map_err(|fault| Mismatch { entry: Some(at), fault })
    }

    /// The whole log, once its last entry was taken: it ends where its newest checkpoint says.
    pub fn end(self) -> Result<Audit, Mismatch> {
        let size = self.next();
        let at = |entry, fault| Err(Mismatch { entry, fault });
        let newest = if self.note.is_empty() {
            Checkpoint { size: 0, ..self.audit.checkpoint() }
        } else {
            let Some((_, agency)) = self.audit.ledger().agency() else {
                return at(Some(0), Fault::Missing);
            };
            let log_key = &agency.log_key;
            match Checkpoint::verify(&self.note, self.audit.ledger().realm(), log_key) {
                Ok(newest) => newest,
                Err(refusal) => return at(None, Fault::Checkpoint(refusal)),
            }
        };
        match newest.size.cmp(&size) {
            std::cmp::Ordering::Greater => at(Some(size), Fault::Missing),
            std::cmp::Ordering::Less => at(Some(newest.size), Fault::Extra),
            std::cmp::Ordering::Equal if newest == self.audit.checkpoint() => Ok(self.audit),
            std::cmp::Ordering::Equal => at(None, Fault::OtherTree),
        }
    }
}

/// A salt as lowercase hex, `""` for none.
mod salt {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::ref_option, reason = "serde hands it over so")]
    pub fn serialize<S: Serializer>(
        salt: &Option<[u8; 16]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&salt.map(hex::encode).unwrap_or_default())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<[u8; 16]>, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(None);
        }
        let mut salt = [0; 16];
        hex::decode_to_slice(text, &mut salt).map_err(D::Error::custom)?;
        Ok(Some(salt))
    }
}

#[cfg(test)]
mod tests;
