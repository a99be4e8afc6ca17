//! A clock that stands still, runs ahead and goes back: nobody is told of one event twice, and
//! nobody is left untold of any.

use jiff::SignedDuration;

use crate::scene::Scene;

const HERS: &str = "mother@home.example";
const A_DAY: i64 = 24;

async fn scene() -> Scene {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let contact = scene.email(membership, 1, HERS);
    scene.give_contact(&mother, contact).await;
    scene
}

/// State by event key.
async fn state(scene: &Scene, key: &str) -> String {
    sqlx::query_scalar("select state from notices where event_key = $1")
        .bind(key)
        .fetch_one(&scene.behind)
        .await
        .expect("a notice")
}

#[tokio::test]
async fn news_after_the_clock_went_back_is_not_taken_for_told_before_it_happened() {
    let scene = scene().await;
    let (membership, notifier) = (scene.letterbox.mother_membership, scene.notifier().await);
    scene.news(membership, "a").await;
    notifier.drain().await.expect("drains");
    assert_eq!(scene.messages().len(), 1);

    scene.advance(-A_DAY);
    scene.news(membership, "b").await;
    notifier.drain().await.expect("drains");
    assert_eq!((state(&scene, "b").await.as_str(), scene.messages().len()), ("sent", 2));

    // And when it is right again: one a day, by the clock there is.
    scene.advance(A_DAY + 1);
    scene.news(membership, "c").await;
    notifier.drain().await.expect("drains");
    assert_eq!((state(&scene, "c").await.as_str(), scene.messages().len()), ("waiting", 2));
    scene.advance(A_DAY);
    notifier.drain().await.expect("drains");
    assert_eq!((state(&scene, "c").await.as_str(), scene.messages().len()), ("sent", 3));
}

#[tokio::test]
async fn news_of_a_day_that_was_rewound_is_not_taken_for_told_by_a_mail_from_before_it_happened() {
    let scene = scene().await;
    let (membership, notifier) = (scene.letterbox.mother_membership, scene.notifier().await);
    scene.news(membership, "a").await;
    notifier.drain().await.expect("drains");
    assert_eq!(scene.messages().len(), 1);

    // An hour back: by the clock, "b" happens before the mail that was sent already.
    scene.advance(-1);
    scene.news(membership, "b").await;
    notifier.drain().await.expect("drains");
    assert_eq!((state(&scene, "b").await.as_str(), scene.messages().len()), ("waiting", 1));
    scene.advance(A_DAY);
    notifier.drain().await.expect("drains");
    assert_eq!((state(&scene, "b").await.as_str(), scene.messages().len()), ("sent", 2));
}

#[tokio::test]
async fn each_piece_of_news_is_told_once_whichever_way_the_clock_jumps() {
    let scene = scene().await;
    let (membership, notifier) = (scene.letterbox.mother_membership, scene.notifier().await);
    for (key, jump) in [("a", A_DAY), ("b", -A_DAY), ("c", 0), ("d", -A_DAY), ("e", A_DAY)] {
        scene.news(membership, key).await;
        scene.advance(jump);
        notifier.drain().await.expect("drains");
        notifier.drain().await.expect("drains");
    }
    for _ in 0..3 {
        scene.advance(A_DAY);
        notifier.drain().await.expect("drains");
    }
    let sent = scene.notices().await.iter().filter(|(state, _)| state == "sent").count();
    assert_eq!(scene.messages().len(), sent, "each that was sent was sent once");
    // One that is merged was told by a mail that went out after it was made.
    let untold = "select count(*) from notices n where state <> 'sent' and not (state = 'merged'
        and exists (select from notices o where o.state = 'sent' and o.sent_at >= n.created_at))";
    let untold: i64 = sqlx::query_scalar(untold).fetch_one(&scene.behind).await.expect("a number");
    assert_eq!(untold, 0);
}

#[tokio::test]
async fn while_the_clock_stands_still_warnings_go_out_and_news_once() {
    let scene = scene().await;
    let (membership, notifier) = (scene.letterbox.mother_membership, scene.notifier().await);
    let then = scene.clock.now();
    for round in 1..=3 {
        scene.news(membership, &format!("news:{round}")).await;
        scene.tell(membership, "security", "reset-asked", &format!("reset-asked:{round}")).await;
        notifier.drain().await.expect("drains");
        assert_eq!(scene.messages().len(), 1 + round);
    }
    assert_eq!(scene.clock.now().duration_since(then), SignedDuration::ZERO);
}
