//! Drafts under a key derived from `K`. Not age files: age authenticates no sender, so a server
//! could plant a draft.

use domain::id::LetterId;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{account::AccountKey, secretbox};

/// The draft does not open: another account or letter, or altered bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the draft does not open under this account's key")]
pub struct DraftError;

/// Seals a draft of a letter.
pub fn seal(
    key: &AccountKey,
    letter: LetterId,
    plaintext: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    secretbox::seal(&draft_key(key, letter), plaintext, &[], rng)
}

/// Opens a draft of this letter.
pub fn open(
    key: &AccountKey,
    letter: LetterId,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, DraftError> {
    secretbox::open(&draft_key(key, letter), sealed, &[]).map_err(|_| DraftError)
}

fn draft_key(key: &AccountKey, letter: LetterId) -> Zeroizing<[u8; 32]> {
    key.derive(&format!("postern-draft/1 {letter}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::System;

    #[test]
    fn a_draft_opens_for_its_account_and_letter_only() {
        let (key, letter) = (AccountKey::generate(&mut System), LetterId::from_bytes([1; 16]));
        let sealed = seal(&key, letter, b"Dear", &mut System);
        assert_eq!(*open(&key, letter, &sealed).expect("opens"), b"Dear");
        assert_eq!(open(&key, LetterId::from_bytes([2; 16]), &sealed), Err(DraftError));
        assert_eq!(open(&AccountKey::generate(&mut System), letter, &sealed), Err(DraftError));
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(open(&key, letter, &altered), Err(DraftError));
        }
        assert_eq!(open(&key, letter, &sealed[..11]), Err(DraftError));
    }
}
