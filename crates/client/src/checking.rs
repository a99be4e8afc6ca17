//! Checking: a coordinator claims a letter, opens it with the team's key, and decides. Deciding to
//! pass it on is sealing its key to the readers and signing; nothing on a server can do it.

use domain::id::{ArrangementId, LetterId, MembershipId, StaffId, StatementId, TeamId};
use jiff::Timestamp;
use rand_core::CryptoRng;
use seal::envelope::Envelope;
use seal::file;
use seal::grant::{Grant, Grantee};
use seal::key::{HybridIdentity, HybridRecipient, X25519Identity};
use seal::ledger::{Ledger, Proof};
use seal::letter::{self, Author, Context, Kind, Part};
use seal::open;
use seal::statement::{
    Attachment, AttachmentKind, Body, Decision, GrantEntry, Outcome, Statement, Submit,
};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::api::Error;
use crate::bytes::Base64;
use crate::log::Seen;
use crate::reading::Remark;

/// A letter on the team's desk: what it is, never what it says.
#[derive(Clone, Debug, Deserialize)]
pub struct Waiting {
    /// The letter.
    pub letter: LetterId,
    /// The `submit` statement of the revision to be checked.
    pub statement: StatementId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The team.
    pub team: TeamId,
    /// `with_agency` or `being_checked`.
    pub state: String,
    /// The day by which the writer was told it is read.
    pub due_on: Option<String>,
    /// To whom it was given.
    pub allocated_to: Option<StaffId>,
    /// Steps taken on this revision.
    pub steps: i64,
}

/// A letter opened on a checker's desk, everything about its writer verified.
#[derive(Debug)]
pub struct OnDesk {
    ledger: Ledger,
    submit_id: StatementId,
    submit: Submit,
    key: X25519Identity,
    /// What the writer sent.
    pub parts: Vec<Part>,
    /// What colleagues wrote for the next checker.
    pub remarks: Vec<Vec<Part>>,
    /// The log as it was seen: what a decision names.
    pub seen: Seen,
}

impl OnDesk {
    /// All text of the letter.
    pub fn text(&self) -> String {
        self.parts.iter().filter_map(Part::as_text).collect()
    }

    /// The revision on the desk.
    pub fn submit_id(&self) -> StatementId {
        self.submit_id
    }

    /// Who wrote it.
    pub fn author(&self) -> MembershipId {
        self.submit.author
    }
}

/// A decision sealed and signed, not yet sent: everything a server gets.
#[derive(Debug, Serialize)]
pub struct Sealed {
    /// The `decision` statement.
    pub statement: Envelope,
    grants: Vec<GrantFile>,
    attached: Vec<AttachedFiles>,
    reason: String,
    #[serde(skip)]
    letter: LetterId,
}

/// What staff write beside a decision.
#[derive(Clone, Copy, Debug)]
pub struct Remarked<'a> {
    /// To the author, an addressee, or the next checker.
    pub kind: AttachmentKind,
    /// The reader; none for the next checker.
    pub to: Option<MembershipId>,
    /// The text.
    pub text: &'a str,
}

#[derive(Debug, Serialize)]
struct GrantFile {
    membership: MembershipId,
    sealed: Base64,
}

#[derive(Debug, Serialize)]
struct AttachedFiles {
    kind: AttachmentKind,
    membership: Option<MembershipId>,
    sealed: Base64,
    grant: Option<Base64>,
    review_grant: Base64,
    archive_grant: Base64,
}

#[derive(Deserialize)]
struct OpenedLetter {
    statement: StatementId,
    ciphertext: Option<Base64>,
    grant: Option<Base64>,
    proof: Proof,
    attachments: Vec<Remark>,
}

impl Account {
    /// The letters waiting for this person's teams, oldest first.
    pub async fn desk(&self) -> Result<Vec<Waiting>, Error> {
        self.api.get("/api/checks").await
    }

    /// Claims a letter: nobody else checks it meanwhile.
    pub async fn claim(&self, letter: LetterId) -> Result<(), Error> {
        let path = format!("/api/checks/{letter}/claim");
        self.api.post::<serde_json::Value>(&path, &serde_json::json!({})).await.map(drop)
    }

    /// Opens a letter, which goes on record first, and verifies its writer down to the root.
    /// `why` is as the API spells it, such as `check`.
    pub async fn open_on_desk(&self, letter: LetterId, why: &str) -> Result<OnDesk, Error> {
        let path = self.since(&format!("/api/checks/{letter}/open"));
        let opened: OpenedLetter = self.api.post(&path, &serde_json::json!({ "why": why })).await?;
        let (realm, submit_id) = (self.root()?.realm(), opened.statement);
        let (Some(ciphertext), Some(grant)) = (&opened.ciphertext, &opened.grant) else {
            return Err(Error::Missing("the letter itself, which is no longer there".to_owned()));
        };
        let (ledger, seen) = self.verified(&opened.proof, None)?;
        let submit = ledger.submit(submit_id).filter(|it| it.letter == letter).cloned();
        let submit = submit.ok_or_else(|| Error::untrusted("another letter's proof"))?;
        let governing = ledger.governing_arrangement(submit.arrangement);
        let (version_id, version) = governing.ok_or_else(|| Error::untrusted("no arrangement"))?;
        self.require_newest(submit.arrangement, version.n, version_id)?;
        let secret = self.epoch_secret(submit.team, submit.epoch_id).await?;
        let sealed = open::Sealed { ciphertext: &ciphertext.0, grant: &grant.0 };
        let letter = open::open_for_check(realm, &secret, &opened.proof, submit_id, sealed);
        let letter = letter.map_err(Error::untrusted)?;
        let grantee = Grantee::Epoch(submit.epoch_id);
        let named = Grant { realm, letter: submit.letter, rev: submit.rev, grantee };
        let key = named.open(&grant.0, &secret, &submit.key_hash).map_err(Error::untrusted)?;
        let remarks = opened.attachments.iter();
        let remarks = remarks.map(|remark| open_for_team(&letter.ledger, remark, &secret));
        let remarks = remarks.collect::<Result<_, _>>()?;
        let (ledger, parts) = (letter.ledger, letter.parts);
        Ok(OnDesk { ledger, submit_id, submit, key, parts, remarks, seen })
    }

    /// Seals and signs the next decision on what is on the desk. The readers, their certificates
    /// and the place in the chain come from the verified history, never from the server's word.
    pub fn seal_decision(
        &self,
        desk: &OnDesk,
        outcome: Outcome,
        reason: &str,
        remarks: &[Remarked<'_>],
        now: Timestamp,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, Error> {
        let (keys, cert_id) = self.staff_keys()?;
        let ledger = &desk.ledger;
        let (next, readers) =
            ledger.next_step(desk.submit_id, outcome).map_err(Error::untrusted)?;
        let governing = ledger.governing_arrangement(desk.submit.arrangement);
        let (arrangement_id, _) = governing.ok_or_else(|| Error::untrusted("no arrangement"))?;
        let checkpoint = desk.seen.checkpoint();
        let (mut entries, mut grants) = (Vec::new(), Vec::new());
        for (membership, cert_id) in readers {
            let sealed =
                desk.grant_to(membership).seal(&desk.key, &recipient(ledger, cert_id)?, rng);
            entries.push(GrantEntry { membership, cert_id, grant_hash: file::hash(&sealed) });
            grants.push(GrantFile { membership, sealed: Base64(sealed) });
        }
        let (mut attached, mut files) = (Vec::new(), Vec::new());
        for remark in remarks {
            let (entry, file) = desk.attach(remark, keys.id, arrangement_id, rng)?;
            attached.push(entry);
            files.push(file);
        }
        let decision = Decision {
            submit_id: desk.submit_id,
            arrangement_id,
            outcome,
            step: next.step,
            prior: next.prior,
            grants: entries,
            attached,
            log_size: checkpoint.size,
            log_root: checkpoint.root,
            time: u64::try_from(now.as_second()).expect("after 1970"),
        };
        let statement = Statement::new(ledger.realm(), Some(cert_id), decision);
        Ok(Sealed {
            statement: Envelope::sign(statement, &keys.sign_seed),
            grants,
            attached: files,
            reason: reason.to_owned(),
            letter: desk.submit.letter,
        })
    }

    /// Sends a decision.
    pub async fn decide(&self, sealed: &Sealed) -> Result<(), Error> {
        let path = format!("/api/letters/{}/decisions", sealed.letter);
        self.api.post::<serde_json::Value>(&path, sealed).await.map(drop)
    }
}

impl OnDesk {
    /// The verified history it came with.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// What the letter is sealed under.
    pub(crate) fn key(&self) -> &X25519Identity {
        &self.key
    }

    pub(crate) fn grant_to(&self, membership: MembershipId) -> Grant {
        Grant {
            realm: self.ledger.realm(),
            letter: self.submit.letter,
            rev: self.submit.rev,
            grantee: Grantee::Member(membership),
        }
    }

    fn attach(
        &self,
        remark: &Remarked<'_>,
        staff: StaffId,
        arrangement_id: StatementId,
        rng: &mut impl CryptoRng,
    ) -> Result<(Attachment, AttachedFiles), Error> {
        let ledger = &self.ledger;
        let context = Context {
            kind: match remark.kind {
                AttachmentKind::Comment => Kind::Comment,
                AttachmentKind::Note => Kind::Note,
                AttachmentKind::Team => Kind::Team,
            },
            author: Author::Staff(staff),
            to: remark.to.into_iter().collect(),
            ..open::letter_context(ledger.realm(), &self.submit)
        };
        let parts = [Part::text(remark.text)];
        let sealed =
            letter::seal(&context, &parts, rng).map_err(|e| Error::Missing(e.to_string()))?;
        let (_, arrangement) = ledger
            .governing_arrangement(self.submit.arrangement)
            .filter(|(id, _)| *id == arrangement_id)
            .ok_or_else(|| Error::untrusted("no arrangement"))?;
        let cert_id = remark.to.and_then(|to| arrangement.member(to)?.cert_id);
        let grant = match (remark.to, cert_id) {
            (Some(to), Some(cert_id)) => {
                Some(self.grant_to(to).seal(&sealed.key, &recipient(ledger, cert_id)?, rng))
            }
            _ => None,
        };
        // Whoever opens the letter opens what stands beside it.
        let epoch_id = self.submit.epoch_id;
        let Some(Body::Epoch(epoch)) = ledger.statement(epoch_id).map(|it| &it.body) else {
            return Err(Error::untrusted("no team key"));
        };
        let to_team =
            Grant { grantee: Grantee::Epoch(epoch_id), ..self.grant_to(self.submit.author) };
        let review_key = epoch.review_key.recipient().map_err(Error::untrusted)?;
        let review_grant = to_team.seal(&sealed.key, &review_key, rng);
        let to_archive = Grant { grantee: Grantee::Archive, ..to_team };
        let archive_key = epoch.archive_key.recipient().map_err(Error::untrusted)?;
        let archive_grant = to_archive.seal(&sealed.key, &archive_key, rng);
        let entry = Attachment {
            kind: remark.kind,
            membership: remark.to,
            cert_id,
            ct_hash: sealed.hash(),
            ct_len: sealed.file.len() as u64,
            key_hash: sealed.key_hash(),
            grant_hash: grant.as_deref().map(file::hash),
            review_grant_hash: file::hash(&review_grant),
            archive_grant_hash: file::hash(&archive_grant),
        };
        let files = AttachedFiles {
            kind: remark.kind,
            membership: remark.to,
            sealed: Base64(sealed.file),
            grant: grant.map(Base64),
            review_grant: Base64(review_grant),
            archive_grant: Base64(archive_grant),
        };
        Ok((entry, files))
    }
}

/// Opens what a colleague left for the next checker, once a verified decision names it.
fn open_for_team(
    ledger: &Ledger,
    remark: &Remark,
    secret: &HybridIdentity,
) -> Result<Vec<Part>, Error> {
    let statement = ledger.statement(remark.decision);
    let statement = statement.ok_or_else(|| Error::untrusted("a remark without its decision"))?;
    let Body::Decision(decision) = &statement.body else {
        return Err(Error::untrusted("a remark on something else"));
    };
    let unnamed = || Error::untrusted("a remark that its decision does not name");
    let submit = ledger.submit(decision.submit_id).ok_or_else(unnamed)?;
    let hash = file::hash(&remark.ciphertext.0);
    let mut attached = decision.attached.iter();
    let is_it = |it: &&Attachment| it.kind == AttachmentKind::Team && it.ct_hash == hash;
    let attached = attached.find(is_it).ok_or_else(unnamed)?;
    let staff = statement.signer.and_then(|id| ledger.certificate(id)).and_then(|it| it.staff());
    let context = Context {
        kind: Kind::Team,
        author: Author::Staff(staff.ok_or_else(unnamed)?.staff),
        to: Vec::new(),
        ..open::letter_context(ledger.realm(), submit)
    };
    let grantee = Grantee::Epoch(submit.epoch_id);
    let grant = Grant { realm: ledger.realm(), letter: submit.letter, rev: submit.rev, grantee };
    let key = grant.open(&remark.grant.0, secret, &attached.key_hash).map_err(Error::untrusted)?;
    letter::open(&remark.ciphertext.0, &key, &context).map_err(Error::untrusted)
}

/// What is sealed to a certificate that the ledger knows to be in force.
pub(crate) fn recipient(ledger: &Ledger, cert_id: StatementId) -> Result<HybridRecipient, Error> {
    let certificate = ledger.certificate(cert_id).filter(|_| ledger.is_in_force(cert_id));
    let certificate =
        certificate.ok_or_else(|| Error::untrusted("a reader without a certificate"))?;
    certificate.seal_key.recipient().map_err(Error::untrusted)
}
