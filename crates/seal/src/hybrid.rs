//! age's post-quantum keys, `mlkem768x25519` (C2SP age): ML-KEM-768 with X25519 as X-Wing.
//!
//! Rust age has no such recipient, so it is made here on the `hpke` crate: HPKE base mode,
//! KEM X-Wing, HKDF-SHA256, ChaCha20-Poly1305, info `age-encryption.org/mlkem768x25519`, no
//! additional data. Held to the CCTV vectors and to npm `age-encryption`.

use std::{fmt, str::FromStr};

use age::{DecryptError, secrecy::ExposeSecret};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::XWing,
};
use rand_core::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{bech32, key::KeyError, x25519};

/// The type of the stanza.
pub(crate) const TAG: &str = "mlkem768x25519";
/// Bytes of an encapsulated key: 1,088 of ML-KEM and 32 of X25519.
pub(crate) const ENCAPSULATED_LEN: usize = 1120;
/// Bytes of a wrapped file key: 16 and a tag.
pub(crate) const BODY_LEN: usize = FILE_KEY_BYTES + 16;

const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
const SECRET_PREFIX: &str = "age-secret-key-pq-";
const PUBLIC_PREFIX: &str = "age1pq";
const PUBLIC_LEN: usize = 1216;

type PrivateKey = <XWing as Kem>::PrivateKey;
type PublicKey = <XWing as Kem>::PublicKey;
type EncappedKey = <XWing as Kem>::EncappedKey;

/// `AGE-SECRET-KEY-PQ-1…`, kept as its 32-byte X-Wing seed. Zeroized when dropped.
#[derive(Clone, ZeroizeOnDrop)]
pub struct HybridIdentity([u8; 32]);

impl HybridIdentity {
    /// A fresh key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        Self(seed)
    }

    /// The public half.
    pub fn recipient(&self) -> HybridRecipient {
        HybridRecipient(XWing::sk_to_pk(&self.private_key()))
    }

    /// The uppercase string form: in bundles and the last line of an epoch wrap.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(bech32::encode(SECRET_PREFIX, &self.0));
        text.make_ascii_uppercase();
        text
    }

    fn private_key(&self) -> PrivateKey {
        PrivateKey::from_bytes(&self.0).expect("every 32 bytes are an X-Wing seed")
    }

    fn unwrap(&self, stanza: &Stanza) -> Result<Option<FileKey>, DecryptError> {
        let [argument] = &stanza.args[..] else { return Err(DecryptError::InvalidHeader) };
        let encapsulated =
            BASE64_STANDARD_NO_PAD.decode(argument).map_err(|_| DecryptError::InvalidHeader)?;
        // The length of the body is fixed, so that one ciphertext cannot target many keys.
        if encapsulated.len() != ENCAPSULATED_LEN || stanza.body.len() != BODY_LEN {
            return Err(DecryptError::InvalidHeader);
        }
        // X-Wing itself does not look at its X25519 half, which stands last; C2SP age does.
        if ends_in_low_order(&encapsulated) {
            return Err(DecryptError::InvalidHeader);
        }
        let encapsulated =
            EncappedKey::from_bytes(&encapsulated).map_err(|_| DecryptError::InvalidHeader)?;
        let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &self.private_key(),
            &encapsulated,
            INFO,
            &stanza.body,
            &[],
        );
        // A wrong key is no error: another stanza may be ours.
        let Ok(mut opened) = opened else { return Ok(None) };
        let key = FileKey::init_with_mut(|key| key.copy_from_slice(&opened));
        opened.zeroize();
        Ok(Some(key))
    }
}

impl age::Identity for HybridIdentity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if stanza.tag != TAG {
            return None;
        }
        self.unwrap(stanza).transpose()
    }
}

impl FromStr for HybridIdentity {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.bytes().any(|b| b.is_ascii_lowercase()) {
            return Err(KeyError::AgeString);
        }
        let lower = Zeroizing::new(text.to_ascii_lowercase());
        Ok(Self(*bech32::decode(SECRET_PREFIX, &lower)?))
    }
}

impl fmt::Debug for HybridIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HybridIdentity(secret)")
    }
}

/// `age1pq1…`: 1,959 characters, a checked ML-KEM-768 key and an X25519 key.
#[derive(Clone, PartialEq, Eq)]
pub struct HybridRecipient(PublicKey);

impl HybridRecipient {
    /// Wraps a file key into one stanza.
    pub(crate) fn wrap(&self, file_key: &FileKey, rng: &mut impl CryptoRng) -> Stanza {
        let (encapsulated, body) =
            hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
                &OpModeS::Base,
                &self.0,
                INFO,
                file_key.expose_secret(),
                &[],
                rng,
            )
            .expect("X-Wing and ChaCha20-Poly1305 seal 16 bytes without failing");
        let argument = BASE64_STANDARD_NO_PAD.encode(encapsulated.to_bytes());
        Stanza { tag: TAG.to_owned(), args: vec![argument], body }
    }
}

impl fmt::Display for HybridRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32::encode(PUBLIC_PREFIX, &self.0.to_bytes()))
    }
}

impl fmt::Debug for HybridRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Short: 1,959 characters help nobody in a log.
        let text = self.to_string();
        write!(f, "HybridRecipient({}…{})", &text[..16], &text[text.len() - 6..])
    }
}

impl FromStr for HybridRecipient {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes = bech32::decode::<PUBLIC_LEN>(PUBLIC_PREFIX, text)?;
        if ends_in_low_order(&bytes[..]) {
            return Err(KeyError::LowOrder);
        }
        PublicKey::from_bytes(&bytes[..]).map(Self).map_err(|_| KeyError::Hybrid)
    }
}

fn ends_in_low_order(bytes: &[u8]) -> bool {
    bytes.last_chunk().is_some_and(x25519::is_low_order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::System;

    #[test]
    fn the_strings_round_trip_in_one_spelling() {
        let identity = HybridIdentity::generate(&mut System);
        let text = identity.to_text();
        assert!(text.starts_with("AGE-SECRET-KEY-PQ-1"));
        assert_eq!(text.len(), 77);
        let again: HybridIdentity = text.parse().expect("an identity");
        assert_eq!(again.recipient(), identity.recipient());
        let public = identity.recipient().to_string();
        assert_eq!(public.len(), 1959);
        assert_eq!(public.parse(), Ok(identity.recipient()));
        assert!(public.to_uppercase().parse::<HybridRecipient>().is_err());
        assert!(text.to_lowercase().parse::<HybridIdentity>().is_err());
    }

    #[test]
    fn an_identity_is_not_printed() {
        let identity = HybridIdentity([7; 32]);
        assert_eq!(format!("{identity:?}"), "HybridIdentity(secret)");
    }

    #[test]
    fn a_recipient_outside_the_ring_is_refused() {
        let bytes = [0xff; PUBLIC_LEN];
        let text = bech32::encode(PUBLIC_PREFIX, &bytes);
        assert_eq!(text.parse::<HybridRecipient>(), Err(KeyError::Hybrid));
    }

    #[test]
    fn a_recipient_whose_classic_half_is_of_low_order_is_refused() {
        let identity = HybridIdentity::generate(&mut System);
        let mut bytes = identity.recipient().0.to_bytes().to_vec();
        bytes[PUBLIC_LEN - 32..].fill(0);
        let text = bech32::encode(PUBLIC_PREFIX, &bytes);
        assert_eq!(text.parse::<HybridRecipient>(), Err(KeyError::LowOrder));
    }
}
