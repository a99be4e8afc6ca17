//! Browsers, and what comes back to them.

use axum::Router;
use axum::body::{Body as HttpBody, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt as _;

pub fn origin(is_staff: bool) -> &'static str {
    if is_staff { "http://localhost:8102" } else { "http://localhost:8101" }
}

/// A browser.
#[derive(Clone)]
pub struct Person {
    pub router: Router,
    pub is_staff: bool,
    pub cookie: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The status, and the code of a problem.
    pub fn refusal(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body["code"].as_str().unwrap_or("none"))
    }

    /// The body of a success.
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        self.body
    }
}

impl Person {
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &Value::Null, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, body, None).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, body, None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &Value::Null, None).await
    }

    pub async fn get_with(&self, path: &str, authorization: &str) -> Answer {
        self.send(Method::GET, path, &Value::Null, Some(authorization)).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        authorization: Option<&str>,
    ) -> Answer {
        let origin = origin(self.is_staff);
        let name = if self.is_staff { "__Host-postern-staff" } else { "__Host-postern-family" };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, origin.trim_start_matches("http://"))
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, format!("{name}={cookie}"));
        }
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = request.body(HttpBody::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.expect("a body").to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body, bytes }
    }
}
