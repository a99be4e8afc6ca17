use axum::http::header;
use jiff::SignedDuration;
use mediation::SiteConfig;
use mediation::config::Audience;

use crate::provider::{Lie, TestProvider, query};
use crate::scene::{Browser, ORIGIN, Scene, place, site, site_config};

#[tokio::test]
async fn somebody_who_signs_in_gets_a_restricted_session_where_they_were() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let callback = scene.begin(&mut browser, "/join/words", "anna").await.expect("begins");
    let answer = browser.get(&callback).await;
    assert_eq!(place(&answer), Ok("/join/words".into()));
    let session = browser.get("/api/session").await.json();
    assert_eq!(session["restricted"], true);
    assert_eq!(session["new"], true);
    assert_eq!(session["audience"], "family");
    assert_eq!(session["certificates"], serde_json::json!([]));
    // Only the session's cookie is left.
    assert_eq!(browser.cookies.len(), 1);
}

#[tokio::test]
async fn a_sign_in_asks_with_pkce_state_and_nonce() {
    let scene = Scene::new().await;
    let answer = scene.browser().get("/api/sign-in").await;
    let asked = query(&place(&answer).expect("an address"));
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["redirect_uri"], format!("{ORIGIN}/api/sign-in/callback"));
    for secret in ["state", "nonce", "code_challenge"] {
        assert_eq!(asked[secret].len(), 43, "{secret}");
    }
    assert_ne!(asked["state"], asked["nonce"]);
}

#[tokio::test]
async fn a_return_to_another_site_comes_home_instead() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let callback = scene.begin(&mut browser, "//evil.example/", "anna").await.expect("begins");
    assert_eq!(place(&browser.get(&callback).await), Ok("/".into()));
}

#[tokio::test]
async fn the_same_subject_is_the_same_account() {
    let scene = Scene::new().await;
    let first = scene.signed_in("anna").await.account().await;
    let again = scene.signed_in("anna").await.account().await;
    let other = scene.signed_in("ben").await.account().await;
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test]
async fn an_answer_in_another_browser_is_refused() {
    let scene = Scene::new().await;
    let (mut victim, mut attacker) = (scene.browser(), scene.browser());
    let callback = scene.begin(&mut attacker, "/", "attacker").await.expect("begins");
    // A forged link: the attacker's code and state in a browser that began nothing …
    assert_eq!(place(&victim.get(&callback).await), Err("expired".into()));
    // … and in one that is just signing in.
    let own = scene.begin(&mut victim, "/", "victim").await.expect("begins");
    assert_eq!(place(&victim.get(&callback).await), Err("expired".into()));
    assert_eq!(victim.session_cookie(), None);
    // Its own sign-in is not spoilt by that.
    assert_eq!(place(&victim.get(&own).await), Ok("/".into()));
}

#[tokio::test]
async fn an_answer_counts_once() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let callback = scene.begin(&mut browser, "/", "anna").await.expect("begins");
    let mut copy = browser.clone();
    assert_eq!(place(&browser.get(&callback).await), Ok("/".into()));
    assert_eq!(place(&copy.get(&callback).await), Err("expired".into()));
    assert_eq!(copy.session_cookie(), None);
}

#[tokio::test]
async fn an_answer_after_ten_minutes_is_too_late() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let callback = scene.begin(&mut browser, "/", "anna").await.expect("begins");
    scene.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(place(&browser.get(&callback).await), Err("expired".into()));
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_the_browsers_verifier() {
    let scene = Scene::new().await;
    let (mut anna, mut thief) = (scene.browser(), scene.browser());
    let stolen = scene.begin(&mut anna, "/", "anna").await.expect("begins");
    let own = scene.begin(&mut thief, "/", "thief").await.expect("begins");
    let address = |path: &str| query(&format!("{ORIGIN}{path}"));
    let (code, state) = (&address(&stolen)["code"], &address(&own)["state"]);
    let injected = format!("/api/sign-in/callback?code={code}&state={state}");
    assert_eq!(place(&thief.get(&injected).await), Err("failed".into()));
    assert_eq!(thief.session_cookie(), None);
}

#[tokio::test]
async fn an_id_token_that_proves_nothing_signs_nobody_in() {
    let scene = Scene::new().await;
    for lie in [
        Lie::OtherNonce,
        Lie::OtherAudience,
        Lie::OtherIssuer,
        Lie::OtherKey,
        Lie::OtherAccessTokenHash,
        Lie::Expired,
        Lie::SaysTwice(r#""sub":"ben""#),
        Lie::SaysTwice(r#""s\u0075b":"ben""#),
        Lie::SaysTwice(r#""iss":"https://other.example""#),
        Lie::SaysTwice(r#""aud":"somebody-else""#),
        Lie::SaysTwice(r#""nonce":"another""#),
        Lie::SaysTwice(r#""exp":9999999999"#),
        Lie::Unsigned,
        Lie::Symmetric,
        Lie::NoIdToken,
    ] {
        scene.provider.lie(lie);
        let mut browser = scene.browser();
        let ended = scene.sign_in(&mut browser, "anna").await;
        assert_eq!(ended, Err("failed".into()), "{lie:?}");
        assert_eq!(browser.session_cookie(), None, "{lie:?}");
    }
    scene.provider.lie(Lie::None);
    let mut browser = scene.browser();
    assert_eq!(scene.sign_in(&mut browser, "anna").await, Ok("/".into()));
}

#[tokio::test]
async fn an_answer_must_come_from_the_issuer_that_was_asked() {
    let scene = Scene::new().await;
    let issuer = scene.provider.issuer();
    for (named, ended) in
        [("https://other.example", Err("failed".into())), (issuer.as_str(), Ok("/".into()))]
    {
        let mut browser = scene.browser();
        let callback = scene.begin(&mut browser, "/", "anna").await.expect("begins");
        let answer = browser.get(&format!("{callback}&iss={named}")).await;
        assert_eq!(place(&answer), ended);
    }
    let promised = Scene::with(Lie::PromisesIssuer).await;
    let mut browser = promised.browser();
    assert_eq!(promised.sign_in(&mut browser, "anna").await, Err("failed".into()));
}

#[tokio::test]
async fn two_issuers_of_one_agency_are_two_sites_whose_people_and_answers_never_mix() {
    let (here, other) = (Scene::new().await, TestProvider::start(Lie::None).await);
    let store = here.database.store(store::Role::Api).await;
    let there = site(store, &here.clock, &site_config(&other.issuer()));
    let there = Scene { router: there, provider: other, ..Scene::new().await };
    // One agency, and the same name at both issuers: two people.
    let mut anna = here.signed_in("anna").await;
    let mut namesake = there.signed_in("anna").await;
    assert_ne!(anna.account().await, namesake.account().await);
    // An answer of one at the other's site, as if their cookies were shared, spends nothing: no code
    // leaves for the wrong issuer, and the right site still takes it.
    let mut browser = here.browser();
    let callback = here.begin(&mut browser, "/", "beth").await.expect("begins");
    let mut astray = Browser { router: there.router.clone(), ..browser.clone() };
    assert_eq!(place(&astray.get(&callback).await), Err("expired".into()));
    assert_eq!(place(&browser.get(&callback).await), Ok("/".into()));
}

#[tokio::test]
async fn somebody_who_says_no_at_the_provider_comes_back_unharmed() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let callback = scene.begin(&mut browser, "/", "anna").await.expect("begins");
    let state = &query(&format!("{ORIGIN}{callback}"))["state"];
    let answer =
        browser.get(&format!("/api/sign-in/callback?error=access_denied&state={state}")).await;
    assert_eq!(place(&answer), Err("declined".into()));
}

#[tokio::test]
async fn the_session_changes_at_sign_in_and_the_one_before_is_dead() {
    let scene = Scene::new().await;
    let mut browser = scene.signed_in("attacker").await;
    let mut planted = browser.clone();
    scene.sign_in(&mut browser, "anna").await.expect("signs in");
    assert_ne!(browser.session_cookie(), planted.session_cookie());
    assert_eq!(planted.get("/api/session").await.status, 401);
    assert_eq!(browser.get("/api/session").await.status, 200);
}

#[tokio::test]
async fn a_provider_that_is_away_stops_nothing_but_signing_in() {
    let scene = Scene::new().await;
    let issuer = {
        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        format!("http://{}", free.local_addr().expect("bound"))
    };
    let store = scene.database.store(store::Role::Api).await;
    let router = site(store, &scene.clock, &site_config(&issuer));
    // Whoever signed in before the provider went away stays signed in.
    let mut browser = scene.signed_in("anna").await;
    browser.router = router;
    assert_eq!(browser.get("/api/session").await.status, 200);
    assert_eq!(browser.get("/readyz").await.status, 200);
    assert_eq!(place(&browser.get("/api/sign-in").await), Err("away".into()));
}

#[tokio::test]
async fn a_provider_cannot_send_this_server_elsewhere() {
    for lie in [Lie::RedirectsDiscovery, Lie::SendsCodesElsewhere] {
        let scene = Scene::with(lie).await;
        let mut browser = scene.browser();
        assert_eq!(scene.sign_in(&mut browser, "anna").await, Err("away".into()), "{lie:?}");
    }
}

#[tokio::test]
async fn a_sign_in_leaves_nothing_behind_in_the_address() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    let callback = scene.begin(&mut browser, "/", "anna").await.expect("begins");
    let answer = browser.get(&callback).await;
    assert_eq!(answer.headers[header::LOCATION], "/");
    assert_eq!(answer.headers[header::REFERRER_POLICY], "no-referrer");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert!(answer.body.is_empty());
}

#[tokio::test]
async fn new_keys_of_the_provider_need_no_restart() {
    let scene = Scene::new().await;
    scene.signed_in("anna").await;
    scene.provider.lie(Lie::ChangesKeys);
    scene.signed_in("anna").await;
}

#[tokio::test]
async fn staff_have_proved_who_they_are_within_half_an_hour() {
    let scene = Scene::new().await;
    let issuer = scene.provider.issuer();
    let store = scene.database.store(store::Role::Api).await;
    let staff = SiteConfig { audience: Audience::Staff, ..site_config(&issuer) };
    let router = site(store, &scene.clock, &staff);
    for (lie, family, staff) in [
        (Lie::None, Ok("/".to_owned()), Ok("/".to_owned())),
        (Lie::LongAgo, Ok("/".to_owned()), Err("failed".to_owned())),
    ] {
        scene.provider.lie(lie);
        let mut desk = Browser { router: router.clone(), ..scene.browser() };
        let start = place(&desk.get("/api/sign-in").await).expect("begins");
        assert_eq!(query(&start)["max_age"], "1800");
        assert_eq!(scene.sign_in(&mut desk, "sam").await, staff, "{lie:?}");
        assert_eq!(scene.sign_in(&mut scene.browser(), "anna").await, family, "{lie:?}");
    }
}
