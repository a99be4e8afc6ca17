//! The agency's offline root: a printed file that its two custodians open together.

use zeroize::Zeroizing;

use crate::{
    file::{self, FileError},
    key::SigningKey,
    words::Words,
};

/// Why a root file does not hold the root key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RootError {
    /// The sealed file itself; `Key` means other words or another order of them.
    #[error(transparent)]
    File(#[from] FileError),
    /// It opens, but holds something other than a seed.
    #[error("the file does not hold a root key")]
    Form,
}

/// Seals the root's 32-byte seed under both custodians' words, first then second.
pub fn seal(root: &SigningKey, first: &Words, second: &Words) -> Vec<u8> {
    file::seal_words(&passphrase(first, second), &*root.seed())
}

/// Opens the root file. Whoever calls compares the key's realm with the agency's.
pub fn open(sealed: &[u8], first: &Words, second: &Words) -> Result<SigningKey, RootError> {
    let opened = file::open_words(sealed, &passphrase(first, second))?;
    let seed: &[u8; 32] = opened.as_slice().try_into().map_err(|_| RootError::Form)?;
    Ok(SigningKey::from_seed(seed))
}

fn passphrase(first: &Words, second: &Words) -> Zeroizing<String> {
    Zeroizing::new([first.as_str(), second.as_str()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{random::System, words};

    #[test]
    fn both_custodians_are_needed_in_their_order() {
        let draw = || {
            let drawn = words::generate(words::STAFF, &mut System);
            Words::from_typed(&drawn.join(" ")).expect("words")
        };
        let (first, second) = (draw(), draw());
        let root = SigningKey::generate(&mut System);
        let sealed = seal(&root, &first, &second);
        let opened = open(&sealed, &first, &second).expect("opens");
        assert_eq!(opened.public_key().realm(), root.public_key().realm());
        assert_eq!(open(&sealed, &second, &first).err(), Some(FileError::Key.into()));
        assert_eq!(open(&sealed, &first, &first).err(), Some(FileError::Key.into()));
    }
}
