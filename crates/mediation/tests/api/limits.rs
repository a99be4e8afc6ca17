//! What is counted by where somebody asks from.

use std::net::IpAddr;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use mediation::limits::Patience;
use mediation::network::Peer;
use store::Role;

use crate::scene::{Answer, Browser, Scene, place, site_config, site_with};

/// A site where two sign-ins an hour may begin in a network, behind a proxy at 10.0.0.1.
async fn two_an_hour(scene: &Scene) -> Browser {
    let store = scene.database.store(Role::Api).await;
    let config = site_config(&scene.provider.issuer());
    let change = |config: &mut mediation::Config| {
        config.sign_ins_per_network = 2;
        config.trusted_proxies = vec!["10.0.0.1".parse().expect("a network")];
    };
    let router = site_with(store, &scene.clock, &config, change, Patience::default());
    Browser { router, ..scene.browser() }
}

async fn get_from(browser: &mut Browser, path: &str, peer: &str, claimed: Option<&str>) -> Answer {
    let peer: IpAddr = peer.parse().expect("an address");
    let mut request = browser.request(Method::GET, path).extension(Peer(peer));
    if let Some(claimed) = claimed {
        request = request.header("x-forwarded-for", claimed);
    }
    browser.send(request.body(Body::empty()).expect("a request")).await
}

async fn begins(browser: &mut Browser, peer: &str, claimed: Option<&str>) -> bool {
    let answer = get_from(browser, "/api/sign-in", peer, claimed).await;
    match place(&answer) {
        Ok(_) => true,
        Err(outcome) => {
            assert_eq!(outcome, "busy");
            false
        }
    }
}

#[tokio::test]
async fn sign_ins_are_counted_by_network_and_a_restart_forgets_none() {
    let scene = Scene::new().await;
    let mut browser = two_an_hour(&scene).await;
    assert!(begins(&mut browser, "203.0.113.9", None).await);
    assert!(begins(&mut browser, "203.0.113.10", None).await);
    assert!(!begins(&mut browser, "203.0.113.11", None).await, "the same /24");
    let mut restarted = two_an_hour(&scene).await;
    assert!(!begins(&mut restarted, "203.0.113.9", None).await);
    assert!(begins(&mut restarted, "203.0.114.9", None).await);
    scene.clock.advance(SignedDuration::from_hours(1));
    assert!(begins(&mut browser, "203.0.113.9", None).await);
}

#[tokio::test]
async fn answers_of_sign_ins_are_counted_too() {
    let scene = Scene::new().await;
    let mut browser = two_an_hour(&scene).await;
    let callback = "/api/sign-in/callback?code=made-up&state=made-up";
    for outcome in ["expired", "expired", "busy", "busy"] {
        let answer = get_from(&mut browser, callback, "2001:db8::1", None).await;
        assert_eq!(place(&answer), Err(outcome.to_owned()));
    }
    let answer = get_from(&mut browser, callback, "2001:db8:0:1::1", None).await;
    assert_eq!(place(&answer), Err("expired".to_owned()));
}

#[tokio::test]
async fn only_a_trusted_proxy_says_who_asks() {
    let scene = Scene::new().await;
    let mut browser = two_an_hour(&scene).await;
    for claimed in ["192.0.2.1", "192.0.3.1"] {
        assert!(begins(&mut browser, "203.0.113.9", Some(claimed)).await);
    }
    assert!(!begins(&mut browser, "203.0.113.9", Some("192.0.4.1")).await, "nobody believes it");
    for _ in 0..2 {
        assert!(begins(&mut browser, "10.0.0.1", Some("192.0.2.1, 198.51.100.1")).await);
    }
    assert!(!begins(&mut browser, "10.0.0.1", Some("192.0.5.1, 198.51.100.1")).await);
    assert!(begins(&mut browser, "10.0.0.1", Some("198.51.101.1")).await);
}

#[tokio::test]
async fn no_address_is_kept() {
    let scene = Scene::new().await;
    let mut browser = two_an_hour(&scene).await;
    assert!(begins(&mut browser, "203.0.113.9", None).await);
    let store = scene.database.store(Role::Api).await;
    let agency = crate::scene::agency();
    let mut tx = store.begin(agency, store::Actor::Nobody).await.expect("begins");
    let kept = |like: &str| format!("select count(*) from limits l where l::text like '%{like}%'");
    assert_eq!(tx.number(&kept("network:")).await.expect("counts"), 1);
    assert_eq!(tx.number(&kept("203.0.113")).await.expect("counts"), 0);
}

#[tokio::test]
async fn whoever_guesses_codes_is_stopped_and_their_neighbours_are_not() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let guess = format!("/api/invites/{}", "ab".repeat(16));
    for _ in 0..5 {
        let answer = get_from(&mut browser, &guess, "203.0.113.9", None).await;
        assert_eq!(answer.code(), "no-such-code");
    }
    let answer = get_from(&mut browser, &guess, "203.0.113.9", None).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::TOO_MANY_REQUESTS, "too-many-tries".into())
    );
    let detail = answer.json()["detail"].as_str().expect("a sentence").to_owned();
    assert!(detail.ends_with("You can try again in 60 minutes."), "{detail}");
    let answer = get_from(&mut browser, &guess, "203.0.113.10", None).await;
    assert_eq!(answer.code(), "no-such-code");
    scene.clock.advance(SignedDuration::from_hours(1));
    let answer = get_from(&mut browser, &guess, "203.0.113.9", None).await;
    assert_eq!(answer.code(), "no-such-code");
}
