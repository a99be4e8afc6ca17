//! Asking for new words, for those who can open nothing. Who sees it is tested with the letterbox.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

use crate::scene::Scene;

const MINE: &str = "/api/words-requests/mine";

#[tokio::test]
async fn who_has_lost_their_words_asks_without_them_and_keeps_their_place() {
    let scene = Scene::new().await;
    scene.proved("anna").await;
    let mut restricted = scene.signed_in("anna").await;
    let answer = restricted.get(MINE).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not-found".into()));
    let asked = restricted.post("/api/words-requests", &json!({})).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert_eq!(asked.json(), json!({"asked_at": "2026-11-23T10:00:00Z"}));
    scene.clock.advance(SignedDuration::from_mins(5));
    let again = restricted.post("/api/words-requests", &json!({})).await;
    assert_eq!(again.json(), asked.json());
    // From another device too.
    let mut laptop = scene.signed_in("anna").await;
    assert_eq!(laptop.get(MINE).await.json(), asked.json());
}

#[tokio::test]
async fn a_restricted_session_asks_for_words_and_reaches_nothing_else_that_is_new() {
    let scene = Scene::new().await;
    scene.proved("anna").await;
    let mut restricted = scene.signed_in("anna").await;
    for path in ["/api/words-requests", "/api/drafts", "/api/enrolments", "/api/openings"] {
        let answer = restricted.get(path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer.code(), "restricted", "{path}");
    }
}

#[tokio::test]
async fn whoever_finds_their_words_after_all_is_not_rung() {
    let scene = Scene::new().await;
    let (_, key) = scene.proved("anna").await;
    let mut browser = scene.signed_in("anna").await;
    browser.post("/api/words-requests", &json!({})).await;
    assert_eq!(browser.prove(&key).await.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.get(MINE).await.code(), "not-found");
}

#[tokio::test]
async fn a_request_belongs_to_its_account() {
    let scene = Scene::new().await;
    scene.proved("anna").await;
    let (mut ben, _) = scene.proved("ben").await;
    scene.signed_in("anna").await.post("/api/words-requests", &json!({})).await;
    assert_eq!(ben.get(MINE).await.code(), "not-found");
    // Families do not see who asks: for them there is no such list.
    assert_eq!(ben.get("/api/words-requests").await.code(), "not-found");
    let mut nobody = scene.browser();
    for answer in [nobody.post("/api/words-requests", &json!({})).await, nobody.get(MINE).await] {
        assert_eq!(answer.code(), "signed-out");
    }
}

#[tokio::test]
async fn who_never_had_words_makes_them_instead_of_asking() {
    let scene = Scene::new().await;
    let mut new = scene.signed_in("anna").await;
    let answer = new.post("/api/words-requests", &json!({})).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "no-words-yet".into()));
}
