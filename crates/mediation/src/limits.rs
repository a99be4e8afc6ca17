//! Limits that need no database: bytes in memory and seconds per request.
//!
//! The body is read whole, here, before a handler runs: a slow telephone then never holds a
//! database transaction open. (Counted limits are rows: `store::limits` and the gate.)

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::problem::Problem;
use crate::session;
use crate::state::AppState;

/// The most of a request without a session: sign-out, a bad guess, nothing bigger.
const STRANGER: usize = 64 << 10;
/// The most of an ordinary signed-in request: a key bundle, a plan with its stanzas.
const ORDINARY: usize = 2 << 20;
/// The most of a letter: the largest bucket, 16 MiB and its frame, as base64, with its grants.
const LETTER: usize = 24 << 20;
/// All bodies in memory at one time, in KiB.
const BUDGET_KIB: usize = 256 << 10;

/// How long an ordinary body may take to arrive.
const ORDINARY_TIME: Duration = Duration::from_secs(20);
/// How long a letter may take: 24 MiB at 1.6 Mbps, and then some.
const LETTER_TIME: Duration = Duration::from_mins(3);
/// How long a handler may work once the body is there.
const HANDLER_TIME: Duration = Duration::from_secs(30);

/// The memory that request bodies may take together.
pub struct BodyBudget(Arc<Semaphore>);

impl Default for BodyBudget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BUDGET_KIB)))
    }
}

impl BodyBudget {
    fn reserve(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let kib = u32::try_from(bytes.div_ceil(1024)).ok()?;
        self.0.clone().try_acquire_many_owned(kib).ok()
    }
}

/// Reads the body within its limits, then runs the handler within its own.
pub async fn bound(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match read(&state, request).await {
        Ok((request, _reserved)) => match timeout(HANDLER_TIME, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Problem::away("the handler took too long").into_response(),
        },
        Err(problem) => problem.into_response(),
    }
}

async fn read(
    state: &AppState,
    request: Request,
) -> Result<(Request, Option<OwnedSemaphorePermit>), Problem> {
    if request.method().is_safe() {
        return Ok((request, None));
    }
    let (most, time) = allowance(state, &request);
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let (parts, body) = request.into_parts();
    if declared.is_some_and(|length| length > most) {
        let _ = timeout(time, let_pass(body, 2 * most)).await;
        return Err(too_large());
    }
    let reserved = state
        .service()
        .bodies
        .reserve(declared.unwrap_or(most))
        .ok_or_else(|| Problem::away("too many bodies at one time"))?;
    let bytes = timeout(time, to_bytes(body, most))
        .await
        .map_err(|_| {
            Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "too-slow",
                "This took too long to arrive. Your writing is saved. Try again.",
            )
        })?
        // Either longer than declared or allowed, or the sender went away and reads no answer.
        .map_err(|_| too_large())?;
    Ok((Request::from_parts(parts, Body::from(bytes)), Some(reserved)))
}

/// Lets a body that is not kept go by, up to a length. A sender reads the answer once everything
/// is sent: if we hung up before, it would see a broken connection in place of a sentence.
async fn let_pass(body: Body, most: usize) {
    let (mut frames, mut passed) = (body.into_data_stream(), 0);
    while let Some(Ok(frame)) = frames.next().await {
        passed += frame.len();
        if passed > most {
            break;
        }
    }
}

fn allowance(state: &AppState, request: &Request) -> (usize, Duration) {
    if session::presented(request.headers(), state.site()).is_none() {
        return (STRANGER, ORDINARY_TIME);
    }
    let path = request.uri().path();
    let letter = path.starts_with("/api/letters") || path.starts_with("/api/messages");
    if letter && request.method() == Method::POST {
        (LETTER, LETTER_TIME)
    } else {
        (ORDINARY, ORDINARY_TIME)
    }
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "This is too large to send.")
}
