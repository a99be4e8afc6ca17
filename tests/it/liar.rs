//! A server between a client and the real one, which changes what it likes in the answers.

use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, HOST, ORIGIN, TRANSFER_ENCODING};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use client::{Account, Api};
use seal::random::System;
use serde_json::Value;
use tokio::net::TcpListener;
use url::Url;
use xtask::seed::Person;
use xtask::stack::Site;

/// The longest body it carries.
const MOST: usize = 64 << 20;

/// What it changes: true if the answer of this path was one to change.
type Lie = Box<dyn Fn(&str, &mut Value) -> bool + Send>;

/// The lying server; it serves as long as the process.
pub struct Liar {
    origin: Url,
    shared: Arc<Shared>,
}

struct Shared {
    real: String,
    http: reqwest::Client,
    lie: Mutex<Option<Lie>>,
    /// How often it lied.
    told: Mutex<u32>,
    /// What was sent through it, by method and path.
    sent: Mutex<String>,
}

impl Liar {
    /// In front of a site; honest until it is told otherwise.
    pub async fn before(site: &Site) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let shared = Arc::new(Shared {
            real: site.origin.clone(),
            http: http.build().unwrap(),
            lie: Mutex::default(),
            told: Mutex::default(),
            sent: Mutex::default(),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let router = Router::new().fallback(pass_on).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, shared }
    }

    /// Somebody signs in and believes it is the real one.
    pub async fn lets_in(&self, name: &str) -> Api {
        let api = Api::new(self.origin.clone());
        let provider = api.start_sign_in().await.unwrap();
        let mut callback = api.at_provider(provider, name).await.unwrap();
        callback.set_host(self.origin.host_str()).unwrap();
        callback.set_port(self.origin.port()).unwrap();
        api.finish_sign_in(callback).await.unwrap();
        api
    }

    /// The same for somebody who comes back with their words.
    pub async fn welcomes(&self, person: &Person) -> Person {
        let api = self.lets_in(&person.name).await;
        let account = Account::unlock(api, &person.words, &mut System).await.unwrap();
        let (name, words) = (person.name.clone(), person.words.clone());
        Person { name, words, account }
    }

    /// From now on it lies in the answers to one path.
    pub fn lies(&self, path: &str, change: impl Fn(&mut Value) + Send + 'static) {
        let path = path.to_owned();
        let lie = move |asked: &str, answer: &mut Value| {
            let lies = asked == path;
            if lies {
                change(answer);
            }
            lies
        };
        *self.shared.lie.lock().unwrap() = Some(Box::new(lie));
        *self.shared.told.lock().unwrap() = 0;
    }

    /// From now on it does not; how often it did.
    pub fn is_honest(&self) -> u32 {
        *self.shared.lie.lock().unwrap() = None;
        std::mem::take(&mut self.shared.told.lock().unwrap())
    }

    /// Whether anything was posted to a path that ends like this.
    pub fn has_got(&self, end: &str) -> bool {
        let sent = self.shared.sent.lock().unwrap();
        sent.lines().any(|line| line.starts_with("POST") && line.ends_with(end))
    }
}

async fn pass_on(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    writeln!(shared.sent.lock().unwrap(), "{} {path}", head.method).unwrap();
    let url = format!("{}{}", shared.real, head.uri.path_and_query().unwrap());
    let mut headers = head.headers;
    for name in [HOST, CONTENT_LENGTH, TRANSFER_ENCODING] {
        headers.remove(name);
    }
    if head.method != Method::GET {
        headers.insert(ORIGIN, shared.real.parse().unwrap());
    }
    let body = to_bytes(body, MOST).await.unwrap();
    let forwarded = shared.http.request(head.method, url).headers(headers).body(body);
    let Ok(answer) = forwarded.send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    headers.remove(CONTENT_LENGTH);
    headers.remove(TRANSFER_ENCODING);
    let body = shared.changed(&path, answer.bytes().await.unwrap());
    (status, headers, Body::from(body)).into_response()
}

impl Shared {
    fn changed(&self, path: &str, body: Bytes) -> Bytes {
        let lie = self.lie.lock().unwrap();
        let (Some(lie), Ok(mut answer)) = (&*lie, serde_json::from_slice(&body)) else {
            return body;
        };
        if !lie(path, &mut answer) {
            return body;
        }
        *self.told.lock().unwrap() += 1;
        answer.to_string().into()
    }
}
