//! Limits that need no database: bytes in memory and seconds per request.
//!
//! The body is read whole, here, before a handler runs: a slow telephone then never holds a
//! database transaction open. (Counted limits are rows: `store::limits` and the gate.)

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::principal;
use crate::problem::Problem;
use crate::session;
use crate::state::AppState;

/// The most of a request without a session: sign-out, a bad guess, nothing bigger.
const STRANGER: usize = 64 << 10;
/// The most of an ordinary signed-in request: a key bundle, a plan with its stanzas.
const ORDINARY: usize = 2 << 20;
/// The most of a letter: the largest bucket, 16 MiB and its frame, as base64, with its grants.
const LETTER: usize = 24 << 20;
/// The bodies of people who are signed in, in memory at one time, in KiB.
const BUDGET_KIB: usize = 256 << 10;
/// The same of everybody else, and of everything as small: apart, so that no number of strangers
/// takes the room that a letter needs.
const SMALL_BUDGET_KIB: usize = 32 << 10;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// An ordinary body, to arrive.
    pub ordinary: Duration,
    /// A letter, to arrive: 24 MiB at 1.6 Mbps, and then some.
    pub letter: Duration,
    /// A handler, once the body is there.
    pub handler: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            ordinary: Duration::from_secs(20),
            letter: Duration::from_mins(3),
            handler: Duration::from_secs(30),
        }
    }
}

/// The memory that request bodies may take together, and the time.
pub struct Bodies {
    signed_in: Arc<Semaphore>,
    small: Arc<Semaphore>,
    patience: Patience,
}

impl Bodies {
    /// With all its memory free.
    pub fn new(patience: Patience) -> Self {
        Self {
            signed_in: Arc::new(Semaphore::new(BUDGET_KIB)),
            small: Arc::new(Semaphore::new(SMALL_BUDGET_KIB)),
            patience,
        }
    }

    fn reserve(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let budget = if bytes <= STRANGER { &self.small } else { &self.signed_in };
        let kib = u32::try_from(bytes.div_ceil(1024)).map_err(Problem::away)?;
        let full = |_| Problem::away("too many bodies at one time");
        budget.clone().try_acquire_many_owned(kib).map_err(full)
    }
}

/// Reads the body within its limits, then runs the handler within its own.
pub async fn bound(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match read(&state, request).await {
        Ok((request, _reserved)) => {
            match timeout(state.service().bodies.patience.handler, next.run(request)).await {
                Ok(response) => response,
                Err(_) => Problem::away("the handler took too long").into_response(),
            }
        }
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
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let bodies = &state.service().bodies;
    let (parts, body) = request.into_parts();
    let allowed = allowance(state, &parts, declared).await;
    let (most, time) = match allowed {
        Ok(allowed) => allowed,
        Err(refusal) => {
            let _ = timeout(bodies.patience.ordinary, let_pass(body, LETTER)).await;
            return Err(refusal);
        }
    };
    if declared.is_some_and(|length| length > most) {
        let _ = timeout(time, let_pass(body, 2 * most)).await;
        return Err(too_large());
    }
    let reserved = bodies.reserve(declared.unwrap_or(most))?;
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

/// How much a request may send, and how long it may take. A cookie is believed for what anybody
/// may send; before more is read, the database says whether there is such a session.
async fn allowance(
    state: &AppState,
    request: &Parts,
    declared: Option<usize>,
) -> Result<(usize, Duration), Problem> {
    let Patience { ordinary, letter, .. } = state.service().bodies.patience;
    let presented = session::presented(&request.headers, state.site());
    let is_small = declared.is_some_and(|length| length <= STRANGER);
    let (Some(hash), false) = (presented, is_small) else { return Ok((STRANGER, ordinary)) };
    let proved = principal::is_proved(state, &hash).await?.ok_or_else(Problem::signed_out)?;
    let path = request.uri.path();
    let is_letter = path.starts_with("/api/letters") || path.starts_with("/api/messages");
    Ok(if proved && is_letter && request.method == Method::POST {
        (LETTER, letter)
    } else {
        (ORDINARY, ordinary)
    })
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "This is too large to send.")
}
