//! Decisions that do not verify. Each counts for nothing, whatever is wrong with it, and the letter
//! goes back to be checked: what one claim holder sends never buries what a family wrote.

use domain::{decision::Outcome, id::StatementId};
use jiff::SignedDuration;
use seal::{
    envelope::Envelope,
    statement::{Decision, GrantEntry, Statement},
};

use crate::scene::{Scene, impostor};

/// From the Saturday morning when the scene is set to the hour at which letters are passed on.
const TO_MONDAY: SignedDuration = SignedDuration::from_hours(49);

/// A letter in the queue.
async fn in_the_queue() -> (Scene, StatementId) {
    let mut scene = Scene::verified().await;
    let submit = scene.write().await;
    scene.drain().await;
    (scene, submit)
}

/// The coordinator decides to deliver, in a body that somebody has changed.
async fn decides(
    scene: &mut Scene,
    submit: StatementId,
    change: impl FnOnce(&mut Decision),
) -> StatementId {
    let by = scene.coordinator.clone();
    let mut body = scene.letterbox.agency.decision_body(submit, Outcome::Deliver);
    change(&mut body);
    let files = scene.seal_to_readers(submit, &mut body);
    let envelope = scene.sign(&by, body.clone());
    scene.claim(&by, submit).await;
    assert!(scene.post_decision(&by, &envelope, &body, &files).await);
    envelope.id()
}

/// The letter waits in the queue, in nobody's hands, and another coordinator passes it on.
async fn is_checked_anew(scene: &mut Scene, submit: StatementId) {
    assert_eq!(scene.state(submit).await, "with_agency");
    assert!(scene.allocated(submit).await.is_some());
    assert_eq!(scene.count("select count(*) from checks where ended_at is null").await, 0);
    scene.advance(TO_MONDAY);
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, [], "nobody has decided");
    let another = scene.second_coordinator.clone();
    scene.check(&another, submit, Outcome::Deliver).await;
    scene.drain().await;
    scene.advance(SignedDuration::from_hours(24));
    scene.drain().await;
    assert_eq!(scene.delivered(submit).await, [scene.adopter_membership]);
}

#[tokio::test]
async fn a_decision_signed_by_nobody_entitled_counts_for_nothing() {
    let (mut scene, submit) = in_the_queue().await;
    let by = scene.coordinator.clone();
    let mut body = scene.letterbox.agency.decision_body(submit, Outcome::Deliver);
    let files = scene.seal_to_readers(submit, &mut body);
    let statement = Statement::new(scene.realm, Some(by.id), body.clone());
    let forged = Envelope::sign(statement, &impostor());
    scene.claim(&by, submit).await;
    assert!(scene.post_decision(&by, &forged, &body, &files).await);
    scene.drain().await;
    assert_eq!(scene.reason(forged.id()).await, "bad-signature");
    is_checked_anew(&mut scene, submit).await;
}

#[tokio::test]
async fn a_decision_that_takes_the_wrong_step_counts_for_nothing() {
    let (mut scene, submit) = in_the_queue().await;
    let decision = decides(&mut scene, submit, |body| {
        body.step = 2;
        body.prior = Some(submit);
    })
    .await;
    scene.drain().await;
    assert_eq!(scene.reason(decision).await, "wrong-step");
    is_checked_anew(&mut scene, submit).await;
}

#[tokio::test]
async fn a_decision_that_would_give_the_letter_to_somebody_else_counts_for_nothing() {
    let (mut scene, submit) = in_the_queue().await;
    let stranger = GrantEntry {
        membership: scene.mother_membership,
        cert_id: scene.mother.id,
        grant_hash: scene.hash(),
    };
    let decision = decides(&mut scene, submit, |body| {
        body.grants.push(stranger);
        body.grants.sort_by_key(|grant| grant.membership);
    })
    .await;
    scene.drain().await;
    assert_eq!(scene.reason(decision).await, "wrong-grants");
    is_checked_anew(&mut scene, submit).await;
}

#[tokio::test]
async fn a_decision_that_rests_on_what_nobody_has_counts_for_nothing() {
    let (mut scene, submit) = in_the_queue().await;
    let unheard_of = StatementId::from_bytes([0x77; 32]);
    let decision = decides(&mut scene, submit, |body| body.prior = Some(unheard_of)).await;
    scene.drain().await;
    assert_eq!(scene.reason(decision).await, "missing-statement");
    is_checked_anew(&mut scene, submit).await;
}

#[tokio::test]
async fn a_decision_whose_grants_were_altered_counts_for_nothing() {
    let (mut scene, submit) = in_the_queue().await;
    let decision = decides(&mut scene, submit, |_| {}).await;
    scene
        .tamper(
            "alter table grants drop constraint grants_hash;
             update grants set sealed = set_byte(sealed, 1800, get_byte(sealed, 1800) # 1)
             where grantee_kind = 'member'",
        )
        .await;
    scene.drain().await;
    assert_eq!(scene.reason(decision).await, "file-missing");
    is_checked_anew(&mut scene, submit).await;
}

#[tokio::test]
async fn a_decision_that_cannot_be_read_counts_for_nothing() {
    let (mut scene, submit) = in_the_queue().await;
    let decision = decides(&mut scene, submit, |_| {}).await;
    scene
        .tamper(
            "update statements set envelope = convert_to(repeat('{', 200), 'UTF8')
             where kind = 'decision'",
        )
        .await;
    scene.drain().await;
    assert_eq!(scene.reason(decision).await, "malformed");
    is_checked_anew(&mut scene, submit).await;
}

#[tokio::test]
async fn a_bad_second_decision_leaves_the_first_and_asks_another_person() {
    let (mut scene, submit) = in_the_queue().await;
    let (first, second) = (scene.lead.clone(), scene.second_lead.clone());
    scene.check(&first, submit, Outcome::Keep).await;
    scene.drain().await;
    let body = scene.letterbox.agency.decision_body(submit, Outcome::Keep);
    let forged =
        Envelope::sign(Statement::new(scene.realm, Some(second.id), body.clone()), &impostor());
    scene.claim(&second, submit).await;
    assert!(scene.post_decision(&second, &forged, &body, &[]).await);
    scene.drain().await;
    assert_eq!(scene.reason(forged.id()).await, "bad-signature");
    assert_eq!(scene.state(submit).await, "with_agency");
    let had_their_say = scene.staff_of(&first);
    assert_ne!(scene.allocated(submit).await.expect("somebody"), had_their_say);
    scene.check(&second, submit, Outcome::Keep).await;
    scene.drain().await;
    assert_eq!(scene.state(submit).await, "kept");
}

#[tokio::test]
async fn a_letter_whose_writer_may_not_write_any_more_can_still_be_kept() {
    let (mut scene, submit) = in_the_queue().await;
    let (by, mother) = (scene.coordinator.clone(), scene.mother_membership);
    let (arrangement, team) = (scene.arrangement, scene.team);
    let mut version = scene.next_version(arrangement, team, Vec::new());
    version.members.iter_mut().filter(|it| it.membership == mother).for_each(|it| it.write = false);
    scene.say(&by, version);
    scene.post_all().await;
    scene.drain().await;
    let decision = decides(&mut scene, submit, |_| {}).await;
    scene.drain().await;
    assert_eq!(scene.reason(decision).await, "no-write-right");
    assert_eq!(scene.state(submit).await, "with_agency");
    for one in [by, scene.lead.clone()] {
        scene.check(&one, submit, Outcome::Keep).await;
        scene.drain().await;
    }
    assert_eq!(scene.state(submit).await, "kept");
}
