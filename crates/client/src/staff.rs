//! The agency's people: inviting and certifying staff, teams, and each team's key.

use domain::id::{InviteId, PersonId, StaffId, StatementId, TeamId};
use jiff::{SignedDuration, Timestamp};
use rand_core::CryptoRng;
use seal::envelope::Envelope;
use seal::epoch;
use seal::file;
use seal::invite::{Code, enrol_digits};
use seal::key::{HybridIdentity, SigningKey};
use seal::ledger::{Ledger, Proof};
use seal::random;
use seal::statement::{Body, Epoch, Invite, Role, SealKey, Staff, Statement};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::account::Account;
use crate::api::Error;
use crate::bytes::Base64;
use crate::joining::Posted;

/// How long a printed code can be used at the most: the agency's rules may say less.
const CODE_LIFE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A printed sheet: the code, and where the server keeps the invitation.
#[derive(Debug)]
pub struct Sheet {
    /// As printed, in blocks of four.
    pub code: Zeroizing<String>,
    /// The locator.
    pub invite: InviteId,
}

/// An invitation as staff follow it.
#[derive(Clone, Debug, Deserialize)]
pub struct Followed {
    /// The locator.
    pub invite: InviteId,
    /// Its statement.
    pub statement: StatementId,
    /// `made`, `joined`, `certified` or `run_out`.
    pub status: String,
    /// The `enrol` statement, once there is one.
    pub enrol: Option<Enrolled>,
}

/// An enrolment that waits to be certified.
#[derive(Clone, Debug, Deserialize)]
pub struct Enrolled {
    /// Signed by the code and by the new key.
    pub envelope: Envelope,
}

/// What a member of staff is to be.
#[derive(Clone, Debug)]
pub struct Post {
    /// The member of staff.
    pub staff: StaffId,
    /// The human being.
    pub person: PersonId,
    /// What they are.
    pub role: Role,
    /// Where.
    pub teams: Vec<TeamId>,
}

impl Post {
    /// A post for somebody new.
    pub fn new(role: Role, teams: &[TeamId], rng: &mut impl CryptoRng) -> Self {
        let mut teams = teams.to_vec();
        teams.sort_unstable();
        let staff = StaffId::from_bytes(random::bytes(rng));
        Self { staff, person: PersonId::from_bytes(random::bytes(rng)), role, teams }
    }
}

#[derive(Serialize)]
struct NewInvite<'a> {
    statement: &'a Envelope,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<Base64>,
}

#[derive(Deserialize)]
struct Everybody {
    proof: Proof,
}

#[derive(Serialize)]
struct NewEpoch<'a> {
    statement: &'a Envelope,
    wraps: Vec<Wrap>,
    archive: Base64,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<Base64>,
}

#[derive(Serialize)]
struct Wrap {
    staff: StaffId,
    sealed: Base64,
}

#[derive(Deserialize)]
struct HeldEpoch {
    statement: StatementId,
    envelope: Envelope,
    wrap: Option<Base64>,
    previous: Option<Base64>,
}

#[derive(Deserialize)]
struct Made {
    team: TeamId,
}

#[derive(Deserialize)]
struct Verdict {
    verdict: String,
    reason: Option<String>,
}

impl Account {
    /// What the worker made of a statement: `None` while it waits, then whether it is in the log,
    /// or why it is not.
    pub async fn verdict(&self, id: StatementId) -> Result<Option<Result<(), String>>, Error> {
        let Verdict { verdict, reason } = self.api.get(&format!("/api/statements/{id}")).await?;
        Ok(match verdict.as_str() {
            "logged" => Some(Ok(())),
            "quarantined" => Some(Err(reason.unwrap_or_default())),
            _ => None,
        })
    }

    /// Says by which first name families are to know this member of staff.
    pub async fn set_name(&self, name: &str) -> Result<(), Error> {
        self.api.put("/api/staff/name", &serde_json::json!({ "name": name })).await
    }

    /// Makes a team.
    pub async fn make_team(&self, name: &str) -> Result<TeamId, Error> {
        let Made { team } =
            self.api.post("/api/teams", &serde_json::json!({ "name": name })).await?;
        Ok(team)
    }

    /// Invites somebody to the staff.
    pub async fn invite_staff(
        &self,
        role: Role,
        now: Timestamp,
        rng: &mut impl CryptoRng,
    ) -> Result<Sheet, Error> {
        let invite = |code: &Invitee| Invite {
            invite: code.locator,
            membership: None,
            arrangement: None,
            role,
            card_hash: None,
            invite_key: code.invite_key,
            root_tag: code.root_tag,
            until: code.until,
        };
        self.invite(invite, None, now, rng).await
    }

    /// Makes a code and the invitation that goes with it.
    pub(crate) async fn invite(
        &self,
        invite: impl FnOnce(&Invitee) -> Invite,
        card: Option<Vec<u8>>,
        now: Timestamp,
        rng: &mut impl CryptoRng,
    ) -> Result<Sheet, Error> {
        let (keys, cert_id) = self.staff_keys()?;
        let root = self.root()?;
        let code = Code::generate(rng);
        let derived = code.keys();
        let invitee = Invitee {
            locator: derived.locator,
            invite_key: derived.sign.public_key(),
            root_tag: derived.root_tag(&root),
            until: u64::try_from((now + CODE_LIFE).as_second()).expect("after 1970"),
        };
        let statement = Statement::new(root.realm(), Some(cert_id), invite(&invitee));
        let statement = Envelope::sign(statement, &keys.sign_seed);
        let new = NewInvite { statement: &statement, card: card.map(Base64) };
        let _: serde_json::Value = self.api.post("/api/invites", &new).await?;
        Ok(Sheet { code: code.to_blocks(), invite: derived.locator })
    }

    /// An invitation this person may follow.
    pub async fn follow(&self, invite: InviteId) -> Result<Followed, Error> {
        let followed: Vec<Followed> = self.api.get("/api/invites").await?;
        let found = followed.into_iter().find(|it| it.invite == invite);
        found.ok_or_else(|| Error::Missing("an invitation of one's own team".to_owned()))
    }

    /// The enrolment behind an invitation, if the person's own digits are those of its keys.
    pub(crate) async fn enrolled(&self, invite: InviteId, digits: &str) -> Result<Envelope, Error> {
        let enrolled = self.follow(invite).await?.enrol.map(|it| it.envelope);
        let envelope =
            enrolled.ok_or_else(|| Error::Missing("somebody who has used the code".to_owned()))?;
        if enrol_digits(&envelope.id()) == digits {
            Ok(envelope)
        } else {
            Err(Error::untrusted("the numbers the person read out are not those of these keys"))
        }
    }

    /// Certifies staff by the root: leads and administrators.
    pub async fn certify_by_root(
        &self,
        root: &SigningKey,
        sheet: (InviteId, &str),
        post: &Post,
        now: Timestamp,
    ) -> Result<StatementId, Error> {
        let enrol = self.enrolled(sheet.0, sheet.1).await?;
        let body = certificate(&enrol, post, now)?;
        let statement = Statement::new(root.public_key().realm(), None, body);
        self.post_certificate(&Envelope::sign(statement, root)).await
    }

    /// Certifies staff of one's own team: the first half without `prior`, by a lead; the second
    /// with it, by another lead or an administrator.
    pub async fn certify_staff(
        &self,
        sheet: (InviteId, &str),
        post: &Post,
        prior: Option<StatementId>,
        now: Timestamp,
    ) -> Result<StatementId, Error> {
        let enrol = self.enrolled(sheet.0, sheet.1).await?;
        let body = match prior {
            // The second half repeats the first: the same keys, roles, teams and times.
            Some(first) => match self.statement(first).await?.unverified().body.clone() {
                Body::Staff(body) if body.enrol_id == enrol.id() => {
                    Staff { prior: Some(first), ..body }
                }
                _ => return Err(Error::untrusted("the first half is another certificate")),
            },
            None => certificate(&enrol, post, now)?,
        };
        let (keys, cert_id) = self.staff_keys()?;
        let statement = Statement::new(self.root()?.realm(), Some(cert_id), body);
        self.post_certificate(&Envelope::sign(statement, &keys.sign_seed)).await
    }

    async fn post_certificate(&self, envelope: &Envelope) -> Result<StatementId, Error> {
        let _: serde_json::Value =
            self.api.post("/api/statements/staff", &Posted { statement: envelope }).await?;
        Ok(envelope.id())
    }

    /// Everybody who works here, verified from the root.
    pub async fn everybody(&self) -> Result<Ledger, Error> {
        let Everybody { proof } = self.api.get(&self.since("/api/staff")).await?;
        self.verified(&proof, None).map(|(ledger, _)| ledger)
    }

    /// Gives the team its first or next key, sealed to every lead and coordinator in force.
    pub async fn change_team_key(
        &self,
        team: TeamId,
        rng: &mut impl CryptoRng,
    ) -> Result<StatementId, Error> {
        let (keys, cert_id) = self.staff_keys()?;
        let everybody = self.everybody().await?;
        let (_, agency) = everybody.agency().ok_or_else(|| Error::untrusted("no agency"))?;
        let held = self.held_epochs(team).await?;
        let before = held.last().map(|it| (it.statement, it.n()));
        let (realm, n) = (everybody.realm(), before.map_or(1, |(_, n)| n + 1));
        let secret = HybridIdentity::generate(rng);
        let this = epoch::Epoch { realm, team, n };
        let mut wraps = Vec::new();
        for id in everybody.ids().iter().filter(|id| everybody.is_in_force(**id)) {
            let Some(certificate) = everybody.certificate(*id) else { continue };
            let Some(holder) = certificate.staff() else { continue };
            if holder.is_any_of(&[Role::Coordinator, Role::Lead], team) {
                let recipient = certificate.seal_key.recipient().map_err(Error::untrusted)?;
                wraps.push(Wrap {
                    staff: holder.staff,
                    sealed: Base64(this.seal(&secret, &recipient, rng)),
                });
            }
        }
        let archive = agency.archive_key.recipient().map_err(Error::untrusted)?;
        let previous = match before {
            Some((id, n)) => {
                let old = self.epoch_secret(team, id).await?;
                Some(epoch::Epoch { realm, team, n }.seal(&old, &secret.recipient(), rng))
            }
            None => None,
        };
        let body = Epoch {
            team,
            n,
            review_key: SealKey::from(&secret.recipient()),
            archive_key: agency.archive_key.clone(),
            prev: before.map(|(id, _)| id),
            prev_secret_hash: previous.as_deref().map(file::hash),
        };
        let statement = Envelope::sign(Statement::new(realm, Some(cert_id), body), &keys.sign_seed);
        let new = NewEpoch {
            statement: &statement,
            wraps,
            archive: Base64(this.seal(&secret, &archive, rng)),
            previous: previous.map(Base64),
        };
        let _: serde_json::Value =
            self.api.post(&format!("/api/teams/{team}/epochs"), &new).await?;
        Ok(statement.id())
    }

    /// The team's newest secret.
    pub(crate) async fn newest_secret(&self, team: TeamId) -> Result<HybridIdentity, Error> {
        let held = self.held_epochs(team).await?;
        let newest = held.last().ok_or_else(|| Error::Missing("a team key".to_owned()))?;
        self.secret_in(&held, team, newest.statement)
    }

    /// The team's secret of one epoch, from this person's own wrap or back through later ones.
    pub(crate) async fn epoch_secret(
        &self,
        team: TeamId,
        epoch_id: StatementId,
    ) -> Result<HybridIdentity, Error> {
        self.secret_in(&self.held_epochs(team).await?, team, epoch_id)
    }

    async fn held_epochs(&self, team: TeamId) -> Result<Vec<HeldEpoch>, Error> {
        self.api.get(&format!("/api/teams/{team}/epochs")).await
    }

    fn secret_in(
        &self,
        held: &[HeldEpoch],
        team: TeamId,
        epoch_id: StatementId,
    ) -> Result<HybridIdentity, Error> {
        let (keys, _) = self.staff_keys()?;
        let mut newer: Option<HybridIdentity> = None;
        let mut previous: Option<Base64> = None;
        for epoch in held.iter().rev() {
            let body = epoch.body(team)?;
            let this = epoch::Epoch { realm: self.root()?.realm(), team, n: body.n };
            let review_key = body.review_key.recipient().map_err(Error::untrusted)?;
            let opened = match (&epoch.wrap, &newer, &previous) {
                (Some(wrap), _, _) => Some(this.open(&wrap.0, &keys.seal_identity, &review_key)),
                (None, Some(newer), Some(previous)) => {
                    Some(this.open(&previous.0, newer, &review_key))
                }
                _ => None,
            };
            let secret = opened.transpose().map_err(Error::untrusted)?;
            if epoch.statement == epoch_id {
                return secret.ok_or_else(|| Error::Missing("the team's key".to_owned()));
            }
            newer = secret;
            previous.clone_from(&epoch.previous);
        }
        Err(Error::Missing("the team's key of that time".to_owned()))
    }
}

impl HeldEpoch {
    /// Its body, once its bytes are those of the id that verified statements name.
    fn body(&self, team: TeamId) -> Result<&Epoch, Error> {
        match &self.envelope.unverified().body {
            Body::Epoch(body) if self.envelope.id() == self.statement && body.team == team => {
                Ok(body)
            }
            _ => Err(Error::untrusted("another statement than a team's key")),
        }
    }

    fn n(&self) -> u64 {
        match &self.envelope.unverified().body {
            Body::Epoch(body) => body.n,
            _ => 0,
        }
    }
}

/// What a code contributes to its invitation.
pub(crate) struct Invitee {
    pub locator: InviteId,
    pub invite_key: seal::key::PublicKey,
    pub root_tag: [u8; 32],
    pub until: u64,
}

fn certificate(enrol: &Envelope, post: &Post, now: Timestamp) -> Result<Staff, Error> {
    let Body::Enrol(keys) = &enrol.unverified().body else {
        return Err(Error::untrusted("an enrolment is something else"));
    };
    Ok(Staff {
        staff: post.staff,
        person: post.person,
        enrol_id: enrol.id(),
        sign_key: keys.sign_key,
        seal_key: keys.seal_key.clone(),
        roles: vec![post.role],
        teams: post.teams.clone(),
        from: u64::try_from(now.as_second()).expect("after 1970"),
        until: 0,
        prior: None,
    })
}
