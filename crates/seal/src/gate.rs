//! The words gate: RFC 9497 OPRF (base mode, ristretto255-SHA512). The server's key hardens the
//! words without the server learning them, so that each guess at them costs one counted request.

use std::fmt;

use rand_core::CryptoRng;
use voprf::{BlindedElement, EvaluationElement, OprfClient, OprfServer, Ristretto255};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::{random::Generation06, words::Words};

/// A group element on the wire.
pub type Element = [u8; 32];

/// Why the gate gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// Not the encoding of a ristretto255 element other than the identity.
    #[error("not a ristretto255 element")]
    Element,
    /// Not a scalar other than zero.
    #[error("not a gate key")]
    Key,
    /// The words cannot be hashed to an element; never with real words.
    #[error("the words cannot be blinded")]
    Words,
}

/// A blinded question and the way to read its answer; client side.
pub struct Request {
    words: Words,
    state: OprfClient<Ristretto255>,
    blinded: Element,
}

impl Request {
    /// Blinds words with a fresh scalar.
    pub fn new(words: &Words, rng: &mut impl CryptoRng) -> Result<Self, GateError> {
        let result = OprfClient::blind(words.as_str().as_bytes(), &mut Generation06(rng))
            .map_err(|_| GateError::Words)?;
        let blinded = result.message.serialize().into();
        Ok(Self { words: words.clone(), state: result.state, blinded })
    }

    /// What the server gets.
    pub fn blinded(&self) -> &Element {
        &self.blinded
    }

    /// Turns the server's answer into the output.
    pub fn finish(&self, evaluated: &Element) -> Result<Output, GateError> {
        let evaluated =
            EvaluationElement::deserialize(evaluated).map_err(|_| GateError::Element)?;
        let output = self
            .state
            .finalize(self.words.as_str().as_bytes(), &evaluated)
            .map_err(|_| GateError::Words)?;
        Ok(Output(output.into()))
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Request(secret)")
    }
}

/// The 64 bytes that go into a wrap beside the words. Zeroized when dropped; never printed.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct Output([u8; 64]);

impl Output {
    /// The raw bytes.
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Output(secret)")
    }
}

/// The server's key, kept outside the database with its version. Zeroized when dropped.
pub struct GateKey {
    /// Counts up with every new key; stored beside each wrap made under it.
    pub version: u32,
    server: OprfServer<Ristretto255>,
    bytes: Zeroizing<[u8; 32]>,
}

impl GateKey {
    /// A fresh key.
    pub fn generate(version: u32, rng: &mut impl CryptoRng) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        loop {
            rng.fill_bytes(&mut *seed);
            // A uniform scalar by rejection: a 32-byte draw is below the order 1 time in 16.
            if let Ok(key) = Self::from_bytes(version, &seed) {
                return key;
            }
        }
    }

    /// Takes a canonical, non-zero scalar, as `generate` made it.
    pub fn from_bytes(version: u32, bytes: &[u8; 32]) -> Result<Self, GateError> {
        let server = OprfServer::new_with_key(bytes).map_err(|_| GateError::Key)?;
        Ok(Self { version, server, bytes: Zeroizing::new(*bytes) })
    }

    /// The scalar, for the key file.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.bytes.clone()
    }

    /// Answers a blinded question; server side. Whoever calls has counted it.
    pub fn evaluate(&self, blinded: &Element) -> Result<Element, GateError> {
        let blinded = BlindedElement::deserialize(blinded).map_err(|_| GateError::Element)?;
        Ok(self.server.blind_evaluate(&blinded).serialize().into())
    }
}

impl fmt::Debug for GateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GateKey(version {})", self.version)
    }
}

#[cfg(test)]
mod tests;
