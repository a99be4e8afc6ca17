//! What a person or a client is told when something cannot be done: RFC 9457 problem details.
//!
//! `detail` is a sentence somebody can act on. The cause never leaves the process: it is logged
//! once, here, when the answer is made.

use std::borrow::Cow;
use std::fmt::Display;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use store::StoreError;

/// Seconds after which a client may try again when the database is away.
const AWAY_RETRY_SECONDS: u32 = 5;

/// A refusal or a failure, on its way to becoming an `application/problem+json` answer.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    retry_after: Option<u32>,
    cause: Option<String>,
    members: serde_json::Map<String, serde_json::Value>,
}

/// A problem as it travels.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct Details<'a> {
    /// `/problems/<code>`.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    title: &'a str,
    /// The HTTP status.
    status: u16,
    /// A sentence for the person.
    detail: &'a str,
    /// A stable kebab-case code for programs.
    code: &'a str,
    /// What else a program can use, by the code: `newest`, `held_by` and so on.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    members: &'a serde_json::Map<String, serde_json::Value>,
}

impl Problem {
    /// Any problem. `code` is stable and kebab-case; `detail` a sentence a person can act on.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            retry_after: None,
            cause: None,
            members: serde_json::Map::new(),
        }
    }

    /// 404, the same for what is hidden and what does not exist.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "You cannot see this page.")
    }

    /// 401: no session, or one that has run out.
    pub fn signed_out() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "signed-out",
            "You are signed out. Sign in again. Your writing is saved.",
        )
    }

    /// 403: signed in, but the keys have not been opened in this session yet.
    pub fn restricted() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "restricted",
            "Open your letterbox with your words or your phone lock first.",
        )
    }

    /// 403: the person is known and may not do this.
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 400: the request is not what the API reads. `detail` is for the program's author.
    pub fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// 422: well formed, and against a rule.
    pub fn invalid(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// 409: somebody, or another device, was first.
    pub fn conflict(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 410: it was there, and its time is over.
    pub fn gone(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::GONE, code, detail)
    }

    /// 429, with the seconds to wait.
    pub fn too_many(
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
        retry_after: u32,
    ) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code, detail).retry_after(retry_after)
    }

    /// 503: something this service needs is away; it comes back by itself.
    pub fn away(cause: impl Display) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "away",
            "We cannot do this just now. Nothing is lost. Try again in a minute.",
        )
        .retry_after(AWAY_RETRY_SECONDS)
        .because(cause)
    }

    /// 500: our fault.
    pub fn internal(cause: impl Display) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Sorry, something went wrong on our side. You did nothing wrong. Try again.",
        )
        .because(cause)
    }

    /// Adds `Retry-After` in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Adds a member that programs can use.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Display) -> Self {
        self.members.insert(member.to_owned(), value.to_string().into());
        self
    }

    /// Adds a member that is no plain text.
    #[must_use]
    pub fn with_value(mut self, member: &str, value: serde_json::Value) -> Self {
        self.members.insert(member.to_owned(), value);
        self
    }

    /// Keeps the cause for the log. It must hold no name, address, token or letter.
    #[must_use]
    pub fn because(mut self, cause: impl Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The cause, for a caller that logs it itself.
    pub(crate) fn into_cause(self) -> String {
        self.cause.unwrap_or_else(|| self.code.to_owned())
    }

    /// The sentence.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<StoreError> for Problem {
    /// What a handler did not map to something of its own.
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Unavailable(source) => Self::away(format!("{error}: {source}")),
            StoreError::Conflict => Self::away(error),
            StoreError::Stale | StoreError::Duplicate(_) => Self::conflict(
                "changed-meanwhile",
                "This changed while you were looking at it. Open it again.",
            )
            .because(error),
            // A policy of the database said no where a handler should have: nothing is there.
            StoreError::Forbidden => Self::not_found().because(error),
            StoreError::Fault(source) => Self::internal(format!("{error}: {source}")),
            StoreError::Refused(limit) if limit == "statements_per_hour" => Self::too_many(
                "too-many-statements",
                "You have done a lot in a short time. Nothing is lost. Try again in an hour.",
                3600,
            ),
            StoreError::Refused(_) | StoreError::Corrupt(_) => Self::internal(error),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status.as_u16();
        match &self.cause {
            Some(cause) if self.status.is_server_error() => {
                tracing::error!(code = self.code, status, cause, "request failed");
            }
            Some(cause) => tracing::info!(code = self.code, status, cause, "request refused"),
            None => {}
        }
        let details = Details {
            kind: format!("/problems/{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Problem"),
            status,
            detail: &self.detail,
            code: self.code,
            members: &self.members,
        };
        let body = serde_json::to_vec(&details).expect("strings and a number always serialise");
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
