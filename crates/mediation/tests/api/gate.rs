use axum::http::{StatusCode, header};
use jiff::SignedDuration;
use mediation::Config;
use mediation::gate::GateSeeds;
use mediation::limits::Patience;
use seal::gate::Request;
use seal::words::Words;
use serde_json::{Value, json};

use crate::scene::{Answer, Browser, Scene, base64, site_config, site_with, unbase64};

fn ask(words: &str) -> (Request, Value) {
    let words = Words::from_typed(words).expect("words");
    let request = Request::new(&words, &mut seal::random::System).expect("blinds");
    let body = json!({"blinded": base64(request.blinded())});
    (request, body)
}

async fn guess(browser: &mut Browser) -> Answer {
    let (_, body) = ask("some words on a card");
    browser.post("/api/gate", &body).await
}

/// The gate's output for an account's words.
async fn output(browser: &mut Browser, words: &str) -> [u8; 64] {
    let (request, body) = ask(words);
    let answer = browser.post("/api/gate", &body).await.json();
    assert_eq!(answer["version"], 1);
    let evaluated = unbase64(answer["evaluated"].as_str().expect("an element"));
    let output = request.finish(&evaluated.try_into().expect("32 bytes")).expect("finishes");
    *output.as_bytes()
}

#[tokio::test]
async fn the_same_words_give_the_same_output_to_the_same_account_only() {
    let scene = Scene::new().await;
    let mut anna = scene.signed_in("anna").await;
    let mut ben = scene.signed_in("ben").await;
    let first = output(&mut anna, "some words on a card").await;
    assert_eq!(first, output(&mut anna, "Some words on a card").await);
    assert_ne!(first, output(&mut anna, "other words on a card").await);
    // Nobody can spend their own guesses on somebody else's words.
    assert_ne!(first, output(&mut ben, "some words on a card").await);
}

#[tokio::test]
async fn words_under_an_older_gate_key_still_open_and_new_ones_use_the_newest() {
    let scene = Scene::new().await;
    let mut anna = scene.signed_in("anna").await;
    let first = output(&mut anna, "some words on a card").await;
    assert_eq!(anna.get("/api/account").await.json()["gate_version"], 1);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("gate.key");
    let seeds = GateSeeds::parse(&"5a".repeat(32)).expect("a seed");
    std::fs::write(&file, seeds.with_next([7; 32])).expect("written");
    let store = scene.database.store(store::Role::Api).await;
    let provider = site_config(&scene.provider.issuer());
    let change = |config: &mut Config| config.gate_key_file = file;
    anna.router = site_with(store, &scene.clock, &provider, change, Patience::default());

    assert_eq!(anna.get("/api/account").await.json()["gate_version"], 2);
    let (request, mut body) = ask("some words on a card");
    body["version"] = json!(1);
    let answer = anna.post("/api/gate", &body).await.json();
    let evaluated = unbase64(answer["evaluated"].as_str().expect("an element"));
    let again = request.finish(&evaluated.try_into().expect("32 bytes")).expect("finishes");
    assert_eq!(*again.as_bytes(), first);
    assert_eq!(guess(&mut anna).await.json()["version"], 2);
}

#[tokio::test]
async fn the_sixth_guess_in_an_hour_waits() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("anna").await;
    for _ in 0..5 {
        assert_eq!(guess(&mut browser).await.status, StatusCode::OK);
    }
    scene.clock.advance(SignedDuration::from_mins(20));
    let answer = guess(&mut browser).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers[header::RETRY_AFTER], "2400");
    assert_eq!(answer.code(), "words-wait");
    assert_eq!(
        answer.json()["detail"],
        "You have tried your words 5 times. You can try again in 40 minutes. If the card is \
         lost, ask for new words."
    );
    // Another session of the account has no guesses of its own; another account has.
    let mut again = scene.signed_in("anna").await;
    assert_eq!(guess(&mut again).await.status, StatusCode::TOO_MANY_REQUESTS);
    let mut ben = scene.signed_in("ben").await;
    assert_eq!(guess(&mut ben).await.status, StatusCode::OK);

    scene.clock.advance(SignedDuration::from_mins(40));
    let mut later = scene.signed_in("anna").await;
    assert_eq!(guess(&mut later).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_hour_that_a_clock_a_day_ahead_began_shuts_nobody_out_once_it_is_right() {
    let scene = Scene::new().await;
    let a_day = SignedDuration::from_hours(24);
    scene.clock.advance(a_day);
    let mut browser = scene.signed_in("anna").await;
    for status in [200, 200, 200, 200, 200, 429] {
        assert_eq!(guess(&mut browser).await.status.as_u16(), status);
    }
    scene.clock.advance(-a_day);
    let mut browser = scene.signed_in("anna").await;
    for status in [200, 200, 200, 200, 200, 429] {
        assert_eq!(guess(&mut browser).await.status.as_u16(), status);
    }
}

#[tokio::test]
async fn fifty_guesses_without_a_proof_lock_the_words_until_somebody_checks() {
    let scene = Scene::new().await;
    for _ in 0..10 {
        let mut browser = scene.signed_in("anna").await;
        for _ in 0..5 {
            assert_eq!(guess(&mut browser).await.status, StatusCode::OK);
        }
        scene.clock.advance(SignedDuration::from_hours(1));
    }
    scene.clock.advance(SignedDuration::from_hours(1000));
    let mut browser = scene.signed_in("anna").await;
    let answer = guess(&mut browser).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.code(), "words-locked");
}

#[tokio::test]
async fn a_proof_starts_the_long_count_anew() {
    let scene = Scene::new().await;
    let (_, key) = scene.proved("anna").await;
    for _ in 0..11 {
        let mut browser = scene.signed_in("anna").await;
        for _ in 0..5 {
            assert_eq!(guess(&mut browser).await.status, StatusCode::OK);
        }
        assert_eq!(browser.prove(&key).await.status, StatusCode::NO_CONTENT);
        // The hour's count stays, but for the guess that opened the keys.
        assert_eq!(guess(&mut browser).await.status, StatusCode::OK);
        assert_eq!(guess(&mut browser).await.code(), "words-wait");
        scene.clock.advance(SignedDuration::from_hours(1));
    }
}

#[tokio::test]
async fn whoever_opens_their_letterbox_often_is_not_shut_out() {
    let scene = Scene::new().await;
    let (_, key) = scene.proved("anna").await;
    for _ in 0..20 {
        let mut browser = scene.signed_in("anna").await;
        assert_eq!(guess(&mut browser).await.status, StatusCode::OK);
        assert_eq!(browser.prove(&key).await.status, StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn a_question_that_is_not_one_costs_no_guess() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("anna").await;
    for blinded in [vec![0; 32], vec![255; 32], vec![1; 31]] {
        let body = json!({"blinded": base64(&blinded)});
        assert_eq!(browser.post("/api/gate", &body).await.code(), "gate-element");
    }
    let (_, mut body) = ask("words");
    body["version"] = json!(9);
    assert_eq!(browser.post("/api/gate", &body).await.code(), "gate-version");
    for _ in 0..5 {
        assert_eq!(guess(&mut browser).await.status, StatusCode::OK);
    }
}
