//! Logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.4 to 2.6), judged by a verifier of
//! their own: what makes an ID token good makes no logout token, and the other way round.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use openidconnect::core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKey as _, JsonWebKeyUse};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
use serde_json::{Map, Value};

use super::{ALGORITHMS, TokenFault};

#[cfg(any(test, feature = "testing"))]
pub mod hostile;

/// The one event there must be.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How old a token may be, and how far ahead the provider's clock, in seconds.
const OLDEST: i64 = 300;
const AHEAD: i64 = 60;
/// The longest token, and the longest name in one.
const MOST: usize = 8 << 10;
const MOST_NAME: usize = 255;

/// Whose sessions are to end.
#[derive(Debug)]
pub struct LogoutToken {
    /// The token's own name: it counts once.
    pub jti: String,
    /// The person at the provider.
    pub sub: Option<String>,
    /// The session at the provider.
    pub sid: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
    typ: Option<String>,
    #[serde(default)]
    crit: Present,
}

// A claim that stands there twice is refused by the derived reader.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    iat: i64,
    exp: i64,
    jti: String,
    events: Map<String, Value>,
    #[serde(default, deserialize_with = "name")]
    sub: Option<String>,
    #[serde(default, deserialize_with = "name")]
    sid: Option<String>,
    #[serde(default)]
    nonce: Present,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Whether a member is there at all, `null` included.
#[derive(Default)]
struct Present(bool);

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(true))
    }
}

/// A name that is there is text: `null` is none.
fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

/// Judges a token: signature first, then every claim.
pub(super) fn judge(
    token: &str,
    keys: &CoreJsonWebKeySet,
    (issuer, client): (&str, &str),
    now: Timestamp,
) -> Result<LogoutToken, TokenFault> {
    let parts: Vec<&str> = token.split('.').collect();
    let &[header, claims, signature] = parts.as_slice() else { return Err("malformed".into()) };
    if token.len() > MOST {
        return Err("malformed".into());
    }
    let signed = &token[..header.len() + 1 + claims.len()];
    let header: Header = read(header)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "malformed")?;
    check_signature(&header, keys, signed, &signature)?;
    check(read(claims)?, issuer, client, now.as_second()).map_err(TokenFault::from)
}

/// Reads an object. The derived reader would also take a list, and pass over what it has no name for
/// without looking at it.
fn read<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, &'static str> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| "malformed")?;
    let read = || {
        let _whole: Map<String, Value> = serde_json::from_slice(&bytes)?;
        serde_json::from_slice(&bytes)
    };
    read().map_err(|_: serde_json::Error| "malformed")
}

fn check_signature(
    header: &Header,
    keys: &CoreJsonWebKeySet,
    signed: &str,
    signature: &[u8],
) -> Result<(), TokenFault> {
    if !ALGORITHMS.contains(&header.alg) {
        return Err("algorithm not allowed".into());
    }
    // What must be understood, and is not; and a token of another kind that says so.
    let typ = header.typ.as_deref().map(str::to_ascii_lowercase);
    if header.crit.0 || !matches!(typ.as_deref(), None | Some("jwt" | "logout+jwt")) {
        return Err("another kind of token".into());
    }
    let mut candidates = keys
        .keys()
        .iter()
        .filter(|key| key.key_use().is_none_or(JsonWebKeyUse::allows_signature))
        .filter(|key| {
            header.kid.is_none() || key.key_id().map(|id| id.as_str()) == header.kid.as_deref()
        })
        .peekable();
    if candidates.peek().is_none() {
        return Err(TokenFault { unknown_key: true, reason: "unknown key".to_owned() });
    }
    let verifies = candidates
        .any(|key| key.verify_signature(&header.alg, signed.as_bytes(), signature).is_ok());
    if verifies { Ok(()) } else { Err("bad signature".into()) }
}

fn check(
    claims: Claims,
    issuer: &str,
    client: &str,
    now: i64,
) -> Result<LogoutToken, &'static str> {
    let is_ours = match &claims.aud {
        Audience::One(one) => one == client,
        Audience::Several(several) => several.as_slice() == [client],
    };
    let is_name = |it: &String| !it.is_empty() && it.len() <= MOST_NAME;
    let names = [&claims.sub, &claims.sid];
    if claims.iss != issuer {
        Err("another issuer")
    } else if !is_ours {
        Err("another audience")
    } else if claims.exp <= now || claims.exp <= claims.iat {
        Err("expired")
    } else if claims.iat < now - OLDEST || claims.iat > now + AHEAD {
        Err("not issued now")
    } else if claims.nonce.0 {
        // So that no ID token passes for one of these.
        Err("a nonce")
    } else if claims.events.len() != 1 || !claims.events.get(EVENT).is_some_and(Value::is_object) {
        Err("no logout event")
    } else if !is_name(&claims.jti) {
        Err("no name of its own")
    } else if names.iter().all(|it| it.is_none()) || !names.into_iter().flatten().all(is_name) {
        Err("nobody named")
    } else {
        Ok(LogoutToken { jti: claims.jti, sub: claims.sub, sid: claims.sid })
    }
}
