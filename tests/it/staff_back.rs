//! A member of staff who lost everything: new keys under the same sign-in, by a new code and two
//! managers; the old ones ended; and the team's letters open again.

use client::{Account, Api, Invitation, Post};
use seal::random::System;
use seal::statement::{Reason, Role};
use seal::words;
use url::Url;
use xtask::seed::{Card, Decision, Person, now};

use crate::scene::{Scene, on_test_cluster, run, scratch};

#[test]
fn a_coordinator_who_lost_everything_checks_letters_again_with_new_keys() {
    run(async {
        let folder = scratch();
        let scene = Scene::found(folder.path(), on_test_cluster()).await;
        let behind = scene.behind().await;
        let [dee, joan] = &scene.agency.leads;
        let [priya, sam] = &scene.agency.coordinators;
        let origin = &scene.stack.staff().origin;
        let before = scene.beth.write(&scene.letterbox, "The owl is back.").await.unwrap();

        // Laptop and card are gone: a new code, new words, both managers, the same member of staff.
        let sheet = dee.account.invite_staff(Role::Coordinator, now(), &mut System).await.unwrap();
        let api = Api::new(Url::parse(origin).unwrap());
        assert!(api.sign_in("Priya").await.unwrap().restricted);
        let invitation = Invitation::look_up(&api, &sheet.code).await.unwrap();
        assert_ne!(api.renew(&invitation).await.unwrap(), priya.account.id());
        let (mut account, words) = Account::make(api, words::STAFF, &mut System).await.unwrap();
        let digits = account.enrol(&invitation, &mut System).await.unwrap().digits;
        let mut again = Person { name: "Priya".to_owned(), words, account };
        let lost = priya.account.bundle().staff[0].cert_id.unwrap();
        let everybody = dee.account.everybody().await.unwrap();
        let held = everybody.certificate(lost).unwrap().staff().unwrap().clone();
        let (post, enrolled) = (Post::again(&held, Role::Coordinator), (sheet.invite, &*digits));
        let half = dee.account.certify_staff(enrolled, &post, None, now()).await.unwrap();
        dee.wait_for(half).await.unwrap();
        let whole = joan.account.certify_staff(enrolled, &post, Some(half), now()).await.unwrap();
        joan.wait_for(whole).await.unwrap();
        again.become_certified().await.unwrap();

        // The old keys are somebody's for as long as no manager has ended them.
        let api = Api::new(Url::parse(origin).unwrap());
        assert_eq!(api.sign_in("Priya").await.unwrap().account, priya.account.id());
        let ended = dee.account.end(lost, Reason::Lost).await.unwrap();
        dee.wait_for(ended).await.unwrap();
        let wraps =
            format!("select count(*) from epoch_wraps where grantee = 'staff:{}'", held.staff);
        assert_eq!(behind.number(&wraps).await, 0, "they were sealed to what is lost");
        assert!(priya.account.everybody().await.is_err());
        let old = Card { name: priya.name.clone(), words: priya.words.clone() };
        assert!(Person::return_to(origin, &old).await.is_err());
        let key = dee.account.change_team_key(scene.agency.team, &mut System).await.unwrap();
        dee.wait_for(key).await.unwrap();

        // From now on the same sign-in leads to the new words, and to letters of before and after.
        let back = Person::return_to(origin, &again.card()).await.unwrap();
        assert_eq!(back.account.id(), again.account.id());
        let after = scene.beth.write(&scene.letterbox, "It brought another.").await.unwrap();
        for (letter, text) in
            [(before.letter, "The owl is back."), (after.letter, "It brought another.")]
        {
            back.check(letter, Decision::DELIVER).await.unwrap();
            let read = scene.kerry.receive(&scene.letterbox, letter).await.unwrap();
            assert_eq!(read, text);
        }
        assert!(sam.account.everybody().await.unwrap().is_in_force(whole));
        behind.drained().await;
    });
}
