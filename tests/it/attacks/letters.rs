//! Letters that are not what they should be, and letters of other people.

use client::Before;
use domain::id::ArrangementId;
use seal::document::{Document, Subject};
use seal::file;
use seal::random::{self, System};
use seal::statement::Arrangement;
use serde_json::{Value, json};
use xtask::seed::{Decision, Letterbox, Person, now};

use crate::forge::{Draft, base64, bytes, history, letter_key, post, refused, sign, staff_signer};
use crate::scene::{Scene, run, shared};

/// The header of an age file says a second recipient, hidden after the first.
fn with_second_stanza(file: &[u8]) -> Vec<u8> {
    let position = |what: &[u8]| file.windows(what.len()).position(|it| it == what).unwrap();
    let (start, end) = (position(b"-> X25519"), position(b"--- "));
    let whole = [&file[..end], &file[start..end], &file[end..]].concat();
    whole[..file.len()].to_vec()
}

#[test]
fn a_letter_that_is_not_what_it_should_be_is_refused_and_says_why() {
    run(async {
        let scene = shared().await;
        let behind = scene.behind().await;
        let (cara, dan, letterbox) = scene.two_more(["Cara", "Dan"]).await;
        let draft = async || Draft::new(&cara, &letterbox, "As it should be.").await;
        let honest = draft().await;
        let (file, other) = (honest.ciphertext(), draft().await);

        let mut two_readers = draft().await;
        two_readers.set_ciphertext(&with_second_stanza(&two_readers.ciphertext()));
        let mut wrong_hash = draft().await;
        wrong_hash.request["ciphertext"] = base64(&other.ciphertext());
        let mut changed = draft().await;
        let mut flipped = changed.ciphertext();
        *flipped.last_mut().unwrap() ^= 1;
        changed.request["ciphertext"] = base64(&flipped);
        let mut truncated = draft().await;
        truncated.request["ciphertext"] = base64(&file[..file.len() - 1]);
        let mut oversize = draft().await;
        oversize.request["ciphertext"] = base64(&vec![0; 20 << 20]);
        let mut big_grant = draft().await;
        big_grant.request["grants"]["epoch"] = base64(&[0; 5000]);
        let mut anothers_grant = draft().await;
        anothers_grant.request["grants"]["self"] = other.request["grants"]["self"].clone();
        let mut to_herself = draft().await;
        to_herself.submit.to = vec![letterbox.of("Cara")];
        let mut as_another = draft().await;
        as_another.submit.author = letterbox.of("Dan");
        for (what, draft, refusal) in [
            ("a second reader", two_readers, (422, "wrong-file")),
            ("another file than signed for", wrong_hash, (422, "wrong-hash")),
            ("a flipped bit", changed, (422, "wrong-hash")),
            ("the last byte lost", truncated, (422, "wrong-length")),
            ("larger than any letter", oversize, (413, "too-large")),
            ("larger than any grant", big_grant, (413, "too-large")),
            ("another letter's grant", anothers_grant, (422, "wrong-hash")),
            ("to herself", to_herself, (422, "wrong-reader")),
            ("in another's name", as_another, (422, "wrong-author")),
        ] {
            let answer = draft.send().await;
            assert_eq!(answer.refusal(), refusal, "{what}");
        }
        // What no client of ours sends is answered for whoever wrote the client.
        let answer = post(&cara.account.api, "/api/letters", &json!({ "ciphertext": "%" })).await;
        assert_eq!((answer.status, &answer.body["code"]), (400, &json!("malformed")));

        // Signed by somebody else, though in her session.
        let answer = post(&dan.account.api, "/api/letters", &honest.signed()).await;
        assert_eq!(answer.refusal(), (403, "not-your-key"));

        // None of them has left a trace, and the honest letter still goes; its key goes once.
        assert!(cara.account.letterbox().await.unwrap().is_empty());
        let sent = honest.send().await;
        assert_eq!(sent.status, 201, "{sent:?}");
        let mut same_key = draft().await;
        same_key.submit.key_hash = honest.submit.key_hash;
        assert_eq!(same_key.send().await.refusal(), (422, "key-reused"));
        assert_eq!(cara.account.letterbox().await.unwrap().len(), 1);
        behind.drained().await;
    });
}

#[test]
fn a_letter_or_arrangement_that_is_not_mine_is_not_there() {
    run(async {
        let scene = shared().await;
        let (eve, _fay, hers) = scene.two_more(["Eve", "Fay"]).await;
        let (letterbox, beth) = (&scene.letterbox, &scene.beth);
        let sent = beth.write(letterbox, "Not for Eve.").await.unwrap();
        let not_found = (404, "not-found".to_owned());
        let letter = sent.letter;
        for part in ["", "/proof", "/openings", "/decisions"] {
            let path = format!("/api/letters/{letter}{part}");
            // Nor is it her reader's yet.
            for person in [&eve, &scene.kerry] {
                assert_eq!(refused(&person.account.api, &path).await, not_found, "{path}");
            }
        }
        let nowhere = ArrangementId::from_bytes(random::bytes(&mut System));
        for arrangement in [letterbox.arrangement, nowhere] {
            let path = format!("/api/arrangements/{arrangement}");
            assert_eq!(refused(&eve.account.api, &path).await, not_found);
            // She signs with her own key, for a place where she has none.
            let mut draft = Draft::new(&eve, &hers, "Let me in.").await;
            draft.submit.arrangement = arrangement;
            assert_eq!(draft.send().await.refusal(), (404, "not-found"));
        }
        let taken_back = eve.account.withdraw(hers.of("Eve"), &sent).await.unwrap_err();
        assert_eq!(taken_back.status(), Some(404));
        assert_eq!(eve.account.letterbox().await.unwrap().len(), 0);
        // Nothing on the staff's site is hers either, nor theirs here.
        for path in ["/api/checks", "/api/quarantine", "/api/staff"] {
            assert_eq!(refused(&eve.account.api, path).await, not_found, "{path}");
        }
        beth.account.withdraw(letterbox.of("Beth"), &sent).await.unwrap();
        scene.behind().await.drained().await;
    });
}

#[test]
fn a_letter_is_taken_back_until_somebody_has_it_in_hand() {
    run(async {
        let scene = shared().await;
        let (letterbox, beth) = (&scene.letterbox, &scene.beth);
        let me = letterbox.of("Beth");
        let [priya, sam] = &scene.agency.coordinators;

        let early = beth.write(letterbox, "Too soon.").await.unwrap();
        beth.account.withdraw(me, &early).await.unwrap();
        beth.wait_until(early.letter, "withdrawn").await.unwrap();
        let claim = priya.account.claim(early.letter).await.unwrap_err();
        assert_eq!((claim.status(), claim.code()), (Some(409), Some("not-open")));

        let late = beth.write(letterbox, "Too late.").await.unwrap();
        priya.account.claim(late.letter).await.unwrap();
        let refused = beth.account.withdraw(me, &late).await.unwrap_err();
        assert_eq!((refused.status(), refused.code()), (Some(409), Some("being-checked")));
        // And whoever has it in hand has it alone.
        let held = sam.account.claim(late.letter).await.unwrap_err();
        assert_eq!((held.status(), held.code()), (Some(409), Some("held")));
        priya.check(late.letter, Decision::DELIVER).await.unwrap();
        let gone = beth.account.withdraw(me, &late).await.unwrap_err();
        assert_eq!((gone.status(), gone.code()), (Some(409), Some("not-with-agency")));
        scene.kerry.wait_until(late.letter, "passed_on").await.unwrap();
        scene.behind().await.drained().await;
    });
}

/// The next version of an arrangement, in which nobody may write.
async fn silence(scene: &Scene, letterbox: &Letterbox) -> Value {
    let [priya, _] = &scene.agency.coordinators;
    let standing = letterbox.standing(priya).await.unwrap();
    let ledger = history(priya, letterbox).await;
    let (_, epoch) = ledger.epoch(standing.team).unwrap();
    let keys = [&epoch.review_key, &epoch.archive_key].map(|key| key.recipient().unwrap());
    let n = standing.version().n + 1;
    let seal = |subject| {
        let document = Document { realm: standing.realm, subject, n };
        document.seal("{}", &keys.each_ref(), &mut System).unwrap()
    };
    let plan = seal(Subject::Plan(letterbox.arrangement));
    let notes = seal(Subject::Notes(letterbox.arrangement));
    let mut version = Arrangement {
        n,
        prev: Some(standing.statement),
        plan_hash: file::hash(&plan),
        notes_hash: file::hash(&notes),
        ..standing.version().clone()
    };
    version.members.iter_mut().for_each(|it| it.write = false);
    let statement = sign(priya, staff_signer(priya), version);
    let request = json!({ "statement": statement, "plan": base64(&plan), "notes": base64(&notes) });
    let answer = post(&priya.account.api, "/api/arrangements", &request).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    priya.wait_for(statement.id()).await.unwrap();
    json!(statement.id())
}

#[test]
fn who_may_write_is_decided_by_the_newest_arrangement_and_the_writer_is_told() {
    run(async {
        let scene = shared().await;
        let (gil, _hal, letterbox) = scene.two_more(["Gil", "Hal"]).await;
        let written_before = Draft::new(&gil, &letterbox, "Begun last week.").await;
        let newest = silence(scene, &letterbox).await;
        let answer = written_before.send().await;
        assert_eq!(answer.refusal(), (409, "stale-arrangement"));
        assert_eq!(answer.body["newest"], newest);
        let draft = Draft::new(&gil, &letterbox, "Begun today.").await;
        assert_eq!(draft.send().await.refusal(), (403, "no-write-right"));
        scene.behind().await.drained().await;
    });
}

#[test]
fn a_revision_follows_a_letter_that_was_sent_back_and_no_other() {
    run(async {
        let scene = shared().await;
        let (letterbox, beth) = (&scene.letterbox, &scene.beth);
        let sent = beth.write(letterbox, "The first words.").await.unwrap();
        let revise = async |person: &Person| {
            let standing = letterbox.standing(person).await.unwrap();
            let before = Before { letter: sent.letter, rev: 1, submit_id: sent.statement };
            let parts = [seal::letter::Part::text("Other words.")];
            let me = letterbox.of(&person.name);
            let sealed =
                person.account.seal_letter(&standing, me, &parts, Some(before), now(), &mut System);
            person.account.hand_in(&sealed.unwrap()).await
        };
        // Not asked for; and not hers.
        for person in [beth, &scene.kerry] {
            let refused = revise(person).await.unwrap_err();
            assert_eq!((refused.status(), refused.code()), (Some(409), Some("wrong-revision")));
        }
        // What she has opened before, she may not put her name to again under another letter.
        let key = letter_key(beth, letterbox.of("Beth"), sent.letter).await;
        let mut again = Draft::new(beth, letterbox, "The same key.").await;
        again.submit.key_hash = key.recipient().key_hash();
        assert_eq!(again.send().await.refusal(), (422, "key-reused"));
        assert_eq!(bytes(&again.request["ciphertext"]).len(), 16_584);
        beth.account.withdraw(letterbox.of("Beth"), &sent).await.unwrap();
        scene.behind().await.drained().await;
    });
}
