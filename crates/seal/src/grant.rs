//! Grants: one letter key sealed to one grantee, naming the letter and revision it opens.

use std::{fmt, str::FromStr};

use domain::id::{KeyHash, LetterId, MembershipId, MessageId, Realm, StatementId};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    file::{self, FileError, Stanzas},
    key::{HybridIdentity, HybridRecipient, X25519Identity},
    lines,
};

const HEAD: &str = "postern-grant/1";

/// Why a grant does not open the letter it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The sealed file itself.
    #[error(transparent)]
    File(#[from] FileError),
    /// Not five lines of the right form.
    #[error("a grant is not five lines of the right form")]
    Form,
    /// It names another realm, letter, revision or grantee.
    #[error("a grant names another letter, revision or grantee")]
    Other,
    /// The key inside is not the one whose hash was published.
    #[error("a grant's key is not the one whose hash was published")]
    KeyHash,
}

/// Who may open a letter with a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grantee {
    /// A member: an addressee, or the writer with their own copy.
    Member(MembershipId),
    /// The team's review epoch, by the id of its statement.
    Epoch(StatementId),
    /// The agency's records office.
    Archive,
}

impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(membership) => membership.fmt(f),
            Self::Epoch(epoch) => write!(f, "epoch:{epoch}"),
            Self::Archive => f.write_str("archive"),
        }
    }
}

impl FromStr for Grantee {
    type Err = GrantError;
    fn from_str(text: &str) -> Result<Self, GrantError> {
        if text == "archive" {
            return Ok(Self::Archive);
        }
        match text.strip_prefix("epoch:") {
            Some(epoch) => epoch.parse().map(Self::Epoch),
            None => text.parse().map(Self::Member),
        }
        .map_err(|_| GrantError::Form)
    }
}

/// What a grant opens and for whom: its second to fourth line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The agency.
    pub realm: Realm,
    /// The letter; a message stands here as its message id with revision 1.
    pub letter: LetterId,
    /// The revision, from 1.
    pub rev: u64,
    /// Who may open it.
    pub grantee: Grantee,
}

impl Grant {
    /// The grant of a message to the team, which has no revisions.
    pub fn of_message(realm: Realm, message: MessageId, grantee: Grantee) -> Self {
        Self { realm, letter: LetterId::from_bytes(message.to_bytes()), rev: 1, grantee }
    }

    /// Seals the letter key to the grantee's recipient; 1,883 bytes for a member and revision 1 to 9.
    pub fn seal(
        &self,
        key: &X25519Identity,
        recipient: &HybridRecipient,
        rng: &mut impl CryptoRng,
    ) -> Vec<u8> {
        let [realm, letter, grantee] = self.lines();
        let plaintext = lines::join(&[HEAD, &realm, &letter, &grantee, &key.to_text()]);
        file::seal_hybrid(&[recipient], plaintext.as_bytes(), rng)
    }

    /// Opens a grant that must be this very one and hold the key whose hash was published
    /// (checks 4 to 7 of a reader, as far as they concern the grant).
    pub fn open(
        &self,
        file: &[u8],
        identity: &HybridIdentity,
        key_hash: &KeyHash,
    ) -> Result<X25519Identity, GrantError> {
        let (grant, key) = open_any(file, identity)?;
        if grant != *self {
            return Err(GrantError::Other);
        }
        if key.recipient().key_hash() != *key_hash {
            return Err(GrantError::KeyHash);
        }
        Ok(key)
    }

    fn lines(&self) -> [String; 3] {
        let letter = format!("{}/{}", self.letter, self.rev);
        [self.realm.to_string(), letter, self.grantee.to_string()]
    }
}

/// Opens a grant without knowing which it is. For the archive, which holds many: whoever can name
/// the letter uses [`Grant::open`].
pub fn open_any(
    file: &[u8],
    identity: &HybridIdentity,
) -> Result<(Grant, X25519Identity), GrantError> {
    let plaintext: Zeroizing<Vec<u8>> =
        file::open(file, |stanzas| stanzas == Stanzas::Hybrid(1), identity)?;
    let [head, realm, letter_rev, grantee, key] =
        lines::split(&plaintext).ok_or(GrantError::Form)?;
    let (letter, rev) = letter_rev.split_once('/').ok_or(GrantError::Form)?;
    let grant = Grant {
        realm: realm.parse().map_err(|_| GrantError::Form)?,
        letter: letter.parse().map_err(|_| GrantError::Form)?,
        rev: rev.parse().map_err(|_| GrantError::Form)?,
        grantee: grantee.parse()?,
    };
    // Written again, so that a revision has one spelling ("1", not "01" or "+1").
    if head != HEAD || grant.lines() != [realm, letter_rev, grantee] || grant.rev == 0 {
        return Err(GrantError::Form);
    }
    Ok((grant, key.parse().map_err(|_| GrantError::Form)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::System;

    fn grant(grantee: Grantee) -> Grant {
        Grant {
            realm: Realm::from_bytes([1; 32]),
            letter: LetterId::from_bytes([2; 16]),
            rev: 9,
            grantee,
        }
    }

    #[test]
    fn a_grant_opens_for_its_grantee_and_has_a_constant_size() {
        let (key, grantee) =
            (X25519Identity::generate(&mut System), HybridIdentity::generate(&mut System));
        let sizes = [
            (Grantee::Member(MembershipId::from_bytes([3; 16])), 1883),
            (Grantee::Epoch(StatementId::from_bytes([4; 32])), 1921),
            (Grantee::Archive, 1858),
        ];
        for (name, size) in sizes {
            let file = grant(name).seal(&key, &grantee.recipient(), &mut System);
            assert_eq!(file.len(), size);
            let opened =
                grant(name).open(&file, &grantee, &key.recipient().key_hash()).expect("opens");
            assert_eq!(opened.to_text(), key.to_text());
        }
    }

    #[test]
    fn a_grant_for_another_letter_revision_grantee_or_key_is_refused() {
        let (key, grantee) =
            (X25519Identity::generate(&mut System), HybridIdentity::generate(&mut System));
        let this = grant(Grantee::Member(MembershipId::from_bytes([3; 16])));
        let file = this.seal(&key, &grantee.recipient(), &mut System);
        let hash = key.recipient().key_hash();
        let others = [
            Grant { realm: Realm::from_bytes([9; 32]), ..this },
            Grant { letter: LetterId::from_bytes([9; 16]), ..this },
            Grant { rev: 1, ..this },
            Grant { grantee: Grantee::Archive, ..this },
            Grant { grantee: Grantee::Member(MembershipId::from_bytes([4; 16])), ..this },
        ];
        for other in others {
            assert_eq!(other.open(&file, &grantee, &hash).err(), Some(GrantError::Other));
        }
        let wrong = KeyHash::from_bytes([0; 32]);
        assert_eq!(this.open(&file, &grantee, &wrong).err(), Some(GrantError::KeyHash));
        let stranger = HybridIdentity::generate(&mut System);
        let refused = this.open(&file, &stranger, &hash).err();
        assert_eq!(refused, Some(GrantError::File(FileError::Key)));
    }

    #[test]
    fn a_revision_has_one_spelling() {
        let (key, grantee) =
            (X25519Identity::generate(&mut System), HybridIdentity::generate(&mut System));
        let (realm, letter) = ("11".repeat(32), "22".repeat(16));
        for rev in ["01", "+1", "0", "", "1 ", "-1"] {
            let plaintext =
                lines::join(&[HEAD, &realm, &format!("{letter}/{rev}"), "archive", &key.to_text()]);
            let file =
                file::seal_hybrid(&[&grantee.recipient()], plaintext.as_bytes(), &mut System);
            assert_eq!(open_any(&file, &grantee).err(), Some(GrantError::Form), "{rev:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_flipped_bit_is_never_accepted(at in 0usize..1883, bit in 0u8..8) {
            let (key, grantee) =
                (X25519Identity::generate(&mut System), HybridIdentity::generate(&mut System));
            let this = grant(Grantee::Member(MembershipId::from_bytes([3; 16])));
            let mut file = this.seal(&key, &grantee.recipient(), &mut System);
            file[at] ^= 1 << bit;
            prop_assert!(this.open(&file, &grantee, &key.recipient().key_hash()).is_err());
        }
    }
}
