//! A development OpenID Connect provider: anybody may sign in as anybody, so it listens on
//! loopback only.
//!
//! It does what a relying party must cope with (code flow, PKCE S256, nonce, `at_hash`, `EdDSA`) and
//! nothing else: no registration, no refresh tokens, no user information, no log-out.
//! A script signs in by adding `login_hint=NAME` to the authorisation request.

mod page;
mod token;

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Query, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use openidconnect::core::CoreEdDsaPrivateSigningKey;
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::loopback::Loopback;
pub(crate) use page::escape;

/// The one relying party of an issuer. It is public: PKCE stands for a secret.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// The one address that codes are sent to, compared as a whole.
    pub redirect_uri: String,
}

/// A lie for the next tokens to tell, for tests of a relying party.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// No lie.
    #[default]
    None,
    /// Another sign-in's nonce.
    WrongNonce,
    /// Another relying party's token.
    WrongAudience,
    /// A token that ended an hour ago.
    Expired,
    /// Signed by a key that is not published.
    ForeignKey,
    /// `500` in place of a token.
    Broken,
}

/// Why there is no provider.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Anybody may sign in as anybody, so nobody else may reach it.
    #[error("the development provider listens on loopback only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The port is taken, or the like.
    #[error("the development provider cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
}

/// A running issuer; dropping it stops it.
#[derive(Debug)]
pub struct Provider {
    shared: Arc<Shared>,
    _server: Loopback,
}

#[derive(Debug)]
struct Shared {
    issuer: String,
    client: Client,
    /// Offered on the sign-in page; any other name may be typed.
    names: Vec<String>,
    key: SigningKey,
    foreign: SigningKey,
    codes: Mutex<HashMap<String, Grant>>,
    fault: Mutex<Fault>,
}

struct SigningKey(CoreEdDsaPrivateSigningKey);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey")
    }
}

/// What a code stands for until it is redeemed.
#[derive(Debug)]
struct Grant {
    subject: String,
    nonce: String,
    challenge: String,
    redirect_uri: String,
}

impl Provider {
    /// Starts an issuer on `address`, whose port may be 0. `names` are offered on its sign-in page.
    pub fn start(
        address: SocketAddr,
        client: Client,
        names: Vec<String>,
    ) -> Result<Provider, Error> {
        if !address.ip().is_loopback() {
            return Err(Error::NotLoopback(address));
        }
        let refused = |error| Error::Listen(address, error);
        let (bound, listener) = Loopback::listen(address).map_err(refused)?;
        let shared = Arc::new(Shared {
            issuer: format!("http://{bound}"),
            client,
            names,
            key: signing_key("development"),
            foreign: signing_key("development"),
            codes: Mutex::default(),
            fault: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/authorize", get(authorize))
            .route("/token", post(token::exchange))
            .with_state(Arc::clone(&shared));
        let server = Loopback::serve(listener, router).map_err(refused)?;
        Ok(Provider { shared, _server: server })
    }

    /// A loopback address with a port of the system's choice.
    pub fn any_port() -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
    }

    /// The issuer exactly as its tokens name it: no trailing slash.
    pub fn issuer(&self) -> &str {
        &self.shared.issuer
    }

    /// The subject that `name` signs in as here.
    pub fn subject(&self, name: &str) -> String {
        self.shared.subject(name)
    }

    /// From now on the tokens lie like this.
    pub fn set_fault(&self, fault: Fault) {
        *self.shared.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }
}

impl Shared {
    /// Opaque, as real providers' are, and the same at every start.
    fn subject(&self, name: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.client.id.as_bytes());
        hash.update([0]);
        hash.update(name.trim().to_lowercase().as_bytes());
        hex::encode(&hash.finalize()[..16])
    }
}

async fn discovery(State(shared): State<Arc<Shared>>) -> Json<serde_json::Value> {
    let issuer = &shared.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "scopes_supported": ["openid"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
    }))
}

async fn jwks(State(shared): State<Arc<Shared>>) -> Json<serde_json::Value> {
    Json(json!({ "keys": [shared.key.0.as_verification_key()] }))
}

#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Request {
    client_id: String,
    redirect_uri: String,
    response_type: String,
    scope: String,
    state: String,
    nonce: String,
    code_challenge: String,
    code_challenge_method: String,
    prompt: String,
    login_hint: String,
    cancel: String,
}

async fn authorize(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    Query(request): Query<Request>,
) -> Response {
    // Before these two are known to be right, nothing may be sent anywhere.
    if request.client_id != shared.client.id || request.redirect_uri != shared.client.redirect_uri {
        let said = "This client or its redirect address is not known here.";
        return (StatusCode::BAD_REQUEST, said).into_response();
    }
    let refused = if request.response_type != "code" {
        Some("unsupported_response_type")
    } else if !request.scope.split(' ').any(|scope| scope == "openid") {
        Some("invalid_scope")
    } else if request.code_challenge_method != "S256"
        || request.code_challenge.len() != 43
        || request.nonce.is_empty()
    {
        Some("invalid_request")
    } else if !request.cancel.is_empty() {
        Some("access_denied")
    } else if request.login_hint.is_empty() && request.prompt == "none" {
        Some("login_required")
    } else {
        None
    };
    if let Some(error) = refused {
        return send_back(&request, ("error", error));
    }
    if request.login_hint.is_empty() {
        let page = page::sign_in(&query.unwrap_or_default(), &shared.names);
        return Html(page).into_response();
    }
    let code = random();
    let grant = Grant {
        subject: shared.subject(&request.login_hint),
        nonce: request.nonce.clone(),
        challenge: request.code_challenge.clone(),
        redirect_uri: request.redirect_uri.clone(),
    };
    let mut codes = shared.codes.lock().unwrap_or_else(PoisonError::into_inner);
    codes.insert(code.clone(), grant);
    drop(codes);
    send_back(&request, ("code", &code))
}

fn send_back(request: &Request, answer: (&str, &str)) -> Response {
    let Ok(mut target) = url::Url::parse(&request.redirect_uri) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    target.query_pairs_mut().append_pair(answer.0, answer.1).append_pair("state", &request.state);
    let headers = [(LOCATION, target.to_string()), (CACHE_CONTROL, "no-store".into())];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn signing_key(name: &str) -> SigningKey {
    use base64::Engine;
    // PKCS#8 (RFC 8410): a fixed head, then the 32 bytes.
    let mut der = hex::decode("302e020100300506032b657004220420").expect("constant hex");
    der.extend_from_slice(&random_bytes());
    let body = base64::engine::general_purpose::STANDARD.encode(der);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    let key =
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(name.into())))
            .expect("32 bytes are an Ed25519 key");
    SigningKey(key)
}

fn random() -> String {
    hex::encode(random_bytes())
}

fn random_bytes() -> [u8; 32] {
    seal::random::bytes(&mut seal::random::System)
}
