//! Sealed documents beside an arrangement: a card per person, the plan, the notes. One age file
//! to 1 to 64 hybrid recipients and nobody else.

use domain::id::{ArrangementId, MembershipId, Realm};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    file::{self, FileError, Stanzas},
    key::{HybridIdentity, HybridRecipient},
};

const VERSION: &str = "postern-document/1\n";
/// The plaintext is a multiple of this.
const BLOCK: usize = 4096;
const MOST_RECIPIENTS: usize = 64;

/// Why a document cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The sealed file itself.
    #[error(transparent)]
    File(#[from] FileError),
    /// Not a document, or its head, length or padding is not in the one form.
    #[error("a document is not well formed")]
    Form,
    /// It is of another agency, kind, subject or number.
    #[error("a document is about something else")]
    Other,
    /// The body is not JSON in UTF-8.
    #[error("a document's body is not JSON")]
    Body,
}

/// What a document is about; tells its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A person's name and relationship: to the epoch and the archive.
    Card(MembershipId),
    /// What is agreed and what each side is called: to every member, the epoch and the archive.
    Plan(ArrangementId),
    /// Protected terms and history: to the epoch and the archive only.
    Notes(ArrangementId),
}

impl Subject {
    /// `card`, `plan` or `notes`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Card(_) => "card",
            Self::Plan(_) => "plan",
            Self::Notes(_) => "notes",
        }
    }

    fn id(&self) -> String {
        match self {
            Self::Card(membership) => membership.to_string(),
            Self::Plan(arrangement) | Self::Notes(arrangement) => arrangement.to_string(),
        }
    }
}

/// One version of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Document {
    /// The agency.
    pub realm: Realm,
    /// Whom or what it is about.
    pub subject: Subject,
    /// The version of the arrangement it was written for; 0 for the card of an invitation.
    pub n: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    realm: Realm,
    kind: String,
    subject: String,
    n: u64,
}

impl Document {
    /// Seals a JSON body to every recipient, one stanza each and in this order.
    pub fn seal(
        &self,
        body: &str,
        recipients: &[&HybridRecipient],
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, DocumentError> {
        if !(1..=MOST_RECIPIENTS).contains(&recipients.len()) {
            return Err(FileError::Recipients.into());
        }
        require_json(body)?;
        let length = u32::try_from(body.len()).map_err(|_| DocumentError::Body)?;
        let head = self.head();
        let content = VERSION.len() + head.len() + 4 + body.len();
        let padded = content.next_multiple_of(BLOCK);
        let mut plaintext = Zeroizing::new(Vec::with_capacity(padded));
        plaintext.extend_from_slice(VERSION.as_bytes());
        plaintext.extend_from_slice(head.as_bytes());
        plaintext.extend_from_slice(&length.to_be_bytes());
        plaintext.extend_from_slice(body.as_bytes());
        plaintext.resize(padded, 0);
        Ok(file::seal_hybrid(recipients, &plaintext, rng))
    }

    /// Opens a document that must be this one; returns its JSON body.
    pub fn open(
        &self,
        file: &[u8],
        identity: &HybridIdentity,
    ) -> Result<Zeroizing<String>, DocumentError> {
        let plaintext = file::open(file, is_document, identity)?;
        let rest = plaintext.strip_prefix(VERSION.as_bytes()).ok_or(DocumentError::Form)?;
        let line = rest.iter().position(|&b| b == b'\n').ok_or(DocumentError::Form)?;
        let (head, rest) = rest.split_at(line + 1);
        if head != self.head().as_bytes() {
            // Told apart for whoever reads the log: damage, or the wrong document.
            let parsed = serde_json::from_slice::<Head>(head);
            return Err(parsed.map_or(DocumentError::Form, |_| DocumentError::Other));
        }
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(DocumentError::Form)?;
        let length = u32::from_be_bytes(*length) as usize;
        let (body, padding) = rest.split_at_checked(length).ok_or(DocumentError::Form)?;
        let whole = plaintext.len() % BLOCK == 0 && padding.len() < BLOCK;
        if !whole || padding.iter().any(|&b| b != 0) {
            return Err(DocumentError::Form);
        }
        let body = std::str::from_utf8(body).map_err(|_| DocumentError::Body)?;
        require_json(body)?;
        Ok(Zeroizing::new(body.to_owned()))
    }

    fn head(&self) -> String {
        let head = Head {
            realm: self.realm,
            kind: self.subject.kind().to_owned(),
            subject: self.subject.id(),
            n: self.n,
        };
        serde_json::to_string(&head).expect("strings and a number are JSON") + "\n"
    }
}

/// What anybody can check without a key: hybrid stanzas only, and whole blocks.
pub fn check_form(file: &[u8]) -> Result<(), DocumentError> {
    let inspected = file::inspect(file)?;
    if !is_document(inspected.stanzas) {
        return Err(FileError::Stanzas.into());
    }
    if inspected.plaintext_len == 0 || inspected.plaintext_len % BLOCK != 0 {
        return Err(FileError::Length.into());
    }
    Ok(())
}

fn is_document(stanzas: Stanzas) -> bool {
    matches!(stanzas, Stanzas::Hybrid(1..=MOST_RECIPIENTS))
}

fn require_json(body: &str) -> Result<(), DocumentError> {
    serde_json::from_str::<serde::de::IgnoredAny>(body).map_err(|_| DocumentError::Body)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{key::X25519Identity, random::System};

    fn plan() -> Document {
        Document {
            realm: Realm::from_bytes([1; 32]),
            subject: Subject::Plan(ArrangementId::from_bytes([2; 16])),
            n: 3,
        }
    }

    #[test]
    fn a_document_opens_for_every_recipient_and_in_its_own_place_only() {
        let keys: Vec<_> = (0..3).map(|_| HybridIdentity::generate(&mut System)).collect();
        let recipients: Vec<_> = keys.iter().map(HybridIdentity::recipient).collect();
        let recipients: Vec<_> = recipients.iter().collect();
        let body = r#"{"sides":{"a":"Sam’s family"}}"#;
        let file = plan().seal(body, &recipients, &mut System).expect("seals");
        assert_eq!(check_form(&file), Ok(()));
        for key in &keys {
            assert_eq!(*plan().open(&file, key).expect("opens"), body);
        }
        let arrangement = ArrangementId::from_bytes([2; 16]);
        let others = [
            Document { n: 4, ..plan() },
            Document { subject: Subject::Notes(arrangement), ..plan() },
            Document { realm: Realm::from_bytes([9; 32]), ..plan() },
        ];
        for other in others {
            assert_eq!(other.open(&file, &keys[0]), Err(DocumentError::Other));
        }
        let stranger = HybridIdentity::generate(&mut System);
        assert_eq!(plan().open(&file, &stranger), Err(FileError::Key.into()));
    }

    #[test]
    fn its_length_tells_no_more_than_blocks() {
        let key = HybridIdentity::generate(&mut System);
        let sizes: Vec<_> = [2, 100, 3000, 4000, 5000]
            .map(|len| {
                let body = format!("\"{}\"", "x".repeat(len - 2));
                let recipient = key.recipient();
                plan().seal(&body, &[&recipient], &mut System).expect("seals").len()
            })
            .to_vec();
        assert_eq!(sizes[0], sizes[1]);
        assert_eq!(sizes[1], sizes[2]);
        assert_eq!(sizes[3], sizes[2] + BLOCK);
        assert_eq!(sizes[4], sizes[3]);
    }

    #[test]
    fn recipients_and_bodies_are_checked() {
        let key = HybridIdentity::generate(&mut System).recipient();
        let seal = |body, recipients: &[&HybridRecipient]| {
            plan().seal(body, recipients, &mut System).map(|file| file.len())
        };
        assert_eq!(seal("{}", &[]), Err(FileError::Recipients.into()));
        assert_eq!(seal("{}", &[&key; 65]), Err(FileError::Recipients.into()));
        assert!(seal("{}", &[&key; 64]).is_ok());
        assert_eq!(seal("{", &[&key]), Err(DocumentError::Body));
        let classic = X25519Identity::generate(&mut System);
        let file = file::seal_x25519(&classic.recipient(), &[0; BLOCK]);
        assert_eq!(check_form(&file), Err(FileError::Stanzas.into()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_flipped_bit_is_never_accepted(at in 0usize..5771, bit in 0u8..8) {
            let key = HybridIdentity::generate(&mut System);
            let recipient = key.recipient();
            let mut file = plan().seal("{}", &[&recipient], &mut System).expect("seals");
            prop_assert_eq!(file.len(), 5771 - 16);
            let at = at % file.len();
            file[at] ^= 1 << bit;
            prop_assert!(plan().open(&file, &key).is_err());
        }
    }
}
