//! What every answer tells a browser it may do, word for word: a page, a script, an answer of the
//! API and a refusal, on both sites.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use mediation::SiteConfig;
use mediation::config::Audience;
use serde_json::json;
use store::Role;

use crate::scene::{Answer, Browser, ORIGIN, Scene, site, site_config};

/// On every answer, of any kind, on both sites.
const ALWAYS: [(&str, &str); 10] = [
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("origin-agent-cluster", "?1"),
    (
        "permissions-policy",
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), \
         gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), \
         usb=(), xr-spatial-tracking=()",
    ),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-robots-tag", "noindex, nofollow"),
];

/// What a page may load; the same stands on whatever lies beside pages.
const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types postern";
/// What an answer of the API may load, opened as a page.
const DATA: &str = "default-src 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html";
const SCRIPT: &str = "text/javascript";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";
const PROBLEM: &str = "application/problem+json";

/// What is asked for, and of its answer the status, Content-Security-Policy, Cache-Control and
/// Content-Type.
const TABLE: [(&str, u16, &str, &str, &str); 12] = [
    ("/", 200, PAGE, "no-store", HTML),
    ("/letters/0011", 200, PAGE, "no-store", HTML),
    ("/main.js", 200, PAGE, "no-cache", SCRIPT),
    ("/part-3FJ2K9QX.js", 200, PAGE, "public, max-age=31536000, immutable", SCRIPT),
    ("/gone-3FJ2K9QX.js", 404, PAGE, "no-store", PROBLEM),
    ("/healthz", 200, PAGE, "no-store", TEXT),
    ("/api/openapi.json", 200, DATA, "no-store", JSON),
    ("/api/session", 401, DATA, "no-store", PROBLEM),
    ("/api/nothing", 404, DATA, "no-store", PROBLEM),
    ("/api/sign-in/callback", 303, DATA, "no-store", ""),
    // Another host's, and another site's.
    ("//evil.example", 421, DATA, "no-store", PROBLEM),
    ("//from-elsewhere", 403, DATA, "no-store", PROBLEM),
];

/// What says nothing of what a browser may do.
const BESIDES: [&str; 7] =
    ["accept-ranges", "content-length", "date", "last-modified", "location", "set-cookie", "vary"];

/// All other headers, each with all it says.
fn said(answer: &Answer) -> BTreeMap<String, String> {
    let text = |value: &axum::http::HeaderValue| value.to_str().expect("ASCII").to_owned();
    let all = answer.headers.keys().filter(|name| !BESIDES.contains(&name.as_str()));
    let together =
        |name| answer.headers.get_all(name).iter().map(text).collect::<Vec<_>>().join(" | ");
    all.map(|name| (name.to_string(), together(name))).collect()
}

fn expected(policy: &str, cache: &str, kind: &str) -> BTreeMap<String, String> {
    let own =
        [("content-security-policy", policy), ("cache-control", cache), ("content-type", kind)];
    let all = ALWAYS.into_iter().chain(own).filter(|(_, value)| !value.is_empty());
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A site that serves its client over TLS, and a browser at it.
async fn at(scene: &Scene, audience: Audience, folder: &std::path::Path) -> Browser {
    let config = SiteConfig {
        audience,
        origin: ORIGIN.replace("http:", "https:"),
        client_folder: Some(folder.to_owned()),
        ..site_config(&scene.provider.issuer())
    };
    let store = scene.database.store(Role::Api).await;
    Browser { router: site(store, &scene.clock, &config), ..scene.browser() }
}

fn client() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in
        [("index.html", "<!doctype html>"), ("main.js", "start()"), ("part-3FJ2K9QX.js", "part()")]
    {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

async fn ask(browser: &mut Browser, path: &str) -> Answer {
    let request = match path {
        "//evil.example" => {
            axum::http::Request::get("/api/session").header(header::HOST, "evil.example")
        }
        "//from-elsewhere" => browser
            .request(Method::POST, "/api/session/challenge")
            .header(header::ORIGIN, "https://evil.example"),
        path => browser.request(Method::GET, path),
    };
    browser.send(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn every_answer_says_word_for_word_how_little_it_allows() {
    let (scene, folder) = (Scene::new().await, client());
    for audience in [Audience::Family, Audience::Staff] {
        let mut browser = at(&scene, audience, folder.path()).await;
        for (path, status, policy, cache, kind) in TABLE {
            let answer = ask(&mut browser, path).await;
            assert_eq!(answer.status, status, "{path}");
            assert_eq!(said(&answer), expected(policy, cache, kind), "{path} for {audience:?}");
        }
    }
    // Where there is no TLS, in development, nothing is said of it.
    let answer = scene.browser().get("/api/session").await;
    assert!(!answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn signing_out_empties_the_browsers_copies_and_leaves_what_people_keep_on_their_phone() {
    let (scene, folder) = (Scene::new().await, client());
    for audience in [Audience::Family, Audience::Staff] {
        let mut browser = at(&scene, audience, folder.path()).await;
        scene.sign_in(&mut browser, "anna").await.expect("signs in");
        for path in ["/api/sign-out", "/api/sign-out?everywhere=true"] {
            let request = browser
                .request(Method::POST, path)
                .header(header::ORIGIN, ORIGIN.replace("http:", "https:"))
                .header(header::CONTENT_TYPE, JSON)
                .body(Body::from(json!({}).to_string()));
            let answer = browser.send(request.expect("a request")).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}");
            let mut all = expected(DATA, "no-store", "");
            all.insert("clear-site-data".to_owned(), "\"cache\"".to_owned());
            assert_eq!(said(&answer), all, "{path} for {audience:?}");
        }
    }
}
