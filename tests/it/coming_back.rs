//! Coming back after everything was lost: new keys under the same sign-in, by a new code, two
//! colleagues and three days; every letter given back. And how the old keys stop all that, until a
//! team manager stops them.

use client::{Account, Api, Invitation, Place};
use domain::id::{MembershipId, StatementId};
use seal::invite::Code;
use seal::random::System;
use seal::statement::{Reason, Revoke, Role, Side};
use serde_json::{Value, json};
use url::Url;
use xtask::seed::{Card, Decision, Letterbox, Person};

use crate::behind::Behind;
use crate::forge::{member_signer, post, sign, staff_signer};
use crate::scene::{Scene, run, shared};

/// Somebody with new keys that wait to be certified.
struct Lost {
    place: Place,
    again: Person,
    first: StatementId,
    second: StatementId,
}

impl Lost {
    /// The arrangement names the new keys, once both halves are logged.
    async fn come_online(&mut self, priya: &Person, letterbox: &Letterbox) {
        let standing = letterbox.standing(priya).await.unwrap();
        let certified = [(self.place.membership, self.second)];
        let texts = (r#"{"v":1}"#, r#"{"v":1}"#);
        let version = priya.account.bring_online(&standing, &certified, texts, &mut System).await;
        priya.wait_for(version.unwrap()).await.unwrap();
        self.again.become_certified().await.unwrap();
    }
}

/// Two people give back every letter that the new keys do not open.
async fn give_back(priya: &Person, sam: &Person, to: MembershipId) {
    for lost_letter in priya.account.lost_letters(to).await.unwrap() {
        let first = priya.account.propose_giving_back(&lost_letter, to, Reason::Lost).await;
        priya.wait_for(first.unwrap()).await.unwrap();
    }
    for lost_letter in sam.account.lost_letters(to).await.unwrap() {
        let second = sam.account.agree_to_give_back(&lost_letter, &mut System).await;
        sam.wait_for(second.unwrap()).await.unwrap();
    }
}

/// Signed in at the families' site, as far as a sign-in alone leads.
async fn signed_in(scene: &Scene, name: &str) -> Api {
    let api = Api::new(Url::parse(&scene.stack.family().origin).unwrap());
    let session = api.sign_in(name).await.unwrap();
    assert!(session.restricted);
    api
}

/// The card is gone and the phone too: a new code, new words, and both coordinators.
async fn lose_everything(scene: &Scene, letterbox: &Letterbox, name: &str) -> Lost {
    let [priya, sam] = &scene.agency.coordinators;
    let place = Place { membership: letterbox.of(name), side: Side::B, role: Role::BirthParent };
    let standing = letterbox.standing(priya).await.unwrap();
    let card = format!(r#"{{"name":"{name}","relationship":"birth-parent"}}"#);
    let now = xtask::seed::now();
    let sheet =
        priya.account.invite_member(&standing, &place, &card, now, &mut System).await.unwrap();

    let api = signed_in(scene, name).await;
    // A code that is nobody's leads nowhere.
    let stranger = Code::generate(&mut System).to_blocks().to_string();
    assert!(Invitation::look_up(&api, &stranger).await.is_err());
    assert_eq!(api.resume_renewal().await.unwrap_err().status(), Some(404));
    let invitation = Invitation::look_up(&api, &sheet.code).await.unwrap();
    let old = api.session().await.unwrap().account;
    let new = api.renew(&invitation).await.unwrap();
    assert_ne!(old, new);
    // The tab was closed before anything was kept; the code still works, and begins anew. Until
    // then nobody who only has the sign-in gives the new account its keys.
    let api = signed_in(scene, name).await;
    assert_eq!(api.session().await.unwrap().account, old);
    assert_eq!(api.resume_renewal().await.unwrap_err().status(), Some(404));
    assert_ne!(api.renew(&invitation).await.unwrap(), new);
    let (mut account, words) = Account::make(api, 4, &mut System).await.unwrap();
    let enrolment = account.enrol(&invitation, &mut System).await.unwrap();
    let again = Person { name: name.to_owned(), words, account };

    let enrolled = (sheet.invite, enrolment.digits.as_str());
    let first =
        priya.account.certify_again(&standing, &place, enrolled, false, None).await.unwrap();
    priya.wait_for(first).await.unwrap();
    let agreed = sam.account.certify_again(&standing, &place, enrolled, false, Some(first)).await;
    Lost { place, again, first, second: agreed.unwrap() }
}

/// Three days go by: the record is older, and what waits is looked at again. What became of the
/// notice to the old contact point: `sent`, or `failed` where its keys were stopped and with them
/// the address that they gave.
async fn three_days_later(behind: &Behind, lost: &Lost, notice: &str) {
    let told = format!(
        "select count(*) from notices where event_key = 'reset-asked:{}' and state = '{notice}'",
        lost.first
    );
    behind.wait_for("the notice to the old contact point", &told).await;
    let waits = format!(
        "select count(*) from jobs where subject = '{}' and run_at > now() + interval '2 days'",
        lost.second
    );
    behind.wait_for("the second to be put off", &waits).await;
    // What is written in the record stays, for every role: time alone makes it older.
    let mut tx = behind.begin().await;
    for sql in [
        "set local session_replication_role = replica".to_owned(),
        format!(
            "update verdicts set judged_at = judged_at - interval '73 hours'
             where statement_id = decode('{}', 'hex')",
            lost.first
        ),
        format!("update jobs set run_at = now() where subject = '{}'", lost.second),
    ] {
        tx.attempt(&sql).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[test]
fn who_lost_everything_comes_back_with_the_same_sign_in_and_has_every_letter_again() {
    run(async {
        let scene = shared().await;
        let behind = scene.behind().await;
        let [priya, sam] = &scene.agency.coordinators;
        let (iris, wyn, letterbox) = scene.two_more(["Iris", "Wyn"]).await;
        let to_wyn = iris.write(&letterbox, "The first frost came.").await.unwrap();
        let from_wyn = wyn.write(&letterbox, "It came here too.").await.unwrap();
        for letter in [to_wyn.letter, from_wyn.letter] {
            priya.check(letter, Decision::DELIVER).await.unwrap();
        }
        wyn.receive(&letterbox, to_wyn.letter).await.unwrap();
        iris.receive(&letterbox, from_wyn.letter).await.unwrap();

        let mut lost = lose_everything(scene, &letterbox, "Wyn").await;
        let me = lost.place.membership;
        // Not before three days, and nothing of the old is touched until then.
        assert_eq!(sam.account.verdict(lost.second).await.unwrap(), None);
        assert!(wyn.account.read(me, to_wyn.letter).await.is_ok());
        three_days_later(&behind, &lost, "sent").await;
        sam.wait_for(lost.second).await.unwrap();
        let kept = format!(
            "select count(*) from wraps w join accounts a using (agency_id, account_id)
             where a.state = 'ended' and w.replaced_at is not null and exists (
                 select from certificates c where c.agency_id = a.agency_id
                     and c.account_id = a.account_id and c.membership_id = '{me}')"
        );
        assert_eq!(behind.number(&kept).await, 1, "the old wrap is out of use, and kept");

        lost.come_online(priya, &letterbox).await;
        let again = &lost.again;
        let listed = again.account.letterbox().await.unwrap();
        assert_eq!(listed.len(), 2, "nothing is lost from the list");
        assert!(listed.iter().all(|it| !it.is_readable));
        assert!(again.account.read(me, to_wyn.letter).await.is_err());

        // Two people give each letter back: one that came, and their own.
        give_back(priya, sam, me).await;
        let read = again.account.read(me, to_wyn.letter).await.unwrap();
        assert_eq!(read.text(), "The first frost came.");
        let own = again.account.read(me, from_wyn.letter).await.unwrap();
        assert_eq!(own.text(), "It came here too.");
        assert!(again.account.letterbox().await.unwrap().iter().all(|it| it.is_readable));
        let openings = again.account.openings(to_wyn.letter).await.unwrap();
        assert!(openings.iter().any(|it| it.why == "reseal"), "{openings:?}");

        // From now on the same sign-in leads to the new words, and the letters go on.
        let back = Person::return_to(&scene.stack.family().origin, &again.card()).await.unwrap();
        assert_eq!(back.account.id(), again.account.id());
        let next = iris.write(&letterbox, "Good to have you back.").await.unwrap();
        priya.check(next.letter, Decision::DELIVER).await.unwrap();
        assert_eq!(back.receive(&letterbox, next.letter).await.unwrap(), "Good to have you back.");
        behind.drained().await;
    });
}

#[test]
fn opening_the_old_letterbox_after_all_stops_new_keys_in_one_s_name() {
    run(async {
        let scene = shared().await;
        let behind = scene.behind().await;
        let dee = &scene.agency.leads[0];
        let (_, mona, letterbox) = scene.two_more(["Lena", "Mona"]).await;
        let lost = lose_everything(scene, &letterbox, "Mona").await;

        // The card was in the drawer.
        let card = Card { name: mona.name.clone(), words: mona.words.clone() };
        let found = Person::return_to(&scene.stack.family().origin, &card).await.unwrap();
        assert_eq!(found.account.id(), mona.account.id());
        let objected = format!(
            "select count(*) from statement_references r join verdicts v using (agency_id, statement_id)
             where r.refers_to = decode('{}', 'hex') and r.ends and v.verdict = 'logged'",
            lost.first
        );
        behind.wait_for("the objection to be logged", &objected).await;
        three_days_later(&behind, &lost, "sent").await;
        let refused = dee.wait_for(lost.second).await.unwrap_err().to_string();
        assert!(refused.ends_with("revoked"), "{refused}");
        // The new account is closed, and the old goes on as before.
        assert!(lost.again.account.letterbox().await.is_err());
        let api = signed_in(scene, "Mona").await;
        assert_eq!(api.resume_renewal().await.unwrap_err().status(), Some(404));
        let sent = found.write(&letterbox, "Still here.").await.unwrap();
        assert_eq!(
            found.account.read(letterbox.of("Mona"), sent.letter).await.unwrap().text(),
            "Still here."
        );
        behind.drained().await;
    });
}

#[test]
fn a_thief_of_words_and_sign_in_stops_nothing_once_a_team_manager_has_stopped_the_keys() {
    run(async {
        let scene = shared().await;
        let behind = scene.behind().await;
        let [priya, sam] = &scene.agency.coordinators;
        let dee = &scene.agency.leads[0];
        let (ruth, olwen, letterbox) = scene.two_more(["Ruth", "Olwen"]).await;
        let sent = ruth.write(&letterbox, "The swifts are back.").await.unwrap();
        priya.check(sent.letter, Decision::DELIVER).await.unwrap();
        olwen.receive(&letterbox, sent.letter).await.unwrap();
        let me = letterbox.of("Olwen");
        let origin = &scene.stack.family().origin;
        let card = olwen.card();
        let before = Person::return_to(origin, &card).await.unwrap();

        let (stopped, _) = member_signer(&olwen, me);
        let revoke = Revoke { target_id: stopped, reason: Reason::Compromised };
        let revoke = sign(dee, staff_signer(dee), revoke);
        let stop = json!({ "statement": revoke });
        assert_eq!(post(&dee.account.api, "/api/statements/revoke", &stop).await.status, 201);
        dee.wait_for(revoke.id()).await.unwrap();
        // She has no card any more, and says so.
        let api = signed_in(scene, "Olwen").await;
        let _: Value = api.post("/api/words-requests", &json!({})).await.unwrap();
        let mut lost = lose_everything(scene, &letterbox, "Olwen").await;

        // The thief opens the old letterbox, and has had it open all along: it is empty.
        for _ in 0..2 {
            let thief = Person::return_to(origin, &card).await.unwrap();
            for thief in [&thief, &before] {
                assert_eq!(thief.account.letterbox().await.unwrap().len(), 0);
                assert!(thief.account.read(me, sent.letter).await.is_err());
                let api = &thief.account.api;
                let on_their_way: Vec<Value> = api.get("/api/replacements").await.unwrap();
                assert_eq!(on_their_way, [] as [Value; 0]);
                let target_id = lost.first;
                let revoke = Revoke { target_id, reason: Reason::Mistake };
                let objection =
                    json!({ "statement": sign(&olwen, member_signer(&olwen, me), revoke) });
                let answer = post(api, "/api/replacements/objections", &objection).await;
                assert_eq!(answer.refusal(), (403, "not-your-key"));
            }
        }
        // Nor does the sign-in take back what she asked for, or lead into the new account without
        // its words.
        let api = signed_in(scene, "Olwen").await;
        let _: Value = api.get("/api/words-requests/mine").await.unwrap();
        assert_eq!(api.resume_renewal().await.unwrap(), lost.again.account.id());
        assert!(api.session().await.unwrap().restricted);
        assert!(Account::make(api, 4, &mut System).await.is_err(), "it has its keys");

        // She goes on all the same, and has again what she had.
        assert!(lost.again.account.letterbox().await.is_ok());
        three_days_later(&behind, &lost, "failed").await;
        sam.wait_for(lost.second).await.unwrap();
        assert!(before.account.letterbox().await.is_err(), "the old account is over");
        lost.come_online(priya, &letterbox).await;
        give_back(priya, sam, me).await;
        let read = lost.again.account.read(me, sent.letter).await.unwrap();
        assert_eq!(read.text(), "The swifts are back.");
        assert!(Person::return_to(origin, &card).await.is_err(), "the old words open nothing");
        behind.drained().await;
    });
}
