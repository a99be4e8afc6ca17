use std::convert::Infallible;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use store::Role;
use tower::ServiceExt as _;

use crate::scene::{ORIGIN, Scene, site, site_config};

async fn write_from(scene: &Scene, headers: &[(&str, &str)]) -> (StatusCode, String) {
    let mut browser = scene.signed_in("anna").await;
    let mut request = browser.request(Method::POST, "/api/session/challenge");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = browser.send(request.body(Body::empty()).expect("a request")).await;
    let code = if answer.status.is_success() { String::new() } else { answer.code() };
    (answer.status, code)
}

#[tokio::test]
async fn only_the_sites_own_pages_may_write() {
    let scene = Scene::new().await;
    for headers in [
        vec![("origin", ORIGIN)],
        vec![("origin", ORIGIN), ("sec-fetch-site", "same-origin")],
        vec![("sec-fetch-site", "same-origin")],
    ] {
        assert_eq!(write_from(&scene, &headers).await.0, StatusCode::OK, "{headers:?}");
    }
    let refused = (StatusCode::FORBIDDEN, "wrong-origin".to_owned());
    for headers in [
        vec![],
        vec![("origin", "https://evil.example")],
        vec![("origin", "null")],
        vec![("origin", "http://localhost:8102")],
        vec![("origin", "http://localhost:81011")],
        vec![("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
        vec![("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "none")],
    ] {
        assert_eq!(write_from(&scene, &headers).await, refused, "{headers:?}");
    }
}

#[tokio::test]
async fn another_site_can_link_to_sign_in_and_to_no_other_route() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("anna").await;
    for (path, status) in [
        ("/api/sign-in", StatusCode::SEE_OTHER),
        ("/api/sign-in/callback", StatusCode::SEE_OTHER),
        ("/api/session", StatusCode::FORBIDDEN),
        ("/api/account", StatusCode::FORBIDDEN),
    ] {
        let request = browser.request(Method::GET, path).header("sec-fetch-site", "cross-site");
        let answer = browser.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, status, "{path}");
    }
}

#[tokio::test]
async fn another_host_name_is_not_this_site() {
    let scene = Scene::new().await;
    for (host, path, status) in [
        ("localhost:8101", "/api/openapi.json", StatusCode::OK),
        ("evil.example", "/api/openapi.json", StatusCode::MISDIRECTED_REQUEST),
        ("localhost", "/api/openapi.json", StatusCode::MISDIRECTED_REQUEST),
        ("10.0.0.7:8101", "/healthz", StatusCode::OK),
        ("10.0.0.7:8101", "/readyz", StatusCode::OK),
        ("10.0.0.7:8101", "/metrics", StatusCode::OK),
    ] {
        let request = Request::get(path).header(header::HOST, host).body(Body::empty());
        let answer = scene.browser().send(request.expect("a request")).await;
        assert_eq!(answer.status, status, "{host}{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_and_not_a_page() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    assert_eq!(browser.get("/api/nothing").await.code(), "not-found");
    let answer = browser.get("/nothing").await;
    assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not-found".into()));
    assert_eq!(answer.json()["type"], "/problems/not-found");
    assert_eq!(answer.json()["status"], 404);
}

#[tokio::test]
async fn a_stranger_cannot_fill_the_memory() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let big = json!({"blinded": "A".repeat(100_000)});
    let answer = browser.post("/api/gate", &big).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::PAYLOAD_TOO_LARGE, "too-large".into()));
    // Signed in, the same is read, and refused for what it is.
    let mut browser = scene.signed_in("anna").await;
    assert_eq!(browser.post("/api/gate", &big).await.code(), "gate-element");
    let huge = json!({"blinded": "A".repeat(3_000_000)});
    assert_eq!(browser.post("/api/gate", &huge).await.code(), "too-large");
}

#[tokio::test]
async fn a_made_up_cookie_opens_no_more_than_none() {
    let scene = Scene::new().await;
    let store = scene.database.store(Role::Api).await;
    let mut browser = scene.browser();
    let made_up = format!("__Host-postern-family={}", "ab".repeat(32));
    // Bodies that are announced and never come: a dozen of them would have taken all the room.
    let announced = || {
        Request::post("/api/letters")
            .header(header::HOST, "localhost:8101")
            .header(header::ORIGIN, ORIGIN)
            .header(header::COOKIE, &made_up)
            .header(header::CONTENT_LENGTH, 24 << 20)
    };
    let never =
        || Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, Infallible>>());
    let waiting: Vec<_> = (0..12)
        .map(|_| {
            let request = announced().body(never()).expect("a request");
            tokio::spawn(scene.router.clone().oneshot(request))
        })
        .collect();
    let mut member = scene.signed_in("anna").await;
    let big = json!({"blinded": "A".repeat(100_000)});
    assert_eq!(member.post("/api/gate", &big).await.code(), "gate-element");
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    // Somebody whose session is over is told that, and not that their letter is too large.
    let request = announced().body(Body::empty()).expect("a request");
    assert_eq!(browser.send(request).await.code(), "signed-out");
    let mut restricted = scene.signed_in("ben").await;
    restricted.router = site(store, &scene.clock, &site_config(&scene.provider.issuer()));
    let letter = json!({"ciphertext": "A".repeat(3_000_000)});
    assert_eq!(restricted.post("/api/letters", &letter).await.code(), "too-large");
}

#[tokio::test]
async fn the_description_names_every_route_that_answers() {
    let scene = Scene::new().await;
    let document = scene.browser().get("/api/openapi.json").await.json();
    let paths = document["paths"].as_object().expect("paths");
    for path in ["/api/sign-in", "/api/session/proof", "/api/account/wraps/{wrap}", "/api/gate"] {
        assert!(paths.contains_key(path), "{path}");
    }
    assert!(document["components"]["schemas"]["Problem"].is_object());
}

#[tokio::test]
async fn measurements_name_routes_and_never_people() {
    let scene = Scene::new().await;
    let (mut browser, _) = scene.proved("anna").await;
    browser
        .write(Method::DELETE, &format!("/api/account/wraps/{}", "ab".repeat(16)), &json!({}))
        .await;
    let text = String::from_utf8(browser.get("/metrics").await.body).expect("text");
    assert!(text.contains(r#"route="/api/account/wraps/{wrap}""#), "{text}");
    assert!(text.contains(r#"outcome="signed-in""#), "{text}");
    assert!(!text.contains("anna") && !text.contains(&"ab".repeat(16)), "{text}");
}

#[tokio::test]
async fn measurements_are_not_for_the_public() {
    let scene = Scene::new().await;
    let mut config = site_config("https://issuer.example");
    config.origin = "https://letters.example".into();
    let store = scene.database.store(Role::Api).await;
    let mut browser = scene.browser();
    browser.router = site(store, &scene.clock, &config);
    for (host, status) in
        [("letters.example", StatusCode::NOT_FOUND), ("10.0.0.7:8101", StatusCode::OK)]
    {
        let request = Request::get("/metrics").header(header::HOST, host).body(Body::empty());
        let answer = browser.send(request.expect("a request")).await;
        assert_eq!(answer.status, status, "{host}");
        assert!(answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}

#[tokio::test]
async fn the_client_is_served_where_no_route_is() {
    let scene = Scene::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("index.html"), "<!doctype html>").expect("a file");
    std::fs::write(folder.path().join("main.js"), "start()").expect("a file");
    std::fs::write(folder.path().join("part-3FJ2K9QX.js"), "part()").expect("a file");
    let mut config = site_config(&scene.provider.issuer());
    config.client_folder = Some(folder.path().to_owned());
    let store = scene.database.store(Role::Api).await;
    let mut browser = scene.browser();
    browser.router = site(store, &scene.clock, &config);
    for (path, status, cache) in [
        ("/", StatusCode::OK, "no-store"),
        ("/letters/0011", StatusCode::OK, "no-store"),
        ("/main.js", StatusCode::OK, "no-cache"),
        ("/part-3FJ2K9QX.js", StatusCode::OK, "public, max-age=31536000, immutable"),
        ("/gone-3FJ2K9QX.js", StatusCode::NOT_FOUND, "no-store"),
        ("/../Cargo.toml", StatusCode::NOT_FOUND, "no-store"),
        ("/api/nothing", StatusCode::NOT_FOUND, "no-store"),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.headers[header::CACHE_CONTROL], cache, "{path}");
    }
}
