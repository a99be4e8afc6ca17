//! An arrangement that goes from one team to another.

use domain::decision::Outcome;
use seal::envelope::Envelope;
use seal::statement::{Arrangement, Body};
use store::accounts::Audience;
use store::moves;
use store::statements::Verdict;

use crate::scene::Scene;

/// The lead offers the arrangement to the other team, whose lead is ready to take it.
async fn offered(scene: &mut Scene) -> Envelope {
    let (lead, taker) = (scene.lead.clone(), scene.other_lead.clone());
    let (arrangement, team, to) = (scene.arrangement, scene.team, scene.other_team);
    let next = scene.next_version(arrangement, team, Vec::new());
    let moved = Arrangement { team: to, ..next };
    let first = scene.say(&lead, moved.clone());
    scene.post_all().await;
    scene.drain().await;
    assert!(scene.is_logged(first).await);
    scene.sign(&taker, Arrangement { prior: Some(first), ..moved })
}

#[tokio::test]
async fn an_offer_is_known_to_both_teams_until_it_is_taken() {
    let mut scene = Scene::verified().await;
    let second = offered(&mut scene).await;
    let (lead, taker) = (scene.lead.clone(), scene.other_lead.clone());
    let (team, to) = (scene.team, scene.other_team);
    for (by, team) in [(&lead, team), (&taker, to)] {
        let mut tx = scene.signed_in(by, Audience::Staff).await;
        let seen = moves::list(&mut tx, &[team]).await.expect("answers");
        let seen: Vec<_> = seen.iter().map(|it| (it.from, it.to)).collect();
        assert_eq!(seen, [(scene.team, to)]);
    }
    scene.letterbox.log(second);
    scene.post_all().await;
    scene.drain().await;
    let mut tx = scene.signed_in(&taker, Audience::Staff).await;
    assert!(moves::list(&mut tx, &[team, to]).await.expect("answers").is_empty());
    let now = store::arrangements::find(&mut tx, scene.arrangement).await.expect("answers");
    assert_eq!(now.map(|it| it.team), Some(to));
}

/// Whatever the API took: neither half counts by anybody but a lead of its team.
#[tokio::test]
async fn nobody_moves_an_arrangement_to_a_team_who_leads_neither() {
    let mut scene = Scene::verified().await;
    let second = offered(&mut scene).await;
    let (arrangement, team, to) = (scene.arrangement, scene.team, scene.other_team);
    let moved = Arrangement { team: to, ..scene.next_version(arrangement, team, Vec::new()) };
    let Body::Arrangement(taken) = second.unverified().body.clone() else {
        panic!("an arrangement");
    };
    for by in [scene.coordinator.clone(), scene.other_coordinator.clone(), scene.other_lead.clone()]
    {
        let first = scene.sign(&by, moved.clone());
        scene.post(&first).await;
        scene.drain().await;
        assert_eq!(scene.reason(first.id()).await, "not-entitled");
    }
    for by in [scene.coordinator.clone(), scene.other_coordinator.clone(), scene.lead.clone()] {
        let second = scene.sign(&by, taken.clone());
        scene.post(&second).await;
        scene.drain().await;
        assert_eq!(scene.reason(second.id()).await, "not-entitled");
    }
}

/// The API says so before it takes the second half; this letter came in the same moment.
#[tokio::test]
async fn an_arrangement_is_not_handed_over_before_what_waits_in_it_is_decided() {
    let mut scene = Scene::verified().await;
    let second = offered(&mut scene).await;
    let submit = scene.write().await;
    scene.post(&second).await;
    scene.drain().await;
    assert_eq!(scene.verdict(second.id()).await, Verdict::Waiting);
    assert_eq!(scene.state(submit).await, "with_agency");
    let by = scene.coordinator.clone();
    let decision = scene.check(&by, submit, Outcome::Deliver).await;
    scene.drain().await;
    assert!(scene.is_logged(decision).await);
    assert!(scene.is_logged(second.id()).await);
    assert_eq!(scene.state(submit).await, "passing_on");
}
