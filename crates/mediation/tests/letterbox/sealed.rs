//! Real sealed files and the requests that carry them; and what the worker projects.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::id::{LetterId, MembershipId, StatementId};
use jiff::Timestamp;
use jiff::civil::date;
use seal::envelope::Envelope;
use seal::file;
use seal::grant::{Grant, Grantee};
use seal::key::HybridRecipient;
use seal::letter::{Author, Context, Kind, Part};
use seal::random::System;
use seal::statement::{About, Body, Decision, Outcome, SealKey, Submit};
use seal::testing::{Letterbox, Signatory};
use serde_json::{Value, json};
use store::Tx;
use store::certificates::{ArrangementMember, Holder, NewArrangement, NewCertificate};

pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// An envelope as the JSON API carries it.
pub fn wire(envelope: &Envelope) -> Value {
    serde_json::to_value(envelope).expect("an envelope is JSON")
}

/// A revision, sealed and not yet signed.
pub struct Draft {
    pub submit: Submit,
    pub ciphertext: Vec<u8>,
    pub epoch: Vec<u8>,
    pub archive: Vec<u8>,
    pub own: Vec<u8>,
    pub key: seal::key::X25519Identity,
}

impl Draft {
    /// The mother writes to the adopter.
    pub fn new(letterbox: &mut Letterbox) -> Self {
        let author = letterbox.mother.clone();
        let adopter = letterbox.adopter_membership;
        let submit = letterbox.submit_body(&author, &[adopter]);
        Self::of(letterbox, submit, &author)
    }

    /// Seals a body's files and puts their hashes into it.
    pub fn of(letterbox: &Letterbox, mut submit: Submit, author: &Signatory) -> Self {
        let context = Context {
            realm: letterbox.realm,
            letter: submit.letter,
            rev: submit.rev,
            kind: Kind::Letter,
            arrangement: submit.arrangement,
            author: Author::Member(submit.author),
            to: submit.to.clone(),
        };
        let sealed = seal::letter::seal(&context, &[Part::text("Hello.")], &mut System)
            .expect("a short letter");
        let grant = |grantee, recipient: &HybridRecipient| {
            let (realm, letter, rev) = (letterbox.realm, submit.letter, submit.rev);
            Grant { realm, letter, rev, grantee }.seal(&sealed.key, recipient, &mut System)
        };
        let epoch = grant(Grantee::Epoch(submit.epoch_id), &letterbox.epoch.recipient());
        let archive = grant(Grantee::Archive, &letterbox.archive.recipient());
        let own = grant(Grantee::Member(submit.author), &author.seal.recipient());
        submit.ct_hash = sealed.hash();
        submit.ct_len = sealed.file.len() as u64;
        submit.key_hash = sealed.key_hash();
        submit.grant_hash = file::hash(&epoch);
        submit.archive_grant_hash = file::hash(&archive);
        submit.self_grant_hash = file::hash(&own);
        Self { submit, ciphertext: sealed.file, epoch, archive, own, key: sealed.key }
    }

    pub fn letter(&self) -> LetterId {
        self.submit.letter
    }

    pub fn sign(&self, letterbox: &Letterbox, author: &Signatory) -> Envelope {
        letterbox.sign(author, self.submit.clone())
    }

    pub fn request(&self, envelope: &Envelope) -> Value {
        json!({
            "statement": wire(envelope),
            "ciphertext": base64(&self.ciphertext),
            "grants": {
                "epoch": base64(&self.epoch),
                "archive": base64(&self.archive),
                "self": base64(&self.own),
            },
        })
    }
}

/// The next decision on a revision, with its grants sealed.
pub fn decision(
    letterbox: &mut Letterbox,
    draft: &Draft,
    submit_id: StatementId,
    outcome: Outcome,
) -> (Decision, Vec<Value>) {
    let mut body = letterbox.decision_body(submit_id, outcome);
    let mut files = Vec::new();
    for entry in &mut body.grants {
        let recipient = recipient_of(letterbox, entry.membership);
        let grant = Grant {
            realm: letterbox.realm,
            letter: draft.submit.letter,
            rev: draft.submit.rev,
            grantee: Grantee::Member(entry.membership),
        };
        let sealed = grant.seal(&draft.key, &recipient, &mut System);
        entry.grant_hash = file::hash(&sealed);
        files.push(json!({"membership": entry.membership, "sealed": base64(&sealed)}));
    }
    (body, files)
}

fn recipient_of(letterbox: &Letterbox, membership: MembershipId) -> HybridRecipient {
    let certificate = letterbox.ledger.membership_certificate(membership).expect("certified");
    certificate.seal_key.recipient().expect("a key")
}

/// The request that carries a decision.
pub fn decision_request(envelope: &Envelope, grants: &[Value], reason: &str) -> Value {
    json!({"statement": wire(envelope), "grants": grants, "attached": [], "reason": reason})
}

/// A message to the team: its files, its statement, and the request that carries both.
pub fn message(
    letterbox: &mut Letterbox,
    author: &Signatory,
    about: About,
    subject: Option<StatementId>,
) -> (Draft, Envelope, Value) {
    let draft = Draft::new(letterbox);
    let mut body = letterbox.message_body(author, about, subject);
    (body.ct_hash, body.ct_len) = (draft.submit.ct_hash, draft.submit.ct_len);
    body.grant_hash = file::hash(&draft.epoch);
    body.archive_grant_hash = file::hash(&draft.archive);
    let envelope = letterbox.sign(author, body);
    let request = json!({
        "statement": wire(&envelope),
        "ciphertext": base64(&draft.ciphertext),
        "grant": base64(&draft.epoch),
        "archive_grant": base64(&draft.archive),
    });
    (draft, envelope, request)
}

/// What the worker writes about people, arrangements and keys once a statement is logged.
pub async fn project(tx: &mut Tx, id: StatementId, body: &Body, complete: bool, now: Timestamp) {
    match body {
        Body::Staff(staff) if complete => {
            let (staff_id, person, teams) = (staff.staff, staff.person, &staff.teams[..]);
            let holder = Holder::Staff { staff: staff_id, person, teams };
            let roles = staff.roles.iter().map(ToString::to_string).collect();
            let keys = (staff.enrol_id, staff.sign_key.to_bytes(), &staff.seal_key);
            certify(tx, id, holder, keys, (roles, None), now).await;
        }
        Body::Member(member) if complete => {
            let (membership, arrangement) = (member.membership, member.arrangement);
            let holder = Holder::Member { membership, arrangement };
            let keys = (member.enrol_id, member.sign_key.to_bytes(), &member.seal_key);
            let roles = vec![member.role.to_string()];
            certify(tx, id, holder, keys, (roles, member.replaces), now).await;
        }
        Body::Arrangement(version) => {
            let before = store::arrangements::find(tx, version.arrangement).await.expect("answers");
            let before = before.filter(|it| it.team != version.team && version.prior.is_none());
            if let Some(before) = before {
                let offer = store::moves::Move {
                    statement: id,
                    arrangement: version.arrangement,
                    from: before.team,
                    to: version.team,
                    offered_at: now,
                };
                return store::moves::insert(tx, &offer, before.statement).await.expect("offers");
            }
            let members: Vec<_> = version
                .members
                .iter()
                .map(|it| ArrangementMember {
                    membership: it.membership,
                    side: it.side.to_string(),
                    read: it.read,
                    write: it.write,
                    certificate: it.cert_id,
                })
                .collect();
            let arrangement = NewArrangement {
                id: version.arrangement,
                statement: id,
                n: i32::try_from(version.n).expect("small"),
                team: version.team,
                reviewers: i16::try_from(version.reviewers).expect("small"),
                members: &members,
                next_review_on: date(2027, 11, 23),
            };
            store::certificates::arrange(tx, &arrangement).await.expect("arranges");
        }
        Body::Epoch(epoch) => {
            let (n, key) = (i32::try_from(epoch.n).expect("small"), epoch.review_key.as_str());
            store::certificates::start_epoch(tx, id, epoch.team, n, key, now)
                .await
                .expect("begins");
        }
        _ => {}
    }
}

async fn certify(
    tx: &mut Tx,
    id: StatementId,
    holder: Holder<'_>,
    (enrol, sign_key, seal_key): (StatementId, [u8; 32], &SealKey),
    (roles, replaces): (Vec<String>, Option<StatementId>),
    now: Timestamp,
) {
    let (seal_key, until) = (seal_key.as_str(), None);
    let new = NewCertificate { id, holder, enrol, sign_key, seal_key, roles, until, replaces };
    store::certificates::certify(tx, &new, now).await.expect("certifies");
}
