//! Key bundles: everything an account can sign and open with, under its key `K`.
//!
//! Bound to the account and the version, so that a server can swap in neither another account's
//! nor an older one; the device also remembers the highest version it saw.

use domain::id::{AccountId, ArrangementId, MembershipId, StaffId, StatementId};
use rand_core::CryptoRng;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::{
    account::AccountKey,
    key::{HybridIdentity, PublicKey, SigningKey},
    secretbox,
};

/// Why a bundle does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Another key, account or version, or altered bytes.
    #[error("the bundle does not open under this key, account and version")]
    Key,
    /// It opens, but what is inside is no bundle of this account and version.
    #[error("the bundle is not well formed")]
    Form,
}

/// The certified keys of one membership or one staff post.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys<Id> {
    /// Whose they are.
    pub id: Id,
    /// The certificate; none until the enrolment is certified.
    #[serde(with = "or_empty")]
    pub cert_id: Option<StatementId>,
    /// Signs statements.
    #[serde(with = "seed")]
    pub sign_seed: SigningKey,
    /// Opens grants.
    #[serde(with = "identity")]
    pub seal_identity: HybridIdentity,
}

/// The newest version of an arrangement that was seen and verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrangementPin {
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// Its number.
    pub n: u64,
    /// Its statement.
    pub statement: StatementId,
}

/// The newest checkpoint of the log that was seen and verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogPin {
    /// How many leaves it covers.
    pub size: u64,
    /// The root hash as hex; empty while the size is 0.
    pub root: String,
}

/// What was seen before, so that a server cannot take it back. Moves forward at every visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    /// The newest `agency` statement.
    #[serde(with = "or_empty")]
    pub agency: Option<StatementId>,
    /// The newest version of each arrangement.
    pub arrangements: Vec<ArrangementPin>,
    /// The newest checkpoint.
    pub log: LogPin,
}

impl Default for Pins {
    fn default() -> Self {
        let log = LogPin { size: 0, root: String::new() };
        Self { agency: None, arrangements: Vec::new(), log }
    }
}

/// What is inside.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    v: u32,
    account: AccountId,
    version: u64,
    /// The agency's root key, taken from the typed code and pinned for good; none before joining.
    #[serde(with = "or_empty")]
    pub root: Option<PublicKey>,
    /// A fresh set of keys for every membership.
    pub memberships: Vec<Keys<MembershipId>>,
    /// The keys of staff.
    pub staff: Vec<Keys<StaffId>>,
    /// What was seen before.
    pub pins: Pins,
}

impl Bundle {
    /// An empty bundle, version 1.
    pub fn new(account: AccountId) -> Self {
        let (memberships, staff) = (Vec::new(), Vec::new());
        Self { v: 1, account, version: 1, root: None, memberships, staff, pins: Pins::default() }
    }

    /// The account it belongs to.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Its version, from 1; the server stores version n + 1 only over version n.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The same bundle as its next version, to be changed and stored.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }

    /// Seals the bundle under `K`.
    pub fn seal(&self, key: &AccountKey, rng: &mut impl CryptoRng) -> Vec<u8> {
        let json = self.json();
        seal_bytes(key, self.account, self.version, &json, rng)
    }

    fn json(&self) -> Zeroizing<Vec<u8>> {
        // Reserved whole, so that no half of the secrets stays behind in a freed buffer.
        let keys = self.memberships.len() + self.staff.len();
        let length = 1024 + 512 * keys + 256 * self.pins.arrangements.len();
        let mut json = Zeroizing::new(Vec::with_capacity(length));
        serde_json::to_writer(&mut *json, self).expect("a bundle is JSON");
        json
    }

    /// Opens the bundle that the server says is this version. The caller refuses a version below
    /// the highest it has seen.
    pub fn open(
        key: &AccountKey,
        account: AccountId,
        version: u64,
        sealed: &[u8],
    ) -> Result<Self, BundleError> {
        let json = open_bytes(key, account, version, sealed)?;
        let bundle: Self = serde_json::from_slice(&json).map_err(|_| BundleError::Form)?;
        // Written again, so that it has one spelling.
        if *bundle.json() != *json {
            return Err(BundleError::Form);
        }
        if bundle.v != 1 || bundle.account != account || bundle.version != version {
            return Err(BundleError::Form);
        }
        Ok(bundle)
    }
}

/// Seals a bundle's JSON as it is.
pub fn seal_bytes(
    key: &AccountKey,
    account: AccountId,
    version: u64,
    json: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    secretbox::seal(key.as_bytes(), json, &bound_to(account, version), rng)
}

/// Opens a bundle's JSON as it is.
pub fn open_bytes(
    key: &AccountKey,
    account: AccountId,
    version: u64,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, BundleError> {
    let opened = secretbox::open(key.as_bytes(), sealed, &bound_to(account, version));
    opened.map_err(|_| BundleError::Key)
}

fn bound_to(account: AccountId, version: u64) -> Vec<u8> {
    format!("postern-bundle/1\n{account}\n{version}").into_bytes()
}

/// Absent is the empty string.
mod or_empty {
    use std::{fmt::Display, str::FromStr};

    use super::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde's signature")]
    pub fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_str(""),
        }
    }

    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(serde::de::Error::custom)
    }
}

/// A signing key as the hex of its seed.
mod seed {
    use super::{Deserialize, Deserializer, Serializer, SigningKey, Zeroizing};

    pub fn serialize<S: Serializer>(key: &SigningKey, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(hex::encode(*key.seed())))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SigningKey, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let mut seed = Zeroizing::new([0; 32]);
        hex::decode_to_slice(&*text, &mut *seed)
            .map_err(|_| serde::de::Error::custom("a seed is 32 bytes of hex"))?;
        Ok(SigningKey::from_seed(&seed))
    }
}

/// A hybrid identity as its string.
mod identity {
    use super::{Deserialize, Deserializer, HybridIdentity, Serializer, Zeroizing};
    use serde::de::Error as _;

    pub fn serialize<S: Serializer>(
        identity: &HybridIdentity,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&identity.to_text())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<HybridIdentity, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
