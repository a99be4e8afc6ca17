//! An arrangement moves to another team: both leads sign, and from then on the other team checks.

use client::{Before, Entry};
use domain::id::LetterId;
use seal::letter::Part;
use seal::random::System;
use seal::statement::{About, Outcome};
use xtask::seed::{Decision, Person, now};

use crate::forge::refused;
use crate::scene::{run, shared};

const PLAN: &str = r#"{"plan":"as agreed"}"#;
const NOTES: &str = r#"{"notes":"what the next team must know"}"#;

async fn entry(person: &Person, letter: LetterId) -> Entry {
    let entries = person.account.letterbox().await.unwrap();
    entries.into_iter().find(|it| it.letter == letter).unwrap()
}

#[test]
fn an_arrangement_that_both_leads_moved_is_checked_by_the_other_team_and_nothing_is_stuck() {
    run(async {
        let scene = shared().await;
        let behind = scene.behind().await;
        let other = scene.agency.another_team(&scene.stack, "West", ["Win", "Xan"]).await.unwrap();
        let (lead, priya) = (&scene.agency.leads[0], &scene.agency.coordinators[0]);
        let (zoe, nell, letterbox) = scene.two_more(["Zoe", "Nell"]).await;

        // One letter is with its writer again, one waits to be checked.
        let first = zoe.write(&letterbox, "With a surname in it.").await.unwrap();
        let change = Decision { outcome: Outcome::Change, reason: "names", remarks: &[] };
        priya.check(first.letter, change).await.unwrap();
        zoe.wait_until(first.letter, "needs_change").await.unwrap();
        let kept = zoe.write(&letterbox, "Kept, and looked at again.").await.unwrap();
        let keep = Decision { outcome: Outcome::Keep, reason: "risk", remarks: &[] };
        for colleague in &scene.agency.coordinators {
            colleague.check(kept.letter, keep).await.unwrap();
        }
        zoe.wait_until(kept.letter, "kept").await.unwrap();
        let waiting = nell.write(&letterbox, "Waits to be checked.").await.unwrap();

        let standing = letterbox.standing(lead).await.unwrap();
        let offered =
            lead.account.give_away(&standing, other.team, (PLAN, NOTES), &mut System).await;
        let offered = offered.unwrap();
        lead.wait_for(offered).await.unwrap();
        let seen = other.lead.account.offers().await.unwrap();
        let seen: Vec<_> = seen.iter().map(|it| (it.statement, it.arrangement, it.to)).collect();
        assert_eq!(seen, [(offered, letterbox.arrangement, other.team)]);
        let offer = other.lead.account.offer(offered).await.unwrap();
        assert_eq!((offer.plan.as_str(), offer.notes.as_str()), (PLAN, NOTES));

        // Not before the team that has it is done: the other could not open what waits.
        let too_early = other.lead.account.take(&offer).await.unwrap_err();
        assert_eq!((too_early.status(), too_early.code()), (Some(409), Some("move-held-up")));
        priya.check(waiting.letter, Decision::DELIVER).await.unwrap();
        let taken = other.lead.account.take(&offer).await.unwrap();
        other.lead.wait_for(taken).await.unwrap();
        assert_eq!(zoe.receive(&letterbox, waiting.letter).await.unwrap(), "Waits to be checked.");

        // The letter that came back goes to the new team with its change, a new one too.
        let standing = letterbox.standing(&zoe).await.unwrap();
        assert_eq!((standing.statement, standing.team), (taken, other.team));
        assert_eq!(zoe.account.plan(&standing, letterbox.of("Zoe")).await.unwrap(), PLAN);
        let before = Before { letter: first.letter, rev: 1, submit_id: first.statement };
        let parts = [Part::text("Without it.")];
        let me = letterbox.of("Zoe");
        let again =
            zoe.account.seal_letter(&standing, me, &parts, Some(before), now(), &mut System);
        let again = zoe.account.hand_in(&again.unwrap()).await.unwrap();
        zoe.wait_for(again.statement).await.unwrap();
        let fresh = nell.write(&letterbox, "To the new team.").await.unwrap();
        for letter in [again.letter, fresh.letter] {
            assert!(priya.account.desk().await.unwrap().iter().all(|it| it.letter != letter));
            let not_found = (404, "not-found".to_owned());
            let path = format!("/api/letters/{letter}/decisions");
            assert_eq!(refused(&priya.account.api, &path).await, not_found);
            other.coordinator.check(letter, Decision::DELIVER).await.unwrap();
        }
        assert_eq!(nell.receive(&letterbox, again.letter).await.unwrap(), "Without it.");
        assert_eq!(zoe.receive(&letterbox, fresh.letter).await.unwrap(), "To the new team.");
        // Another look at what was kept before is taken where it can be opened.
        let decided = entry(&zoe, kept.letter).await.decided.unwrap().statement;
        let standing = letterbox.standing(&zoe).await.unwrap();
        let text = "Please look again.";
        let look = zoe
            .account
            .tell_team(&standing, me, (About::Look, Some(decided)), text, now(), &mut System)
            .await;
        look.unwrap();
        zoe.wait_until(kept.letter, "with_agency").await.unwrap();
        lead.check(kept.letter, Decision::DELIVER).await.unwrap();
        let text = nell.receive(&letterbox, kept.letter).await.unwrap();
        assert_eq!(text, "Kept, and looked at again.");
        // What was passed on before stays open to whom it was passed on to.
        assert_eq!(zoe.receive(&letterbox, waiting.letter).await.unwrap(), "Waits to be checked.");
        behind.drained().await;
    });
}
