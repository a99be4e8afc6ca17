//! Who may talk to a site: its own host, its own pages, over headers that give nothing away.
//!
//! Every request passes [`guard`] before routing. Session cookies are `SameSite=Lax`; the exact
//! `Origin` check here is what keeps other pages from writing with them.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::logout;
use crate::problem::Problem;
use crate::state::{AppState, Site};

/// What a page of ours may load and do. Scripts come from the site itself, never inline; the only
/// Trusted Types policy is the one that names the scrypt worker's script.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types postern";

/// An API answer is data: nothing in it may load or run, even opened as a page.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// The same for every answer of a site.
const FIXED: [(HeaderName, &str); 9] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Under this some browsers send `Origin: null` with writes: the client asks for its own origin
    // to be named with each (web/src/api.ts).
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), \
         gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), \
         usb=(), xr-spatial-tracking=()",
    ),
    (HeaderName::from_static("origin-agent-cluster"), "?1"),
    // People come by the address on their sheet. In a list of search results it would say too much.
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// Checks host and origin, then dresses the answer.
pub async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let site = state.site();
    let is_api = request.uri().path().starts_with("/api/");
    let response = match check(site, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    dress(site, is_api, response)
}

fn check(site: &Site, request: &Request) -> Result<(), Problem> {
    let path = request.uri().path();
    // Browsers and our client say how long a body is. A body in chunks is where a proxy and we
    // could disagree about where one request ends and the next begins.
    if request.headers().contains_key(header::TRANSFER_ENCODING) {
        return Err(Problem::new(
            StatusCode::LENGTH_REQUIRED,
            "length-required",
            "Say in Content-Length how long this is.",
        ));
    }
    // Probes come to the machine's own address, not through the public host.
    if !matches!(path, "/healthz" | "/readyz" | "/metrics") {
        check_host(site, request)?;
    }
    if request.method().is_safe() {
        // A cross-site navigation carries the `Lax` cookie; only sign-in has a reason to arrive so.
        let may_arrive = !path.starts_with("/api/") || path.starts_with("/api/sign-in");
        let foreign = fetch_site(request.headers())
            .is_some_and(|from| from != "same-origin" && from != "none");
        if foreign && !may_arrive {
            return Err(wrong_origin());
        }
        return if request.method() == Method::TRACE { Err(wrong_origin()) } else { Ok(()) };
    }
    // The provider's own server, which has no origin: its token speaks for itself.
    if path == logout::PATH && request.headers().get(header::ORIGIN).is_none() {
        return Ok(());
    }
    match request.headers().get(header::ORIGIN) {
        Some(origin) if origin.as_bytes() == site.origin.as_bytes() => Ok(()),
        None if fetch_site(request.headers()) == Some("same-origin") => Ok(()),
        _ => Err(wrong_origin()),
    }
}

fn check_host(site: &Site, request: &Request) -> Result<(), Problem> {
    let named = match request.headers().get(header::HOST) {
        Some(host) => host.as_bytes(),
        None => request.uri().authority().map_or(&b""[..], |it| it.as_str().as_bytes()),
    };
    if named.eq_ignore_ascii_case(site.host().as_bytes()) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::MISDIRECTED_REQUEST,
        "wrong-host",
        "This address does not belong to this service.",
    ))
}

fn fetch_site(headers: &HeaderMap) -> Option<&str> {
    headers.get("sec-fetch-site")?.to_str().ok()
}

fn wrong_origin() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "wrong-origin",
        "This did not come from the letterbox itself. Open the letterbox and try again.",
    )
}

fn dress(site: &Site, is_api: bool, mut response: Response) -> Response {
    let status = response.status();
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = if is_api { API_POLICY } else { PAGE_POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if status == StatusCode::LENGTH_REQUIRED {
        // Whatever follows is not taken for a request.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    // Static files say for themselves how long they keep.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if site.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
    response
}
