//! Joining with the code from a printed sheet, and picking up the certificate afterwards.

use domain::id::{InviteId, StaffId, StatementId};
use rand_core::CryptoRng;
use seal::bundle::Keys;
use seal::envelope::Envelope;
use seal::invite::{Code, InviteKeys, enrol_digits};
use seal::key::{HybridIdentity, PublicKey, SigningKey};
use seal::ledger::Proof;
use seal::statement::{Body, Enrol, Invite, SealKey, Statement};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::api::{Api, Error};

/// An invitation that was found and whose agency the typed code itself authenticated.
#[derive(Debug)]
pub struct Invitation {
    keys: InviteKeys,
    /// The statement.
    pub id: StatementId,
    /// What it offers.
    pub invite: Invite,
    /// The agency's root.
    pub root: PublicKey,
}

/// What is left behind until a worker has certified the new keys.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The statement.
    pub id: StatementId,
    /// What the person reads out to the worker who rings.
    pub digits: String,
}

#[derive(Deserialize)]
struct Found {
    proof: Proof,
}

/// A statement on its way in.
#[derive(Serialize)]
pub(crate) struct Posted<'a> {
    pub statement: &'a Envelope,
}

impl Invitation {
    /// Finds the invitation of a typed code. Anybody may, without signing in.
    pub async fn look_up(api: &Api, typed: &str) -> Result<Self, Error> {
        let code: Code = typed
            .parse()
            .map_err(|_| Error::Missing("a code of 12 letters and digits".to_owned()))?;
        let keys = code.keys();
        let Found { proof } = api.get(&format!("/api/invites/{}", keys.locator)).await?;
        let root = proof.root;
        let ledger = proof.fold(root.realm()).map_err(Error::untrusted)?;
        let found =
            ledger.ids().iter().find_map(|&id| match ledger.statement(id).map(|it| &it.body) {
                Some(Body::Invite(invite)) if invite.invite == keys.locator => {
                    Some((id, invite.clone()))
                }
                _ => None,
            });
        let (id, invite) =
            found.ok_or_else(|| Error::untrusted("the invitation is not in its proof"))?;
        // The typed code alone authenticates the root: no server can put another in its place.
        if !keys.is_root(&root, &invite.root_tag) || invite.invite_key != keys.sign.public_key() {
            return Err(Error::untrusted("the invitation is another agency's"));
        }
        Ok(Self { keys, id, invite, root })
    }

    /// The locator: where the server keeps it.
    pub fn locator(&self) -> InviteId {
        self.keys.locator
    }
}

impl Account {
    /// Makes keys for an invitation and enrols them. They are sealed away first, so that nothing
    /// is lost if the answer never comes.
    pub async fn enrol(
        &mut self,
        invitation: &Invitation,
        rng: &mut impl CryptoRng,
    ) -> Result<Enrolment, Error> {
        if self.bundle().root.is_some_and(|root| root != invitation.root) {
            return Err(Error::untrusted("this account belongs to another agency"));
        }
        let sign = SigningKey::generate(rng);
        let seal_identity = HybridIdentity::generate(rng);
        let enrol = Enrol {
            invite_id: invitation.id,
            sign_key: sign.public_key(),
            seal_key: SealKey::from(&seal_identity.recipient()),
        };
        let statement = Statement::new(invitation.root.realm(), Some(invitation.id), enrol);
        let envelope = Envelope::sign_enrol(statement, &invitation.keys.sign, &sign);
        let membership = invitation.invite.membership;
        let root = invitation.root;
        self.keep(
            |bundle| {
                bundle.root = Some(root);
                if let Some(id) = membership {
                    bundle.memberships.push(Keys {
                        id,
                        cert_id: None,
                        sign_seed: sign,
                        seal_identity,
                    });
                } else {
                    // The staff id is the certifier's to give; it is filled in on certification.
                    let id = StaffId::from_bytes([0; 16]);
                    bundle.staff.push(Keys { id, cert_id: None, sign_seed: sign, seal_identity });
                }
            },
            rng,
        )
        .await?;
        let path = format!("/api/invites/{}/enrol", invitation.locator());
        let _: serde_json::Value = self.api.post(&path, &Posted { statement: &envelope }).await?;
        Ok(Enrolment { id: envelope.id(), digits: enrol_digits(&envelope.id()) })
    }

    /// Writes certificates that have come into force into the bundle; true when there was one.
    /// A certificate counts only if it names this person's own key.
    pub async fn pick_up_certificates(&mut self, rng: &mut impl CryptoRng) -> Result<bool, Error> {
        let mut members: Vec<(PublicKey, StatementId)> = Vec::new();
        let mut staff: Vec<(PublicKey, StaffId, StatementId)> = Vec::new();
        for certificate in self.api.session().await?.certificates {
            let id = certificate.certificate;
            let envelope = self.statement(id).await?;
            match &envelope.unverified().body {
                Body::Member(member) => {
                    let mut mine = self.bundle().memberships.iter();
                    if mine.any(|keys| {
                        keys.cert_id.is_none() && keys.sign_seed.public_key() == member.sign_key
                    }) {
                        members.push((member.sign_key, id));
                    }
                }
                Body::Staff(post) => {
                    let mut mine = self.bundle().staff.iter();
                    if mine.any(|keys| {
                        keys.cert_id.is_none() && keys.sign_seed.public_key() == post.sign_key
                    }) {
                        staff.push((post.sign_key, post.staff, id));
                    }
                }
                _ => return Err(Error::untrusted("a certificate is something else")),
            }
        }
        if members.is_empty() && staff.is_empty() {
            return Ok(false);
        }
        let changed = |bundle: &mut seal::bundle::Bundle| {
            for keys in &mut bundle.memberships {
                let public = keys.sign_seed.public_key();
                if let Some(&(_, id)) = members.iter().find(|(key, _)| *key == public) {
                    keys.cert_id = Some(id);
                }
            }
            for keys in &mut bundle.staff {
                let public = keys.sign_seed.public_key();
                if let Some(&(_, id, cert)) = staff.iter().find(|(key, _, _)| *key == public) {
                    keys.id = id;
                    keys.cert_id = Some(cert);
                }
            }
        };
        self.keep(changed, rng).await?;
        Ok(true)
    }

    /// A statement as the server holds it; its id is computed anew.
    pub(crate) async fn statement(&self, id: StatementId) -> Result<Envelope, Error> {
        #[derive(Deserialize)]
        struct Held {
            envelope: Envelope,
        }
        let Held { envelope } = self.api.get(&format!("/api/statements/{id}")).await?;
        if envelope.id() == id {
            Ok(envelope)
        } else {
            Err(Error::untrusted("another statement than asked for"))
        }
    }
}
