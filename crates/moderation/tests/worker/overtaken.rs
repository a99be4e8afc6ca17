//! Letters that were taken, and then overtaken by a change before they were verified. None is lost,
//! and none is a dead end: its writer is told, and sends it again. A new key of the team waits for
//! them (`keys.rs`), and overtakes only what was given up on.

use domain::{
    decision::Outcome,
    id::{LetterId, StatementId},
};
use jiff::SignedDuration;
use seal::{
    envelope::Envelope,
    statement::{Reason, Revoke, Submit},
    testing::Signatory,
};
use sqlx::Row;
use store::{Role, jobs};

use crate::scene::Scene;

const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The newest letter's job failed once and waits for its next time.
const HELD_UP: &str = "update jobs set run_at = run_at + interval '1 hour'
    where subject = (select encode(head_id, 'hex') from letters)";

/// A letter by the mother that is taken, and not verified when whatever comes next is.
struct Late {
    scene: Scene,
    letter: LetterId,
    submit: StatementId,
}

impl Late {
    async fn new() -> Self {
        let mut scene = Scene::verified().await;
        let to = [scene.adopter_membership];
        let mother = scene.mother.clone();
        let body = scene.letterbox.agency.submit_body(&mother, &to);
        let letter = body.letter;
        let (envelope, is_taken) = send(&mut scene, &mother, body).await;
        assert!(is_taken);
        scene.tamper(HELD_UP).await;
        Self { scene, letter, submit: envelope.id() }
    }

    /// Everything that waits is judged, the letter last.
    async fn judged(&mut self) {
        self.scene.post_all().await;
        self.scene.drain().await;
        self.scene.advance(AN_HOUR);
        self.scene.drain().await;
    }

    async fn state(&self) -> String {
        let query = "select state from letters where letter_id = encode($1, 'hex')::uuid";
        self.scene.row(query, self.letter.as_bytes()).await.get(0)
    }

    /// The mother sends what she wrote again, sealed for what stands now; whether it is taken.
    async fn again(&mut self) -> (StatementId, bool) {
        let mother = self.scene.mother.clone();
        let to = [self.scene.adopter_membership];
        let fresh = self.scene.letterbox.agency.submit_body(&mother, &to);
        let body = Submit { letter: self.letter, ..fresh };
        let (envelope, is_taken) = send(&mut self.scene, &mother, body).await;
        if is_taken {
            self.scene.letterbox.log(envelope.clone());
        }
        (envelope.id(), is_taken)
    }
}

/// Seals and posts; whether the API takes it.
async fn send(scene: &mut Scene, author: &Signatory, body: Submit) -> (Envelope, bool) {
    let (body, sealed) = scene.seal_letter(author, body);
    let envelope = scene.sign(author, body.clone());
    let is_taken = scene.post_submit(author, &envelope, &body, &sealed).await;
    (envelope, is_taken)
}

fn new_key(scene: &mut Scene) {
    let (lead, team) = (scene.lead.clone(), scene.team);
    let (epoch, _) = scene.epoch_body(team);
    scene.say(&lead, epoch);
}

fn new_version(scene: &mut Scene) {
    let (by, arrangement, team) = (scene.coordinator.clone(), scene.arrangement, scene.team);
    let version = scene.next_version(arrangement, team, Vec::new());
    scene.say(&by, version);
}

/// The one way left in which a key overtakes a letter: every attempt to verify it failed, and an operator
/// had it tried again later.
#[tokio::test]
async fn a_letter_that_was_given_up_on_and_revived_after_a_new_team_key_is_sent_again_and_arrives()
{
    let mut late = Late::new().await;
    late.scene
        .tamper("update jobs set state = 'dead', last_error = 'x' where state = 'ready'")
        .await;
    new_key(&mut late.scene);
    late.scene.post_all().await;
    late.scene.drain().await;
    let mut tx =
        late.scene.database.store(Role::Worker).await.begin_queues().await.expect("begins");
    let dead = jobs::list_dead(&mut tx).await.expect("lists");
    let (agency, job) = &dead[0];
    jobs::retry(&mut tx, *agency, job.id, late.scene.clock.now()).await.expect("revives");
    tx.commit().await.expect("commits");
    late.scene.drain().await;
    assert_eq!(late.scene.reason(late.submit).await, "stale-epoch");
    assert_eq!(late.state().await, "send_again");
    let mother = late.scene.mother_membership;
    assert_eq!(late.scene.told().await, [(mother, "send-again".to_owned())]);

    let (again, is_taken) = late.again().await;
    assert!(is_taken);
    late.scene.post_all().await;
    late.scene.drain().await;
    assert!(late.scene.is_logged(again).await);
    let by = late.scene.coordinator.clone();
    late.scene.check(&by, again, Outcome::Deliver).await;
    late.scene.drain().await;
    late.scene.advance(SignedDuration::from_hours(49));
    late.scene.drain().await;
    assert_eq!(late.scene.delivered(again).await, [late.scene.adopter_membership]);
    assert_eq!(late.scene.delivered(late.submit).await, []);
}

#[tokio::test]
async fn a_letter_overtaken_by_a_new_plan_is_sent_again() {
    let mut late = Late::new().await;
    new_version(&mut late.scene);
    late.judged().await;
    assert_eq!(late.scene.reason(late.submit).await, "stale-arrangement");
    assert_eq!(late.state().await, "send_again");
    let (again, is_taken) = late.again().await;
    assert!(is_taken);
    late.scene.drain().await;
    assert!(late.scene.is_logged(again).await);
    assert_eq!(late.state().await, "with_agency");
}

#[tokio::test]
async fn a_letter_whose_writers_certificate_ended_meanwhile_is_not_stopped_for_ever() {
    let mut late = Late::new().await;
    let (lead, target_id) = (late.scene.lead.clone(), late.scene.mother.id);
    late.scene.say(&lead, Revoke { target_id, reason: Reason::Lost });
    late.judged().await;
    assert_eq!(late.scene.reason(late.submit).await, "revoked");
    assert_eq!(late.state().await, "send_again");
}

#[tokio::test]
async fn a_letter_that_is_not_what_was_signed_is_not_asked_for_again() {
    let mut late = Late::new().await;
    late.scene
        .tamper("update ciphertexts set sealed = set_byte(sealed, 16000, 255 - get_byte(sealed, 16000))")
        .await;
    late.judged().await;
    assert_eq!(late.state().await, "quarantined");
    assert!(!late.again().await.1);
    assert_eq!(late.scene.told().await, []);
}

#[tokio::test]
async fn nothing_is_sent_again_that_is_still_under_way() {
    let mut late = Late::new().await;
    assert!(!late.again().await.1);
    late.judged().await;
    assert_eq!(late.state().await, "with_agency");
    assert!(late.scene.is_logged(late.submit).await);
}

#[tokio::test]
async fn a_change_that_was_overtaken_is_sent_again_as_the_same_revision() {
    let mut scene = Scene::verified().await;
    let first = scene.write().await;
    scene.drain().await;
    let (by, mother) = (scene.coordinator.clone(), scene.mother.clone());
    scene.check(&by, first, Outcome::Change).await;
    scene.drain().await;
    let letter = scene.letter_of(first);
    let body = scene.letterbox.agency.revise_body(&mother, letter);
    let (second, is_taken) = send(&mut scene, &mother, body).await;
    assert!(is_taken);
    scene.tamper(HELD_UP).await;
    new_version(&mut scene);
    let mut late = Late { scene, letter, submit: second.id() };
    late.judged().await;
    assert_eq!(late.state().await, "send_again");

    let body = late.scene.letterbox.agency.revise_body(&mother, letter);
    let skipped = Submit { rev: 3, prev: Some(late.submit), ..body.clone() };
    assert!(!send(&mut late.scene, &mother, skipped).await.1, "nobody has the second revision");
    let (again, is_taken) = send(&mut late.scene, &mother, body).await;
    assert!(is_taken);
    late.scene.letterbox.log(again.clone());
    late.scene.drain().await;
    assert!(late.scene.is_logged(again.id()).await);
    assert_eq!(late.state().await, "with_agency");
}
