//! An OpenID Connect provider of forty lines that can also lie in every way it is told to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use seal::key::SigningKey;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::Clock;
use url::Url;

/// How the provider misbehaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    #[default]
    None,
    OtherNonce,
    OtherAudience,
    OtherIssuer,
    OtherKey,
    OtherAccessTokenHash,
    Expired,
    /// Begins its claims with one that stands there again.
    SaysTwice(&'static str),
    /// Lets somebody in who proved who they are hours ago.
    LongAgo,
    Unsigned,
    Symmetric,
    NoIdToken,
    /// Not a lie: new keys since the last look.
    ChangesKeys,
    PromisesIssuer,
    RedirectsDiscovery,
    SendsCodesElsewhere,
}

struct Pending {
    challenge: String,
    nonce: String,
    subject: String,
}

#[derive(Default)]
struct Inner {
    lie: Lie,
    issuer: String,
    codes: HashMap<String, Pending>,
}

#[derive(Clone)]
pub struct TestProvider(Arc<Mutex<Inner>>);

pub const CLIENT_ID: &str = "postern-test";

impl TestProvider {
    /// Listens on a free port of this machine.
    pub async fn start(lie: Lie) -> Self {
        let provider = Self(Arc::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        {
            let mut inner = provider.0.lock().expect("unpoisoned");
            inner.issuer = format!("http://{address}");
            inner.lie = lie;
        }
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/moved", get(moved))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    pub fn issuer(&self) -> String {
        self.0.lock().expect("unpoisoned").issuer.clone()
    }

    pub fn lie(&self, lie: Lie) {
        self.0.lock().expect("unpoisoned").lie = lie;
    }

    /// What a person does at the provider: proves to be `subject`. Returns the code.
    pub fn authorize(&self, address: &str, subject: &str) -> String {
        let asked = query(address);
        let mut inner = self.0.lock().expect("unpoisoned");
        let code = format!("code-{}", inner.codes.len());
        let pending = Pending {
            challenge: asked["code_challenge"].clone(),
            nonce: asked["nonce"].clone(),
            subject: subject.to_owned(),
        };
        inner.codes.insert(code.clone(), pending);
        code
    }
}

/// A token signed by the provider's key (1), or by another one.
pub fn signed(header: &Value, claims: &Value, by: u8) -> String {
    signed_text(&header.to_string(), &claims.to_string(), by)
}

/// The same of any text, such as JSON that says something twice.
pub fn signed_text(header: &str, claims: &str, by: u8) -> String {
    compact(header, claims, |body| key(by).sign(body).to_bytes().to_vec())
}

/// A token that nobody signed.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    compact(&header.to_string(), &claims.to_string(), |_| Vec::new())
}

/// A token that anybody could make: the provider's public key taken for a shared secret.
pub fn signed_with_public_key(header: &Value, claims: &Value) -> String {
    let secret = key(1).public_key().to_bytes();
    compact(&header.to_string(), &claims.to_string(), |body| hmac_sha256(&secret, body))
}

/// RFC 2104, for a secret shorter than a block.
fn hmac_sha256(secret: &[u8; 32], text: &[u8]) -> Vec<u8> {
    let padded = |pad: u8| {
        let mut block = [pad; 64];
        block.iter_mut().zip(secret).for_each(|(byte, secret)| *byte ^= secret);
        block
    };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}

/// The provider's own name for a person's session there.
pub fn session_of(subject: &str) -> String {
    format!("session-of-{subject}")
}

/// The query of an address.
pub fn query(address: &str) -> HashMap<String, String> {
    let url = Url::parse(address).expect("an address");
    url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
}

async fn discovery(State(provider): State<TestProvider>) -> Response {
    let inner = provider.0.lock().expect("unpoisoned");
    if inner.lie == Lie::RedirectsDiscovery {
        return Redirect::temporary("/moved").into_response();
    }
    Json(document(&inner)).into_response()
}

async fn moved(State(provider): State<TestProvider>) -> Json<Value> {
    Json(document(&provider.0.lock().expect("unpoisoned")))
}

fn document(inner: &Inner) -> Value {
    let issuer = &inner.issuer;
    let token = match inner.lie {
        Lie::SendsCodesElsewhere => "https://elsewhere.example/token".to_owned(),
        _ => format!("{issuer}/token"),
    };
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": token,
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // It advertises what must not be accepted, too.
        "id_token_signing_alg_values_supported": ["EdDSA", "RS256", "HS256", "none"],
        "authorization_response_iss_parameter_supported": inner.lie == Lie::PromisesIssuer,
    })
}

async fn keys(State(provider): State<TestProvider>) -> Json<Value> {
    let (kid, key) = current(provider.0.lock().expect("unpoisoned").lie);
    let x = URL_SAFE_NO_PAD.encode(key.public_key().to_bytes());
    Json(json!({"keys": [
        {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x},
    ]}))
}

fn current(lie: Lie) -> (&'static str, SigningKey) {
    if lie == Lie::ChangesKeys { ("second", key(3)) } else { ("first", key(1)) }
}

async fn token(State(provider): State<TestProvider>, body: String) -> Response {
    let form: HashMap<_, _> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let mut inner = provider.0.lock().expect("unpoisoned");
    let verifier = form.get("code_verifier").cloned().unwrap_or_default();
    let pending = form.get("code").and_then(|code| inner.codes.remove(code));
    let Some(pending) = pending.filter(|pending| {
        pending.challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier))
            && form.get("client_id").map(String::as_str) == Some(CLIENT_ID)
    }) else {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    };
    let mut answer = json!({"access_token": "access", "token_type": "Bearer"});
    if inner.lie != Lie::NoIdToken {
        answer["id_token"] = id_token(&inner, &pending).into();
    }
    Json(answer).into_response()
}

fn id_token(inner: &Inner, pending: &Pending) -> String {
    let lie = inner.lie;
    let or = |telling: Lie, truth: &str| {
        if lie == telling { format!("not-{truth}") } else { truth.to_owned() }
    };
    let now = Clock::system().now().as_second();
    let issuer = if lie == Lie::OtherIssuer { "https://other.example" } else { &inner.issuer };
    let access = or(Lie::OtherAccessTokenHash, "access");
    // EdDSA with Ed25519 hashes with SHA-512 (its half makes `at_hash`).
    let at_hash = URL_SAFE_NO_PAD.encode(&sha2::Sha512::digest(access)[..32]);
    let claims = json!({
        "iss": issuer,
        "sub": pending.subject,
        "aud": or(Lie::OtherAudience, CLIENT_ID),
        "nonce": or(Lie::OtherNonce, &pending.nonce),
        "iat": now - 5,
        "exp": if lie == Lie::Expired { now - 3600 } else { now + 300 },
        "auth_time": if lie == Lie::LongAgo { now - 7200 } else { now - 5 },
        "at_hash": at_hash,
        "sid": session_of(&pending.subject),
    });
    let alg = match lie {
        Lie::Unsigned => "none",
        Lie::Symmetric => "HS256",
        _ => "EdDSA",
    };
    let header = json!({"alg": alg, "kid": current(lie).0}).to_string();
    let claims = match lie {
        Lie::SaysTwice(claim) => claims.to_string().replacen('{', &format!("{{{claim},"), 1),
        _ => claims.to_string(),
    };
    compact(&header, &claims, |body| match lie {
        Lie::Unsigned => Vec::new(),
        Lie::Symmetric => hmac_sha256(&key(1).public_key().to_bytes(), body),
        Lie::OtherKey => key(2).sign(body).to_bytes().to_vec(),
        _ => current(lie).1.sign(body).to_bytes().to_vec(),
    })
}

fn compact(header: &str, claims: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let encode = |part: &str| URL_SAFE_NO_PAD.encode(part);
    let body = format!("{}.{}", encode(header), encode(claims));
    let signature = sign(body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}
