//! A modified client: what somebody with a session, valid keys and a program of their own can
//! send. It lets the honest client seal and sign, changes what it likes, and signs again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use client::{Api, Error, OnDesk, Submission};
use domain::id::{LetterId, MembershipId, StatementId};
use seal::envelope::Envelope;
use seal::grant;
use seal::key::{SigningKey, X25519Identity};
use seal::ledger::{Ledger, Proof};
use seal::letter::Part;
use seal::random::System;
use seal::statement::{Body, Decision, Outcome, Statement, Submit};
use serde_json::{Value, json};
use xtask::seed::{Letterbox, Person, now};

/// What the API says to it.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// Status and code of a refusal, which must come with a sentence for a person.
    pub fn refusal(&self) -> (u16, &str) {
        let sentence = self.body["detail"].as_str().unwrap_or_default();
        assert!(sentence.ends_with('.') && sentence.contains(' '), "no sentence: {self:?}");
        (self.status, self.body["code"].as_str().expect("a code"))
    }
}

/// Sends any JSON.
pub async fn post(api: &Api, path: &str, body: &Value) -> Answer {
    let (status, text) = api.post_raw(path, body.to_string().into()).await.unwrap();
    Answer { status, body: serde_json::from_str(&text).unwrap_or_default() }
}

/// Status and code of the refusal to show something.
pub async fn refused(api: &Api, path: &str) -> (u16, String) {
    let problem = match api.get::<Value>(path).await {
        Err(Error::Problem(problem)) => problem,
        other => panic!("{path}: {other:?}"),
    };
    assert!(problem.detail.ends_with('.'), "no sentence: {problem:?}");
    (problem.status, problem.code)
}

/// Bytes, as the API carries them.
pub fn base64(bytes: &[u8]) -> Value {
    STANDARD.encode(bytes).into()
}

/// Bytes the API gave.
pub fn bytes(text: &Value) -> Vec<u8> {
    STANDARD.decode(text.as_str().expect("base64")).unwrap()
}

/// A certificate and its signing key.
pub type Signer<'a> = (StatementId, &'a SigningKey);

/// How somebody of the staff signs.
pub fn staff_signer(person: &Person) -> Signer<'_> {
    let keys = person.account.bundle().staff.last().expect("staff");
    (keys.cert_id.expect("certified"), &keys.sign_seed)
}

/// How a member signs.
pub fn member_signer(person: &Person, membership: MembershipId) -> Signer<'_> {
    let mut mine = person.account.bundle().memberships.iter();
    let keys = mine.find(|keys| keys.id == membership).expect("a member");
    (keys.cert_id.expect("certified"), &keys.sign_seed)
}

/// Signs anything.
pub fn sign(person: &Person, (certificate, key): Signer<'_>, body: impl Into<Body>) -> Envelope {
    let realm = person.account.root().expect("joined").realm();
    Envelope::sign(Statement::new(realm, Some(certificate), body), key)
}

/// What the server proves about an arrangement.
pub async fn history(person: &Person, letterbox: &Letterbox) -> Ledger {
    let path = format!("/api/arrangements/{}", letterbox.arrangement);
    let whole: Value = person.account.api.get(&path).await.unwrap();
    let proof: Proof = serde_json::from_value(whole["proof"].clone()).unwrap();
    proof.fold(person.account.root().unwrap().realm()).unwrap()
}

/// A letter that is ready to be sent, and open to every change.
pub struct Draft<'a> {
    person: &'a Person,
    signer: Signer<'a>,
    pub submit: Submit,
    /// The request, but for its statement.
    pub request: Value,
}

impl<'a> Draft<'a> {
    /// As the honest client makes it.
    pub async fn new(person: &'a Person, letterbox: &Letterbox, text: &str) -> Self {
        let standing = letterbox.standing(person).await.unwrap();
        let me = letterbox.of(&person.name);
        let parts = [Part::text(text)];
        let sealed = person.account.seal_letter(&standing, me, &parts, None, now(), &mut System);
        let Submission { statement, .. } = &sealed.as_ref().unwrap();
        let Body::Submit(submit) = statement.unverified().body.clone() else { unreachable!() };
        let request = serde_json::to_value(sealed.unwrap()).unwrap();
        Self { person, signer: member_signer(person, me), submit, request }
    }

    /// The sealed letter.
    pub fn ciphertext(&self) -> Vec<u8> {
        bytes(&self.request["ciphertext"])
    }

    /// Puts another file in the place of the letter, and signs for it.
    pub fn set_ciphertext(&mut self, file: &[u8]) {
        self.request["ciphertext"] = base64(file);
        self.submit.ct_hash = seal::file::hash(file);
    }

    /// The whole request, signed.
    pub fn signed(&self) -> Value {
        let envelope = sign(self.person, self.signer, self.submit.clone());
        let mut request = self.request.clone();
        request["statement"] = json!(envelope);
        request
    }

    /// Hands it in.
    pub async fn send(&self) -> Answer {
        post(&self.person.account.api, "/api/letters", &self.signed()).await
    }
}

/// A decision that is ready to be sent, and open to every change.
pub struct Verdict<'a> {
    person: &'a Person,
    letter: LetterId,
    pub decision: Decision,
    /// The request, but for its statement.
    pub request: Value,
}

impl<'a> Verdict<'a> {
    /// To pass on what is on the desk, as the honest client makes it.
    pub fn new(person: &'a Person, desk: &OnDesk, letter: LetterId) -> Self {
        let (deliver, mut rng) = (Outcome::Deliver, System);
        let account = &person.account;
        let sealed = account.seal_decision(desk, deliver, "fits-plan", &[], now(), &mut rng);
        let sealed = sealed.unwrap();
        let Body::Decision(decision) = sealed.statement.unverified().body.clone() else {
            unreachable!()
        };
        let request = serde_json::to_value(&sealed).unwrap();
        Self { person, letter, decision, request }
    }

    /// The whole request, signed by somebody of the staff.
    pub fn signed_by(&self, person: &Person) -> Value {
        let envelope = sign(person, staff_signer(person), self.decision.clone());
        let mut request = self.request.clone();
        request["statement"] = json!(envelope);
        request
    }

    /// Sends it; the statement's id.
    pub async fn send(&self) -> StatementId {
        let path = format!("/api/letters/{}/decisions", self.letter);
        let answer = post(&self.person.account.api, &path, &self.signed_by(self.person)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["statement"].as_str().unwrap().parse().unwrap()
    }
}

/// The key of a letter that somebody wrote or received.
pub async fn letter_key(
    person: &Person,
    membership: MembershipId,
    letter: LetterId,
) -> X25519Identity {
    let path = format!("/api/letters/{letter}");
    let whole: Value = person.account.api.get(&path).await.unwrap();
    let mut mine = person.account.bundle().memberships.iter();
    let keys = mine.find(|keys| keys.id == membership).unwrap();
    let (granted, key) = grant::open_any(&bytes(&whole["grant"]), &keys.seal_identity).unwrap();
    assert_eq!(granted.letter, letter);
    key
}

/// Waits until the worker has refused a statement; the reason, which team managers see.
pub async fn quarantined(lead: &Person, id: StatementId) -> String {
    match lead.wait_for(id).await {
        Err(xtask::seed::Error::Refused(_, reason)) => reason,
        other => panic!("{id}: {other:?}"),
    }
}
