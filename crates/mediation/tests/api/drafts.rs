//! Drafts: kept for their own account, whichever device it writes on, and for nobody else.

use axum::http::{Method, StatusCode, header};
use domain::id::{AgencyId, LetterId};
use jiff::SignedDuration;
use mediation::SiteConfig;
use mediation::config::Audience;
use seal::account::AccountKey;
use seal::{draft, random::System};
use serde_json::{Value, json};
use store::Role;

use crate::scene::{Answer, Browser, Scene, base64, sealed, site, site_config, unbase64};

const LETTER: LetterId = LetterId::from_bytes([0xab; 16]);

fn path(letter: LetterId) -> String {
    format!("/api/drafts/{letter}")
}

async fn save(browser: &mut Browser, letter: LetterId, body: &Value) -> Answer {
    browser.write(Method::PUT, &path(letter), body).await
}

async fn saved(browser: &mut Browser, letter: LetterId, version: i64, sealed: &str) {
    let answer = save(browser, letter, &json!({"version": version, "sealed": sealed})).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.json()["version"], version);
}

async fn throw_away(browser: &mut Browser, letter: LetterId) {
    let answer = browser.write(Method::DELETE, &path(letter), &json!({})).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
}

async fn list(browser: &mut Browser) -> Vec<Value> {
    browser.get("/api/drafts").await.json().as_array().expect("a list").clone()
}

#[tokio::test]
async fn writing_begun_on_one_device_is_gone_on_with_on_another() {
    let scene = Scene::new().await;
    let (mut phone, key) = scene.proved("anna").await;
    let mut laptop = scene.signed_in("anna").await;
    laptop.prove(&key).await;
    assert_eq!(list(&mut phone).await, [] as [Value; 0]);

    let first = base64(&draft::seal(&key, LETTER, b"Dear Sam", &mut System));
    saved(&mut phone, LETTER, 1, &first).await;
    let found = list(&mut laptop).await;
    assert_eq!(found[0]["letter"], json!(LETTER));
    assert_eq!(found[0]["version"], 1);
    assert_eq!(found[0]["saved_at"], "2026-11-23T10:00:00Z");
    let opened = unbase64(found[0]["sealed"].as_str().expect("base64"));
    let opened = draft::open(&key, LETTER, &opened).expect("opens with the account's key");
    assert_eq!(opened.as_slice(), b"Dear Sam");
    // To the server it is noise: nobody else's key opens it.
    let stranger = AccountKey::from_bytes([1; 32]);
    assert!(draft::open(&stranger, LETTER, &unbase64(&first)).is_err());

    scene.clock.advance(SignedDuration::from_mins(1));
    saved(&mut laptop, LETTER, 2, &sealed(2)).await;
    let found = list(&mut phone).await;
    assert_eq!((found.len(), &found[0]["version"]), (1, &json!(2)));
    assert_eq!(found[0]["saved_at"], "2026-11-23T10:01:00Z");
    throw_away(&mut phone, LETTER).await;
    assert_eq!(list(&mut laptop).await, [] as [Value; 0]);
    // Twice is no error: the other device sent the letter.
    throw_away(&mut laptop, LETTER).await;
}

#[tokio::test]
async fn of_two_devices_the_second_to_save_a_draft_is_shown_what_the_first_wrote() {
    let scene = Scene::new().await;
    let (mut phone, key) = scene.proved("anna").await;
    let mut laptop = scene.signed_in("anna").await;
    laptop.prove(&key).await;
    saved(&mut phone, LETTER, 1, &sealed(1)).await;
    saved(&mut phone, LETTER, 2, &sealed(2)).await;

    let there = json!({"version": 2, "sealed": sealed(2), "saved_at": "2026-11-23T10:00:00Z"});
    for stale in [1, 2, 4] {
        let body = json!({"version": stale, "sealed": sealed(9)});
        let answer = save(&mut laptop, LETTER, &body).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "version {stale}");
        assert_eq!(answer.code(), "draft-changed");
        assert_eq!(answer.json()["newest"], there, "version {stale}");
    }
    assert_eq!(list(&mut phone).await[0]["sealed"], sealed(2));

    // Sent from the phone: what the laptop goes on with is gone, and does not come back by itself.
    throw_away(&mut phone, LETTER).await;
    let body = json!({"version": 3, "sealed": sealed(3)});
    let answer = save(&mut laptop, LETTER, &body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "draft-changed".into()));
    assert_eq!(answer.json()["newest"], Value::Null);
}

#[tokio::test]
async fn saving_again_after_a_lost_answer_is_the_same_as_once() {
    let scene = Scene::new().await;
    let (mut phone, _) = scene.proved("anna").await;
    for version in [1, 2] {
        for _ in 0..2 {
            saved(&mut phone, LETTER, version, &sealed(7)).await;
            scene.clock.advance(SignedDuration::from_mins(1));
        }
    }
    assert_eq!(list(&mut phone).await[0]["saved_at"], "2026-11-23T10:02:00Z");
}

#[tokio::test]
async fn a_draft_is_no_store_for_anything_else() {
    let scene = Scene::new().await;
    let (mut anna, _) = scene.proved("anna").await;
    let largest = base64(&vec![7; 1 << 20]);
    saved(&mut anna, LETTER, 1, &largest).await;
    for (body, status, code) in [
        (
            json!({"version": 2, "sealed": base64(&vec![7; (1 << 20) + 1])}),
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
        ),
        (
            json!({"version": 2, "sealed": base64(&[7; 27])}),
            StatusCode::UNPROCESSABLE_ENTITY,
            "draft-size",
        ),
        (
            json!({"version": 0, "sealed": sealed(1)}),
            StatusCode::UNPROCESSABLE_ENTITY,
            "draft-version",
        ),
        (json!({"version": 2, "sealed": "no base64!"}), StatusCode::BAD_REQUEST, "malformed"),
        (
            json!({"version": 2, "sealed": sealed(1), "title": "for Sam"}),
            StatusCode::BAD_REQUEST,
            "malformed",
        ),
    ] {
        let answer = save(&mut anna, LETTER, &body).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code));
    }
    let junk = json!({"version": 1, "sealed": sealed(1)});
    let answer = anna.write(Method::PUT, "/api/drafts/not-an-id", &junk).await;
    assert_eq!(answer.code(), "not-found");
    assert_eq!(list(&mut anna).await[0]["version"], 1);
}

#[tokio::test]
async fn an_account_keeps_sixty_four_drafts_and_gets_them_a_page_at_a_time() {
    let scene = Scene::new().await;
    let (mut anna, _) = scene.proved("anna").await;
    let letters: Vec<_> = (0..64).map(|n| LetterId::from_bytes([n; 16])).collect();
    for letter in &letters {
        saved(&mut anna, *letter, 1, &sealed(1)).await;
        scene.clock.advance(SignedDuration::from_secs(1));
    }
    let body = json!({"version": 1, "sealed": sealed(1)});
    let answer = save(&mut anna, LETTER, &body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "too-many-drafts".into()));
    // Those that are there can still be gone on with.
    saved(&mut anna, letters[0], 2, &sealed(2)).await;

    let (mut next, mut found) = (Some("/api/drafts".to_owned()), Vec::new());
    while let Some(path) = next {
        let page = anna.get(&path).await;
        let entries = page.json().as_array().expect("a list").clone();
        assert!(entries.len() <= 16, "a page of {}", entries.len());
        found.extend(entries.into_iter().map(|it| it["letter"].clone()));
        next = page.headers.get(header::LINK).map(|link| {
            let link = link.to_str().expect("ASCII");
            let query = link.trim_start_matches('<').split('>').next().expect("a link");
            format!("/api/drafts{query}")
        });
    }
    let mut expected = vec![json!(letters[0])];
    expected.extend(letters[1..].iter().rev().map(|it| json!(it)));
    assert_eq!(found, expected, "saved last first, each once");

    throw_away(&mut anna, letters[5]).await;
    saved(&mut anna, LETTER, 1, &sealed(1)).await;
}

#[tokio::test]
async fn somebody_elses_drafts_do_not_exist() {
    let scene = Scene::new().await;
    let (mut anna, _) = scene.proved("anna").await;
    let (mut ben, _) = scene.proved("ben").await;
    saved(&mut anna, LETTER, 1, &sealed(1)).await;
    assert_eq!(list(&mut ben).await, [] as [Value; 0]);
    // The same letter id is a draft of his own, and neither overwrites nor finds hers.
    let theirs = json!({"version": 2, "sealed": sealed(2)});
    let answer = save(&mut ben, LETTER, &theirs).await;
    assert_eq!((answer.code(), &answer.json()["newest"]), ("draft-changed".into(), &Value::Null));
    saved(&mut ben, LETTER, 1, &sealed(3)).await;
    throw_away(&mut ben, LETTER).await;
    assert_eq!(list(&mut anna).await[0]["sealed"], sealed(1));
}

#[tokio::test]
async fn the_same_person_at_another_agency_has_other_drafts() {
    let scene = Scene::new().await;
    let (mut here, _) = scene.proved("anna").await;
    saved(&mut here, LETTER, 1, &sealed(1)).await;
    let store = scene.database.store(Role::Api).await;
    let other = SiteConfig {
        agency: AgencyId::from_bytes([0xb0; 16]),
        ..site_config(&scene.provider.issuer())
    };
    let mut there = Browser { router: site(store, &scene.clock, &other), ..scene.browser() };
    // The session of one agency is none at the other.
    let mut copied = Browser { router: there.router.clone(), ..here.clone() };
    assert_eq!(copied.get("/api/drafts").await.code(), "signed-out");
    scene.sign_in(&mut there, "anna").await.expect("signs in");
    scene.open(&mut there).await;
    assert_eq!(list(&mut there).await, [] as [Value; 0]);
    throw_away(&mut there, LETTER).await;
    assert_eq!(list(&mut here).await.len(), 1);
}

#[tokio::test]
async fn drafts_wait_until_the_letterbox_is_opened() {
    let scene = Scene::new().await;
    let (mut anna, _) = scene.proved("anna").await;
    saved(&mut anna, LETTER, 1, &sealed(1)).await;
    let mut restricted = scene.signed_in("anna").await;
    let mut nobody = scene.browser();
    // A session of this site is none at the other.
    let store = scene.database.store(Role::Api).await;
    let staff = SiteConfig { audience: Audience::Staff, ..site_config(&scene.provider.issuer()) };
    let mut elsewhere = Browser { router: site(store, &scene.clock, &staff), ..anna.clone() };
    for (browser, status, code) in [
        (&mut restricted, StatusCode::FORBIDDEN, "restricted"),
        (&mut nobody, StatusCode::UNAUTHORIZED, "signed-out"),
        (&mut elsewhere, StatusCode::UNAUTHORIZED, "signed-out"),
    ] {
        let body = json!({"version": 2, "sealed": sealed(2)});
        for answer in [
            browser.get("/api/drafts").await,
            save(browser, LETTER, &body).await,
            browser.write(Method::DELETE, &path(LETTER), &json!({})).await,
        ] {
            assert_eq!((answer.status, answer.code().as_str()), (status, code));
        }
    }
    assert_eq!(list(&mut anna).await[0]["version"], 1);
}
