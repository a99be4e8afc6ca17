//! What stops while letters are on their way: the database, the worker, the API, the mail server.
//! Each comes back and goes on by itself, and no letter is lost or passed on twice.

use std::fs;

use client::{Error, Submission};
use seal::letter::Part;
use seal::random::System;
use xtask::postgres::Durability;
use xtask::seed::{Decision, pause};
use xtask::services::Role;
use xtask::stack::{Database, Options};

use crate::mail::Away;
use crate::scene::{Scene, address, on_test_cluster, run, scratch};

/// A letter of Beth's, sealed and not handed in.
async fn sealed(scene: &Scene, text: &str) -> Submission {
    let standing = scene.letterbox.standing(&scene.beth).await.unwrap();
    let (me, parts) = (scene.letterbox.of("Beth"), [Part::text(text)]);
    let now = xtask::seed::now();
    scene.beth.account.seal_letter(&standing, me, &parts, None, now, &mut System).unwrap()
}

#[test]
fn a_database_that_stops_mid_way_loses_nothing_and_everything_goes_on_by_itself() {
    run(async {
        let folder = scratch();
        let database = Database::Private(Durability::Durable);
        let options = Options { database, ..Options::default() };
        let mut scene = Scene::found(folder.path(), options).await;
        let (first, second) = (sealed(&scene, "One.").await, sealed(&scene, "Two.").await);

        // The worker has hardly begun with the first when the database goes.
        let one = scene.beth.account.hand_in(&first).await.unwrap();
        scene.stack.stop_database().unwrap();
        let refused = scene.beth.account.hand_in(&second).await.unwrap_err();
        assert_eq!((refused.status(), refused.code()), (Some(503), Some("away")));
        let Error::Problem(problem) = refused else { panic!("{refused}") };
        let sentence = "We cannot do this just now. Nothing is lost. Try again in a minute.";
        assert_eq!(problem.detail, sentence);
        for path in ["/readyz", "/api/invites/00000000000000000000000000000000"] {
            let url = format!("{}{path}", scene.stack.family().origin);
            let answer = reqwest::get(url).await.unwrap();
            assert_eq!(
                (answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()),
                (503, "5")
            );
        }

        scene.stack.start_database().unwrap();
        // What the worker had in its hands at that moment it takes up again after two minutes.
        let behind = scene.behind().await;
        behind.execute("update jobs set leased_until = now() where state = 'leased'").await;
        // Sent again, as the browser does; and once more, as if that answer had been lost too.
        let two = scene.beth.account.hand_in(&second).await.unwrap();
        let again = scene.beth.account.hand_in(&second).await.unwrap();
        assert_eq!((two.letter, two.statement), (again.letter, again.statement));
        let [priya, sam] = &scene.agency.coordinators;
        for (handed, checker, text) in [(one, priya, "One."), (two, sam, "Two.")] {
            scene.beth.wait_for(handed.statement).await.unwrap();
            checker.check(handed.letter, Decision::DELIVER).await.unwrap();
            let read = scene.kerry.receive(&scene.letterbox, handed.letter).await.unwrap();
            assert_eq!(read, text);
        }
        behind.drained().await;
        assert_eq!(behind.number("select count(*) from letters").await, 2);
        assert_eq!(behind.number("select count(*) from deliveries").await, 2);
        // One piece of news a day for each of the two.
        assert_eq!(fs::read_dir(scene.stack.outbox()).unwrap().count(), 2);
    });
}

#[test]
fn a_worker_that_is_killed_with_a_letter_in_its_hands_passes_it_on_once_all_the_same() {
    run(async {
        let folder = scratch();
        let mut scene = Scene::found(folder.path(), on_test_cluster()).await;
        let behind = scene.behind().await;
        let letter = scene.beth.write(&scene.letterbox, "Once.").await.unwrap().letter;

        // The worker can begin to pass a letter on, and cannot finish.
        let mut in_the_way = behind.begin().await;
        in_the_way.attempt("lock table deliveries in share mode").await.unwrap();
        let [priya, _] = &scene.agency.coordinators;
        priya.check(letter, Decision::DELIVER).await.unwrap();
        let in_hand = "select count(*) from jobs where queue = 'release' and state = 'leased'";
        behind.wait_for("the worker to take the letter", in_hand).await;
        scene.stack.kill_role(Role::Moderation);
        in_the_way.rollback().await.unwrap();
        assert_eq!(behind.number(in_hand).await, 1);
        let state = scene.beth.account.letterbox().await.unwrap()[0].state.clone();
        assert_eq!(state, "passing_on");
        assert!(scene.kerry.account.letterbox().await.unwrap().is_empty());

        // Another worker comes; after two minutes it takes over what the dead one held.
        scene.stack.start_role(Role::Moderation).await.unwrap();
        behind.execute("update jobs set leased_until = now() where state = 'leased'").await;
        assert_eq!(scene.kerry.receive(&scene.letterbox, letter).await.unwrap(), "Once.");
        behind.drained().await;
        for (what, many) in [
            ("deliveries", 1),
            ("notices where event = 'letter-for-you'", 1),
            ("jobs where queue = 'release' and attempts = 2 and state = 'done'", 1),
        ] {
            let sql = format!("select count(*) from {what}");
            assert_eq!(behind.number(&sql).await, many, "{what}");
        }
    });
}

#[test]
fn a_letter_is_there_although_the_api_was_killed_once_it_had_said_so() {
    run(async {
        let folder = scratch();
        let mut scene = Scene::found(folder.path(), on_test_cluster()).await;
        let submission = sealed(&scene, "Still here.").await;
        let handed = scene.beth.account.hand_in(&submission).await.unwrap();
        scene.stack.kill_role(Role::Mediation);
        let nobody = scene.beth.account.letterbox().await.unwrap_err();
        assert!(matches!(nobody, Error::Unreachable(_)), "{nobody}");

        scene.stack.start_role(Role::Mediation).await.unwrap();
        // The same session, the same letter, and sending it again changes nothing.
        scene.beth.account.hand_in(&submission).await.unwrap();
        let letters = scene.beth.account.letterbox().await.unwrap();
        assert_eq!(letters.iter().map(|it| it.letter).collect::<Vec<_>>(), [handed.letter]);
        let [_, sam] = &scene.agency.coordinators;
        scene.beth.wait_for(handed.statement).await.unwrap();
        sam.check(handed.letter, Decision::DELIVER).await.unwrap();
        let read = scene.kerry.receive(&scene.letterbox, handed.letter).await.unwrap();
        assert_eq!(read, "Still here.");
        scene.behind().await.drained().await;
    });
}

#[test]
fn news_waits_for_a_mail_server_that_is_away_and_is_sent_once() {
    run(async {
        let folder = scratch();
        let away = Away::new();
        let options = Options { smtp: Some(away.settings()), ..on_test_cluster() };
        let scene = Scene::found(folder.path(), options).await;
        let behind = scene.behind().await;
        let letter = scene.beth.write(&scene.letterbox, "The velvet barometer.").await.unwrap();
        let [priya, _] = &scene.agency.coordinators;
        priya.check(letter.letter, Decision::DELIVER).await.unwrap();
        // Mail or no mail, the letter is there.
        scene.kerry.receive(&scene.letterbox, letter.letter).await.unwrap();
        let tried = "select (count(*) = 2)::int::bigint from notices
            where state = 'waiting' and attempts > 0 and last_error is not null";
        behind.wait_for("both notices to be tried", tried).await;

        let server = away.come_back();
        // Minutes pass.
        behind.execute("update jobs set run_at = now() where queue = 'notice'").await;
        let started = std::time::Instant::now();
        while server.taken().len() < 2 {
            pause(started, || "two notices".to_owned()).await.unwrap();
        }
        behind.drained().await;
        assert_eq!(behind.number("select count(*) from notices where state = 'sent'").await, 2);
        let mut to: Vec<_> = server.taken().into_iter().map(|mail| mail.to).collect();
        to.sort();
        assert_eq!(to, [address("Beth"), address("Kerry")]);
        assert!(server.taken().iter().all(|mail| !mail.message.contains("barometer")));
    });
}
