//! At the door: sessions that have run out, words that are not the person's, codes that are no
//! good.

use client::{Account, Api, Error, Invitation};
use seal::invite::Code;
use seal::random::System;
use seal::statement::Role;
use xtask::seed::{Card, Person, now};

use crate::forge::{Draft, post, refused};
use crate::scene::{run, shared};

#[test]
fn a_session_that_has_run_out_is_told_so_and_the_letter_goes_with_the_next() {
    run(async {
        let scene = shared().await;
        let behind = scene.behind().await;
        let (pat, _quin, letterbox) = scene.two_more(["Pat", "Quin"]).await;
        let draft = Draft::new(&pat, &letterbox, "Written for an hour.").await;
        let account = pat.account.id();
        for passing in ["seen_at = now() - interval '31 minutes'", "expires_at = now()"] {
            let ended = format!("update sessions set {passing} where account_id = '{account}'");
            assert!(behind.execute(&ended).await >= 1);
            assert_eq!(draft.send().await.refusal(), (401, "signed-out"));
            assert_eq!(refused(&pat.account.api, "/api/session").await.0, 401);
            // The restart of the loop needs a session that is alive.
            let alive = "seen_at = now(), expires_at = now() + interval '1 hour'";
            let alive = format!("update sessions set {alive} where account_id = '{account}'");
            behind.execute(&alive).await;
        }
        behind.execute(&format!("delete from sessions where account_id = '{account}'")).await;
        assert_eq!(draft.send().await.refusal(), (401, "signed-out"));
        // Signed in again, with the keys still to be opened: not yet.
        pat.account.api.sign_in("Pat").await.unwrap();
        assert_eq!(draft.send().await.refusal(), (403, "restricted"));
        pat.account.prove().await.unwrap();
        assert_eq!(draft.send().await.status, 201);
        behind.drained().await;
    });
}

#[test]
fn words_of_another_card_open_nothing_and_the_right_ones_still_do() {
    run(async {
        let scene = shared().await;
        let origin = &scene.stack.family().origin;
        let ray = Person::family(&scene.stack, "Ray").await.unwrap();
        let api = Api::new(origin.parse().unwrap());
        api.sign_in("Ray").await.unwrap();
        for words in [&*scene.beth.words, "not the words at all", ""] {
            let wrong = Account::unlock(api.duplicate(), words, &mut System).await.unwrap_err();
            assert!(matches!(wrong, Error::WrongWords), "{wrong}");
            assert_eq!(wrong.to_string(), "those words did not open it");
        }
        // Signed in is not opened: nothing is shown, nothing is overwritten.
        assert!(api.session().await.unwrap().restricted);
        for path in ["/api/letters", "/api/arrangements", "/api/contacts"] {
            assert_eq!(refused(&api, path).await, (403, "restricted".to_owned()), "{path}");
        }
        let bundle = serde_json::json!({ "version": 2, "sealed": "" });
        let overwritten = api.put::<serde_json::Value>("/api/account/bundle", &bundle).await;
        assert_eq!(overwritten.unwrap_err().status(), Some(403));

        let shouted = Card { words: ray.words.to_uppercase().replace(' ', "  - "), ..ray.card() };
        Person::return_to(origin, &shouted).await.unwrap();
    });
}

#[test]
fn a_code_that_is_no_good_says_what_to_do() {
    run(async {
        let scene = shared().await;
        let behind = scene.behind().await;
        let stranger = Api::new(scene.stack.family().origin.parse().unwrap());
        let look_up = async |typed: &str| match Invitation::look_up(&stranger, typed).await {
            Err(Error::Problem(problem)) => (problem.status, problem.code, problem.detail),
            other => panic!("{other:?}"),
        };

        // Used: somebody who finds the sheet later, or found it first.
        let used = &scene.letterbox.members[1].code;
        let (status, code, sentence) = look_up(used).await;
        assert_eq!((status, &*code), (410, "code-used"));
        assert_eq!(
            sentence,
            "This code has been used. If that was not you, call 01632 960 123 now."
        );

        // Mistyped: one character is another, or it is not a code at all.
        let mut typed = used.clone();
        let last = if typed.pop() == Some('Z') { 'Y' } else { 'Z' };
        typed.push(last);
        let (status, code, sentence) = look_up(&typed).await;
        assert_eq!((status, &*code), (404, "no-such-code"));
        assert_eq!(sentence, "Check your code. It looks like K7PM 4XQD 9RTW.");
        let short = Invitation::look_up(&stranger, "K7PM 4XQD").await.unwrap_err();
        assert_eq!(short.to_string(), "this needs a code of 12 letters and digits");

        // Run out, while somebody was typing.
        let [dee, _] = &scene.agency.leads;
        let sheet = dee.account.invite_staff(Role::Coordinator, now(), &mut System).await.unwrap();
        let staff = Api::new(scene.stack.staff().origin.parse().unwrap());
        let invitation = Invitation::look_up(&staff, &sheet.code).await.unwrap();
        let invite = invitation.locator();
        let runs_out =
            format!("update invites set expires_at = now() where invite_id = '{invite}'");
        assert_eq!(behind.execute(&runs_out).await, 1);
        assert_eq!(look_up(&sheet.code).await.1, "code-run-out");
        let mut late = Person::staff(&scene.stack, "Tia").await.unwrap();
        let refused = late.account.enrol(&invitation, &mut System).await.unwrap_err();
        assert_eq!((refused.status(), refused.code()), (Some(410), Some("code-run-out")));
        behind.drained().await;
    });
}

#[test]
fn nobody_can_be_asked_to_send_from_another_page() {
    run(async {
        let scene = shared().await;
        // A session alone, without the page that it belongs to.
        let guess = Code::generate(&mut System).keys().locator;
        let nobody = Api::new(scene.stack.family().origin.parse().unwrap());
        let path = format!("/api/invites/{guess}/enrol");
        let answer = post(&nobody, &path, &serde_json::json!({})).await;
        assert_eq!(answer.status, 401, "{answer:?}");
        let url = format!("{}/api/letters", scene.stack.family().origin);
        let elsewhere =
            reqwest::Client::new().post(url).header("origin", "https://elsewhere.example");
        let answer = elsewhere.body("{}").send().await.unwrap();
        assert_eq!(answer.status(), 403);
    });
}
