//! When notices go: one piece of news a day, within hours, never on a day to avoid.

use crate::scene::Scene;

const HERS: &str = "mother@home.example";

async fn scene_with(avoid: &[&str]) -> Scene {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let mut contact = scene.email(membership, 1, HERS);
    contact.avoid = avoid.iter().map(|day| (*day).to_owned()).collect();
    scene.give_contact(&mother, contact).await;
    scene
}

/// The states of all notices, sorted: of those made at one moment any may speak for the others.
async fn states(scene: &Scene) -> Vec<String> {
    let mut states: Vec<_> = scene.notices().await.into_iter().map(|(state, _)| state).collect();
    states.sort();
    states
}

#[tokio::test]
async fn several_pieces_of_news_are_one_message() {
    let scene = scene_with(&[]).await;
    for key in ["a", "b", "c"] {
        scene.news(scene.letterbox.mother_membership, key).await;
    }
    let notifier = scene.notifier().await;
    assert_eq!(notifier.drain().await.expect("drains"), 3);
    assert_eq!(scene.messages().len(), 1);
    assert_eq!(states(&scene).await, ["merged", "merged", "sent"]);
}

#[tokio::test]
async fn more_news_on_the_same_day_waits_for_the_next() {
    let scene = scene_with(&[]).await;
    let membership = scene.letterbox.mother_membership;
    let notifier = scene.notifier().await;
    scene.news(membership, "a").await;
    notifier.drain().await.expect("drains");
    scene.advance(2);
    scene.news(membership, "b").await;
    scene.news(membership, "c").await;
    notifier.drain().await.expect("drains");
    assert_eq!(scene.messages().len(), 1);
    scene.advance(24);
    notifier.drain().await.expect("drains");
    assert_eq!(scene.messages().len(), 2);
    assert_eq!(states(&scene).await, ["merged", "sent", "sent"]);
}

#[tokio::test]
async fn two_members_are_told_on_the_same_day() {
    let mut scene = scene_with(&[]).await;
    let (adopter, membership) =
        (scene.letterbox.adopter.clone(), scene.letterbox.adopter_membership);
    let contact = scene.email(membership, 1, "adopter@home.example");
    scene.give_contact(&adopter, contact).await;
    scene.news(membership, "a").await;
    scene.news(scene.letterbox.mother_membership, "a").await;
    scene.notifier().await.drain().await.expect("drains");
    assert_eq!(scene.messages().len(), 2);
}

#[tokio::test]
async fn no_news_comes_on_a_day_to_avoid() {
    let scene = scene_with(&["11-23", "2026-11-24"]).await;
    let notifier = scene.notifier().await;
    scene.news(scene.letterbox.mother_membership, "a").await;
    notifier.drain().await.expect("drains");
    scene.advance(24);
    notifier.drain().await.expect("drains");
    assert_eq!(scene.messages().len(), 0);
    scene.advance(24);
    notifier.drain().await.expect("drains");
    assert_eq!(scene.messages().len(), 1);
}

#[tokio::test]
async fn news_waits_for_the_morning_and_a_warning_does_not() {
    let scene = scene_with(&["11-23"]).await;
    let membership = scene.letterbox.mother_membership;
    let notifier = scene.notifier().await;
    scene.clock.set("2026-11-23T23:00:00Z".parse().expect("a moment"));
    scene.tell(membership, "security", "reset-asked", "reset-asked:1").await;
    scene.news(membership, "a").await;
    notifier.drain().await.expect("drains");
    let messages = scene.messages();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].contains("Someone asked to reset your Postern."));
    scene.clock.set("2026-11-24T09:00:00Z".parse().expect("a moment"));
    notifier.drain().await.expect("drains");
    assert_eq!(scene.messages().len(), 2);
}

#[tokio::test]
async fn warnings_are_outside_the_limit_of_one_a_day() {
    let scene = scene_with(&[]).await;
    let membership = scene.letterbox.mother_membership;
    for key in ["reset-asked:1", "reset-asked:2"] {
        scene.tell(membership, "security", "reset-asked", key).await;
    }
    scene.news(membership, "a").await;
    scene.notifier().await.drain().await.expect("drains");
    assert_eq!(scene.messages().len(), 3);
}

#[tokio::test]
async fn two_notifiers_send_one_message() {
    let scene = scene_with(&[]).await;
    for key in ["a", "b", "c", "d", "e", "f"] {
        scene.news(scene.letterbox.mother_membership, key).await;
    }
    let (one, two) = (scene.notifier().await, scene.notifier().await);
    let (first, second) = tokio::join!(one.drain(), two.drain());
    assert_eq!(first.expect("drains") + second.expect("drains"), 6);
    assert_eq!(scene.messages().len(), 1);
    let sent = states(&scene).await.iter().filter(|state| *state == "sent").count();
    assert_eq!(sent, 1);
}
