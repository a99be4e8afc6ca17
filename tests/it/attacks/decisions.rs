//! A checker who would pass a letter on to others than its readers.

use domain::id::{LetterId, MembershipId, StatementId};
use seal::file;
use seal::grant::{Grant, Grantee};
use seal::key::HybridRecipient;
use seal::ledger::Ledger;
use seal::random::System;
use seal::statement::GrantEntry;
use serde_json::json;
use xtask::seed::{Letterbox, Person};

use crate::forge::{Verdict, base64, history, letter_key, quarantined, refused};
use crate::scene::{Scene, run, shared};

/// A letter that is claimed and opened; the decision to pass it on, before anybody changes it.
async fn on_desk<'a>(scene: &'a Scene, from: &Person, box_: &Letterbox) -> (LetterId, Verdict<'a>) {
    let [priya, _] = &scene.agency.coordinators;
    let letter = from.write(box_, "For its readers only.").await.unwrap().letter;
    let desk = priya.open(letter).await.unwrap();
    (letter, Verdict::new(priya, &desk, letter))
}

/// The certificate of a member, and the key that grants to them are sealed to.
fn certified(ledger: &Ledger, box_: &Letterbox, name: &str) -> (StatementId, HybridRecipient) {
    let certificate = ledger.membership_certificate(box_.of(name)).unwrap();
    (certificate.id, certificate.seal_key.recipient().unwrap())
}

/// The worker refuses the decision, and the letter is nobody's.
async fn assert_refused(
    scene: &Scene,
    verdict: &Verdict<'_>,
    (letter, reason): (LetterId, &str),
    readers: &[&Person],
) {
    let behind = scene.behind().await;
    let id = verdict.send().await;
    assert_eq!(quarantined(&scene.agency.leads[0], id).await, reason);
    behind.drained().await;
    for person in readers {
        let path = format!("/api/letters/{letter}");
        assert_eq!(refused(&person.account.api, &path).await.0, 404, "{}", person.name);
    }
    let released = format!(
        "select count(*) from letters where letter_id = '{letter}'
         and (state in ('passing_on', 'passed_on') or released_at is not null)"
    );
    assert_eq!(behind.number(&released).await, 0);
    let delivered = format!("select count(*) from deliveries where letter_id = '{letter}'");
    assert_eq!(behind.number(&delivered).await, 0);
}

#[test]
fn a_letter_is_not_granted_to_somebody_it_is_not_for() {
    run(async {
        let scene = shared().await;
        let (ida, jon, box_) = scene.two_more(["Ida", "Jon"]).await;
        let (lou, _max, elsewhere) = scene.two_more(["Lou", "Max"]).await;
        let (letter, mut verdict) = on_desk(scene, &ida, &box_).await;
        let (cert_id, recipient) = certified(&history(&lou, &elsewhere).await, &elsewhere, "Lou");
        add_grant(
            &mut verdict,
            &ida,
            box_.of("Ida"),
            (letter, elsewhere.of("Lou"), cert_id),
            &recipient,
        )
        .await;
        let readers = [&jon, &lou];
        // The certificate is of another arrangement; the readers are not those of the letter.
        assert_refused(scene, &verdict, (letter, "wrong-grants"), &readers).await;
    });
}

#[test]
fn a_letter_is_not_granted_under_another_certificate_or_to_another_key() {
    run(async {
        let scene = shared().await;
        let (ned, ola, box_) = scene.two_more(["Ned", "Ola"]).await;
        let ledger = history(&ned, &box_).await;
        // His reader's name, his own certificate and key: he would read it, and she would not.
        let (letter, mut verdict) = on_desk(scene, &ned, &box_).await;
        let (cert_id, recipient) = certified(&ledger, &box_, "Ned");
        verdict.decision.grants.clear();
        verdict.request["grants"] = json!([]);
        let granted = (letter, box_.of("Ola"), cert_id);
        add_grant(&mut verdict, &ned, box_.of("Ned"), granted, &recipient).await;
        assert_refused(scene, &verdict, (letter, "wrong-grants"), &[&ola]).await;

        // Nobody at all, which would look delivered and reach no one.
        let (letter, mut verdict) = on_desk(scene, &ned, &box_).await;
        verdict.decision.grants.clear();
        verdict.request["grants"] = json!([]);
        assert_refused(scene, &verdict, (letter, "wrong-grants"), &[&ola]).await;

        // A second step by whoever took none before it.
        let (letter, mut verdict) = on_desk(scene, &ned, &box_).await;
        verdict.decision.step = 2;
        verdict.decision.prior = Some(verdict.decision.submit_id);
        assert_refused(scene, &verdict, (letter, "wrong-step"), &[&ola]).await;
        ned.account.letterbox().await.unwrap();
    });
}

/// Seals the letter's key to one more reader, and signs for it.
async fn add_grant(
    verdict: &mut Verdict<'_>,
    writer: &Person,
    me: MembershipId,
    (letter, membership, cert_id): (LetterId, MembershipId, StatementId),
    recipient: &HybridRecipient,
) {
    // A checker holds it anyway.
    let key = letter_key(writer, me, letter).await;
    let realm = writer.account.root().unwrap().realm();
    let grant = Grant { realm, letter, rev: 1, grantee: Grantee::Member(membership) };
    let sealed = grant.seal(&key, recipient, &mut System);
    let grants = &mut verdict.decision.grants;
    grants.push(GrantEntry { membership, cert_id, grant_hash: file::hash(&sealed) });
    grants.sort_unstable_by_key(|it| it.membership);
    let files = verdict.request["grants"].as_array_mut().unwrap();
    files.push(json!({ "membership": membership, "sealed": base64(&sealed) }));
}
