//! JSON in one spelling: what a writer of this protocol would write, byte for byte, or nothing.
//!
//! `serde_json` alone is too kind for signed bytes: it takes any key order, white space and
//! escapes. Here a document is accepted only if writing the parsed value again gives the same
//! bytes; duplicate and unknown keys are refused by the types (`deny_unknown_fields`).

use serde::{Serialize, de::DeserializeOwned};

/// The bytes are not the one spelling of a value of the expected shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not strict JSON of the expected shape")]
pub struct NotStrict;

/// Integers stay below 2^53, so that every JSON implementation reads the same number.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Reads `bytes`: printable ASCII without `\`, exact keys in exact order, no white space.
pub fn parse<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, NotStrict> {
    if !bytes.iter().all(|&b| (0x20..0x7f).contains(&b) && b != b'\\') {
        return Err(NotStrict);
    }
    let value: T = serde_json::from_slice(bytes).map_err(|_| NotStrict)?;
    if write(&value) == bytes { Ok(value) } else { Err(NotStrict) }
}

/// Writes a value compactly, in the order of its fields.
///
/// # Panics
///
/// If the type cannot be JSON (a map with keys that are no strings): no type here is such.
pub fn write<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("statement types are plain JSON")
}

/// For `#[serde(with)]`: an integer below 2^53.
pub mod int {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    /// Writes the number.
    pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(*value)
    }

    /// Reads a number, refusing 2^53 and above.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let value = u64::deserialize(deserializer)?;
        if value > super::MAX_INTEGER {
            return Err(D::Error::custom("integers stay below 2^53"));
        }
        Ok(value)
    }
}

/// For `#[serde(with)]`: a value written as its string form, or `""` for none.
pub mod blank {
    use std::{fmt::Display, str::FromStr};

    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    /// Writes the string form, `""` for none.
    pub fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_str(""),
        }
    }

    /// Reads the string form; `""` is none.
    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(D::Error::custom)
    }
}

/// For `#[serde(with)]`: 32 bytes in lowercase hexadecimal.
pub mod hex32 {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    /// Writes 64 lowercase characters.
    pub fn serialize<S: Serializer>(value: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(value))
    }

    /// Reads 64 lowercase characters.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        if text.bytes().any(|b| b.is_ascii_uppercase())
            || hex::decode_to_slice(&text, &mut bytes).is_err()
        {
            return Err(D::Error::custom("expected 64 lowercase hexadecimal characters"));
        }
        Ok(bytes)
    }
}

/// For `#[serde(with)]`: a calendar day, `YYYY-MM-DD`.
pub mod day {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    /// Writes `YYYY-MM-DD`.
    pub fn serialize<S: Serializer>(value: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Reads `YYYY-MM-DD`, years 0001 to 9999; other spellings do not survive writing again.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let day: Date = String::deserialize(deserializer)?.parse().map_err(D::Error::custom)?;
        if day.year() < 1 {
            return Err(D::Error::custom("a day of the common era"));
        }
        Ok(day)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[serde(with = "super::int")]
        n: u64,
        #[serde(with = "super::blank")]
        prev: Option<domain::id::LetterId>,
        #[serde(with = "super::day")]
        day: Date,
        words: Vec<String>,
    }

    fn read(text: &str) -> bool {
        super::parse::<Shape>(text.as_bytes()).is_ok()
    }

    #[test]
    fn one_spelling_is_read() {
        assert!(read(r#"{"n":1,"prev":"","day":"2026-11-21","words":["a b"]}"#));
        assert!(read(
            r#"{"n":9007199254740991,"prev":"00112233445566778899aabbccddeeff","day":"2024-02-29","words":[]}"#
        ));
    }

    #[test]
    fn every_other_spelling_is_refused() {
        for text in [
            r#"{"n": 1,"prev":"","day":"2026-11-21","words":[]}"#,
            r#" {"n":1,"prev":"","day":"2026-11-21","words":[]}"#,
            r#"{"n":1,"prev":"","day":"2026-11-21","words":[]} "#,
            r#"{"n":1,"prev":"","day":"2026-11-21","words":[],}"#,
            r#"{"prev":"","n":1,"day":"2026-11-21","words":[]}"#,
            r#"{"n":1,"n":1,"prev":"","day":"2026-11-21","words":[]}"#,
            r#"{"n":1,"prev":"","day":"2026-11-21","words":[],"x":1}"#,
            r#"{"n":1,"prev":"","day":"2026-11-21"}"#,
            r#"{"n":1,"prev":null,"day":"2026-11-21","words":[]}"#,
            r#"{"n":1.0,"prev":"","day":"2026-11-21","words":[]}"#,
            r#"{"n":1e0,"prev":"","day":"2026-11-21","words":[]}"#,
            r#"{"n":01,"prev":"","day":"2026-11-21","words":[]}"#,
            r#"{"n":-1,"prev":"","day":"2026-11-21","words":[]}"#,
            r#"{"n":"1","prev":"","day":"2026-11-21","words":[]}"#,
            r#"{"n":9007199254740992,"prev":"","day":"2026-11-21","words":[]}"#,
            r#"{"n":1,"prev":"00112233445566778899AABBCCDDEEFF","day":"2026-11-21","words":[]}"#,
            r#"{"n":1,"prev":"","day":"2026-11-31","words":[]}"#,
            r#"{"n":1,"prev":"","day":"2026-1-21","words":[]}"#,
            r#"{"n":1,"prev":"","day":"20261121","words":[]}"#,
            r#"{"n":1,"prev":"","day":"0000-01-01","words":[]}"#,
            r#"{"n":1,"prev":"","day":"2026-11-21","words":["\u0061"]}"#,
            r#"{"n":1,"prev":"","day":"2026-11-21","words":["é"]}"#,
            r#"[1,"","2026-11-21",[]]"#,
        ] {
            assert!(!read(text), "{text}");
        }
    }
}
