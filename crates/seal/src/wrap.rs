//! Words wraps: an account's key `K` under its words and the gate's output for them.

use zeroize::Zeroizing;

use crate::{
    account::AccountKey,
    file::{self, FileError},
    gate::Output,
    words::Words,
};

/// Why a wrap does not hold a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrapError {
    /// The sealed file itself; `Key` means other words, or another gate key.
    #[error(transparent)]
    File(#[from] FileError),
    /// It opens, but holds something other than 32 bytes.
    #[error("the wrap does not hold a key")]
    Form,
}

/// Wraps `K`: an age file with one scrypt stanza of 2^15, about a quarter of a second of work.
pub fn seal(key: &AccountKey, words: &Words, gate: &Output) -> Vec<u8> {
    file::seal_words(&passphrase(words, gate), key.as_bytes())
}

/// Opens a wrap.
pub fn open(sealed: &[u8], words: &Words, gate: &Output) -> Result<AccountKey, WrapError> {
    let opened = file::open_words(sealed, &passphrase(words, gate))?;
    let key: &[u8; 32] = opened.as_slice().try_into().map_err(|_| WrapError::Form)?;
    Ok(AccountKey::from_bytes(*key))
}

/// What anybody can check without the words: one scrypt stanza and 32 bytes.
pub fn check_form(sealed: &[u8]) -> Result<(), WrapError> {
    let inspected = file::inspect(sealed)?;
    if inspected.stanzas != file::Stanzas::Scrypt {
        return Err(FileError::Stanzas.into());
    }
    if inspected.plaintext_len != 32 {
        return Err(FileError::Length.into());
    }
    Ok(())
}

fn passphrase(words: &Words, gate: &Output) -> Zeroizing<String> {
    let gate = Zeroizing::new(hex::encode(gate.as_bytes()));
    Zeroizing::new([words.as_str(), ".", &gate].concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        gate::{GateKey, Request},
        random::System,
    };

    fn output(words: &Words, version: u32) -> Output {
        let mut scalar = [0; 32];
        scalar[0] = u8::try_from(version).expect("small");
        let gate = GateKey::from_bytes(version, &scalar).expect("a key");
        let request = Request::new(words, &mut System).expect("blinds");
        request.finish(&gate.evaluate(request.blinded()).expect("evaluates")).expect("finishes")
    }

    #[test]
    fn a_wrap_needs_both_the_words_and_the_gate() {
        let words = Words::from_typed("abacus abdomen abdominal abide").expect("words");
        let key = AccountKey::generate(&mut System);
        let gate = output(&words, 1);
        let sealed = seal(&key, &words, &gate);
        assert_eq!(check_form(&sealed), Ok(()));
        assert!(open(&sealed, &words, &gate).expect("opens") == key);
        let other_gate = open(&sealed, &words, &output(&words, 2)).err();
        assert_eq!(other_gate, Some(FileError::Key.into()));
        let other = Words::from_typed("abacus abdomen abdominal ability").expect("words");
        assert_eq!(open(&sealed, &other, &gate).err(), Some(FileError::Key.into()));
    }

    proptest! {
        // Few: each case costs scrypt twice.
        #![proptest_config(ProptestConfig::with_cases(4))]
        #[test]
        fn a_flipped_bit_is_never_accepted(at in 0usize..10_000, bit in 0u8..8) {
            let words = Words::from_typed("abacus").expect("words");
            let gate = output(&words, 1);
            let mut sealed = seal(&AccountKey::from_bytes([1; 32]), &words, &gate);
            let at = at % sealed.len();
            sealed[at] ^= 1 << bit;
            prop_assert!(open(&sealed, &words, &gate).is_err());
        }
    }
}
