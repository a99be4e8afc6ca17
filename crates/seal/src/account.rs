//! `K`, the 32 random bytes from which everything of an account is opened.

use std::fmt;

use hkdf::Hkdf;
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// An account's key `K`. Zeroized when dropped; never printed.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct AccountKey([u8; 32]);

impl AccountKey {
    /// A fresh key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut key = [0; 32];
        rng.fill_bytes(&mut key);
        Self(key)
    }

    /// Takes the bytes that a wrap held.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for wrapping.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// HKDF-SHA256 with empty salt under `info`, 32 bytes.
    pub(crate) fn derive(&self, info: &str) -> Zeroizing<[u8; 32]> {
        let mut derived = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, &self.0)
            .expand(info.as_bytes(), &mut *derived)
            .expect("32 bytes are a valid length");
        derived
    }
}

impl fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountKey(secret)")
    }
}
