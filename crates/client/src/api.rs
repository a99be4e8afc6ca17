//! One browser profile at one of the two sites: its cookies, and the only HTTP of this crate.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::id::AccountId;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use url::Url;

/// How long one request may take. Letters are at most 16 MiB.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the server answers when it does not do what was asked (RFC 9457).
#[derive(Clone, Debug, Deserialize, thiserror::Error)]
#[error("{status} {code}: {detail}")]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// Stable and machine-readable, such as `restricted`.
    pub code: String,
    /// A sentence for the person.
    #[serde(default)]
    pub detail: String,
    /// All of the answer, for fields that one kind of problem has.
    #[serde(flatten)]
    pub more: serde_json::Map<String, serde_json::Value>,
}

/// Why something did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server said no, and why.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The server could not be reached, or the answer broke off. Nothing is lost: ask again.
    #[error("the server did not answer: {0}")]
    Unreachable(#[from] reqwest::Error),
    /// The answer was not what the API promises.
    #[error("the server's answer to {0} could not be understood: {1}")]
    Unreadable(String, String),
    /// What the server sent does not verify. Nothing of it is used.
    #[error("what the server sent cannot be trusted: {0}")]
    Untrusted(String),
    /// Sign-in broke off.
    #[error("sign-in did not finish: {0}")]
    SignIn(String),
    /// The words do not open the box.
    #[error("those words did not open it")]
    WrongWords,
    /// What was asked needs a key or certificate that this person does not hold.
    #[error("this needs {0}")]
    Missing(String),
}

impl Error {
    /// The problem code, when the server said no.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => Some(&problem.code),
            _ => None,
        }
    }

    /// The HTTP status, when the server said no.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.status),
            _ => None,
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "handed to `map_err` by name")]
    pub(crate) fn untrusted(why: impl ToString) -> Self {
        Self::Untrusted(why.to_string())
    }
}

/// A browser profile at one site: no keys, only cookies, and how new a key bundle it has seen.
#[derive(Debug)]
pub struct Api {
    http: reqwest::Client,
    origin: Url,
    cookies: Mutex<BTreeMap<String, String>>,
    bundles: Mutex<HashMap<AccountId, u64>>,
}

impl Api {
    /// A fresh profile at `origin`, such as `https://letters.example`.
    ///
    /// # Panics
    /// When the system's TLS cannot be set up at all.
    pub fn new(origin: Url) -> Self {
        let http = reqwest::Client::builder()
            // Sign-in walks its own redirects; nothing else may redirect.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .expect("a TLS client with default settings can be built");
        Self { http, origin, cookies: Mutex::default(), bundles: Mutex::default() }
    }

    /// Remembers that this version of an account's bundle was seen; false if a newer one was before.
    pub(crate) fn remembers(&self, account: AccountId, version: u64) -> bool {
        let mut bundles = self.bundles.lock().unwrap_or_else(PoisonError::into_inner);
        let highest = bundles.entry(account).or_default();
        *highest = version.max(*highest);
        *highest == version
    }

    /// The site's origin.
    pub fn origin(&self) -> &Url {
        &self.origin
    }

    /// Asks for `path`.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let request = self.request(Method::GET, path);
        self.read(path, request).await
    }

    /// Sends `body` and reads the answer.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + ?Sized),
    ) -> Result<T, Error> {
        self.read(path, self.request(Method::POST, path).json(body)).await
    }

    /// Puts `body` and reads the answer.
    pub async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + ?Sized),
    ) -> Result<T, Error> {
        self.read(path, self.request(Method::PUT, path).json(body)).await
    }

    /// Deletes what is at `path`.
    pub async fn delete(&self, path: &str) -> Result<(), Error> {
        self.send(self.request(Method::DELETE, path)).await.map(drop)
    }

    /// Sends `body` as it stands and returns status and text: for tests of bad input.
    pub async fn post_raw(&self, path: &str, body: Vec<u8>) -> Result<(u16, String), Error> {
        let request = self.request(Method::POST, path).header("content-type", "application/json");
        let answer = request.body(body).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// A copy of this profile's cookies in another one: a stolen or shared session.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (http, origin) = (self.http.clone(), self.origin.clone());
        Self { http, origin, cookies: Mutex::new(cookies), bundles: Mutex::default() }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self.origin.join(path).expect("paths of the API are valid");
        let changes = method != Method::GET;
        let mut request = self.http.request(method, url);
        if changes {
            request = request.header(ORIGIN, self.origin.origin().ascii_serialization());
        }
        self.with_cookies(request)
    }

    /// The same browser at another site, which it has never visited.
    pub(crate) fn at(&self, origin: Url) -> Self {
        let (cookies, bundles) = (Mutex::default(), Mutex::default());
        Self { http: self.http.clone(), origin, cookies, bundles }
    }

    /// This profile's cookies as a browser sends them, for another program to send.
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let line: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        line.join("; ")
    }

    pub(crate) fn with_cookies(&self, request: RequestBuilder) -> RequestBuilder {
        match self.cookies() {
            none if none.is_empty() => request,
            cookies => request.header(COOKIE, cookies),
        }
    }

    /// Sends, keeps cookies, and turns a problem document into an error.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        let answer = request.send().await?;
        self.keep_cookies(&answer);
        let status = answer.status();
        if status.is_success() || status.is_redirection() {
            return Ok(answer);
        }
        let text = answer.text().await?;
        Err(match serde_json::from_str::<Problem>(&text) {
            Ok(problem) => Error::Problem(problem),
            Err(_) => Error::Unreadable(status.to_string(), text),
        })
    }

    async fn read<T: DeserializeOwned>(
        &self,
        path: &str,
        request: RequestBuilder,
    ) -> Result<T, Error> {
        let answer = self.send(request).await?;
        let empty = answer.status() == StatusCode::NO_CONTENT;
        let text = answer.text().await?;
        // An answer without content is JSON's null, which reads as `()`.
        let text = if empty || text.is_empty() { "null" } else { &text };
        serde_json::from_str(text).map_err(|e| Error::Unreadable(path.to_owned(), e.to_string()))
    }

    fn keep_cookies(&self, answer: &Response) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for header in answer.headers().get_all(SET_COOKIE) {
            let Ok(text) = header.to_str() else { continue };
            let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
            let Some((name, value)) = pair.split_once('=') else { continue };
            if value.is_empty() || attributes.to_ascii_lowercase().contains("max-age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// Where a redirect leads.
pub(crate) fn location(answer: &Response) -> Result<Url, Error> {
    let to = answer.headers().get(LOCATION).and_then(|it| it.to_str().ok());
    let to =
        to.ok_or_else(|| Error::SignIn(format!("{} without a place to go", answer.status())))?;
    answer.url().join(to).map_err(|e| Error::SignIn(e.to_string()))
}
