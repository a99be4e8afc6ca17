//! age recipients as statements carry them: a string of the right form, read as a key by whoever
//! seals to it.
//!
//! A statement only fixes the string. Its checksum and the key inside are checked where they
//! matter, when something is sealed to it, so that parsers in every language agree on statements.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::key::{HybridRecipient, KeyError, X25519Recipient};

fn is_bech32(text: &str) -> bool {
    text.bytes().all(|b| b"qpzry9x8gf2tvdw0s3jn54khce6mua7l".contains(&b))
}

macro_rules! recipient {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $len:literal, $key:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The string.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The key, once its checksum and its contents are checked.
            pub fn recipient(&self) -> Result<$key, KeyError> {
                self.0.parse()
            }
        }

        impl From<&$key> for $name {
            fn from(key: &$key) -> Self {
                Self(key.to_string())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({}…)", stringify!($name), &self.0[..16])
            }
        }

        impl FromStr for $name {
            type Err = KeyError;
            fn from_str(text: &str) -> Result<Self, KeyError> {
                match text.strip_prefix($prefix) {
                    Some(data) if text.len() == $len && is_bech32(data) => Ok(Self(text.to_owned())),
                    _ => Err(KeyError::AgeString),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

recipient! {
    /// A hybrid recipient: `age1pq1` and 1,952 Bech32 characters.
    SealKey, "age1pq1", 1959, HybridRecipient
}

recipient! {
    /// A classic X25519 recipient: `age1` and 58 Bech32 characters.
    NotifierKey, "age1", 62, X25519Recipient
}
