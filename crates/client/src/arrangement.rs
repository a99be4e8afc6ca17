//! Arrangements: making them, inviting and certifying the people in them, and how one stands,
//! verified from the root.

use domain::id::{ArrangementId, InviteId, MembershipId, Realm, StatementId, TeamId};
use jiff::Timestamp;
use rand_core::CryptoRng;
use seal::bundle::{ArrangementPin, Bundle};
use seal::contact::Contact;
use seal::document::{Document, Subject};
use seal::envelope::Envelope;
use seal::file;
use seal::key::HybridRecipient;
use seal::ledger::{Ledger, Proof};
use seal::random;
use seal::statement::{
    Arrangement, ArrangementMember, Body, Invite, Member, Role, SealKey, Side, Statement,
};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::api::Error;
use crate::bytes::Base64;
use crate::log::Seen;
use crate::staff::Sheet;

/// How an arrangement stands: its governing version and its team's key, verified from the root.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The agency.
    pub realm: Realm,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The governing version.
    pub statement: StatementId,
    /// The team that checks its letters.
    pub team: TeamId,
    /// The team's newest epoch.
    pub epoch_id: StatementId,
    pub(crate) review_key: HybridRecipient,
    pub(crate) archive_key: HybridRecipient,
    version: Arrangement,
    seen: Seen,
}

impl Standing {
    fn of(ledger: &Ledger, seen: Seen, arrangement: ArrangementId) -> Result<Self, Error> {
        let none = || Error::untrusted("no such arrangement in its proof");
        let (statement, version) = ledger.governing_arrangement(arrangement).ok_or_else(none)?;
        let epoch = ledger.epoch(version.team);
        let (epoch_id, epoch) = epoch.ok_or_else(|| Error::Missing("the team's key".to_owned()))?;
        Ok(Self {
            realm: ledger.realm(),
            arrangement,
            statement,
            team: version.team,
            epoch_id,
            review_key: epoch.review_key.recipient().map_err(Error::untrusted)?,
            archive_key: epoch.archive_key.recipient().map_err(Error::untrusted)?,
            version: version.clone(),
            seen,
        })
    }

    /// Everybody on the other sides who may receive letters, in the order of statements.
    pub fn readers_for(&self, author: MembershipId) -> Result<Vec<MembershipId>, Error> {
        let mine = self
            .version
            .member(author)
            .ok_or_else(|| Error::Missing("a place in it".to_owned()))?;
        let others = self.version.members.iter().filter(|it| it.side != mine.side && it.read);
        Ok(others.map(|it| it.membership).collect())
    }

    /// The place of a membership.
    pub fn member(&self, membership: MembershipId) -> Option<&ArrangementMember> {
        self.version.member(membership)
    }

    /// The governing version as signed.
    pub fn version(&self) -> &Arrangement {
        &self.version
    }
}

/// A person's place in a new arrangement, on paper until they join.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The membership.
    pub membership: MembershipId,
    /// The side.
    pub side: Side,
    /// Who they are to the others.
    pub role: Role,
}

impl Place {
    /// A place for somebody new.
    pub fn new(side: Side, role: Role, rng: &mut impl CryptoRng) -> Self {
        Self { membership: MembershipId::from_bytes(random::bytes(rng)), side, role }
    }
}

#[derive(Serialize)]
struct NewVersion<'a> {
    statement: &'a Envelope,
    plan: Base64,
    notes: Base64,
}

#[derive(Serialize)]
struct NewMember<'a> {
    statement: &'a Envelope,
}

#[derive(Serialize)]
struct NewContact<'a> {
    statement: &'a Envelope,
    sealed: Base64,
}

#[derive(Deserialize)]
struct Whole {
    n: u64,
    plan: Option<Base64>,
    proof: Proof,
}

impl Account {
    /// How an arrangement stands. Refuses a version older than one this person has seen.
    pub async fn standing(&self, arrangement: ArrangementId) -> Result<Standing, Error> {
        let path = self.since(&format!("/api/arrangements/{arrangement}"));
        let whole: Whole = self.api.get(&path).await?;
        let (ledger, seen) = self.verified(&whole.proof, None)?;
        let standing = Standing::of(&ledger, seen, arrangement)?;
        if standing.version.n != whole.n {
            return Err(Error::untrusted("another version of the arrangement than was proved"));
        }
        self.require_newest(arrangement, standing.version.n, standing.statement)?;
        Ok(standing)
    }

    /// Refuses a version that is older than one this person has seen, and another in its place: it
    /// could name a reader who has since been taken out.
    pub(crate) fn require_newest(
        &self,
        arrangement: ArrangementId,
        n: u64,
        statement: StatementId,
    ) -> Result<(), Error> {
        let mut pins = self.bundle().pins.arrangements.iter();
        let Some(pin) = pins.find(|pin| pin.arrangement == arrangement) else { return Ok(()) };
        if n < pin.n {
            return Err(Error::untrusted("an older version of the arrangement than was seen"));
        }
        if n == pin.n && statement != pin.statement {
            return Err(Error::untrusted("another version of the arrangement than was seen"));
        }
        Ok(())
    }

    /// Keeps how an arrangement stands now, and the log that shows it, so that no server can go
    /// back behind either. Forward only.
    pub async fn pin(
        &mut self,
        standing: &Standing,
        rng: &mut impl CryptoRng,
    ) -> Result<(), Error> {
        let (arrangement, statement) = (standing.arrangement, standing.statement);
        let pin = ArrangementPin { arrangement, n: standing.version.n, statement };
        let mut pins = self.bundle().pins.arrangements.iter();
        if pins.any(|it| it.arrangement == arrangement && it.n >= pin.n) {
            return self.pin_log(&standing.seen, rng).await;
        }
        let is_newer = self.is_newer(&standing.seen);
        let forward = |bundle: &mut Bundle| {
            bundle.pins.arrangements.retain(|it| it.arrangement != arrangement);
            bundle.pins.arrangements.push(pin);
            if is_newer {
                standing.seen.pin_in(&mut bundle.pins);
            }
        };
        self.keep(forward, rng).await
    }

    /// The plan as this member may see it, as JSON.
    pub async fn plan(
        &self,
        standing: &Standing,
        membership: MembershipId,
    ) -> Result<String, Error> {
        let path = format!("/api/arrangements/{}", standing.arrangement);
        let whole: Whole = self.api.get(&path).await?;
        let sealed = whole.plan.ok_or_else(|| Error::Missing("a plan".to_owned()))?;
        if file::hash(&sealed.0) != standing.version.plan_hash {
            return Err(Error::untrusted("another plan than the arrangement names"));
        }
        let (keys, _) = self.member_keys(membership)?;
        let document = Document {
            realm: standing.realm,
            subject: Subject::Plan(standing.arrangement),
            n: standing.version.n,
        };
        let plan = document.open(&sealed.0, &keys.seal_identity).map_err(Error::untrusted)?;
        Ok(plan.to_string())
    }

    /// Makes an arrangement between people who are all on paper as yet; one check delivers.
    pub async fn make_arrangement(
        &self,
        team: TeamId,
        reviewers: u64,
        places: &[Place],
        (plan, notes): (&str, &str),
        rng: &mut impl CryptoRng,
    ) -> Result<ArrangementId, Error> {
        let mut members: Vec<_> = places
            .iter()
            .map(|it| ArrangementMember {
                membership: it.membership,
                side: it.side,
                cert_id: None,
                read: true,
                write: true,
            })
            .collect();
        members.sort_unstable_by_key(|it| it.membership);
        let draft = Draft {
            arrangement: ArrangementId::from_bytes(random::bytes(rng)),
            n: 1,
            prev: None,
            team,
            reviewers,
            members,
        };
        let arrangement = draft.arrangement;
        let team = self.team_keys(team).await?;
        self.write_version(draft, (&[], team), (plan, notes), rng).await?;
        Ok(arrangement)
    }

    /// Writes the next version, with everybody's newest certificate and the plan sealed to them.
    /// `certified` are memberships and the `member` statements that certify them.
    pub async fn bring_online(
        &self,
        standing: &Standing,
        certified: &[(MembershipId, StatementId)],
        (plan, notes): (&str, &str),
        rng: &mut impl CryptoRng,
    ) -> Result<StatementId, Error> {
        let mut members = standing.version.members.clone();
        for member in &mut members {
            if let Some((_, cert_id)) = certified.iter().find(|(id, _)| *id == member.membership) {
                member.cert_id = Some(*cert_id);
            }
        }
        let readers = self.readers(&members).await?;
        let team = self.team_keys(standing.team).await?;
        let draft = Draft::next(standing, standing.team, members);
        self.write_version(draft, (&readers, team), (plan, notes), rng).await
    }

    /// The keys of everybody who is online.
    pub(crate) async fn readers(
        &self,
        members: &[ArrangementMember],
    ) -> Result<Vec<HybridRecipient>, Error> {
        let mut readers = Vec::new();
        for cert_id in members.iter().filter_map(|it| it.cert_id) {
            let certificate = self.statement(cert_id).await?;
            let Body::Member(body) = &certificate.unverified().body else {
                return Err(Error::untrusted("a certificate is something else"));
            };
            readers.push(body.seal_key.recipient().map_err(Error::untrusted)?);
        }
        Ok(readers)
    }

    /// Seals the plan to `readers` and the team's and the archive's keys, the notes to those two alone.
    pub(crate) async fn write_version(
        &self,
        draft: Draft,
        (readers, (review_key, archive_key)): (&[HybridRecipient], TeamKeys),
        (plan, notes): (&str, &str),
        rng: &mut impl CryptoRng,
    ) -> Result<StatementId, Error> {
        let (keys, cert_id) = self.staff_keys()?;
        let realm = self.root()?.realm();
        let agency: [&HybridRecipient; 2] = [&review_key, &archive_key];
        let everybody: Vec<_> = readers.iter().chain(agency).collect();
        let document = |subject| Document { realm, subject, n: draft.n };
        let plan = document(Subject::Plan(draft.arrangement)).seal(plan, &everybody, rng);
        let plan = plan.map_err(|e| Error::Missing(e.to_string()))?;
        let notes = document(Subject::Notes(draft.arrangement)).seal(notes, &agency, rng);
        let notes = notes.map_err(|e| Error::Missing(e.to_string()))?;
        let body = Arrangement {
            arrangement: draft.arrangement,
            n: draft.n,
            prev: draft.prev,
            team: draft.team,
            reviewers: draft.reviewers,
            members: draft.members,
            plan_hash: file::hash(&plan),
            notes_hash: file::hash(&notes),
            prior: None,
        };
        let statement = Envelope::sign(Statement::new(realm, Some(cert_id), body), &keys.sign_seed);
        let new = NewVersion { statement: &statement, plan: Base64(plan), notes: Base64(notes) };
        let _: serde_json::Value = self.api.post("/api/arrangements", &new).await?;
        Ok(statement.id())
    }

    /// The team's newest key and the archive's. Each key stands only if the ledger of everybody
    /// who works here admits it: anybody can seal a wrap, so opening one proves nothing.
    async fn team_keys(&self, team: TeamId) -> Result<TeamKeys, Error> {
        #[derive(Deserialize)]
        struct Held {
            envelope: Envelope,
        }
        let mut everybody = self.everybody().await?;
        let held: Vec<Held> = self.api.get(&format!("/api/teams/{team}/epochs")).await?;
        for Held { envelope } in &held {
            if everybody.statement(envelope.id()).is_none() {
                everybody.admit(envelope, None).map_err(Error::untrusted)?;
            }
        }
        let none = || Error::Missing("a team key: a lead makes it".to_owned());
        let (_, newest) = everybody.epoch(team).ok_or_else(none)?;
        let recipient = |key: &SealKey| key.recipient().map_err(Error::untrusted);
        Ok((recipient(&newest.review_key)?, recipient(&newest.archive_key)?))
    }

    /// Invites somebody to their place. `card` is JSON for the team's eyes: name and relationship.
    pub async fn invite_member(
        &self,
        standing: &Standing,
        place: &Place,
        card: &str,
        now: Timestamp,
        rng: &mut impl CryptoRng,
    ) -> Result<Sheet, Error> {
        let document =
            Document { realm: standing.realm, subject: Subject::Card(place.membership), n: 0 };
        let recipients = [&standing.review_key, &standing.archive_key];
        let card =
            document.seal(card, &recipients, rng).map_err(|e| Error::Missing(e.to_string()))?;
        let card_hash = file::hash(&card);
        let invite = |code: &crate::staff::Invitee| Invite {
            invite: code.locator,
            membership: Some(place.membership),
            arrangement: Some(standing.arrangement),
            role: place.role,
            card_hash: Some(card_hash),
            invite_key: code.invite_key,
            root_tag: code.root_tag,
            until: code.until,
        };
        self.invite(invite, Some(card), now, rng).await
    }

    /// Certifies somebody who read out the digits of their own keys.
    pub async fn certify_member(
        &self,
        standing: &Standing,
        place: &Place,
        enrolled: (InviteId, &str),
    ) -> Result<StatementId, Error> {
        let body = self.member_body(standing, place, enrolled).await?;
        self.hand_in_member(standing, body).await
    }

    /// Certifies somebody anew who lost everything, and read out the digits of their new keys. The
    /// first of two persons says so; with `first`, a colleague's statement, the second agrees, who
    /// has made sure of the same digits. `met` says that staff saw the person face to face.
    pub async fn certify_again(
        &self,
        standing: &Standing,
        place: &Place,
        enrolled: (InviteId, &str),
        met: bool,
        first: Option<StatementId>,
    ) -> Result<StatementId, Error> {
        let lost = standing.member(place.membership).and_then(|it| it.cert_id);
        let replaces = lost.ok_or_else(|| Error::Missing("keys that were lost".to_owned()))?;
        let body = Member {
            met,
            replaces: Some(replaces),
            prior: first,
            ..self.member_body(standing, place, enrolled).await?
        };
        self.hand_in_member(standing, body).await
    }

    async fn member_body(
        &self,
        standing: &Standing,
        place: &Place,
        (invite, digits): (InviteId, &str),
    ) -> Result<Member, Error> {
        let enrol = self.enrolled(invite, digits).await?;
        let invited = self.statement(self.follow(invite).await?.statement).await?;
        let (Body::Enrol(new), Body::Invite(invite)) =
            (&enrol.unverified().body, &invited.unverified().body)
        else {
            return Err(Error::untrusted("an enrolment is something else"));
        };
        if invite.membership != Some(place.membership) || new.invite_id != invited.id() {
            return Err(Error::untrusted("an enrolment for another place"));
        }
        Ok(Member {
            membership: place.membership,
            arrangement: standing.arrangement,
            role: place.role,
            enrol_id: enrol.id(),
            sign_key: new.sign_key,
            seal_key: new.seal_key.clone(),
            card_hash: invite
                .card_hash
                .ok_or_else(|| Error::untrusted("an invitation without a card"))?,
            until: 0,
            met: false,
            replaces: None,
            prior: None,
        })
    }

    async fn hand_in_member(
        &self,
        standing: &Standing,
        body: Member,
    ) -> Result<StatementId, Error> {
        let (keys, cert_id) = self.staff_keys()?;
        let statement =
            Envelope::sign(Statement::new(standing.realm, Some(cert_id), body), &keys.sign_seed);
        let path = format!("/api/arrangements/{}/members", standing.arrangement);
        let _: serde_json::Value =
            self.api.post(&path, &NewMember { statement: &statement }).await?;
        Ok(statement.id())
    }

    /// Says where this member's notices go, sealed to the notification service.
    pub async fn set_contact(
        &self,
        standing: &Standing,
        contact: &Contact,
    ) -> Result<StatementId, Error> {
        let path = format!("/api/arrangements/{}", standing.arrangement);
        let whole: Whole = self.api.get(&path).await?;
        let ledger = whole.proof.fold(self.root()?.realm()).map_err(Error::untrusted)?;
        let (_, agency) = ledger.agency().ok_or_else(|| Error::untrusted("no agency"))?;
        let notifier = agency.notifier_key.recipient().map_err(Error::untrusted)?;
        let sealed = contact.seal(&notifier).map_err(|e| Error::Missing(e.to_string()))?;
        let (keys, cert_id) = self.member_keys(contact.membership)?;
        let body = seal::statement::Contact {
            membership: contact.membership,
            n: contact.n,
            sealed_hash: file::hash(&sealed),
            channel: contact.channel,
        };
        let statement =
            Envelope::sign(Statement::new(standing.realm, Some(cert_id), body), &keys.sign_seed);
        let new = NewContact { statement: &statement, sealed: Base64(sealed) };
        let _: serde_json::Value = self.api.post("/api/contacts", &new).await?;
        Ok(statement.id())
    }
}

/// What is sealed to a team: its newest key, and the archive's.
pub(crate) type TeamKeys = (HybridRecipient, HybridRecipient);

/// A version before it is sealed and signed.
pub(crate) struct Draft {
    arrangement: ArrangementId,
    n: u64,
    prev: Option<StatementId>,
    team: TeamId,
    reviewers: u64,
    members: Vec<ArrangementMember>,
}

impl Draft {
    /// The version after the governing one.
    pub(crate) fn next(standing: &Standing, team: TeamId, members: Vec<ArrangementMember>) -> Self {
        Self {
            arrangement: standing.arrangement,
            n: standing.version.n + 1,
            prev: Some(standing.statement),
            team,
            reviewers: standing.version.reviewers,
            members,
        }
    }
}
