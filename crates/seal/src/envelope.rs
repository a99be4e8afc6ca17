//! DSSE envelopes: a statement's exact bytes with the signatures over them.
//!
//! Reading an envelope proves nothing about its signer. What it says is behind
//! [`Envelope::unverified`] until [`Envelope::verify`] has seen the keys; who may say it is the
//! business of [`crate::ledger`].

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::id::StatementId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    key::{PublicKey, Signature, SigningKey},
    statement::{self, Kind, MAX_BODY, Refusal, Statement},
    strict,
};

/// The longest envelope accepted, in bytes of JSON.
pub const MAX_ENVELOPE: usize = MAX_BODY / 3 * 4 + 1024;

/// A signed statement of good form. Its signatures are verified only by [`Envelope::verify`].
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    statement: Statement,
    payload: Vec<u8>,
    id: StatementId,
    signatures: Vec<Signature>,
}

/// The JSON form; the order of its fields is the order on the wire.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Wire {
    payload_type: String,
    payload: String,
    signatures: Vec<WireSignature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireSignature {
    keyid: String,
    sig: String,
}

impl Envelope {
    /// Signs a statement with the one key its kind wants.
    ///
    /// # Panics
    ///
    /// If the statement breaks a rule of form (see [`Statement::is_well_formed`]) or is an
    /// `enrol`, which two keys sign: nobody could read it back.
    pub fn sign(statement: Statement, key: &SigningKey) -> Self {
        assert!(statement.kind() != Kind::Enrol, "an enrolment has two signatures");
        Self::sign_with(statement, &[key])
    }

    /// Signs an `enrol`: first with the invite key, then with the new key.
    ///
    /// # Panics
    ///
    /// If the statement breaks a rule of form or is no `enrol`.
    pub fn sign_enrol(statement: Statement, invite: &SigningKey, new: &SigningKey) -> Self {
        assert!(statement.kind() == Kind::Enrol, "only an enrolment has two signatures");
        Self::sign_with(statement, &[invite, new])
    }

    fn sign_with(statement: Statement, keys: &[&SigningKey]) -> Self {
        assert!(statement.is_well_formed(), "a malformed {} statement", statement.kind());
        let payload = statement.to_bytes();
        let message = statement::pre_authentication_encoding(statement.kind(), &payload);
        let signatures = keys.iter().map(|key| key.sign(&message)).collect();
        Self { id: statement.id(), payload, statement, signatures }
    }

    /// Reads the exact bytes of an envelope: compact JSON, keys in order, padded base64, a body of
    /// good form, the right number of signatures, each with the signer as its key hint.
    pub fn parse(json: &[u8]) -> Result<Self, Refusal> {
        if json.len() > MAX_ENVELOPE {
            return Err(Refusal::Malformed);
        }
        let wire = strict::parse(json).map_err(|_| Refusal::Malformed)?;
        Self::from_wire(&wire)
    }

    fn from_wire(wire: &Wire) -> Result<Self, Refusal> {
        let kind = Kind::of_payload_type(&wire.payload_type).ok_or(Refusal::UnknownKind)?;
        let payload = BASE64_STANDARD.decode(&wire.payload).map_err(|_| Refusal::Malformed)?;
        let statement = Statement::parse(kind, &payload)?;
        let expected = if kind == Kind::Enrol { 2 } else { 1 };
        if wire.signatures.len() != expected {
            return Err(Refusal::Malformed);
        }
        let mut signatures = Vec::with_capacity(expected);
        for signature in &wire.signatures {
            let bytes = BASE64_STANDARD.decode(&signature.sig).map_err(|_| Refusal::Malformed)?;
            let bytes = bytes.try_into().map_err(|_| Refusal::Malformed)?;
            signatures.push(Signature::from_bytes(bytes));
        }
        let hint = hint(statement.signer);
        if wire.signatures.iter().any(|one| one.keyid != hint) {
            return Err(Refusal::WrongKeyHint);
        }
        Ok(Self { id: statement::id(kind, &payload), statement, payload, signatures })
    }

    fn to_wire(&self) -> Wire {
        let keyid = hint(self.statement.signer);
        Wire {
            payload_type: self.kind().payload_type().to_owned(),
            payload: BASE64_STANDARD.encode(&self.payload),
            signatures: self
                .signatures
                .iter()
                .map(|signature| WireSignature {
                    keyid: keyid.clone(),
                    sig: BASE64_STANDARD.encode(signature.to_bytes()),
                })
                .collect(),
        }
    }

    /// The exact bytes to store and to send; [`Envelope::parse`] reads no others.
    pub fn to_json(&self) -> Vec<u8> {
        strict::write(&self.to_wire())
    }

    /// The statement's id: what others name it by.
    pub const fn id(&self) -> StatementId {
        self.id
    }

    /// The kind of statement.
    pub const fn kind(&self) -> Kind {
        self.statement.kind()
    }

    /// Where to look for the key: the signer's certificate, the invite of an `enrol`, none for
    /// root. Only a hint until the signature is verified.
    pub const fn key_hint(&self) -> Option<StatementId> {
        self.statement.signer
    }

    /// The signed bytes of the body.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// What the envelope claims. Nobody has checked who signed it.
    pub const fn unverified(&self) -> &Statement {
        &self.statement
    }

    /// What the envelope says, once each signature verifies under the key at its place: one key;
    /// for an `enrol` the invite key. (The new key of an `enrol`, which signs second, is taken
    /// from the statement itself.)
    pub fn verify(&self, key: &PublicKey) -> Result<&Statement, Refusal> {
        let message = statement::pre_authentication_encoding(self.kind(), &self.payload);
        let second = match &self.statement.body {
            statement::Body::Enrol(enrol) => Some(enrol.sign_key),
            _ => None,
        };
        let keys = std::iter::once(*key).chain(second);
        for (key, signature) in keys.zip(&self.signatures) {
            key.verify_strict(&message, signature).map_err(|_| Refusal::BadSignature)?;
        }
        Ok(&self.statement)
    }
}

fn hint(signer: Option<StatementId>) -> String {
    signer.map(|id| id.to_string()).unwrap_or_default()
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Envelope({} {})", self.kind(), self.id)
    }
}

/// As the JSON API carries it: the envelope's own object inside a larger document. White space
/// and the order of the envelope's three keys are the larger document's business; the signed
/// body inside stays as strict as ever.
impl Serialize for Envelope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_wire().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Envelope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_wire(&Wire::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
