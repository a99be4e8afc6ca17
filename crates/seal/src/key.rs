//! Ed25519 keys and signatures with one verdict everywhere, and the age recipients beside them.
//!
//! A public key is accepted only if its encoding is canonical and its point lies in the
//! prime-order group; a signature only by `verify_strict` (protocol, "Ed25519, one verdict
//! everywhere"). The TypeScript half gives the same verdicts.

use std::{fmt, str::FromStr};

use curve25519_dalek::{edwards::CompressedEdwardsY, traits::IsIdentity};
use domain::id::Realm;
use ed25519_dalek::Signer;
use rand_core::CryptoRng;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use crate::{
    hybrid::{HybridIdentity, HybridRecipient},
    x25519::{X25519Identity, X25519Recipient},
};

/// Why bytes or a string are not the key they should be, or a signature not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not lowercase hexadecimal of the right length.
    #[error("a public key or signature is not lowercase hexadecimal of the right length")]
    Hex,
    /// The encoding is no point of the curve, or not its canonical encoding.
    #[error("a public key is not the canonical encoding of a point")]
    NotCanonical,
    /// The point is the identity, of small order, or has a torsion component.
    #[error("a public key lies outside the prime-order group")]
    Torsion,
    /// The signature does not verify.
    #[error("a signature does not verify")]
    Signature,
    /// Not an `age1…` or `AGE-SECRET-KEY-…` string of the expected kind and spelling.
    #[error("not an age key string of the expected kind")]
    AgeString,
    /// An X25519 recipient, or the classic half of a hybrid one, of low order, or the former not
    /// canonical: sealing to it would protect nothing.
    #[error("an X25519 recipient is of low order or not canonical")]
    LowOrder,
    /// The bytes of a hybrid recipient do not hold a valid ML-KEM-768 key.
    #[error("a hybrid recipient holds no valid ML-KEM-768 key")]
    Hybrid,
}

/// An Ed25519 public key: canonical and torsion-free by construction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

impl PublicKey {
    /// Checks and takes the 32 bytes of an encoded point.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let point = CompressedEdwardsY(*bytes).decompress().ok_or(KeyError::NotCanonical)?;
        if point.compress().as_bytes() != bytes {
            return Err(KeyError::NotCanonical);
        }
        if point.is_identity() || !point.is_torsion_free() {
            return Err(KeyError::Torsion);
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes);
        Ok(Self(key.map_err(|_| KeyError::NotCanonical)?))
    }

    /// The encoded point.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The encoded point, borrowed.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Accepts iff S < ℓ, neither A nor R is of small order and encode(S·B − k·A) = R bytewise.
    pub fn verify_strict(&self, message: &[u8], signature: &Signature) -> Result<(), KeyError> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0.verify_strict(message, &signature).map_err(|_| KeyError::Signature)
    }

    /// The realm of an agency whose root key this is: SHA-256 of the 32 raw bytes.
    pub fn realm(&self) -> Realm {
        Realm::from_bytes(Sha256::digest(self.as_bytes()).into())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(&lower_hex(text)?)
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The 64 bytes of an Ed25519 signature, R then S; unverified until a [`PublicKey`] said so.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    /// Takes the bytes as they are; every check happens in [`PublicKey::verify_strict`].
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// R then S.
    pub const fn to_bytes(self) -> [u8; 64] {
        self.0
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

impl FromStr for Signature {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        lower_hex(text).map(Self)
    }
}

/// An Ed25519 signing key, kept as its 32-byte seed. Zeroized when dropped; never printed.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key of a seed (RFC 8032 private key).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// A fresh key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *seed);
        Self::from_seed(&seed)
    }

    /// The seed, for storing in a sealed bundle.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        // Made from a clamped scalar times the base point, so canonical and torsion-free.
        PublicKey(self.0.verifying_key())
    }

    /// Signs the message (deterministic, RFC 8032).
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(of {})", self.public_key())
    }
}

fn lower_hex<const N: usize>(text: &str) -> Result<[u8; N], KeyError> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(KeyError::Hex);
    }
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| KeyError::Hex)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
