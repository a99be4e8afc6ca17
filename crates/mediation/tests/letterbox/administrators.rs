//! An administrator who lost everything comes back by the operator's token and the agency's root.

use domain::id::{PersonId, StaffId};
use mediation::config::Audience;
use seal::envelope::Envelope;
use seal::invite::Code;
use seal::random::{System, bytes};
use seal::statement::{Invite, Reason, Revoke, Role, SealKey, Staff};
use seal::testing::{Agency, NOW, Signatory};
use serde_json::{Value, json};

use crate::joining::{enrolment, path};
use crate::person::Person;
use crate::sealed::wire;
use crate::world::{TOKEN, World};

const INVITES: &str = "/api/agency/administrators/invites";
const ADMINISTRATORS: &str = "/api/agency/administrators";

fn brought(statement: &Envelope) -> Value {
    json!({"token": TOKEN, "statement": wire(statement)})
}

/// What the root offers.
fn offer(world: &World, code: &Code, role: Role) -> Invite {
    let keys = code.keys();
    Invite {
        invite: keys.locator,
        membership: None,
        arrangement: None,
        role,
        card_hash: None,
        invite_key: keys.sign.public_key(),
        root_tag: keys.root_tag(&world.letterbox.root.public_key()),
        until: NOW + 14 * 86_400,
    }
}

/// The certificate for who enrolled, unsigned.
fn certificate(new: &Signatory, roles: &[Role]) -> Staff {
    Staff {
        staff: StaffId::from_bytes(bytes(&mut System)),
        person: PersonId::from_bytes(bytes(&mut System)),
        enrol_id: new.id,
        sign_key: new.sign.public_key(),
        seal_key: SealKey::from(&new.seal.recipient()),
        roles: roles.to_vec(),
        teams: Vec::new(),
        from: NOW,
        until: 0,
        prior: None,
    }
}

/// Somebody with keys of their own and no post, and the root's invitation of an administrator: both as
/// far as bringing the certificate.
pub struct Back {
    pub person: Person,
    code: Code,
    invite: Envelope,
}

impl Back {
    pub async fn of(world: &World) -> Self {
        let account = world.new_account("ada again", Audience::Staff).await;
        let person = world.sign_in(account, true).await;
        let code = Code::generate(&mut System);
        let invite = world.letterbox.sign_root(offer(world, &code, Role::Administrator));
        Self { person, code, invite }
    }

    /// The request for the invitation.
    pub fn invite(&self) -> Value {
        brought(&self.invite)
    }

    /// Enrols; the request for the certificate.
    pub async fn enrolled(&self, world: &World) -> Value {
        let (new, _) = self.enrol(world).await;
        brought(&world.letterbox.sign_root(certificate(&new, &[Role::Administrator])))
    }

    /// Uses the code: the new keys, and their enrolment.
    async fn enrol(&self, world: &World) -> (Signatory, Envelope) {
        let (new, enrol) = enrolment(world, &self.code, &self.invite);
        let path = format!("{}/enrol", path(self.code.keys().locator));
        self.person.post(&path, &json!({"statement": wire(&enrol)})).await.ok();
        (new, enrol)
    }
}

#[tokio::test]
async fn an_administrator_who_lost_everything_comes_back_by_token_and_root() {
    let mut world = World::new().await;
    let back = Back::of(&world).await;
    let person = &back.person;
    // Whoever comes back learns who they were: one person is never two who agree.
    let invited = person.post(INVITES, &back.invite()).await.ok();
    let administrator = world.letterbox.administrator.clone();
    let known = world.letterbox.ledger.certificate(administrator.id).expect("certified");
    let known = known.staff().expect("staff").clone();
    let everybody = invited["everybody"]["staff"].as_array().expect("a list");
    let them = everybody.iter().find(|it| it["statement"] == json!(administrator.id));
    assert_eq!(them.expect("the administrator")["person"], json!(known.person));
    let (new, enrol) = back.enrol(&world).await;
    let body = certificate(&new, &[Role::Administrator]);
    let body = Staff { staff: known.staff, person: known.person, ..body };
    let envelope = world.letterbox.sign_root(body);
    let made = person.post(ADMINISTRATORS, &brought(&envelope)).await.ok();
    assert_eq!(made["statement"], json!(envelope.id()));
    // Until the worker has verified it, it counts for nothing.
    assert_eq!(person.get("/api/staff").await.refusal(), (404, "not-found"));
    for envelope in [&back.invite, &enrol, &envelope] {
        world.verified(envelope).await;
    }
    let everybody = person.get("/api/staff").await.ok();
    assert_eq!(everybody["staff"].as_array().map(Vec::len), Some(8));

    // Whoever works here sees who came, and how; the one from before stands until the root ends it.
    let ada = world.person(&administrator).await;
    assert_eq!(ada.get("/api/staff").await.ok()["staff"].as_array().map(Vec::len), Some(8));
    let invites = ada.get("/api/invites").await.ok();
    let theirs = json!(back.invite.id());
    let mut invites = invites.as_array().expect("a list").iter();
    let invited = invites.find(|it| it["statement"] == theirs).expect("the root's invitation");
    assert_eq!(invited["status"], "certified");
    let revoke = Revoke { target_id: administrator.id, reason: Reason::Lost };
    let revoke = world.letterbox.sign_root(revoke);
    person.post("/api/statements/revoke", &json!({"statement": wire(&revoke)})).await.ok();
    world.verified(&revoke).await;
    world.ended(administrator.id).await;
    assert_eq!(ada.get("/api/staff").await.refusal(), (404, "not-found"));
}

#[tokio::test]
async fn without_the_operators_token_there_is_no_such_door() {
    let world = World::new().await;
    let back = Back::of(&world).await;
    let family = world.new_account("eve", Audience::Family).await;
    let eve = world.sign_in(family, false).await;
    for path in [INVITES, ADMINISTRATORS] {
        for token in ["", "wrong", "bootstrap-toke", "bootstrap-token-and-more"] {
            let mut request = back.invite();
            request["token"] = token.into();
            let answer = back.person.post(path, &request).await;
            assert_eq!(answer.refusal(), (404, "not-found"), "{path} {token}");
        }
        let without = json!({"statement": wire(&back.invite)});
        assert_eq!(back.person.post(path, &without).await.refusal(), (400, "malformed"));
        assert_eq!(eve.post(path, &back.invite()).await.refusal(), (404, "not-found"));
    }
    // Nor before there is an agency.
    let empty = World::empty().await;
    let early = Back::of(&empty).await;
    let answer = early.person.post(INVITES, &early.invite()).await;
    assert_eq!(answer.refusal(), (404, "not-found"));
}

#[tokio::test]
async fn only_this_agencys_root_says_who_comes_back() {
    let world = World::new().await;
    let back = Back::of(&world).await;
    let person = &back.person;
    let other = Agency::new(9);
    let body = offer(&world, &back.code, Role::Administrator);
    let refused = [
        ("bad-signature", other.sign_root(body.clone())),
        ("unknown-signer", world.letterbox.sign(&world.letterbox.administrator, body)),
        ("not-entitled", world.letterbox.sign_root(offer(&world, &back.code, Role::Lead))),
        ("wrong-kind", world.letterbox.sign_root(world.letterbox.agency_body())),
    ];
    for (code, envelope) in &refused {
        let answer = person.post(INVITES, &brought(envelope)).await;
        assert_eq!(answer.refusal(), (422, *code));
    }

    person.post(INVITES, &back.invite()).await.ok();
    let (new, _) = back.enrol(&world).await;
    let body = certificate(&new, &[Role::Administrator]);
    let missing = Staff { enrol_id: back.invite.id(), ..body.clone() };
    let stranger = Staff { sign_key: other.root.public_key(), ..body.clone() };
    let chained = Staff { prior: Some(new.id), ..body.clone() };
    let refused = [
        ("bad-signature", other.sign_root(body.clone())),
        ("bad-signature", world.letterbox.sign(&world.letterbox.administrator, body.clone())),
        ("wrong-kind", world.letterbox.sign_root(offer(&world, &back.code, Role::Administrator))),
        ("wrong-kind", world.letterbox.sign_root(missing)),
        ("wrong-keys", world.letterbox.sign_root(stranger)),
        ("wrong-chain", world.letterbox.sign_root(chained)),
        ("not-entitled", world.letterbox.sign_root(certificate(&new, &[Role::Lead]))),
    ];
    for (code, envelope) in &refused {
        let answer = person.post(ADMINISTRATORS, &brought(envelope)).await;
        assert_eq!(answer.refusal(), (422, *code));
    }
    let nobody = Signatory { id: seal::testing::Agency::new(3).statements[0].id(), ..new };
    let nobody = world.letterbox.sign_root(certificate(&nobody, &[Role::Administrator]));
    let answer = person.post(ADMINISTRATORS, &brought(&nobody)).await;
    assert_eq!(answer.refusal(), (422, "missing-statement"));
}

#[tokio::test]
async fn a_request_asked_again_is_the_same_and_the_token_makes_nobody_twice() {
    let mut world = World::new().await;
    let back = Back::of(&world).await;
    let person = &back.person;
    let invited = person.post(INVITES, &back.invite()).await.ok();
    assert_eq!(person.post(INVITES, &back.invite()).await.ok(), invited);
    let (new, enrol) = back.enrol(&world).await;
    let envelope = world.letterbox.sign_root(certificate(&new, &[Role::Administrator]));
    // Somebody else's keys cannot be certified by who brings them.
    let account = world.new_account("mallory", Audience::Staff).await;
    let mallory = world.sign_in(account, true).await;
    let answer = mallory.post(ADMINISTRATORS, &brought(&envelope)).await;
    assert_eq!(answer.refusal(), (422, "wrong-keys"));

    let made = person.post(ADMINISTRATORS, &brought(&envelope)).await.ok();
    assert_eq!(person.post(ADMINISTRATORS, &brought(&envelope)).await.ok(), made);
    for envelope in [&back.invite, &enrol, &envelope] {
        world.verified(envelope).await;
    }
    assert_eq!(person.post(ADMINISTRATORS, &brought(&envelope)).await.ok(), made);
    let again = world.letterbox.sign_root(certificate(&new, &[Role::Administrator]));
    let answer = person.post(ADMINISTRATORS, &brought(&again)).await;
    assert_eq!(answer.refusal(), (409, "has-post"));
    // The code is used, and another invitation under it is refused.
    let other = Invite { until: 0, ..offer(&world, &back.code, Role::Administrator) };
    let other = world.letterbox.sign_root(other);
    assert_eq!(person.post(INVITES, &brought(&other)).await.refusal(), (422, "repeated"));
}

#[tokio::test]
async fn the_sign_in_whose_keys_were_lost_gets_new_ones_by_the_roots_invitation() {
    let mut world = World::new().await;
    let administrator = world.letterbox.administrator.clone();
    world.with_keys(&administrator).await;
    let ada = world.person(&administrator).await;
    let code = Code::generate(&mut System);
    let invite = world.letterbox.sign_root(offer(&world, &code, Role::Administrator));
    let renewal = json!({"invite": code.keys().locator});
    let answer = ada.post("/api/account/renewal", &renewal).await;
    assert_eq!(answer.refusal(), (404, "not-found"));
    ada.post(INVITES, &brought(&invite)).await.ok();
    let renewed = ada.post("/api/account/renewal", &renewal).await.ok();
    assert!(renewed["account"].is_string());
}
