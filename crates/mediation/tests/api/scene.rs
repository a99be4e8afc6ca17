//! A database, a provider, one site and browsers for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::id::{AccountId, AgencyId};
use mediation::config::{Audience, sign_ins_per_network};
use mediation::limits::Patience;
use mediation::{AppState, Config, Service, Site, SiteConfig};
use seal::account::AccountKey;
use serde_json::{Value, json};
use store::testing::TestDatabase;
use store::{Clock, Role, Store};
use tower::ServiceExt as _;

use crate::provider::{CLIENT_ID, Lie, TestProvider};

pub const ORIGIN: &str = "http://localhost:8101";

pub struct Scene {
    pub database: TestDatabase,
    pub clock: Clock,
    pub provider: TestProvider,
    pub router: Router,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(Lie::None).await
    }

    pub async fn with(lie: Lie) -> Self {
        let database = TestDatabase::create().await;
        let store = database.store(Role::Api).await;
        Self::on(database, store, lie).await
    }

    pub async fn on(database: TestDatabase, store: Store, lie: Lie) -> Self {
        let provider = TestProvider::start(lie).await;
        let clock = Clock::settable("2026-11-23T10:00:00Z".parse().expect("a time"));
        let router = site(store, &clock, &site_config(&provider.issuer()));
        Self { database, clock, provider, router }
    }

    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new() }
    }

    /// A browser in which `subject` has just signed in.
    pub async fn signed_in(&self, subject: &str) -> Browser {
        let mut browser = self.browser();
        self.sign_in(&mut browser, subject).await.expect("signs in");
        browser
    }

    /// A browser in which a new account has its keys and has proved it.
    pub async fn proved(&self, subject: &str) -> (Browser, AccountKey) {
        let mut browser = self.signed_in(subject).await;
        let key = self.open(&mut browser).await;
        (browser, key)
    }

    /// Gives the signed-in account its keys and proves it.
    pub async fn open(&self, browser: &mut Browser) -> AccountKey {
        let key = AccountKey::from_bytes([9; 32]);
        let body = new_account(&key, browser.account().await);
        assert_eq!(browser.post("/api/account", &body).await.status, StatusCode::CREATED);
        assert_eq!(browser.prove(&key).await.status, StatusCode::NO_CONTENT);
        key
    }

    /// Signs in; the place it ended at, or the outcome it failed with.
    pub async fn sign_in(&self, browser: &mut Browser, subject: &str) -> Result<String, String> {
        let callback = self.begin(browser, "/", subject).await?;
        place(&browser.get(&callback).await)
    }

    /// Goes as far as the provider's answer: the callback's path and query.
    pub async fn begin(
        &self,
        browser: &mut Browser,
        return_to: &str,
        subject: &str,
    ) -> Result<String, String> {
        let start = browser.get(&format!("/api/sign-in?return_to={return_to}")).await;
        let address = place(&start)?;
        let code = self.provider.authorize(&address, subject);
        let state = &crate::provider::query(&address)["state"];
        Ok(format!("/api/sign-in/callback?code={code}&state={state}"))
    }
}

pub fn agency() -> AgencyId {
    AgencyId::from_bytes([0xa9; 16])
}

pub fn site_config(issuer: &str) -> SiteConfig {
    SiteConfig {
        audience: Audience::Family,
        origin: ORIGIN.into(),
        listen: "127.0.0.1:0".parse().expect("an address"),
        agency: agency(),
        issuer: issuer.into(),
        client_id: CLIENT_ID.into(),
        client_secret_file: None,
        client_folder: None,
    }
}

pub fn config(folder: &std::path::Path) -> Config {
    let gate_key_file = folder.join("gate.key");
    std::fs::write(&gate_key_file, format!("1 {}\n", "5a".repeat(32))).expect("a file");
    Config {
        database_url: String::new(),
        gate_key_file,
        bootstrap_token_file: None,
        log_key: "00".repeat(32),
        notifier_key: "age1test".into(),
        trusted_proxies: Vec::new(),
        sign_ins_per_network: sign_ins_per_network(),
        sites: Vec::new(),
    }
}

/// The whole router of a site.
pub fn site(store: Store, clock: &Clock, site: &SiteConfig) -> Router {
    site_with(store, clock, site, |_| {}, Patience::default())
}

/// The same, with another configuration and other times.
pub fn site_with(
    store: Store,
    clock: &Clock,
    site: &SiteConfig,
    change: impl FnOnce(&mut Config),
    patience: Patience,
) -> Router {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = config(folder.path());
    change(&mut config);
    let service = Service::new(&config, store, clock.clone()).expect("starts");
    let service = service.with_patience(patience);
    mediation::router(AppState::new(Arc::new(service), Site::new(site).expect("a site")))
}

pub fn new_account(key: &AccountKey, account: AccountId) -> Value {
    let proof_key = hex::encode(seal::proof::key(key, account).public_key().to_bytes());
    json!({
        "proof_key": proof_key,
        "version": 1,
        "bundle": sealed(1),
        "wraps": [{"kind": "words", "sealed": sealed(2), "gate_version": 1}],
    })
}

/// Some sealed bytes: the server cannot tell, and must not try.
pub fn sealed(byte: u8) -> String {
    base64(&[byte; 64])
}

pub fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Where a sign-in answer leads; the outcome if it failed.
pub fn place(answer: &Answer) -> Result<String, String> {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    let place = answer.headers[header::LOCATION].to_str().expect("ASCII").to_owned();
    match place.strip_prefix("/?sign-in=") {
        Some(outcome) => Err(outcome.to_owned()),
        None => Ok(place),
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{self:?}");
        self.json()["code"].as_str().expect("a code").to_owned()
    }
}

#[derive(Clone)]
pub struct Browser {
    pub router: Router,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.write(Method::POST, path, body).await
    }

    pub async fn write(&mut self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self
            .request(method, path)
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request");
        self.send(request).await
    }

    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8101")
            .header(header::COOKIE, cookies.join("; "))
    }

    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("ASCII");
            for wanted in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
                assert!(text.contains(wanted), "{text}");
            }
            let (name, rest) = text.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            assert!(name.starts_with("__Host-postern-"), "{text}");
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = to_bytes(body, 4 << 20).await.expect("a body").to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub fn session_cookie(&self) -> Option<&String> {
        self.cookies.get("__Host-postern-family")
    }

    pub async fn account(&mut self) -> AccountId {
        let session = self.get("/api/session").await.json();
        session["account"].as_str().expect("an account").parse().expect("an id")
    }

    /// Signs a fresh challenge with the account's proof key.
    pub async fn prove(&mut self, key: &AccountKey) -> Answer {
        let account = self.account().await;
        let answer = self.post("/api/session/challenge", &json!({})).await.json();
        let challenge = unbase64(answer["challenge"].as_str().expect("a challenge"));
        let challenge = challenge.try_into().expect("32 bytes");
        let signature = seal::proof::answer(&seal::proof::key(key, account), account, &challenge);
        let body = json!({"signature": base64(&signature.to_bytes())});
        self.post("/api/session/proof", &body).await
    }
}

pub fn unbase64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}
