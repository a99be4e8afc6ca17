//! Opening a letter: nothing of it is shown before every check has passed, in this order
//! (protocol, "A reader's browser opens a letter only after").
//!
//! A failure names its check and never content, so the name may go to the agency.

use domain::id::{FileHash, KeyHash, MembershipId, Realm, StatementId};

use crate::{
    audit::Audit,
    bundle::Pins,
    checkpoint::Checkpoint,
    file,
    grant::{Grant, GrantError, Grantee},
    key::HybridIdentity,
    ledger::{Holder, Ledger, Proof, RefusedAt},
    letter::{self, Author, Context, LetterError, Part},
    logged,
    statement::{AttachmentKind, Body, Kind, Outcome, Refusal, Submit},
};

/// The nine checks of a reader, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// Every signer's chain to the pinned root, unrevoked by log order, entitled; every statement
    /// in the log, which goes on from where it was seen last.
    Certificates = 1,
    /// A complete chain `deliver` on this very revision.
    Decision,
    /// The author's signature and right to write, the version of the arrangement.
    Submit,
    /// `ct_hash`, `ct_len`, one stanza.
    File,
    /// The grant's hash is listed for my membership and certificate.
    Grant,
    /// The grant's lines name this realm, letter, revision and me.
    GrantLines,
    /// The hash of the recipient is `key_hash`.
    Key,
    /// Whole decryption; the inner context equals the statement.
    Content,
    /// Strict parts.
    Parts,
}

impl Check {
    /// Its number in the protocol, 1 to 9.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Its name, for the agency.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certificates => "certificates",
            Self::Decision => "decision",
            Self::Submit => "submit",
            Self::File => "file",
            Self::Grant => "grant",
            Self::GrantLines => "grant-lines",
            Self::Key => "key",
            Self::Content => "content",
            Self::Parts => "parts",
        }
    }
}

impl std::fmt::Display for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The first check that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("check {} of 9 failed: {check}", check.number())]
pub struct CheckFailed {
    /// Which.
    pub check: Check,
    /// The rule of the ledger behind it, if it was one.
    pub refusal: Option<Refusal>,
}

impl CheckFailed {
    const fn at(check: Check) -> Self {
        Self { check, refusal: None }
    }
}

/// The keys a member opens with.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Pinned on this device.
    pub realm: Realm,
    /// Who they are.
    pub membership: MembershipId,
    /// Their certificate.
    pub certificate: StatementId,
    /// The secret of its seal key.
    pub identity: &'a HybridIdentity,
    /// The log and the agency's statement as they were seen last.
    pub seen: &'a Pins,
}

/// A sealed file and the grant to whoever opens it.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'a> {
    /// The age file.
    pub ciphertext: &'a [u8],
    /// The grant file.
    pub grant: &'a [u8],
}

/// An opened letter, and the verified statements it came with.
#[derive(Debug)]
pub struct Opened {
    /// Strictly checked texts and images.
    pub parts: Vec<Part>,
    /// What the proof folded to.
    pub ledger: Ledger,
    /// For members: the log as it is seen now, to be pinned. Staff hold a proof against it
    /// themselves, before they look for the epoch's secret.
    pub checkpoint: Option<Checkpoint>,
}

/// What a statement says of a sealed file, its grant and its inside.
struct Expected {
    ct_hash: FileHash,
    ct_len: u64,
    key_hash: KeyHash,
    grant_hash: Option<FileHash>,
    grantee: Grantee,
    context: Context,
}

impl Expected {
    fn letter(realm: Realm, submit: &Submit, grantee: Grantee, hash: Option<FileHash>) -> Self {
        Self {
            ct_hash: submit.ct_hash,
            ct_len: submit.ct_len,
            key_hash: submit.key_hash,
            grant_hash: hash,
            grantee,
            context: letter_context(realm, submit),
        }
    }
}

/// Opens a letter that was passed on: all nine checks.
pub fn open_delivered(
    reader: Reader<'_>,
    proof: &Proof,
    submit_id: StatementId,
    sealed: Sealed<'_>,
) -> Result<Opened, CheckFailed> {
    let (ledger, checkpoint) = fold_logged(reader, proof)?;
    require_mine(&ledger, reader)?;
    let decision = ledger.final_decision(submit_id);
    let decision = decision.filter(|decision| decision.outcome() == Outcome::Deliver);
    let decision = decision.ok_or(CheckFailed::at(Check::Decision))?;
    let submit = require_submit(&ledger, submit_id)?;
    let version = |id| match ledger.statement(id).map(|statement| &statement.body) {
        Some(Body::Arrangement(version)) => Some(version.n),
        _ => None,
    };
    let (written, decided) = (version(submit.arrangement_id), version(decision.arrangement_id()));
    if written.is_none() || written > decided {
        return Err(CheckFailed::at(Check::Submit));
    }
    let grant_hash = ledger.delivered_to(submit_id, reader.membership, reader.certificate);
    let grantee = Grantee::Member(reader.membership);
    let expected = Expected::letter(reader.realm, submit, grantee, grant_hash);
    let parts = open_expected(reader.identity, sealed, &expected)?;
    Ok(Opened { parts, ledger, checkpoint })
}

/// Opens the writer's own copy, decided or not: every check but the second.
pub fn open_own(
    reader: Reader<'_>,
    proof: &Proof,
    submit_id: StatementId,
    sealed: Sealed<'_>,
) -> Result<Opened, CheckFailed> {
    let (ledger, checkpoint) = fold_logged(reader, proof)?;
    let submit = require_submit(&ledger, submit_id)?;
    if submit.author != reader.membership {
        return Err(CheckFailed::at(Check::Submit));
    }
    let grant_hash = ledger.own_copy(submit_id, reader.membership, reader.certificate);
    let grantee = Grantee::Member(reader.membership);
    let expected = Expected::letter(reader.realm, submit, grantee, grant_hash);
    let parts = open_expected(reader.identity, sealed, &expected)?;
    Ok(Opened { parts, ledger, checkpoint })
}

/// Opens a letter for checking, with the secret of the epoch it was sealed to.
pub fn open_for_check(
    realm: Realm,
    epoch_secret: &HybridIdentity,
    proof: &Proof,
    submit_id: StatementId,
    sealed: Sealed<'_>,
) -> Result<Opened, CheckFailed> {
    let ledger = fold(realm, proof)?;
    let submit = require_submit(&ledger, submit_id)?;
    let grantee = Grantee::Epoch(submit.epoch_id);
    let expected = Expected::letter(realm, submit, grantee, Some(submit.grant_hash));
    let parts = open_expected(epoch_secret, sealed, &expected)?;
    Ok(Opened { parts, ledger, checkpoint: None })
}

/// Opens a letter with the archive's identity: decided or not, long after everybody has left. Nobody
/// answers for a proof then, so the whole log was audited before.
pub fn open_for_archive(
    audit: &Audit,
    archive: &HybridIdentity,
    submit_id: StatementId,
    sealed: Sealed<'_>,
) -> Result<Vec<Part>, CheckFailed> {
    let ledger = audit.ledger();
    let submit = require_submit(ledger, submit_id)?;
    let grant_hash = Some(submit.archive_grant_hash);
    let expected = Expected::letter(ledger.realm(), submit, Grantee::Archive, grant_hash);
    open_expected(archive, sealed, &expected)
}

/// Opens a comment or note that staff attached to a decision for this reader.
pub fn open_attached(
    reader: Reader<'_>,
    proof: &Proof,
    decision_id: StatementId,
    ct_hash: FileHash,
    sealed: Sealed<'_>,
) -> Result<Opened, CheckFailed> {
    let (ledger, checkpoint) = fold_logged(reader, proof)?;
    let no_decision = CheckFailed::at(Check::Decision);
    let found = ledger.statement(decision_id).ok_or(no_decision)?;
    let Body::Decision(decision) = &found.body else { return Err(no_decision) };
    let signer = found.signer.and_then(|id| ledger.certificate(id)).ok_or(no_decision)?;
    let Holder::Staff(staff) = &signer.holder else { return Err(no_decision) };
    let submit = ledger.submit(decision.submit_id).ok_or(no_decision)?;
    let mut attached = decision.attached.iter();
    let attached = attached.find(|attached| {
        attached.ct_hash == ct_hash
            && attached.membership == Some(reader.membership)
            && attached.cert_id == Some(reader.certificate)
    });
    let attached = attached.ok_or(CheckFailed::at(Check::Grant))?;
    let kind = match attached.kind {
        AttachmentKind::Comment => letter::Kind::Comment,
        AttachmentKind::Note => letter::Kind::Note,
        AttachmentKind::Team => letter::Kind::Team,
    };
    let expected = Expected {
        ct_hash: attached.ct_hash,
        ct_len: attached.ct_len,
        key_hash: attached.key_hash,
        grant_hash: attached.grant_hash,
        grantee: Grantee::Member(reader.membership),
        context: Context {
            kind,
            author: Author::Staff(staff.staff),
            to: vec![reader.membership],
            ..letter_context(reader.realm, submit)
        },
    };
    let parts = open_expected(reader.identity, sealed, &expected)?;
    Ok(Opened { parts, ledger, checkpoint })
}

/// Opens a member's message to the team, with the secret of the epoch it was sealed to.
pub fn open_message(
    realm: Realm,
    epoch_secret: &HybridIdentity,
    proof: &Proof,
    message_id: StatementId,
    sealed: Sealed<'_>,
) -> Result<Opened, CheckFailed> {
    let ledger = fold(realm, proof)?;
    let no_message = CheckFailed::at(Check::Submit);
    let found = ledger.statement(message_id).ok_or(no_message)?;
    let Body::Message(message) = &found.body else { return Err(no_message) };
    let signer = found.signer.and_then(|id| ledger.certificate(id)).ok_or(no_message)?;
    let Holder::Member(author) = signer.holder else { return Err(no_message) };
    let grantee = Grantee::Epoch(message.epoch_id);
    let grant = Grant::of_message(realm, message.message, grantee);
    let expected = Expected {
        ct_hash: message.ct_hash,
        ct_len: message.ct_len,
        key_hash: message.key_hash,
        grant_hash: Some(message.grant_hash),
        grantee,
        context: Context {
            realm,
            letter: grant.letter,
            rev: grant.rev,
            kind: letter::Kind::Message,
            arrangement: message.arrangement,
            author: Author::Member(author.membership),
            to: Vec::new(),
        },
    };
    let parts = open_expected(epoch_secret, sealed, &expected)?;
    Ok(Opened { parts, ledger, checkpoint: None })
}

/// Folds a proof; the kind of the refused statement tells which check it fails.
fn fold(realm: Realm, proof: &Proof) -> Result<Ledger, CheckFailed> {
    proof.fold(realm).map_err(|RefusedAt { index, refusal }| {
        let check = match proof.statements.get(index).map(crate::envelope::Envelope::kind) {
            Some(Kind::Decision) => Check::Decision,
            Some(Kind::Submit) => Check::Submit,
            _ => Check::Certificates,
        };
        CheckFailed { check, refusal: Some(refusal) }
    })
}

/// Folds a proof for a member and holds it against the log; what they have just sent may wait.
fn fold_logged(
    reader: Reader<'_>,
    proof: &Proof,
) -> Result<(Ledger, Option<Checkpoint>), CheckFailed> {
    let ledger = fold(reader.realm, proof)?;
    match logged::hold(proof, &ledger, reader.seen, Some(reader.certificate)) {
        Ok(checkpoint) => Ok((ledger, Some(checkpoint))),
        Err(refusal) => Err(CheckFailed { check: Check::Certificates, refusal: Some(refusal) }),
    }
}

/// My own certificate is in the proof, in force, and mine.
fn require_mine(ledger: &Ledger, reader: Reader<'_>) -> Result<(), CheckFailed> {
    let certificate = ledger.certificate(reader.certificate);
    let mine = certificate
        .and_then(crate::ledger::Certificate::member)
        .is_some_and(|member| member.membership == reader.membership);
    let refusal = if !mine {
        Refusal::WrongCertificate
    } else if !ledger.is_in_force(reader.certificate) {
        Refusal::Revoked
    } else {
        return Ok(());
    };
    Err(CheckFailed { check: Check::Certificates, refusal: Some(refusal) })
}

/// The submit, whose signature and rights the fold has checked.
fn require_submit(ledger: &Ledger, submit_id: StatementId) -> Result<&Submit, CheckFailed> {
    let refusal = Some(Refusal::MissingStatement);
    ledger.submit(submit_id).ok_or(CheckFailed { check: Check::Submit, refusal })
}

/// What a letter's own first line must say, by its statement.
pub fn letter_context(realm: Realm, submit: &Submit) -> Context {
    Context {
        realm,
        letter: submit.letter,
        rev: submit.rev,
        kind: letter::Kind::Letter,
        arrangement: submit.arrangement,
        author: Author::Member(submit.author),
        to: submit.to.clone(),
    }
}

/// Checks 4 to 9.
fn open_expected(
    identity: &HybridIdentity,
    sealed: Sealed<'_>,
    expected: &Expected,
) -> Result<Vec<Part>, CheckFailed> {
    let same_file = file::hash(sealed.ciphertext) == expected.ct_hash
        && usize::try_from(expected.ct_len) == Ok(sealed.ciphertext.len());
    if !same_file || letter::check_form(sealed.ciphertext).is_err() {
        return Err(CheckFailed::at(Check::File));
    }
    if expected.grant_hash != Some(file::hash(sealed.grant)) {
        return Err(CheckFailed::at(Check::Grant));
    }
    let Context { realm, letter, rev, .. } = expected.context;
    let grant = Grant { realm, letter, rev, grantee: expected.grantee };
    let key = grant.open(sealed.grant, identity, &expected.key_hash).map_err(|error| {
        let is_key = error == GrantError::KeyHash;
        CheckFailed::at(if is_key { Check::Key } else { Check::GrantLines })
    })?;
    letter::open(sealed.ciphertext, &key, &expected.context).map_err(|error| {
        let is_part = matches!(error, LetterError::Text(_) | LetterError::Image(_));
        CheckFailed::at(if is_part { Check::Parts } else { Check::Content })
    })
}

#[cfg(test)]
mod tests;
