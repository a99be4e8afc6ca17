//! Probes and measurements: whether the process lives, whether it can serve, and how it does.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::Problem;
use crate::state::{AppState, Site};

/// Upper bounds of the duration buckets, in seconds.
const BUCKETS: [f64; 11] = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 10.0];

/// What this process counts. Labels are routes and outcomes: never an id, a name or an address.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram>,
    sign_ins: Family<OutcomeLabels, Counter>,
    gate: Family<OutcomeLabels, Counter>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    audience: &'static str,
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    audience: &'static str,
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OutcomeLabels {
    audience: &'static str,
    outcome: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("postern_mediation");
        let requests = Family::default();
        let seconds =
            Family::<RouteLabels, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        let sign_ins = Family::default();
        let gate = Family::default();
        registry.register("requests", "Requests answered", requests.clone());
        registry.register("request_seconds", "Time to answer", seconds.clone());
        registry.register("sign_ins", "Sign-ins by outcome", sign_ins.clone());
        registry.register("gate", "Answers of the words gate", gate.clone());
        Self { registry, requests, seconds, sign_ins, gate }
    }
}

impl Metrics {
    /// Counts a sign-in that ended so.
    pub(crate) fn sign_in(&self, site: &Site, outcome: &'static str) {
        let labels = OutcomeLabels { audience: site.audience.as_str(), outcome };
        self.sign_ins.get_or_create(&labels).inc();
    }

    /// Counts an answer of the gate.
    pub(crate) fn gate(&self, site: &Site, outcome: &'static str) {
        let labels = OutcomeLabels { audience: site.audience.as_str(), outcome };
        self.gate.get_or_create(&labels).inc();
    }
}

/// The probes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(metrics))
}

/// Measures and logs a request by its route, never by its full address.
pub async fn observe(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = counted_as(request.method());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    let audience = state.site().audience.as_str();
    tracing::debug!(audience, method, route, status, seconds, "answered");
    let metrics = &state.service().metrics;
    metrics.seconds.get_or_create(&RouteLabels { audience, route: route.clone() }).observe(seconds);
    metrics.requests.get_or_create(&RequestLabels { audience, method, route, status }).inc();
    response
}

/// A method by name. A stranger can send as many names as they like; those nobody knows are one, or
/// each would be kept for good.
fn counted_as(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
    known.into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

/// Whether two hosts have one name: in whatever case, with whatever port.
fn is_same_name(one: &str, other: &str) -> bool {
    let name = |host: &str| host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    name(one) == name(other)
}

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = 200)))]
async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether it can serve: the database answers and is no older than this program.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses((status = 200), (status = 503)))]
async fn readyz(State(state): State<AppState>) -> Result<&'static str, Problem> {
    if state.service().database.is_ready().await? {
        Ok("ready\n")
    } else {
        Err(Problem::away("the database lacks a migration"))
    }
}

/// Measurements in `OpenMetrics` text, for callers on the inside.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses((status = 200), (status = 404)))]
async fn metrics(State(state): State<AppState>, request: Request) -> Response {
    // Whoever came through the public host came from outside.
    let public = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .is_some_and(|host| is_same_name(host, state.site().host()));
    if public && !state.site().is_loopback() {
        return Problem::not_found().into_response();
    }
    let mut text = String::new();
    if encode(&mut text, &state.service().metrics.registry).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_one_name_however_it_is_written() {
        for written in ["letters.example", "Letters.EXAMPLE", "letters.example:443"] {
            assert!(is_same_name(written, "letters.example"), "{written}");
        }
        assert!(!is_same_name("127.0.0.1:8101", "letters.example"));
    }

    #[test]
    fn methods_that_nobody_knows_are_counted_as_one() {
        assert_eq!(counted_as(&Method::POST), "POST");
        for stranger in ["XYZZY1", "XYZZY2", "post"] {
            let method = Method::from_bytes(stranger.as_bytes()).expect("a token");
            assert_eq!(counted_as(&method), "other");
        }
    }
}
