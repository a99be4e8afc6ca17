//! Sign-in against a provider that is not ours: npm's certified `oidc-provider`, once for the
//! families and once for the staff.

use client::{Api, Error};
use url::Url;
use xtask::seed::Decision;
use xtask::stack::{Issuers, Options, Site};

use crate::scene::{Scene, on_test_cluster, run, scratch};

#[test]
fn everybody_signs_in_at_an_independent_provider_and_a_letter_goes_its_whole_way() {
    run(async {
        let folder = scratch();
        let options = Options { issuers: Issuers::Independent, ..on_test_cluster() };
        let scene = Scene::found(folder.path(), options).await;
        let letter = scene.beth.write(&scene.letterbox, "As always.").await.unwrap().letter;
        let [priya, _] = &scene.agency.coordinators;
        priya.check(letter, Decision::DELIVER).await.unwrap();
        assert_eq!(scene.kerry.receive(&scene.letterbox, letter).await.unwrap(), "As always.");
        scene.behind().await.drained().await;

        for site in [scene.stack.family(), scene.stack.staff()] {
            the_same_name_is_the_same_account(site).await;
            an_answer_counts_once_and_in_the_browser_that_asked(site).await;
            an_answer_to_another_question_signs_nobody_in(site).await;
            a_stolen_code_is_worth_nothing(site).await;
            assert_eq!(sign_in_as(site, "cancel").await, "declined");
            logging_out_at_the_provider_ends_the_session_here(site).await;
        }
        the_other_sites_provider_signs_nobody_in(scene.stack.family(), scene.stack.staff()).await;
    });
}

fn browser(site: &Site) -> Api {
    Api::new(site.origin.parse().unwrap())
}

/// Starts a sign-in, changes the question, and comes back with the answer.
async fn answer_to(api: &Api, change: impl FnOnce(Url) -> Url) -> Url {
    let question = change(api.start_sign_in().await.unwrap());
    api.at_provider(question, "Grace").await.unwrap()
}

/// Comes back with an answer that signs nobody in: what the front page is told.
async fn refused(api: &Api, callback: Url) -> String {
    let error = api.finish_sign_in(callback).await.unwrap_err();
    let Error::SignIn(outcome) = error else { panic!("{error}") };
    outcome
}

async fn sign_in_as(site: &Site, name: &str) -> String {
    let api = browser(site);
    let question = api.start_sign_in().await.unwrap();
    let callback = api.at_provider(question, name).await.unwrap();
    refused(&api, callback).await
}

/// The same address with another value of one parameter.
fn with(url: &Url, name: &str, value: &str) -> Url {
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    assert!(pairs.iter().any(|(key, _)| key == name), "{url} has no {name}");
    let mut changed = url.clone();
    let changed_pairs = pairs.iter().map(|(key, old)| (key, if key == name { value } else { old }));
    changed.query_pairs_mut().clear().extend_pairs(changed_pairs);
    changed
}

fn value_of(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).expect("a parameter").1.into_owned()
}

async fn the_same_name_is_the_same_account(site: &Site) {
    let first = browser(site).sign_in("Grace").await.unwrap();
    let again = browser(site).sign_in("grace").await.unwrap();
    assert_eq!(first.account, again.account);
    assert_ne!(first.account, browser(site).sign_in("Henry").await.unwrap().account);
}

async fn an_answer_counts_once_and_in_the_browser_that_asked(site: &Site) {
    let (mine, another) = (browser(site), browser(site));
    let callback = answer_to(&mine, |question| question).await;
    // A browser that asked nothing, and one that asked for itself.
    assert_eq!(refused(&another, callback.clone()).await, "expired");
    another.start_sign_in().await.unwrap();
    assert_eq!(refused(&another, callback.clone()).await, "expired");
    assert_eq!(another.session().await.unwrap_err().status(), Some(401));

    mine.finish_sign_in(callback.clone()).await.unwrap();
    let account = mine.session().await.unwrap().account;
    assert_eq!(refused(&mine, callback).await, "expired");
    assert_eq!(mine.session().await.unwrap().account, account);
}

async fn an_answer_to_another_question_signs_nobody_in(site: &Site) {
    for (changed, outcome) in [("nonce", "failed"), ("state", "expired")] {
        let api = browser(site);
        let other = "0123456789abcdef0123456789abcdef";
        let callback = answer_to(&api, |question| with(&question, changed, other)).await;
        assert_eq!(refused(&api, callback).await, outcome, "another {changed}");
        assert_eq!(api.session().await.unwrap_err().status(), Some(401));
    }
}

/// Taken from the victim's address bar before it was used, put into the thief's own sign-in.
async fn a_stolen_code_is_worth_nothing(site: &Site) {
    let (victim, thief) = (browser(site), browser(site));
    let stolen = answer_to(&victim, |question| question).await;
    let own = answer_to(&thief, |question| question).await;
    let callback = with(&own, "code", &value_of(&stolen, "code"));
    assert_eq!(refused(&thief, callback).await, "failed");
    assert_eq!(thief.session().await.unwrap_err().status(), Some(401));
}

/// The library's own logout token, over HTTP from its own server.
async fn logging_out_at_the_provider_ends_the_session_here(site: &Site) {
    let (grace, henry) = (browser(site), browser(site));
    grace.sign_in("grace").await.unwrap();
    henry.sign_in("henry").await.unwrap();
    let log_out = format!("{}/log-out?name=grace", site.issuer);
    let answer = reqwest::get(log_out).await.unwrap();
    let (status, said) = (answer.status().as_u16(), answer.text().await.unwrap());
    assert_eq!(status, 204, "{said}");
    assert_eq!(grace.session().await.unwrap_err().status(), Some(401));
    henry.session().await.unwrap();
}

async fn the_other_sites_provider_signs_nobody_in(family: &Site, staff: &Site) {
    let (api, there) = (browser(family), browser(staff));
    let own = answer_to(&api, |question| question).await;
    let other = answer_to(&there, |question| question).await;
    let from_there = with(&own, "iss", &value_of(&other, "iss"));
    assert_eq!(refused(&api, from_there).await, "failed");
    // Its code, in an answer that says nothing of where it comes from.
    let own = answer_to(&api, |question| question).await;
    let code = with(&own, "code", &value_of(&other, "code"));
    assert_eq!(refused(&api, code).await, "failed");
}
