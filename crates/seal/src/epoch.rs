//! Epoch wraps: a team's review secret sealed to one member of staff, the archive, or the next
//! epoch (`prev_secret_hash` is the hash of the latter).

use domain::id::{Realm, TeamId};
use rand_core::CryptoRng;

use crate::{
    file::{self, FileError, Stanzas},
    key::{HybridIdentity, HybridRecipient},
    lines,
};

const HEAD: &str = "postern-epoch/1";

/// Why a wrap does not hold the secret of the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EpochError {
    /// The sealed file itself.
    #[error(transparent)]
    File(#[from] FileError),
    /// Not five lines of the right form.
    #[error("an epoch wrap is not five lines of the right form")]
    Form,
    /// It names another realm, team or number.
    #[error("an epoch wrap names another team or number")]
    Other,
    /// The secret's recipient is not the epoch's review key.
    #[error("an epoch wrap's secret does not belong to the review key")]
    ReviewKey,
}

/// One review epoch of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// The agency.
    pub realm: Realm,
    /// The team.
    pub team: TeamId,
    /// The number, from 1.
    pub n: u64,
}

impl Epoch {
    /// Seals the epoch's secret to one recipient.
    pub fn seal(
        &self,
        secret: &HybridIdentity,
        recipient: &HybridRecipient,
        rng: &mut impl CryptoRng,
    ) -> Vec<u8> {
        let [realm, team, n] = self.lines();
        let plaintext = lines::join(&[HEAD, &realm, &team, &n, &secret.to_text()]);
        file::seal_hybrid(&[recipient], plaintext.as_bytes(), rng)
    }

    /// Opens a wrap that must be of this epoch and whose secret must belong to `review_key`.
    pub fn open(
        &self,
        file: &[u8],
        identity: &HybridIdentity,
        review_key: &HybridRecipient,
    ) -> Result<HybridIdentity, EpochError> {
        let plaintext = file::open(file, |stanzas| stanzas == Stanzas::Hybrid(1), identity)?;
        let [head, realm, team, n, secret] = lines::split(&plaintext).ok_or(EpochError::Form)?;
        if head != HEAD {
            return Err(EpochError::Form);
        }
        if self.lines() != [realm, team, n] {
            return Err(EpochError::Other);
        }
        let secret: HybridIdentity = secret.parse().map_err(|_| EpochError::Form)?;
        if secret.recipient() != *review_key {
            return Err(EpochError::ReviewKey);
        }
        Ok(secret)
    }

    fn lines(&self) -> [String; 3] {
        [self.realm.to_string(), self.team.to_string(), self.n.to_string()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::System;

    #[test]
    fn a_wrap_opens_for_its_epoch_and_review_key_only() {
        let secret = HybridIdentity::generate(&mut System);
        let staff = HybridIdentity::generate(&mut System);
        let epoch =
            Epoch { realm: Realm::from_bytes([1; 32]), team: TeamId::from_bytes([2; 16]), n: 3 };
        let file = epoch.seal(&secret, &staff.recipient(), &mut System);
        let opened = epoch.open(&file, &staff, &secret.recipient()).expect("opens");
        assert_eq!(opened.to_text(), secret.to_text());

        let next = Epoch { n: 4, ..epoch };
        assert_eq!(next.open(&file, &staff, &secret.recipient()).err(), Some(EpochError::Other));
        let other = epoch.open(&file, &staff, &staff.recipient()).err();
        assert_eq!(other, Some(EpochError::ReviewKey));
        let stranger = epoch.open(&file, &secret, &secret.recipient()).err();
        assert_eq!(stranger, Some(EpochError::File(FileError::Key)));
    }
}
