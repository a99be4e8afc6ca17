//! Sessions and limits under a clock that stands still, runs ahead and goes back.

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::scene::Scene;

const A_DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn a_clock_a_day_ahead_signs_everybody_out_and_lets_them_in_again() {
    let scene = Scene::new().await;
    let (mut browser, key) = scene.proved("anna").await;
    scene.clock.advance(A_DAY);
    assert_eq!(browser.get("/api/account").await.status, StatusCode::UNAUTHORIZED);
    scene.sign_in(&mut browser, "anna").await.expect("signs in");
    assert_eq!(browser.prove(&key).await.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.get("/api/account").await.status, StatusCode::OK);

    // Set right, it leaves them in, and their session ends no later than it would have.
    scene.clock.advance(-A_DAY);
    assert_eq!(browser.get("/api/account").await.status, StatusCode::OK);
    scene.clock.advance(A_DAY + SignedDuration::from_mins(30));
    assert_eq!(browser.get("/api/account").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_that_was_ended_stays_ended_wherever_the_clock_goes() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("anna").await;
    let stolen = browser.cookies.clone();
    let out = browser.post("/api/sign-out", &serde_json::json!({})).await;
    assert!(out.status.is_success() || out.status.is_redirection(), "{:?}", out.status);
    for jump in [A_DAY, -A_DAY, -A_DAY, A_DAY] {
        scene.clock.advance(jump);
        browser.cookies = stolen.clone();
        assert_eq!(browser.get("/api/session").await.status, StatusCode::UNAUTHORIZED);
    }
}
