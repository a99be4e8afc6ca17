//! The service as a process runs it: configuration in, until asked to stop.

use std::time::Duration;

use notification::Config;
use tokio::{sync::oneshot, time::timeout};

use crate::scene::Scene;

#[tokio::test]
async fn a_running_notifier_is_woken_by_news_and_stops_when_asked() {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let contact = scene.email(membership, 1, "mother@home.example");
    scene.give_contact(&mother, contact).await;
    // Far too rarely for this test: it is woken, or it fails.
    let config = Config { poll_seconds: 600, ..scene.config() };
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(notification::run(config, scene.clock.clone(), async {
        let _ = stopped.await;
    }));
    for round in 1..=2 {
        scene.tell(membership, "security", "reset-asked", &format!("reset-asked:{round}")).await;
        let sent = async {
            while scene.messages().len() < round {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_mins(1), sent).await.expect("it is sent");
    }
    stop.send(()).expect("it runs");
    let ended = timeout(Duration::from_secs(10), running).await.expect("it stops");
    ended.expect("no panic").expect("no error");
}
