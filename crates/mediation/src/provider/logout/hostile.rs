//! What must hold for any logout token at all, driven like the targets of `seal::testing::hostile`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use openidconnect::core::CoreJsonWebKeySet;
use seal::key::SigningKey;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Value, json};

use super::{AHEAD, EVENT, MOST_NAME, OLDEST, judge};

const ISSUER: &str = "https://issuer.example";
const CLIENT: &str = "postern";
/// 2026-11-22T12:00:00Z.
const NOW: i64 = 1_795_348_800;

/// A token's header, a line feed and its claims, signed here by the provider's own key.
pub fn logout_token(bytes: &[u8]) -> bool {
    let (keys, key) = provider();
    let at = |token: &str, issuer, client, seconds| {
        let now = Timestamp::from_second(seconds).expect("a moment");
        judge(token, &keys, (issuer, client), now).ok()
    };
    if let Ok(token) = std::str::from_utf8(bytes) {
        assert!(at(token, ISSUER, CLIENT, NOW).is_none(), "nobody signed it");
    }
    let mut halves = bytes.splitn(2, |&byte| byte == b'\n');
    let (Some(header), Some(claims)) = (halves.next(), halves.next()) else { return false };
    let body = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let sign = |by: &SigningKey| {
        let signature = by.sign(body.as_bytes()).to_bytes();
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    let token = sign(&key);
    let Some(read) = at(&token, ISSUER, CLIENT, NOW) else { return false };

    let another = SigningKey::from_seed(&[8; 32]);
    for (what, refused) in [
        ("another key's", at(&sign(&another), ISSUER, CLIENT, NOW)),
        ("another issuer's", at(&token, "https://other.example", CLIENT, NOW)),
        ("for another client", at(&token, ISSUER, "another", NOW)),
        ("too old", at(&token, ISSUER, CLIENT, NOW + OLDEST + AHEAD + 1)),
        ("not issued yet", at(&token, ISSUER, CLIENT, NOW - OLDEST - AHEAD - 1)),
    ] {
        assert!(refused.is_none(), "{what}: accepted");
    }
    for (part, names) in [(header, &["alg", "kid", "typ", "crit"][..]), (claims, &CLAIMS)] {
        let Keys(keys) = serde_json::from_slice(part).expect("it was read just now");
        for name in names {
            let times = keys.iter().filter(|key| key == name).count();
            assert!(times <= 1, "{name} stands there twice");
        }
    }
    let claims: Value = serde_json::from_slice(claims).expect("it was read just now");
    let header: Value = serde_json::from_slice(header).expect("it was read just now");
    assert_eq!(header["alg"], "EdDSA", "the key's own algorithm");
    assert!(header.get("crit").is_none(), "nothing that must be understood");
    assert!(claims.get("nonce").is_none(), "no ID token");
    assert!(claims["events"][EVENT].is_object(), "the event");
    let said = |name: &str| claims[name].as_str().map(str::to_owned);
    assert_eq!(
        (said("jti"), said("sub"), said("sid")),
        (Some(read.jti.clone()), read.sub.clone(), read.sid.clone())
    );
    let named: Vec<_> = [read.sub, read.sid].into_iter().flatten().collect();
    assert!(!named.is_empty(), "it names somebody");
    for name in named.iter().chain([&read.jti]) {
        assert!((1..=MOST_NAME).contains(&name.len()), "a name");
    }
    true
}

/// Every claim that is read.
const CLAIMS: [&str; 9] = ["iss", "aud", "iat", "exp", "jti", "events", "sub", "sid", "nonce"];

/// The provider that the target knows.
fn provider() -> (CoreJsonWebKeySet, SigningKey) {
    let key = SigningKey::from_seed(&[7; 32]);
    let x = URL_SAFE_NO_PAD.encode(key.public_key().as_bytes());
    let keys = json!({"keys": [
        {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "first", "x": x}
    ]});
    (serde_json::from_value(keys).expect("a key set"), key)
}

/// The keys of an object in order, as often as they stand there.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Keys;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use seal::testing::hostile::corpus;

    use super::*;

    const NAME: &str = "logout_token";

    #[test]
    fn every_file_of_the_corpus_is_read_or_refused_as_its_name_says() {
        corpus::is_as_named(NAME, logout_token);
    }

    #[test]
    fn no_mutation_of_the_corpus_breaks_a_promise() {
        corpus::drive(NAME, logout_token, 5);
    }

    #[test]
    #[ignore = "writes tests/fuzz/corpus"]
    fn write_corpora() {
        let header = json!({"alg": "EdDSA", "kid": "first", "typ": "logout+jwt"}).to_string();
        let claims = json!({
            "iss": ISSUER, "aud": CLIENT, "iat": NOW - 1, "exp": NOW + 120, "jti": "one",
            "events": {EVENT: {}}, "sub": "anna", "sid": "session-of-anna",
        })
        .to_string();
        let whole = format!("{header}\n{claims}");
        let changed = [
            ("person", ",\"sid\":\"session-of-anna\"", ""),
            ("session", ",\"sub\":\"anna\"", ""),
            ("list", "\"aud\":\"postern\"", "\"aud\":[\"postern\"]"),
            ("bare-header", ",\"kid\":\"first\",\"typ\":\"logout+jwt\"", ""),
            ("escaped", "\"sub\":\"anna\"", "\"s\\u0075b\":\"anna\""),
            ("twice", "\"sub\":\"anna\"", "\"sub\":\"ben\",\"sub\":\"anna\""),
            ("twice-escaped", "\"sub\":\"anna\"", "\"sub\":\"ben\",\"s\\u0075b\":\"anna\""),
            ("nonce", "\"jti\"", "\"nonce\":null,\"jti\""),
            ("critical", "\"alg\"", "\"crit\":[],\"alg\""),
            ("none", "EdDSA", "none"),
            ("deep", "{}", "[[[[[[[[[[[[[[[[[[[[[[[[{}]]]]]]]]]]]]]]]]]]]]]]]]"),
            ("surrogate", "\"sub\"", "\"\\ud800\":0,\"sub\""),
            ("fraction", "\"exp\":1", "\"exp\":1.0e0,\"was\":1"),
        ];
        let mut seeds = vec![("whole".to_owned(), whole.clone().into_bytes())];
        for (label, from, to) in changed {
            assert!(whole.contains(from), "{label}: nothing to change");
            seeds.push((label.to_owned(), whole.replacen(from, to, 1).into_bytes()));
        }
        let list = json!([ISSUER, CLIENT, NOW - 1, NOW + 120, "one", {EVENT: {}}, "anna", "s"]);
        seeds.push(("list-for-claims".to_owned(), format!("{header}\n{list}").into_bytes()));
        seeds.push(("half".to_owned(), whole.as_bytes()[..whole.len() / 2].to_vec()));
        corpus::write(NAME, logout_token, seeds);
    }
}
