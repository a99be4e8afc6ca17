//! A server that lies to its clients, one field of one answer at a time. Nothing of such an answer
//! is used, and no letter key goes out on the strength of it.

use client::{Error, OnDesk, Place, Post};
use seal::envelope::Envelope;
use seal::invite::enrol_digits;
use seal::key::{HybridIdentity, SigningKey};
use seal::random::System;
use seal::statement::{Body, Member, Role, SealKey, Side, Statement};
use serde_json::{Value, json};
use xtask::seed::{Decision, Person, now};

use crate::forge::{base64, bytes, member_signer};
use crate::liar::Liar;
use crate::scene::{Scene, run, shared};

mod log;
mod root;

/// A change to an answer.
type Change = Box<dyn Fn(&mut Value) + Send>;

fn change(by: impl Fn(&mut Value) + Send + 'static) -> Change {
    Box::new(by)
}

/// Flips a bit in the middle of a field of bytes.
fn flip(field: &'static str) -> Change {
    change(move |answer| {
        let mut file = bytes(&answer[field]);
        let middle = file.len() / 2;
        file[middle] ^= 1;
        answer[field] = base64(&file);
    })
}

/// The place of the last statement of a kind in a proof.
fn last(proof: &Value, kind: &str) -> usize {
    let wanted = format!("application/vnd.postern.{kind}.v1+json");
    let statements = proof["statements"].as_array().unwrap();
    statements.iter().rposition(|it| it["payloadType"] == wanted.as_str()).expect("one of them")
}

fn remove(proof: &mut Value, place: usize) {
    proof["statements"].as_array_mut().unwrap().remove(place);
}

/// Changes a statement's content, and signs it with a key of the liar's own.
fn forge(envelope: &mut Value, what: impl FnOnce(&mut Body)) {
    let original: Envelope = serde_json::from_value(envelope.clone()).unwrap();
    let Statement { realm, signer, mut body } = original.unverified().clone();
    what(&mut body);
    let forged = Envelope::sign(Statement::new(realm, signer, body), &liars_key());
    *envelope = json!(forged);
}

fn liars_key() -> SigningKey {
    SigningKey::from_seed(&[0x4c; 32])
}

/// Every lie was told, and none believed.
fn assert_untrusted<T: std::fmt::Debug>(liar: &Liar, what: &str, heard: &Result<T, Error>) {
    assert!(liar.is_honest() > 0, "{what}: was not told");
    assert!(matches!(heard, Err(Error::Untrusted(_))), "{what}: {heard:?}");
}

#[test]
fn a_reader_is_shown_nothing_when_anything_about_the_letter_is_a_lie() {
    run(async {
        let scene = shared().await;
        let liar = Liar::before(scene.stack.family()).await;
        let kerry = liar.welcomes(&scene.kerry).await;
        let [priya, _] = &scene.agency.coordinators;
        let me = scene.letterbox.of("Kerry");
        let text = "Nobody has changed this.";
        let letter = scene.beth.write(&scene.letterbox, text).await.unwrap().letter;
        priya.check(letter, Decision::DELIVER).await.unwrap();
        assert_eq!(kerry.receive(&scene.letterbox, letter).await.unwrap(), text);
        let other = scene.beth.write(&scene.letterbox, "Another.").await.unwrap();
        priya.check(other.letter, Decision::DELIVER).await.unwrap();
        kerry.wait_until(other.letter, "passed_on").await.unwrap();
        let whole_other: Value =
            scene.kerry.account.api.get(&format!("/api/letters/{}", other.letter)).await.unwrap();

        let path = format!("/api/letters/{letter}");
        let another = move |field: &'static str| {
            let value = whole_other[field].clone();
            change(move |answer| answer[field] = value.clone())
        };
        for (what, lie) in [
            ("another letter's file", another("ciphertext")),
            ("another letter's grant", another("grant")),
            ("another letter's statement", another("statement")),
            ("a bit of the file", flip("ciphertext")),
            ("a bit of the grant", flip("grant")),
            ("your own letter", change(move |it| it["author"] = json!(me))),
        ] {
            liar.lies(&path, lie);
            assert_untrusted(&liar, what, &kerry.account.read(me, letter).await);
        }

        let path = format!("{path}/proof");
        let proof: Value = scene.kerry.account.api.get(&path).await.unwrap();
        let root = liars_key().public_key();
        for (what, lie) in [
            ("another root", change(move |it| it["root"] = json!(root))),
            ("nobody decided", change(|it| remove(it, last(it, "decision")))),
            (
                "the reader decided",
                change(|it| {
                    let place = last(it, "decision");
                    forge(&mut it["statements"][place], |_| {});
                }),
            ),
            (
                "another author",
                change(move |it| {
                    let place = last(it, "submit");
                    forge(&mut it["statements"][place], |body| {
                        let Body::Submit(submit) = body else { unreachable!() };
                        submit.author = me;
                    });
                }),
            ),
            (
                "last things first",
                change(|it| {
                    it["statements"].as_array_mut().unwrap().reverse();
                }),
            ),
        ] {
            liar.lies(&path, lie);
            assert_untrusted(&liar, what, &kerry.account.read(me, letter).await);
        }
        for (what, lie) in log::lies(scene.agency.printed.realm) {
            liar.lies(&path, lie);
            assert_untrusted(&liar, what, &kerry.account.read(me, letter).await);
        }
        // Whichever statement of the proof is missing, or signed by somebody else.
        for place in 0..proof["statements"].as_array().unwrap().len() {
            liar.lies(&path, move |it| remove(it, place));
            let heard = kerry.account.read(me, letter).await;
            assert_untrusted(&liar, &format!("without statement {place}"), &heard);
            liar.lies(&path, move |it| {
                it["statements"][place]["signatures"][0]["sig"] = base64(&[7; 64]);
            });
            let heard = kerry.account.read(me, letter).await;
            assert_untrusted(&liar, &format!("statement {place} unsigned"), &heard);
        }
        assert_eq!(kerry.receive(&scene.letterbox, letter).await.unwrap(), text);
        scene.behind().await.drained().await;
    });
}

#[test]
fn a_writer_seals_to_nobody_when_the_server_lies_about_the_arrangement() {
    run(async {
        let scene = shared().await;
        let liar = Liar::before(scene.stack.family()).await;
        let beth = liar.welcomes(&scene.beth).await;
        let path = format!("/api/arrangements/{}", scene.letterbox.arrangement);
        let liars_seal = HybridIdentity::generate(&mut System).recipient();
        for (what, lie) in [
            (
                "the team's lock is the liar's",
                change(move |it| {
                    let place = last(&it["proof"], "epoch");
                    let lock = SealKey::from(&liars_seal);
                    forge(&mut it["proof"]["statements"][place], |body| {
                        let Body::Epoch(epoch) = body else { unreachable!() };
                        epoch.review_key = lock;
                    });
                }),
            ),
            (
                "the version before",
                change(|it| {
                    let place = last(&it["proof"], "arrangement");
                    remove(&mut it["proof"], place);
                    it["n"] = json!(1);
                }),
            ),
            ("the version before, by its number", change(|it| it["n"] = json!(1))),
            (
                "another root",
                change(|it| {
                    it["proof"]["root"] = json!(liars_key().public_key());
                }),
            ),
            (
                "a reader more",
                change(|it| {
                    let place = last(&it["proof"], "arrangement");
                    forge(&mut it["proof"]["statements"][place], |body| {
                        let Body::Arrangement(version) = body else { unreachable!() };
                        version.members.iter_mut().for_each(|it| it.read = true);
                    });
                }),
            ),
        ] {
            liar.lies(&path, lie);
            let heard = beth.account.standing(scene.letterbox.arrangement).await;
            assert_untrusted(&liar, what, &heard);
        }
        assert!(!liar.has_got("/api/letters"));
        beth.account.standing(scene.letterbox.arrangement).await.unwrap();
    });
}

/// Where a decision on a letter begins: claimed, and opened through the liar.
async fn opens(checker: &Person, letter: domain::id::LetterId) -> Result<OnDesk, Error> {
    checker.account.claim(letter).await.unwrap();
    checker.account.open_on_desk(letter, "check").await
}

/// The addressee's certificate, with a lock of the liar's.
fn with_liars_lock(scene: &Scene) -> impl Fn(&mut Value) + Send + use<> {
    let (certificate, _) = member_signer(&scene.kerry, scene.letterbox.of("Kerry"));
    let lock = SealKey::from(&HybridIdentity::generate(&mut System).recipient());
    move |answer: &mut Value| {
        let statements = answer["proof"]["statements"].as_array_mut().unwrap();
        let is_hers = |it: &&mut Value| {
            let envelope: Envelope = serde_json::from_value((**it).clone()).unwrap();
            envelope.id() == certificate
        };
        let hers = statements.iter_mut().find(is_hers).expect("her certificate");
        forge(hers, |body| {
            let Body::Member(member) = body else { unreachable!() };
            *member = Member { seal_key: lock.clone(), ..member.clone() };
        });
    }
}

#[test]
fn a_checker_gives_no_letter_key_away_when_the_server_lies() {
    run(async {
        let scene = shared().await;
        let liar = Liar::before(scene.stack.staff()).await;
        let sam = liar.welcomes(&scene.agency.coordinators[1]).await;
        let letter = scene.beth.write(&scene.letterbox, "To Kerry alone.").await.unwrap().letter;
        let open = format!("/api/checks/{letter}/open");
        let epochs = format!("/api/teams/{}/epochs", scene.agency.team);
        let lock = SealKey::from(&HybridIdentity::generate(&mut System).recipient());
        for (what, path, lie) in [
            ("the reader's certificate", &open, change(with_liars_lock(scene))),
            (
                "the writer's certificate",
                &open,
                change(|it| {
                    let place = last(&it["proof"], "member");
                    remove(&mut it["proof"], place);
                }),
            ),
            ("a bit of the file", &open, flip("ciphertext")),
            ("a bit of the grant", &open, flip("grant")),
            (
                "a letter nobody signed",
                &open,
                change(|it| {
                    let place = last(&it["proof"], "submit");
                    forge(&mut it["proof"]["statements"][place], |_| {});
                }),
            ),
            (
                "the team's key",
                &epochs,
                change(move |it| {
                    let newest = it.as_array_mut().unwrap().last_mut().unwrap();
                    forge(&mut newest["envelope"], |body| {
                        let Body::Epoch(epoch) = body else { unreachable!() };
                        epoch.review_key = lock.clone();
                    });
                }),
            ),
        ] {
            liar.lies(path, lie);
            assert_untrusted(&liar, what, &opens(&sam, letter).await);
        }

        for (what, lie) in log::lies(scene.agency.printed.realm) {
            liar.lies(&open, change(move |it| lie(&mut it["proof"])));
            assert_untrusted(&liar, what, &opens(&sam, letter).await);
        }
        assert!(!liar.has_got("/decisions"), "a decision went out");

        let desk = opens(&sam, letter).await.unwrap();
        sam.decide(&desk, Decision::DELIVER).await.unwrap();
        let read = scene.kerry.receive(&scene.letterbox, letter).await.unwrap();
        assert_eq!(read, "To Kerry alone.");
        scene.behind().await.drained().await;
    });
}

#[test]
fn no_plan_is_sealed_to_a_team_key_that_the_server_made_up() {
    run(async {
        let scene = shared().await;
        let liar = Liar::before(scene.stack.staff()).await;
        let sam = liar.welcomes(&scene.agency.coordinators[1]).await;
        let (team, realm) = (scene.agency.team, scene.agency.printed.realm);
        let made_up = HybridIdentity::generate(&mut System);
        let his = sam.account.bundle().staff.last().expect("staff").seal_identity.recipient();
        // A wrap for him as well: sealing one takes no secret.
        liar.lies(&format!("/api/teams/{team}/epochs"), move |it| {
            let newest = it.as_array_mut().unwrap().last_mut().unwrap();
            let mut n = 0;
            forge(&mut newest["envelope"], |body| {
                let Body::Epoch(epoch) = body else { unreachable!() };
                n = epoch.n;
                epoch.review_key = SealKey::from(&made_up.recipient());
            });
            let envelope: Envelope = serde_json::from_value(newest["envelope"].clone()).unwrap();
            newest["statement"] = json!(envelope.id());
            let this = seal::epoch::Epoch { realm, team, n };
            newest["wrap"] = base64(&this.seal(&made_up, &his, &mut System));
        });
        let places = [(Side::A, Role::AdoptiveParent), (Side::B, Role::BirthParent)]
            .map(|(side, role)| Place::new(side, role, &mut System));
        let texts = (r#"{"v":1}"#, r#"{"v":1}"#);
        let made = sam.account.make_arrangement(team, 1, &places, texts, &mut System).await;
        assert_untrusted(&liar, "the team's key", &made);
        assert!(!liar.has_got("/api/arrangements"), "a plan went out");
    });
}

#[test]
fn nobody_is_certified_with_keys_that_the_server_put_in_their_place() {
    run(async {
        let scene = shared().await;
        let liar = Liar::before(scene.stack.staff()).await;
        let dee = liar.welcomes(&scene.agency.leads[0]).await;
        // Two who have enrolled, each with the digits of their own keys.
        let invites: Vec<Value> = dee.account.api.get("/api/invites").await.unwrap();
        let enrolled = invites.iter().filter_map(|it| {
            let envelope: Envelope =
                serde_json::from_value(it["enrol"]["envelope"].clone()).ok()?;
            Some((it["invite"].clone(), enrol_digits(&envelope.id()), it["enrol"].clone()))
        });
        let [(invite, digits, _), (_, _, anothers)] =
            enrolled.take(2).collect::<Vec<_>>().try_into().unwrap();
        liar.lies("/api/invites", move |it| {
            it.as_array_mut().unwrap().iter_mut().for_each(|it| it["enrol"] = anothers.clone());
        });
        let post = Post::new(Role::Coordinator, &[scene.agency.team], &mut System);
        let sheet = (serde_json::from_value(invite).unwrap(), digits.as_str());
        let certified = dee.account.certify_staff(sheet, &post, None, now()).await;
        assert_untrusted(&liar, "another person's keys", &certified);
        assert!(!liar.has_got("/api/statements/staff"));
    });
}
