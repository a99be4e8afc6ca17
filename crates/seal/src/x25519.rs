//! age's classic X25519 keys: the key of one letter revision, and the notifier's.

use std::{fmt, str::FromStr};

use curve25519_dalek::MontgomeryPoint;
use domain::id::KeyHash;
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::{bech32, key::KeyError};

const SECRET_PREFIX: &str = "age-secret-key-";
const PUBLIC_PREFIX: &str = "age";

/// `AGE-SECRET-KEY-1…`: opens files sealed to its [`X25519Recipient`]. Zeroized when dropped.
#[derive(Clone, ZeroizeOnDrop)]
pub struct X25519Identity([u8; 32]);

impl X25519Identity {
    /// A fresh key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut secret = [0; 32];
        rng.fill_bytes(&mut secret);
        Self(secret)
    }

    /// The public half.
    pub fn recipient(&self) -> X25519Recipient {
        X25519Recipient(MontgomeryPoint::mul_base_clamped(self.0).to_bytes())
    }

    /// The uppercase string form: the last line of a grant.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(bech32::encode(SECRET_PREFIX, &self.0));
        text.make_ascii_uppercase();
        text
    }

    pub(crate) fn to_age(&self) -> age::x25519::Identity {
        self.to_text().parse().expect("age reads the string form of a key")
    }
}

impl FromStr for X25519Identity {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.bytes().any(|b| b.is_ascii_lowercase()) {
            return Err(KeyError::AgeString);
        }
        let lower = Zeroizing::new(text.to_ascii_lowercase());
        Ok(Self(*bech32::decode(SECRET_PREFIX, &lower)?))
    }
}

impl fmt::Debug for X25519Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "X25519Identity(of {})", self.recipient())
    }
}

/// `age1…`: a public key of canonical encoding and not of low order, so that sealing to it
/// protects something (age itself panics on the others).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct X25519Recipient([u8; 32]);

impl X25519Recipient {
    /// Checks and takes the 32 bytes of a u-coordinate.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
        // Canonical: the high bit clear and the number below 2^255 - 19.
        if is_low_order(&bytes) || !below_prime(&bytes) {
            return Err(KeyError::LowOrder);
        }
        Ok(Self(bytes))
    }

    /// SHA-256 of the string form: what a statement publishes instead of the recipient.
    pub fn key_hash(&self) -> KeyHash {
        KeyHash::from_bytes(Sha256::digest(self.to_string()).into())
    }

    pub(crate) fn to_age(self) -> age::x25519::Recipient {
        self.to_string().parse().expect("age reads the string form of a recipient")
    }
}

/// Whether every shared secret with this point is the same all-zero one.
pub(crate) fn is_low_order(point: &[u8; 32]) -> bool {
    // A clamped scalar is a multiple of the cofactor, so it takes exactly these points to zero.
    MontgomeryPoint(*point).mul_clamped([1; 32]).to_bytes() == [0; 32]
}

/// Whether the little-endian number is below 2^255 - 19.
fn below_prime(bytes: &[u8; 32]) -> bool {
    let all_ones = bytes[31] & 0x7f == 0x7f && bytes[1..31].iter().all(|&b| b == 0xff);
    bytes[31] & 0x80 == 0 && !(all_ones && bytes[0] >= 0xed)
}

impl fmt::Display for X25519Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32::encode(PUBLIC_PREFIX, &self.0))
    }
}

impl fmt::Debug for X25519Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "X25519Recipient({self})")
    }
}

impl FromStr for X25519Recipient {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(*bech32::decode(PUBLIC_PREFIX, text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The pair from age's own tests.
    const SECRET: &str =
        "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";
    const PUBLIC: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";

    #[test]
    fn the_strings_are_those_of_age() {
        let identity: X25519Identity = SECRET.parse().expect("an identity");
        assert_eq!(identity.recipient().to_string(), PUBLIC);
        assert_eq!(*identity.to_text(), SECRET);
        assert_eq!(identity.to_age().to_public().to_string(), PUBLIC);
        assert!(!format!("{identity:?}").contains(SECRET));
    }

    #[test]
    fn other_spellings_are_refused() {
        assert!(SECRET.to_lowercase().parse::<X25519Identity>().is_err());
        assert!(PUBLIC.to_uppercase().parse::<X25519Recipient>().is_err());
        assert!(PUBLIC.replace("age1t", "age1u").parse::<X25519Recipient>().is_err());
        assert!(SECRET.parse::<X25519Recipient>().is_err());
    }

    #[test]
    fn low_order_and_non_canonical_points_are_refused() {
        let low = [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            // Nine, the base point, plus p; and with its high bit set.
            "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0900000000000000000000000000000000000000000000000000000000000080",
        ];
        for text in low {
            let bytes: [u8; 32] = hex::decode(text).expect("hex").try_into().expect("32 bytes");
            assert_eq!(X25519Recipient::from_bytes(bytes), Err(KeyError::LowOrder), "{text}");
        }
    }
}
