//! One letter's way through the worker.

use domain::decision::Outcome;
use jiff::{SignedDuration, Timestamp};
use seal::statement::{About, Arrangement, Reason, Revoke};
use sqlx::Row;

use crate::scene::Scene;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// Saturday 21 November 2026, when the scene is set; letters are passed on from Monday at ten.
const MONDAY: &str = "2026-11-23T10:00:00Z";

#[tokio::test]
async fn a_verified_letter_has_a_checker_and_a_date() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    assert_eq!(scene.allocated(submit).await, None);
    scene.drain().await;
    assert!(scene.is_logged(submit).await);
    assert_eq!(scene.state(submit).await, "with_agency");
    let row =
        scene.row("select due_on::text from letters where head_id = $1", submit.as_bytes()).await;
    assert_eq!(row.get::<String, _>(0), "2026-12-04", "ten working days");
    let coordinators =
        [scene.staff_of(&scene.coordinator), scene.staff_of(&scene.second_coordinator)];
    assert!(coordinators.contains(&scene.allocated(submit).await.expect("somebody")));
}

#[tokio::test]
async fn letters_are_shared_out_evenly_among_the_teams_coordinators() {
    let mut scene = Scene::verified().await;
    let mut given = Vec::new();
    for _ in 0..4 {
        let submit = scene.write().await;
        scene.drain().await;
        given.push(scene.allocated(submit).await.expect("somebody"));
    }
    for coordinator in [scene.coordinator.clone(), scene.second_coordinator.clone()] {
        let staff = scene.staff_of(&coordinator);
        assert_eq!(given.iter().filter(|one| **one == staff).count(), 2);
    }
}

#[tokio::test]
async fn a_letter_is_passed_on_at_the_release_hour_and_exactly_once() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene.drain().await;
    let by = scene.coordinator.clone();
    let decision = scene.check(&by, submit, Outcome::Deliver).await;
    scene.drain().await;
    assert!(scene.is_logged(decision).await);
    assert_eq!(scene.state(submit).await, "passing_on");
    assert_eq!(scene.delivered(submit).await, []);
    assert_eq!(scene.told().await, []);

    scene.clock.set(at(MONDAY) - SignedDuration::from_secs(1));
    scene.drain().await;
    assert_eq!(scene.state(submit).await, "passing_on");
    scene.clock.set(at(MONDAY));
    scene.drain().await;
    assert_eq!(scene.state(submit).await, "passed_on");
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
    let told = [
        (scene.adopter_membership, "letter-for-you".to_owned()),
        (scene.mother_membership, "passed-on".to_owned()),
    ];
    assert_eq!(scene.told().await, told);

    // The same jobs again, as after a crash that forgot to say they were done.
    scene.tamper("update jobs set state = 'ready', run_at = created_at where state = 'done'").await;
    assert!(scene.drain().await > 0);
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
    assert_eq!(scene.told().await, told);
    let size = scene.count("select max(size) from checkpoints").await;
    assert_eq!(size, i64::try_from(scene.statements.len()).expect("small"));
}

#[tokio::test]
async fn a_kept_letter_needs_two_people_and_is_never_delivered() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene.drain().await;
    let (first, second) = (scene.coordinator.clone(), scene.lead.clone());
    let one = scene.check(&first, submit, Outcome::Keep).await;
    scene.drain().await;
    assert!(scene.is_logged(one).await);
    assert_eq!(scene.state(submit).await, "with_agency", "one person keeps nothing");
    let leads = [scene.staff_of(&scene.lead), scene.staff_of(&scene.second_lead)];
    assert!(leads.contains(&scene.allocated(submit).await.expect("a manager")));
    assert_eq!(scene.told().await, []);

    scene.check(&second, submit, Outcome::Keep).await;
    scene.drain().await;
    assert_eq!(scene.state(submit).await, "kept");
    assert_eq!(scene.told().await, [(scene.mother_membership, "kept".to_owned())]);
    scene.clock.set(at(MONDAY));
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, []);
    assert_eq!(scene.count("select count(*) from grants where grantee_kind = 'member'").await, 0);
}

#[tokio::test]
async fn a_letter_that_needs_a_change_comes_back_as_a_revision() {
    let mut scene = Scene::verified().await;
    let first = scene.write().await;
    scene.drain().await;
    let by = scene.coordinator.clone();
    scene.check(&by, first, Outcome::Change).await;
    scene.drain().await;
    assert_eq!(scene.state(first).await, "needs_change");
    assert_eq!(scene.told().await, [(scene.mother_membership, "needs-change".to_owned())]);

    let letter = scene.letter_of(first);
    let second = scene.revise(letter).await;
    scene.drain().await;
    assert_eq!(scene.state(second).await, "with_agency");
    assert!(scene.allocated(second).await.is_some());
    scene.check(&by, second, Outcome::Deliver).await;
    scene.clock.set(at(MONDAY));
    scene.drain().await;
    assert_eq!(scene.delivered(second).await, [scene.adopter_membership]);
    assert_eq!(scene.delivered(first).await, []);
}

#[tokio::test]
async fn another_look_goes_to_a_manager_who_has_not_seen_the_letter() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene.drain().await;
    let (coordinator, lead) = (scene.coordinator.clone(), scene.lead.clone());
    scene.check(&coordinator, submit, Outcome::Keep).await;
    scene.drain().await;
    let kept = scene.check(&lead, submit, Outcome::Keep).await;
    scene.drain().await;
    let mother = scene.mother.clone();
    let body = scene.message_body(&mother, About::Look, Some(kept));
    let look = scene.sign(&mother, body);
    scene.letterbox.log(look.clone());
    scene.send_message(&look).await;
    scene.drain().await;
    assert_eq!(scene.state(submit).await, "with_agency");
    assert_eq!(scene.allocated(submit).await, Some(scene.staff_of(&scene.second_lead)));

    let second_lead = scene.second_lead.clone();
    scene.check(&second_lead, submit, Outcome::Deliver).await;
    scene.clock.set(at(MONDAY));
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
}

#[tokio::test]
async fn a_letter_that_was_taken_back_rests() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    let mother = scene.mother.clone();
    let body = scene.withdraw_body(submit);
    let withdraw = scene.sign(&mother, body);
    scene.letterbox.log(withdraw.clone());
    scene.take_back(&withdraw, submit).await;
    scene.drain().await;
    assert!(scene.is_logged(withdraw.id()).await);
    assert_eq!(scene.state(submit).await, "withdrawn");
    assert_eq!(scene.allocated(submit).await, None);
}

#[tokio::test]
async fn a_withdrawal_nobody_signed_does_not_hide_a_letter() {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene.drain().await;
    let adopter = scene.adopter.clone();
    let body = scene.withdraw_body(submit);
    let forged = scene.sign(&adopter, body);
    scene.take_back(&forged, submit).await;
    assert_eq!(scene.state(submit).await, "withdrawn", "so the API says");
    scene.drain().await;
    assert_eq!(scene.reason(forged.id()).await, "wrong-author");
    assert_eq!(scene.state(submit).await, "with_agency");
    assert!(scene.allocated(submit).await.is_some());
}

#[tokio::test]
async fn a_break_keeps_letters_safe_until_it_is_over() {
    let (scene, submit) = Scene::to_be_delivered().await;
    scene.tamper("update arrangements set state = 'paused'").await;
    scene.clock.set(at(MONDAY));
    scene.drain().await;
    assert_eq!(scene.state(submit).await, "passing_on");
    scene.tamper("update arrangements set state = 'active'").await;
    scene.advance(SignedDuration::from_hours(24));
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
}

#[tokio::test]
async fn a_letter_whose_readers_keys_were_stopped_is_kept_for_their_new_ones() {
    let (mut scene, submit) = Scene::to_be_delivered().await;
    let (lead, target_id) = (scene.lead.clone(), scene.adopter.id);
    scene.say(&lead, Revoke { target_id, reason: Reason::Compromised });
    scene.post_all().await;
    scene.clock.set(at(MONDAY));
    scene.drain().await;
    assert_eq!(scene.state(submit).await, "passed_on");
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
    // There is nothing they can read yet; how they come to is in `reseals.rs`.
    assert_eq!(scene.told().await, [(scene.mother_membership, "passed-on".to_owned())]);
}

#[tokio::test]
async fn a_reader_removed_from_the_plan_after_the_decision_receives_nothing() {
    let (mut scene, submit) = Scene::to_be_delivered().await;
    let (lead, removed) = (scene.lead.clone(), scene.adopter_membership);
    let (arrangement, team) = (scene.arrangement, scene.team);
    let version = scene.next_version(arrangement, team, Vec::new());
    let members = version.members.iter().filter(|it| it.membership != removed).cloned().collect();
    scene.say(&lead, Arrangement { members, ..version });
    scene.post_all().await;
    scene.clock.set(at(MONDAY));
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, []);
    assert_eq!(scene.state(submit).await, "quarantined");
}

#[tokio::test]
async fn a_worker_that_was_away_at_the_hour_waits_for_the_next_one() {
    let (scene, submit) = Scene::to_be_delivered().await;
    // Back on the Monday night: nobody is there to help whoever reads a letter now.
    scene.clock.set(at(MONDAY) + SignedDuration::from_hours(12));
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, []);
    scene.clock.set(at(MONDAY) + SignedDuration::from_hours(24));
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
}
