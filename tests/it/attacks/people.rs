//! People who do not exist, and addresses nobody gave.

use client::{Api, Post};
use domain::id::StatementId;
use seal::contact::{Channel, Contact, Language};
use seal::envelope::Envelope;
use seal::file;
use seal::key::SigningKey;
use seal::random::System;
use seal::statement::{self, Body, Role, Staff};
use serde_json::{Value, json};
use xtask::seed::{Decision, Letterbox, Person, now};

use crate::forge::{self, base64, history, member_signer, quarantined, sign, staff_signer};
use crate::scene::{run, shared};
use crate::search::files_below;

#[test]
fn one_manager_alone_invents_nobody() {
    run(async {
        let scene = shared().await;
        let behind = scene.behind().await;
        let [dee, joan] = &scene.agency.leads;
        // The manager is the newcomer too: code, keys and digits are all in one hand.
        let mut puppet = Person::staff(&scene.stack, "Puppet").await.unwrap();
        let sheet = dee.account.invite_staff(Role::Coordinator, now(), &mut System).await.unwrap();
        let digits = puppet.join(&sheet).await.unwrap();
        let post = Post::new(Role::Coordinator, &[scene.agency.team], &mut System);
        let sheet = (sheet.invite, digits.as_str());

        let half = dee.account.certify_staff(sheet, &post, None, now()).await.unwrap();
        dee.wait_for(half).await.unwrap();
        let whole = dee.account.certify_staff(sheet, &post, Some(half), now()).await.unwrap();
        assert_eq!(quarantined(joan, whole).await, "same-person");
        // A letterbox worker's signature is not asked for, and not taken.
        let [priya, _] = &scene.agency.coordinators;
        let path = format!("/api/statements/{half}");
        let first: Value = priya.account.api.get(&path).await.unwrap();
        let first: Envelope = serde_json::from_value(first["envelope"].clone()).unwrap();
        let Body::Staff(first) = first.unverified().body.clone() else { panic!("{first:?}") };
        let second = Staff { prior: Some(half), ..first };
        let second = json!({ "statement": sign(priya, staff_signer(priya), second) });
        let answer = forge::post(&priya.account.api, "/api/statements/staff", &second).await;
        assert_eq!(answer.refusal(), (404, "not-found"));

        // Half a person is nobody.
        let api = &puppet.account.api;
        assert!(api.session().await.unwrap().certificates.is_empty());
        for path in ["/api/checks", "/api/staff", "/api/teams", "/api/invites"] {
            assert_eq!(forge::refused(api, path).await.0, 404);
        }
        behind.drained().await;
    });
}

const THIEF: &str = "thief@elsewhere.example";

#[test]
fn an_address_that_its_member_did_not_sign_for_gets_no_mail() {
    run(async {
        let scene = shared().await;
        let behind = scene.behind().await;
        let (ann, ben, letterbox) = scene.two_more(["Ann", "Ben"]).await;

        // Through the API: for somebody else's membership, under one's own name and under theirs.
        let by_ann = member_signer(&ann, letterbox.of("Ann"));
        let certificate_of_ben = member_signer(&ben, letterbox.of("Ben")).0;
        let thiefs_key = SigningKey::generate(&mut System);
        for (signer, refusal) in
            [(by_ann, (404, "not-found")), ((certificate_of_ben, by_ann.1), (403, "not-your-key"))]
        {
            let (body, sealed) = contact(&ann, &letterbox, "Ben", 2).await;
            let statement = sign(&ann, signer, body);
            let request = json!({ "statement": statement, "sealed": base64(&sealed) });
            let answer = forge::post(&ann.account.api, "/api/contacts", &request).await;
            assert_eq!(answer.refusal(), refusal);
        }

        // In the database, past every rule: for one of them a new contact point, as if verified;
        // for the other another file behind the statement she signed.
        let (body, sealed) = contact(&ann, &letterbox, "Ben", 2).await;
        let statement = sign(&ann, (certificate_of_ben, &thiefs_key), body);
        let of_ben = letterbox.of("Ben");
        behind.execute(&planted(&statement, &format!("'{of_ben}'"), &sealed)).await;
        let (_, sealed) = contact(&ann, &letterbox, "Ann", 1).await;
        let (of_ann, sealed) = (letterbox.of("Ann"), hex::encode(sealed));
        let swap = format!(
            "update contacts set sealed = decode('{sealed}', 'hex')
             where membership_id = '{of_ann}'"
        );
        assert_eq!(behind.execute(&swap).await, 1);

        // News for both: a letter for one, passed on for the other.
        let [_, sam] = &scene.agency.coordinators;
        let letter = ann.write(&letterbox, "Who reads this?").await.unwrap().letter;
        sam.check(letter, Decision::DELIVER).await.unwrap();
        assert_eq!(ben.receive(&letterbox, letter).await.unwrap(), "Who reads this?");
        let given_up = format!(
            "select (count(*) = 2)::int::bigint from notices where state = 'failed'
             and membership_id in ('{of_ann}', '{of_ben}') and last_error like 'contact-%'"
        );
        behind.wait_for("the notifier to refuse both", &given_up).await;
        behind.drained().await;
        for path in files_below(&scene.stack.outbox()) {
            let message = std::fs::read_to_string(path).unwrap();
            assert!(!message.contains(THIEF), "{message}");
        }
        // The agency sees that neither can be reached.
        for (person, state) in [(&ann, "failing"), (&ben, "failing")] {
            assert_eq!(newest_contact(&person.account.api).await, state);
        }
    });
}

/// The thief's address as somebody's contact point, sealed as it must be.
async fn contact(
    by: &Person,
    letterbox: &Letterbox,
    whose: &str,
    n: u64,
) -> (statement::Contact, Vec<u8>) {
    let ledger = history(by, letterbox).await;
    let contact = Contact {
        realm: ledger.realm(),
        membership: letterbox.of(whose),
        n,
        channel: Channel::Email,
        address: THIEF.to_owned(),
        lang: Language::En,
        avoid: Vec::new(),
    };
    let (_, agency) = ledger.agency().unwrap();
    let sealed = contact.seal(&agency.notifier_key.recipient().unwrap()).unwrap();
    let body = statement::Contact {
        membership: contact.membership,
        n,
        sealed_hash: file::hash(&sealed),
        channel: statement::Channel::Email,
    };
    (body, sealed)
}

/// Rows that say: this contact point was verified, logged, and took the place of the one before.
fn planted(statement: &Envelope, membership: &str, sealed: &[u8]) -> String {
    let id: StatementId = statement.id();
    let envelope = hex::encode(statement.to_json());
    let sealed = hex::encode(sealed);
    format!(
        "with its as (select agency_id, decode('{id}', 'hex') as id from agencies),
         said as (
             insert into statements (agency_id, statement_id, kind, envelope, received_at)
             select agency_id, id, 'contact', decode('{envelope}', 'hex'), now() from its),
         judged as (
             insert into verdicts (agency_id, statement_id, verdict, log_index, judged_at)
             select agency_id, id, 'logged', 1000000, now() from its)
         insert into contacts (agency_id, membership_id, n, statement_id, channel, sealed, state)
         select agency_id, {membership}, 2, id, 'email', decode('{sealed}', 'hex'), 'waiting'
         from its;
         update contacts set state = 'replaced' where membership_id = {membership} and n = 1;
         update contacts set state = 'in_use' where membership_id = {membership} and n = 2"
    )
}

async fn newest_contact(api: &Api) -> String {
    let contacts: Vec<Value> = api.get("/api/contacts").await.unwrap();
    contacts[0]["state"].as_str().unwrap().to_owned()
}
