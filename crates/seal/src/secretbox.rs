//! AES-256-GCM with the 12-byte nonce first: bundles and drafts.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::random;

const NONCE_LEN: usize = 12;

/// The box does not open: another key, another context, or altered bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unopened;

/// nonce ‖ ciphertext ‖ tag, under a fresh random nonce.
pub(crate) fn seal(
    key: &[u8; 32],
    plaintext: &[u8],
    context: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let nonce: [u8; NONCE_LEN] = random::bytes(rng);
    let payload = Payload { msg: plaintext, aad: context };
    let sealed = Aes256Gcm::new(key.into())
        .encrypt(&nonce.into(), payload)
        .expect("AES-GCM seals anything below 64 GiB");
    [&nonce[..], &sealed].concat()
}

pub(crate) fn open(
    key: &[u8; 32],
    sealed: &[u8],
    context: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Unopened)?;
    let payload = Payload { msg: sealed, aad: context };
    let opened = Aes256Gcm::new(key.into()).decrypt(nonce.into(), payload);
    opened.map(Zeroizing::new).map_err(|_| Unopened)
}
