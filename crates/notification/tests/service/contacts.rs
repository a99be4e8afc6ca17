//! Which contact points are believed.

use seal::{
    contact::{Channel, Language},
    envelope::Envelope,
    key::{SigningKey, X25519Identity},
    random,
    statement::{Reason, Revoke, Statement},
    testing::Signatory,
};

use crate::scene::Scene;

const HERS: &str = "mother@home.example";
const PLANTED: &str = "planted@evil.example";

#[tokio::test]
async fn a_notice_goes_to_the_address_its_member_signed_for() {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let mut contact = scene.email(membership, 1, HERS);
    contact.lang = Language::Cy;
    scene.give_contact(&mother, contact).await;
    scene.news(membership, "a").await;
    assert_eq!(scene.notifier().await.drain().await.expect("drains"), 1);
    let messages = scene.messages();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].contains(&format!("To: {HERS}\r\n")));
    assert!(messages[0].contains("From: Postern <notices@postern.example>\r\n"));
    assert!(messages[0].contains("Mae gennych rywbeth newydd ar Postern."));
    assert_eq!(scene.notices().await, [("sent".to_owned(), None)]);
}

/// A planted contact point is never written to: the notice fails and the agency is shown why.
async fn assert_unused(scene: &Scene, why: &str) {
    scene.news(scene.letterbox.mother_membership, "a").await;
    scene.notifier().await.drain().await.expect("drains");
    assert_eq!(scene.messages(), Vec::<String>::new());
    assert_eq!(scene.notices().await, [("failed".to_owned(), Some(why.to_owned()))]);
    assert_eq!(scene.contact_states().await, ["failing"]);
}

#[tokio::test]
async fn a_contact_point_of_another_member_is_not_used() {
    let mut scene = Scene::new().await;
    let (adopter, membership) =
        (scene.letterbox.adopter.clone(), scene.letterbox.mother_membership);
    let to = scene.letterbox.notifier.recipient();
    let planted = scene.email(membership, 1, PLANTED);
    let (envelope, sealed) = scene.contact_statement(&adopter, &planted, &to);
    scene.store_contact(&envelope, &sealed).await;
    assert_unused(&scene, "contact-statement").await;
}

#[tokio::test]
async fn a_contact_point_signed_by_nobody_certified_is_not_used() {
    let mut scene = Scene::new().await;
    let membership = scene.letterbox.mother_membership;
    let to = scene.letterbox.notifier.recipient();
    let planted = scene.email(membership, 1, PLANTED);
    let mother = scene.letterbox.mother.clone();
    let (envelope, sealed) = scene.contact_statement(&mother, &planted, &to);
    let body = envelope.unverified().body.clone();
    let statement = Statement::new(scene.letterbox.realm, Some(mother.id), body);
    let forged = Envelope::sign(statement, &SigningKey::from_seed(&[6; 32]));
    scene.store_contact(&forged, &sealed).await;
    assert_unused(&scene, "contact-statement").await;
}

#[tokio::test]
async fn a_sealed_file_swapped_for_another_is_not_opened() {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let to = scene.letterbox.notifier.recipient();
    let (envelope, _) = scene.contact_statement(&mother, &scene.email(membership, 1, HERS), &to);
    let planted = scene.email(membership, 1, PLANTED).seal(&to).expect("seals");
    scene.store_contact(&envelope, &planted).await;
    assert_unused(&scene, "contact-file").await;
}

#[tokio::test]
async fn a_contact_point_sealed_to_another_key_is_of_no_use() {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let other = X25519Identity::generate(&mut random::System).recipient();
    let hers = scene.email(membership, 1, HERS);
    let (envelope, sealed) = scene.contact_statement(&mother, &hers, &other);
    scene.store_contact(&envelope, &sealed).await;
    assert_unused(&scene, "contact-sealed").await;
}

#[tokio::test]
async fn a_notifier_that_the_agency_does_not_name_opens_nothing() {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    // Somebody swapped the key of this process, and sealed to it.
    scene.letterbox.agency.notifier = X25519Identity::generate(&mut random::System);
    let hers = scene.email(membership, 1, HERS);
    scene.give_contact(&mother, hers).await;
    assert_unused(&scene, "contact-notifier").await;
}

#[tokio::test]
async fn a_root_key_swapped_in_the_database_is_noticed() {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let hers = scene.email(membership, 1, HERS);
    scene.give_contact(&mother, hers).await;
    sqlx::query("update agencies set root_key = sha256('x'), realm = sha256(sha256('x'))")
        .execute(&scene.behind)
        .await
        .expect("works");
    assert_unused(&scene, "contact-realm").await;
}

#[tokio::test]
async fn a_contact_point_of_a_revoked_certificate_is_not_used() {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let hers = scene.email(membership, 1, HERS);
    scene.give_contact(&mother, hers).await;
    let (lead, target_id): (Signatory, _) = (scene.letterbox.lead.clone(), mother.id);
    scene.letterbox.say(&lead, Revoke { target_id, reason: Reason::Lost });
    scene.post_all().await;
    assert_unused(&scene, "contact-certificate-ended").await;
}

#[tokio::test]
async fn a_changed_contact_point_is_told_to_the_old_address() {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    for (n, address) in [(1, HERS), (2, PLANTED)] {
        let contact = scene.email(membership, n, address);
        scene.give_contact(&mother, contact).await;
    }
    scene.tell(membership, "security", "contact-changed", "contact-changed:2").await;
    scene.notifier().await.drain().await.expect("drains");
    let messages = scene.messages();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].contains(&format!("To: {HERS}\r\n")));
    assert!(messages[0].contains("Not you? Call 0300 000 0000."));
}

#[tokio::test]
async fn news_for_somebody_on_paper_is_left_to_be_posted() {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let mut contact = scene.email(membership, 1, "1 High Street");
    contact.channel = Channel::Post;
    scene.give_contact(&mother, contact).await;
    scene.news(membership, "a").await;
    scene.notifier().await.drain().await.expect("drains");
    assert_eq!(scene.messages(), Vec::<String>::new());
    assert_eq!(scene.notices().await, [("to_post".to_owned(), None)]);
    assert_eq!(scene.contact_states().await, ["in_use"]);
}

#[tokio::test]
async fn text_messages_have_no_gateway_and_a_worker_is_shown_that() {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let mut contact = scene.email(membership, 1, "07700 900000");
    contact.channel = Channel::Text;
    scene.give_contact(&mother, contact).await;
    assert_unused(&scene, "no-text-gateway").await;
}

#[tokio::test]
async fn somebody_without_a_contact_point_is_written_down_as_not_told() {
    let scene = Scene::new().await;
    scene.news(scene.letterbox.mother_membership, "a").await;
    scene.notifier().await.drain().await.expect("drains");
    assert_eq!(scene.notices().await, [("failed".to_owned(), Some("no-contact".to_owned()))]);
}
