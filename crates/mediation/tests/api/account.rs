use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use seal::account::AccountKey;
use serde_json::{Value, json};

use crate::scene::{Scene, new_account, sealed};

#[tokio::test]
async fn nobody_is_let_in_without_a_session() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    for (method, path) in [
        (Method::GET, "/api/session"),
        (Method::POST, "/api/session/challenge"),
        (Method::GET, "/api/account"),
        (Method::PUT, "/api/account/bundle"),
        (Method::POST, "/api/account/wraps"),
        (Method::POST, "/api/gate"),
    ] {
        let answer = browser.write(method, path, &json!({})).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "signed-out".into()));
    }
    browser.cookies.insert("__Host-postern-family".into(), "00".repeat(32));
    assert_eq!(browser.get("/api/session").await.code(), "signed-out");
    // A staff cookie is no family cookie.
    let mut staff = scene.signed_in("anna").await;
    let value = staff.cookies.remove("__Host-postern-family").expect("a session");
    staff.cookies.insert("__Host-postern-staff".into(), value);
    assert_eq!(staff.get("/api/session").await.code(), "signed-out");
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_of_silence() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("anna").await;
    for _ in 0..3 {
        scene.clock.advance(SignedDuration::from_mins(29));
        assert_eq!(browser.get("/api/session").await.status, StatusCode::OK);
    }
    scene.clock.advance(SignedDuration::from_mins(30));
    assert_eq!(browser.get("/api/session").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_whatever_happens() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("anna").await;
    for _ in 0..28 {
        scene.clock.advance(SignedDuration::from_mins(25));
        assert_eq!(browser.get("/api/session").await.status, StatusCode::OK);
    }
    scene.clock.advance(SignedDuration::from_mins(20));
    assert_eq!(browser.get("/api/session").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn opened_keys_lift_the_restriction_and_change_the_cookie() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("anna").await;
    let key = AccountKey::from_bytes([9; 32]);
    let body = new_account(&key, browser.account().await);
    assert_eq!(browser.post("/api/account", &body).await.status, StatusCode::CREATED);
    // Restricted: what is sealed may be fetched, nothing may be overwritten.
    let next = json!({"version": 2, "sealed": sealed(7)});
    let refused = browser.write(Method::PUT, "/api/account/bundle", &next).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::FORBIDDEN, "restricted".into()));

    let mut before = browser.clone();
    assert_eq!(browser.prove(&key).await.status, StatusCode::NO_CONTENT);
    assert_ne!(browser.session_cookie(), before.session_cookie());
    assert_eq!(before.get("/api/session").await.status, StatusCode::UNAUTHORIZED);
    let session = browser.get("/api/session").await.json();
    assert_eq!(
        (&session["restricted"], &session["new"]),
        (&Value::Bool(false), &Value::Bool(false))
    );
    let put = browser.write(Method::PUT, "/api/account/bundle", &next).await;
    assert_eq!(put.json(), json!({"version": 2}));
}

#[tokio::test]
async fn keys_that_are_not_the_accounts_prove_nothing() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("anna").await;
    let key = AccountKey::from_bytes([9; 32]);
    // Before there are keys at all.
    assert_eq!(browser.prove(&key).await.code(), "proof-refused");
    let body = new_account(&key, browser.account().await);
    browser.post("/api/account", &body).await;
    let answer = browser.prove(&AccountKey::from_bytes([8; 32])).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "proof-refused".into()));
    // Without a challenge there is nothing to sign.
    let mut other = scene.signed_in("anna").await;
    let answer = other.post("/api/session/proof", &json!({"signature": sealed(1)})).await;
    assert_eq!(answer.code(), "proof-refused");
}

#[tokio::test]
async fn an_account_gets_its_keys_once() {
    let scene = Scene::new().await;
    let (mut browser, key) = scene.proved("anna").await;
    let before = browser.get("/api/account").await.json();
    assert_eq!(before["bundle"], json!({"version": 1, "sealed": sealed(1)}));
    assert_eq!(before["wraps"][0]["sealed"], sealed(2));
    // An identity provider taken over overwrites nothing.
    let mut thief = scene.signed_in("anna").await;
    let mut body = new_account(&AccountKey::from_bytes([1; 32]), thief.account().await);
    body["bundle"] = sealed(66).into();
    let answer = thief.post("/api/account", &body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "account-exists".into()));
    assert_eq!(browser.get("/api/account").await.json(), before);
    assert_eq!(browser.prove(&key).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn an_account_needs_a_way_in_that_is_not_a_device() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("anna").await;
    let mut body = new_account(&AccountKey::from_bytes([9; 32]), browser.account().await);
    let whole = body.clone();
    for (field, value, code) in [
        ("wraps", json!([]), "last-wrap"),
        ("wraps", json!([{"kind": "device", "sealed": sealed(2)}]), "last-wrap"),
        ("wraps", json!([{"kind": "words", "sealed": sealed(2)}]), "gate-version"),
        ("wraps", json!([{"kind": "passkey", "sealed": "AAAA"}]), "wrap-size"),
        ("version", json!(2), "bundle-version"),
        ("bundle", json!("AAAA"), "bundle-size"),
        // The identity: every signature under it would be easy to make.
        ("proof_key", json!(format!("01{}", "00".repeat(31))), "proof-key"),
        ("proof_key", json!("zz"), "proof-key"),
        ("bundle", json!("not base64!"), "malformed"),
        ("more", json!(1), "malformed"),
    ] {
        body[field] = value;
        assert_eq!(browser.post("/api/account", &body).await.code(), code, "{body}");
        body = whole.clone();
    }
    assert_eq!(browser.post("/api/account", &whole).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn of_two_devices_the_second_to_save_is_told() {
    let scene = Scene::new().await;
    let (mut phone, key) = scene.proved("anna").await;
    let mut laptop = scene.signed_in("anna").await;
    laptop.prove(&key).await;
    let mine = json!({"version": 2, "sealed": sealed(7)});
    let theirs = json!({"version": 2, "sealed": sealed(8)});
    let path = "/api/account/bundle";
    assert_eq!(phone.write(Method::PUT, path, &mine).await.status, StatusCode::OK);
    let answer = laptop.write(Method::PUT, path, &theirs).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "bundle-stale".into()));
    let gap = json!({"version": 4, "sealed": sealed(8)});
    assert_eq!(laptop.write(Method::PUT, path, &gap).await.code(), "bundle-stale");
    let account = laptop.get("/api/account").await.json();
    assert_eq!(account["bundle"], mine);
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let scene = Scene::new().await;
    let (mut browser, _) = scene.proved("anna").await;
    let words = browser.get("/api/account").await.json()["wraps"][0]["wrap"].clone();
    let words = format!("/api/account/wraps/{}", words.as_str().expect("an id"));
    let device = json!({"kind": "device", "sealed": sealed(3)});
    let passkey = json!({"kind": "passkey", "sealed": sealed(4)});
    let added = browser.post("/api/account/wraps", &device).await;
    assert_eq!(added.status, StatusCode::CREATED);
    assert_eq!(browser.write(Method::DELETE, &words, &json!({})).await.code(), "last-wrap");
    browser.post("/api/account/wraps", &passkey).await;
    let gone = browser.write(Method::DELETE, &words, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.write(Method::DELETE, &words, &json!({})).await.code(), "not-found");
    let wraps = browser.get("/api/account").await.json()["wraps"].clone();
    let mut kinds: Vec<_> =
        wraps.as_array().expect("a list").iter().filter_map(|it| it["kind"].as_str()).collect();
    // Added at one instant of this clock, so in no order.
    kinds.sort_unstable();
    assert_eq!(kinds, ["device", "passkey"]);
}

#[tokio::test]
async fn somebody_elses_wrap_does_not_exist() {
    let scene = Scene::new().await;
    let (mut anna, _) = scene.proved("anna").await;
    let (mut ben, _) = scene.proved("ben").await;
    let wrap = anna.get("/api/account").await.json()["wraps"][0]["wrap"].clone();
    let path = format!("/api/account/wraps/{}", wrap.as_str().expect("an id"));
    assert_eq!(ben.write(Method::DELETE, &path, &json!({})).await.code(), "not-found");
    let junk = "/api/account/wraps/not-an-id";
    assert_eq!(ben.write(Method::DELETE, junk, &json!({})).await.code(), "not-found");
}

#[tokio::test]
async fn signing_out_ends_this_session_or_every_one() {
    let scene = Scene::new().await;
    let mut phone = scene.signed_in("anna").await;
    let mut laptop = scene.signed_in("anna").await;
    let mut tablet = scene.signed_in("anna").await;
    let mut bens = scene.signed_in("ben").await;
    let mut copy = phone.clone();
    assert_eq!(phone.post("/api/sign-out", &json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(phone.session_cookie(), None);
    assert_eq!(copy.get("/api/session").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(laptop.get("/api/session").await.status, StatusCode::OK);
    laptop.post("/api/sign-out?everywhere=true", &json!({})).await;
    assert_eq!(tablet.get("/api/session").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(bens.get("/api/session").await.status, StatusCode::OK);
    // Twice is no error.
    assert_eq!(phone.post("/api/sign-out", &json!({})).await.status, StatusCode::NO_CONTENT);
}
