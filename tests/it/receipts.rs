//! "Thank you": from the reader's keys through the worker to the writer's eyes.

use seal::statement::Phrase;
use xtask::seed::Decision;

use crate::scene::{run, shared};

#[test]
fn a_reader_s_thank_you_reaches_the_writer_signed_and_under_the_checker_s_first_name() {
    run(async {
        let scene = shared().await;
        let (priya, letterbox) = (&scene.agency.coordinators[0], &scene.letterbox);
        let (beth, kerry) = (&scene.beth, &scene.kerry);
        priya.account.set_name("Priya").await.unwrap();
        let sent = beth.write(letterbox, "The bulbs are up.").await.unwrap();
        let entry_of = async |person: &xtask::seed::Person| {
            let entries = person.account.letterbox().await.unwrap();
            entries.into_iter().find(|it| it.letter == sent.letter)
        };
        assert!(entry_of(beth).await.unwrap().can_withdraw);
        priya.check(sent.letter, Decision::DELIVER).await.unwrap();
        kerry.receive(letterbox, sent.letter).await.unwrap();
        let received = entry_of(kerry).await.unwrap();
        let decided = received.decided.as_ref().unwrap();
        assert_eq!(decided.name.as_deref(), Some("Priya"));
        let openings = kerry.account.openings(sent.letter).await.unwrap();
        assert_eq!(openings[0].name.as_deref(), Some("Priya"));

        let mine = entry_of(beth).await.unwrap();
        assert_eq!(beth.account.answer_to(&mine).await.unwrap(), None);
        assert!(!mine.can_withdraw);
        // Its writer cannot answer it; its reader can, once.
        let hers = letterbox.of("Beth");
        let refused = beth.account.receipt(hers, &mine, Phrase::Thanks).await.unwrap_err();
        assert_eq!(refused.status(), Some(404));
        let me = letterbox.of("Kerry");
        let receipt = kerry.account.receipt(me, &received, Phrase::WillWrite).await.unwrap();
        kerry.wait_for(receipt).await.unwrap();
        let again = kerry.account.receipt(me, &received, Phrase::Thanks).await.unwrap_err();
        assert_eq!((again.status(), again.code()), (Some(409), Some("receipt-sent")));

        let mut mine = entry_of(beth).await.unwrap();
        let answer = beth.account.answer_to(&mine).await.unwrap();
        assert_eq!(answer, Some(Phrase::WillWrite));
        // What the server tells and nobody signed is not believed.
        let told = mine.receipt.as_mut().unwrap();
        assert_eq!((told.statement, told.membership), (receipt, me));
        told.phrase = "thanks".to_owned();
        assert!(matches!(beth.account.answer_to(&mine).await, Err(client::Error::Untrusted(_))));
        let told = mine.receipt.as_mut().unwrap();
        (told.phrase, told.membership) = ("will-write".to_owned(), hers);
        assert!(matches!(beth.account.answer_to(&mine).await, Err(client::Error::Untrusted(_))));
        scene.behind().await.drained().await;
    });
}
