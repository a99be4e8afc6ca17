//! The provider ends sessions: with a token that nothing else can be mistaken for.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use crate::provider::{
    CLIENT_ID, session_of, signed, signed_text, signed_with_public_key, unsigned,
};
use crate::scene::{Answer, Browser, Scene};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn header() -> Value {
    json!({"alg": "EdDSA", "kid": "first", "typ": "logout+jwt"})
}

/// A good token's claims, which end anna's session.
fn claims(scene: &Scene, jti: &str) -> Map<String, Value> {
    let now = scene.clock.now().as_second();
    let Value::Object(claims) = json!({
        "iss": scene.provider.issuer(), "aud": CLIENT_ID, "iat": now - 1, "exp": now + 120,
        "jti": jti, "events": {EVENT: {}}, "sub": "anna", "sid": session_of("anna"),
    }) else {
        unreachable!("an object")
    };
    claims
}

/// What the provider's server sends: no browser, no origin, no cookie.
async fn post(scene: &Scene, form: String) -> Answer {
    let mut server = scene.browser();
    let request = server
        .request(Method::POST, "/api/sign-in/logout")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form));
    server.send(request.expect("a request")).await
}

async fn log_out(scene: &Scene, header: &Value, claims: Map<String, Value>, by: u8) -> Answer {
    let token = signed(header, &Value::Object(claims), by);
    post(scene, format!("logout_token={token}")).await
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/api/session").await.status == StatusCode::OK
}

#[tokio::test]
async fn the_provider_ends_the_sessions_it_names_and_no_other() {
    let scene = Scene::new().await;
    let mut people = [scene.signed_in("anna").await, scene.signed_in("ben").await];
    for (names, left) in [
        // Anna, in a session that is not hers.
        (json!({"sub": "anna", "sid": session_of("ben")}), [true, true]),
        (json!({"sid": session_of("anna")}), [false, true]),
        (json!({"sub": "ben"}), [false, false]),
    ] {
        let mut claims = claims(&scene, &names.to_string());
        claims.remove("sub");
        claims.remove("sid");
        claims.extend(names.as_object().expect("names").clone());
        let answer = log_out(&scene, &header(), claims, 1).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        assert_eq!(answer.headers["cache-control"], "no-store");
        for (browser, left) in people.iter_mut().zip(left) {
            assert_eq!(is_signed_in(browser).await, left, "{names}");
        }
    }
}

#[tokio::test]
async fn a_logout_token_counts_once() {
    let scene = Scene::new().await;
    assert_eq!(log_out(&scene, &header(), claims(&scene, "one"), 1).await.status, StatusCode::OK);
    let mut browser = scene.signed_in("anna").await;
    let again = log_out(&scene, &header(), claims(&scene, "one"), 1).await;
    assert_eq!((again.status, again.code()), (StatusCode::BAD_REQUEST, "logout-refused".into()));
    assert!(is_signed_in(&mut browser).await);
    assert_eq!(log_out(&scene, &header(), claims(&scene, "two"), 1).await.status, StatusCode::OK);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_logout_token_with_anything_wrong_ends_nothing() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("anna").await;
    let now = scene.clock.now().as_second();
    let mut refused = Vec::new();
    for (what, changed) in [
        ("another issuer", json!({"iss": "https://other.example"})),
        ("no issuer", json!({"iss": null})),
        ("another audience", json!({"aud": "somebody-else"})),
        ("an audience besides", json!({"aud": [CLIENT_ID, "somebody-else"]})),
        ("no audience", json!({"aud": []})),
        ("issued long ago", json!({"iat": now - 3600})),
        ("issued in the future", json!({"iat": now + 3600, "exp": now + 7200})),
        ("no time of issue", json!({"iat": null})),
        ("expired", json!({"iat": now - 100, "exp": now - 1})),
        ("no expiry", json!({"exp": null})),
        ("expired before it was issued", json!({"iat": now + 30, "exp": now + 20})),
        ("no events", json!({"events": null})),
        ("empty events", json!({"events": {}})),
        ("another event", json!({"events": {"https://other.example/event": {}}})),
        ("two events", json!({"events": {EVENT: {}, "https://other.example/event": {}}})),
        ("an event that is no object", json!({"events": {EVENT: true}})),
        ("a nonce", json!({"nonce": "as-in-an-id-token"})),
        ("a nonce that is none", json!({"nonce": null})),
        ("nobody named", json!({"sub": null, "sid": null})),
        ("a session without a name", json!({"sid": ""})),
        ("a person without a name", json!({"sub": ""})),
        ("a session that is a number", json!({"sid": 7})),
        ("no name of its own", json!({"jti": null})),
        ("an empty name of its own", json!({"jti": ""})),
        ("an endless name of its own", json!({"jti": "x".repeat(256)})),
    ] {
        let mut claims = claims(&scene, what);
        for (name, value) in changed.as_object().expect("an object") {
            // `null` stands for a claim that is missing; a nonce must not even be null.
            if value.is_null() && name != "nonce" {
                claims.remove(name);
            } else {
                claims.insert(name.clone(), value.clone());
            }
        }
        refused.push((what, signed(&header(), &Value::Object(claims), 1)));
    }
    for (what, header, by) in [
        ("another key", header(), 2),
        ("an unknown key", json!({"alg": "EdDSA", "kid": "third"}), 1),
        ("another algorithm", json!({"alg": "RS256", "kid": "first"}), 1),
        ("another kind of token", json!({"alg": "EdDSA", "kid": "first", "typ": "at+jwt"}), 1),
        ("something critical", json!({"alg": "EdDSA", "kid": "first", "crit": ["b64"]}), 1),
    ] {
        refused.push((what, signed(&header, &Value::Object(claims(&scene, what)), by)));
    }
    let of = |alg: &str| json!({"alg": alg, "kid": "first"});
    let claimed = |what: &str| Value::Object(claims(&scene, what));
    refused.push(("nobody's signature", unsigned(&of("EdDSA"), &claimed("nobody's"))));
    refused.push(("no algorithm", unsigned(&of("none"), &claimed("none"))));
    refused.push(("a shared secret", signed_with_public_key(&of("HS256"), &claimed("shared"))));
    for (what, token) in refused {
        let answer = post(&scene, format!("logout_token={token}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}");
        assert_eq!(answer.code(), "logout-refused", "{what}");
        assert!(is_signed_in(&mut browser).await, "{what}");
    }
    // Had it been good, it would have counted.
    assert_eq!(log_out(&scene, &header(), claims(&scene, "good"), 1).await.status, StatusCode::OK);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn what_is_no_token_ends_nothing() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("anna").await;
    let good = signed(&header(), &Value::Object(claims(&scene, "one")), 1);
    let (body, signature) = good.rsplit_once('.').expect("three parts");
    let twice = format!("logout_token={good}&logout_token={good}");
    for form in [
        String::new(),
        "logout_token=".into(),
        format!("token={good}"),
        twice,
        format!("logout_token={body}."),
        format!("logout_token={body}.{signature}."),
        format!("logout_token={body}.{}", &signature[1..]),
        format!("logout_token=.{good}"),
        format!("logout_token={}", "a".repeat(20_000)),
    ] {
        assert_eq!(post(&scene, form.clone()).await.status, StatusCode::BAD_REQUEST, "{form}");
        assert!(is_signed_in(&mut browser).await, "{form}");
    }
}

#[tokio::test]
async fn a_logout_token_that_says_anything_twice_ends_nothing() {
    let scene = Scene::new().await;
    let mut people = [scene.signed_in("anna").await, scene.signed_in("ben").await];
    let text = Value::Object(claims(&scene, "one")).to_string();
    let header = header().to_string();
    let with = |text: &str, first: &str| text.replacen('{', &format!("{{{first},"), 1);
    for (header, claims) in [
        (header.clone(), with(&text, r#""sub":"ben""#)),
        (header.clone(), with(&text, r#""s\u0075b":"ben""#)),
        (header.clone(), with(&text, r#""sid":"session-of-ben""#)),
        (header.clone(), with(&text, r#""aud":"somebody-else""#)),
        (header.clone(), with(&text, r#""jti":"two""#)),
        (with(&header, r#""alg":"none""#), text.clone()),
    ] {
        let token = signed_text(&header, &claims, 1);
        let answer = post(&scene, format!("logout_token={token}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{header} {claims}");
        for browser in &mut people {
            assert!(is_signed_in(browser).await, "{header} {claims}");
        }
    }
    // Said once, the same text signed the same way counts.
    let token = signed_text(&header, &text, 1);
    assert_eq!(post(&scene, format!("logout_token={token}")).await.status, StatusCode::OK);
    let [anna, ben] = &mut people;
    assert!(!is_signed_in(anna).await && is_signed_in(ben).await);
}

#[tokio::test]
async fn a_page_of_another_site_cannot_post_a_logout_token() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let request = browser
        .request(Method::POST, "/api/sign-in/logout")
        .header(header::ORIGIN, "https://evil.example")
        .body(Body::from("logout_token=x"));
    let answer = browser.send(request.expect("a request")).await;
    assert_eq!(answer.code(), "wrong-origin");
}

#[tokio::test]
async fn a_token_that_was_taken_is_forgotten_once_it_is_too_old_to_count() {
    let scene = Scene::new().await;
    let taken = claims(&scene, "one");
    assert_eq!(log_out(&scene, &header(), taken.clone(), 1).await.status, StatusCode::OK);
    scene.clock.advance(SignedDuration::from_hours(2));
    let worker = scene.database.store(store::Role::Worker).await;
    let agency = crate::scene::agency();
    let mut tx = worker.begin(agency, store::Actor::Nobody).await.expect("begins");
    let later = format!("select forget_expired('{}')", scene.clock.now());
    tx.attempt(&later).await.expect("forgets");
    tx.commit().await.expect("commits");
    let api = scene.database.store(store::Role::Api).await;
    let mut tx = api.begin(agency, store::Actor::Nobody).await.expect("begins");
    assert_eq!(tx.number("select count(*) from logout_tokens").await.expect("counts"), 0);
    assert_eq!(log_out(&scene, &header(), taken, 1).await.status, StatusCode::BAD_REQUEST);
}
