//! Invitation codes: 60 bits on a printed sheet, from which both ends derive where the invitation
//! lies, the key that signs `enrol`, and the tag that authenticates the agency's root.

use std::{fmt, str::FromStr};

use domain::id::{InviteId, StatementId};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::key::{PublicKey, SigningKey};

const DOMAIN: &str = "postern-invite/1";
/// Crockford's base 32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 12;

/// Not the 12 characters of an invitation code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an invitation code has 12 letters and digits")]
pub struct CodeError;

/// An invitation's code. Zeroized when dropped; shown by [`Code::to_blocks`] only.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct Code([u8; LENGTH]);

impl Code {
    /// A fresh code of 60 bits.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut code = [0; LENGTH];
        rng.fill_bytes(&mut code);
        Self(code.map(|byte| ALPHABET[usize::from(byte % 32)]))
    }

    /// As printed: blocks of four with hyphens.
    pub fn to_blocks(&self) -> Zeroizing<String> {
        let text = Zeroizing::new(self.0.map(char::from).iter().collect::<String>());
        Zeroizing::new([&text[..4], &text[4..8], &text[8..]].join("-"))
    }

    /// Derives the invitation's keys; about a quarter of a second of scrypt.
    pub fn keys(&self) -> InviteKeys {
        let params = scrypt::Params::new(15, 8, 1).expect("the work factors of the protocol");
        let mut ikm = Zeroizing::new([0; 32]);
        scrypt::scrypt(&self.0, DOMAIN.as_bytes(), &params, &mut *ikm)
            .expect("32 bytes are a valid length");
        let hkdf = Hkdf::<Sha256>::new(None, &*ikm);
        let derive = |name: &str, bytes: &mut [u8]| {
            hkdf.expand_multi_info(&[DOMAIN.as_bytes(), b" ", name.as_bytes()], bytes)
                .expect("at most 32 bytes are a valid length");
        };
        let (mut locator, mut tag) = ([0; 16], Zeroizing::new([0; 32]));
        let mut seed = Zeroizing::new([0; 32]);
        derive("locator", &mut locator);
        derive("sign", &mut *seed);
        derive("tag", &mut *tag);
        let (locator, sign) = (InviteId::from_bytes(locator), SigningKey::from_seed(&seed));
        InviteKeys { locator, sign, tag }
    }
}

impl FromStr for Code {
    type Err = CodeError;

    /// Reads a typed code: any case, O for 0, I and L for 1, hyphens and spaces anywhere.
    fn from_str(typed: &str) -> Result<Self, CodeError> {
        let mut code = Self([0; LENGTH]);
        let mut characters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
        for place in &mut code.0 {
            let typed = match characters.next().ok_or(CodeError)?.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let byte = u8::try_from(typed).map_err(|_| CodeError)?;
            *place = if ALPHABET.contains(&byte) { byte } else { return Err(CodeError) };
        }
        if characters.next().is_some() { Err(CodeError) } else { Ok(code) }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(secret)")
    }
}

/// What a code gives.
pub struct InviteKeys {
    /// The invitation's id: the server finds it without seeing the code.
    pub locator: InviteId,
    /// Signs `enrol`; its public half is the statement's `invite_key`.
    pub sign: SigningKey,
    tag: Zeroizing<[u8; 32]>,
}

impl InviteKeys {
    /// `root_tag`: HMAC-SHA256 over the 32 raw bytes of the root key.
    pub fn root_tag(&self, root: &PublicKey) -> [u8; 32] {
        self.mac(root).finalize().into_bytes().into()
    }

    /// Whether a root key is the one the agency printed the code for; in constant time.
    pub fn is_root(&self, root: &PublicKey, root_tag: &[u8]) -> bool {
        self.mac(root).verify_slice(root_tag).is_ok()
    }

    fn mac(&self, root: &PublicKey) -> Hmac<Sha256> {
        Hmac::<Sha256>::new_from_slice(&*self.tag)
            .expect("HMAC takes keys of any length")
            .chain_update(root.as_bytes())
    }
}

impl fmt::Debug for InviteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InviteKeys({})", self.locator)
    }
}

/// The eight digits a person reads out before they are certified: the first eight bytes of
/// SHA-256 of the raw `enrol` id, big-endian, modulo 10^8.
pub fn enrol_digits(enrol: &StatementId) -> String {
    let hash: [u8; 32] = Sha256::digest(enrol.as_bytes()).into();
    let (first, _) = hash.split_first_chunk::<8>().expect("a hash has 32 bytes");
    format!("{:08}", u64::from_be_bytes(*first) % 100_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::System;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code: Code = "A0B1-C2D3-E4F5".parse().expect("a code");
        assert_eq!(*code.to_blocks(), "A0B1-C2D3-E4F5");
        for typed in ["a0b1c2d3e4f5", "AOBI C2D3 E4F5", " aobl-c2-d3e4-f5 "] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        for typed in ["", "A0B1C2D3E4F", "A0B1C2D3E4F56", "A0B1C2D3E4FU", "A0B1C2D3E4Fé"] {
            assert_eq!(typed.parse::<Code>(), Err(CodeError), "{typed}");
        }
        let fresh = Code::generate(&mut System);
        assert_eq!(fresh.to_blocks().parse(), Ok(fresh.clone()));
        assert_eq!(format!("{fresh:?}"), "Code(secret)");
    }

    #[test]
    fn the_digits_come_from_the_hash_of_the_enrol_id() {
        // SHA-256 of 32 zero bytes begins 66687aadf862bd77.
        let expected = 0x6668_7aad_f862_bd77_u64 % 100_000_000;
        let digits = enrol_digits(&StatementId::from_bytes([0; 32]));
        assert_eq!(digits, format!("{expected:08}"));
        assert_eq!(digits.len(), 8);
    }

    #[test]
    fn a_code_authenticates_one_root() {
        let keys = "A0B1C2D3E4F5".parse::<Code>().expect("a code").keys();
        let root = SigningKey::from_seed(&[1; 32]).public_key();
        let tag = keys.root_tag(&root);
        assert!(keys.is_root(&root, &tag));
        let other = SigningKey::from_seed(&[2; 32]).public_key();
        assert!(!keys.is_root(&other, &tag));
        assert!(!keys.is_root(&root, &tag[..31]));
    }
}
