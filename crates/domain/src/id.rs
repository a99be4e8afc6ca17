//! Ids: 16 random bytes for things people name, 32-byte SHA-256 values for statements and files.
//!
//! Both are written as lowercase hex everywhere (protocol, "Encodings"): in statements, in the
//! JSON API and in logs. Parsing refuses upper case, so one id has one spelling.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A string that is not the lowercase hex of the expected number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} lowercase hexadecimal characters")]
pub struct IdError {
    /// The number of characters wanted.
    pub expected: usize,
}

fn parse<const N: usize>(text: &str) -> Result<[u8; N], IdError> {
    let error = IdError { expected: N * 2 };
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(error);
    }
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| error)?;
    Ok(bytes)
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident: $len:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Takes the raw bytes as they are.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The raw bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// The raw bytes, by value.
            pub const fn to_bytes(self) -> [u8; $len] {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // Owned, because a borrowed `&str` cannot be had from every deserializer.
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

id! {
    /// An adoption agency: the tenant that every row belongs to.
    AgencyId: 16;
    /// A way to sign in, within one agency.
    AccountId: 16;
    /// A team of staff that checks letters together.
    TeamId: 16;
    /// A member of staff.
    StaffId: 16;
    /// The human being behind a staff certificate; two certificates of one person share it.
    PersonId: 16;
    /// One person in one arrangement.
    MembershipId: 16;
    /// A letterbox arrangement.
    ArrangementId: 16;
    /// A letter through all its revisions.
    LetterId: 16;
    /// An invitation: the locator derived from its printed code.
    InviteId: 16;
    /// A message from a family member to the team.
    MessageId: 16;
    /// A sealed copy of an account's key.
    WrapId: 16;
    /// A claim on a letter for checking.
    CheckId: 16;
    /// One opening of a letter.
    OpeningId: 16;
    /// A notice to a member.
    NoticeId: 16;
    /// The id of a signed statement: SHA-256 of its pre-authentication encoding.
    StatementId: 32;
    /// SHA-256 of a sealed file's bytes.
    FileHash: 32;
    /// SHA-256 of a letter key's recipient string.
    KeyHash: 32;
    /// An agency's realm: SHA-256 of its root public key.
    Realm: 32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id: LetterId = "00112233445566778899aabbccddeeff".parse().expect("valid");
        assert_eq!(id.to_string(), "00112233445566778899aabbccddeeff");
        assert!("00112233445566778899AABBCCDDEEFF".parse::<LetterId>().is_err());
        assert!("00112233".parse::<LetterId>().is_err());
        assert!("zz112233445566778899aabbccddeeff".parse::<LetterId>().is_err());
    }
}
