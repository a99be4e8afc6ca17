//! Staff of one team against the letters and arrangements of another.

use client::Standing;
use domain::id::{StatementId, TeamId};
use seal::document::{Document, Subject};
use seal::file;
use seal::random::System;
use seal::statement::Arrangement;
use serde_json::json;
use xtask::seed::{Letterbox, Person};

use crate::forge::{Verdict, base64, history, post, refused, sign, staff_signer};
use crate::scene::{Scene, run, shared};

/// The next version of an arrangement, under another team, signed by whoever likes; what the API
/// makes of it. The worker's own verdict on the same is in its crate (`worker/moves.rs`).
async fn take_over(scene: &Scene, standing: &Standing, by: &Person, team: TeamId) -> (u16, String) {
    let ledger = history(&scene.agency.coordinators[0], &scene.letterbox).await;
    let (_, epoch) = ledger.epoch(standing.team).unwrap();
    let keys = [&epoch.review_key, &epoch.archive_key].map(|key| key.recipient().unwrap());
    let document = |subject| {
        let document = Document { realm: standing.realm, subject, n: standing.version().n + 1 };
        document.seal("{}", &keys.each_ref(), &mut System).unwrap()
    };
    let plan = document(Subject::Plan(standing.arrangement));
    let notes = document(Subject::Notes(standing.arrangement));
    let version = Arrangement {
        n: standing.version().n + 1,
        prev: Some(standing.statement),
        team,
        plan_hash: file::hash(&plan),
        notes_hash: file::hash(&notes),
        ..standing.version().clone()
    };
    let statement = sign(by, staff_signer(by), version);
    let request = json!({ "statement": statement, "plan": base64(&plan), "notes": base64(&notes) });
    let answer = post(&by.account.api, "/api/arrangements", &request).await;
    let (status, code) = answer.refusal();
    (status, code.to_owned())
}

/// Nothing of a letter that is another team's is there for somebody.
async fn assert_sees_nothing(person: &Person, letterbox: &Letterbox, letter: domain::id::LetterId) {
    let api = &person.account.api;
    let not_found = (404, "not-found".to_owned());
    for part in ["", "/proof", "/openings", "/decisions"] {
        assert_eq!(refused(api, &format!("/api/letters/{letter}{part}")).await, not_found);
    }
    let arrangement = format!("/api/arrangements/{}", letterbox.arrangement);
    assert_eq!(refused(api, &arrangement).await, not_found);
    for act in ["claim", "renew", "open"] {
        let path = format!("/api/checks/{letter}/{act}");
        let answer = post(api, &path, &json!({ "why": "check" })).await;
        assert!([404, 409].contains(&answer.refusal().0), "{act}: {answer:?}");
    }
    let desk = person.account.desk().await.unwrap();
    assert!(desk.iter().all(|it| it.letter != letter));
}

#[test]
fn staff_of_another_team_neither_open_a_letter_nor_decide_on_it_nor_take_the_arrangement_over() {
    run(async {
        let scene = shared().await;
        let behind = scene.behind().await;
        let other = scene.agency.another_team(&scene.stack, "South", ["Una", "Viv"]).await.unwrap();
        let [priya, _] = &scene.agency.coordinators;
        let letter = scene.beth.write(&scene.letterbox, "For one team.").await.unwrap().letter;
        for stranger in [&other.coordinator, &other.lead] {
            assert_sees_nothing(stranger, &scene.letterbox, letter).await;
            let epochs = format!("/api/teams/{}/epochs", scene.agency.team);
            assert_eq!(refused(&stranger.account.api, &epochs).await.0, 404);
        }

        // Even with a decision that a colleague of the right team made ready for them.
        let desk = priya.open(letter).await.unwrap();
        let verdict = Verdict::new(priya, &desk, letter);
        let path = format!("/api/letters/{letter}/decisions");
        for stranger in [&other.coordinator, &other.lead] {
            let own_hand = verdict.signed_by(stranger);
            let answer = post(&stranger.account.api, &path, &own_hand).await;
            assert_eq!(answer.refusal(), (404, "not-found"));
            let priyas_hand = verdict.signed_by(priya);
            let answer = post(&stranger.account.api, &path, &priyas_hand).await;
            assert_eq!(answer.refusal(), (403, "not-your-key"));
        }

        // Nor does anybody move the arrangement to a team alone, theirs or another's.
        let standing = scene.letterbox.standing(&scene.beth).await.unwrap();
        let not_found = (404, "not-found");
        for (thief, refusal) in
            [(&other.coordinator, not_found), (&other.lead, not_found), (priya, (403, "forbidden"))]
        {
            let (status, code) = take_over(scene, &standing, thief, other.team).await;
            assert_eq!((status, code.as_str()), refusal, "{}", thief.name);
        }
        let by_lead = &scene.agency.leads[1];
        let (status, code) = take_over(scene, &standing, &other.lead, scene.agency.team).await;
        assert_eq!((status, code.as_str()), not_found);
        assert_eq!(governing(scene).await, standing.statement);

        // The letter goes its own way.
        verdict.send().await;
        assert_eq!(scene.kerry.receive(&scene.letterbox, letter).await.unwrap(), "For one team.");
        assert!(by_lead.account.desk().await.unwrap().iter().all(|it| it.letter != letter));
        behind.drained().await;
    });
}

async fn governing(scene: &Scene) -> StatementId {
    scene.letterbox.standing(&scene.kerry).await.unwrap().statement
}
