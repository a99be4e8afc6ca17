//! Reading: nothing is opened before the whole of the protocol's nine checks has passed on this
//! side of the connection.

use domain::id::{ArrangementId, LetterId, MembershipId, StatementId};
use seal::file;
use seal::grant::{Grant, Grantee};
use seal::key::HybridIdentity;
use seal::ledger::{Ledger, Proof};
use seal::letter::{self, Author, Context, Kind, Part};
use seal::statement::{Attachment, AttachmentKind, Body, Submit};
use serde::Deserialize;

use crate::account::Account;
use crate::api::Error;
use crate::bytes::Base64;

/// A letter in the letterbox: where it is, never what it says.
#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    /// The letter.
    pub letter: LetterId,
    /// The `submit` statement of the revision.
    pub statement: StatementId,
    /// The revision.
    pub rev: u64,
    /// `sent` or `received`.
    pub direction: String,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// Who wrote it.
    pub author: MembershipId,
    /// Where it is.
    pub state: String,
    /// By when a worker reads it.
    pub due_on: Option<String>,
    /// What was decided.
    pub decided: Option<Decided>,
    /// When it was passed on.
    pub released_at: Option<String>,
}

/// What was decided about a letter, by which role, when and why.
#[derive(Clone, Debug, Deserialize)]
pub struct Decided {
    /// The decision's statement.
    pub statement: StatementId,
    /// `deliver`, `change` or `keep`.
    pub outcome: String,
    /// `coordinator` or `lead`.
    pub role: String,
    /// When.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// One opening of a letter by staff.
#[derive(Clone, Debug, Deserialize)]
pub struct Opening {
    /// In which role.
    pub role: String,
    /// When.
    pub at: String,
    /// Why.
    pub why: String,
}

/// A letter that passed every check.
#[derive(Debug)]
pub struct Opened {
    /// Text and pictures, in order.
    pub parts: Vec<Part>,
    /// What staff wrote to this person about it.
    pub remarks: Vec<Vec<Part>>,
}

impl Opened {
    /// All text of the letter.
    pub fn text(&self) -> String {
        self.parts.iter().filter_map(Part::as_text).collect()
    }
}

#[derive(Deserialize)]
struct Whole {
    statement: StatementId,
    author: MembershipId,
    ciphertext: Option<Base64>,
    grant: Option<Base64>,
    #[serde(default)]
    attachments: Vec<Remark>,
}

#[derive(Deserialize)]
pub(crate) struct Remark {
    pub decision: StatementId,
    pub ciphertext: Base64,
    pub grant: Base64,
}

impl Account {
    /// The newest letters of every arrangement of this person, both directions.
    pub async fn letterbox(&self) -> Result<Vec<Entry>, Error> {
        self.api.get("/api/letters").await
    }

    /// Every opening of a letter by staff.
    pub async fn openings(&self, letter: LetterId) -> Result<Vec<Opening>, Error> {
        self.api.get(&format!("/api/letters/{letter}/openings")).await
    }

    /// Opens a letter for `membership`: one that it wrote, or one that was passed on to it.
    pub async fn read(&self, membership: MembershipId, letter: LetterId) -> Result<Opened, Error> {
        let whole: Whole = self.api.get(&format!("/api/letters/{letter}")).await?;
        let proof: Proof = self.api.get(&format!("/api/letters/{letter}/proof")).await?;
        let ledger = proof.fold(self.root()?.realm()).map_err(Error::untrusted)?;
        let (keys, cert_id) = self.member_keys(membership)?;
        let submit = ledger.submit(whole.statement).ok_or_else(|| Error::untrusted("no such letter in its proof"))?;
        if submit.letter != letter || submit.author != whole.author {
            return Err(Error::untrusted("another letter's proof"));
        }
        let listed = if submit.author == membership {
            submit.self_grant_hash
        } else {
            let granted = ledger.delivered_to(whole.statement, membership, cert_id);
            granted.ok_or_else(|| Error::untrusted("nobody passed this letter on to you"))?
        };
        let (Some(file), Some(grant)) = (&whole.ciphertext, &whole.grant) else {
            return Err(Error::Missing("the letter itself, which is no longer there".to_owned()));
        };
        if file::hash(&grant.0) != listed || file::hash(&file.0) != submit.ct_hash {
            return Err(Error::untrusted("these are not the files the statements name"));
        }
        let grantee = Grantee::Member(membership);
        let named = Grant { realm: ledger.realm(), letter, rev: submit.rev, grantee };
        let key = named.open(&grant.0, &keys.seal_identity, &submit.key_hash).map_err(Error::untrusted)?;
        let parts = letter::open(&file.0, &key, &context_of(&ledger, submit)).map_err(Error::untrusted)?;
        let mine = |attached: &Attachment| attached.membership == Some(membership);
        let remarks = whole.attachments.iter().map(|remark| {
            open_remark(&ledger, letter, remark, grantee, mine, &keys.seal_identity)
        });
        let remarks = remarks.collect::<Result<_, _>>()?;
        Ok(Opened { parts, remarks })
    }
}

/// What a letter's own first line must say.
pub(crate) fn context_of(ledger: &Ledger, submit: &Submit) -> Context {
    Context {
        realm: ledger.realm(),
        letter: submit.letter,
        rev: submit.rev,
        kind: Kind::Letter,
        arrangement: submit.arrangement,
        author: Author::Member(submit.author),
        to: submit.to.clone(),
    }
}

/// Opens what staff attached to a decision on a letter, once that decision names it.
pub(crate) fn open_remark(
    ledger: &Ledger,
    letter: LetterId,
    remark: &Remark,
    grantee: Grantee,
    is_mine: impl Fn(&Attachment) -> bool,
    identity: &HybridIdentity,
) -> Result<Vec<Part>, Error> {
    let statement = ledger.statement(remark.decision);
    let statement = statement.ok_or_else(|| Error::untrusted("a remark without its decision"))?;
    let Body::Decision(decision) = &statement.body else {
        return Err(Error::untrusted("a remark on something else"));
    };
    let submit = ledger.submit(decision.submit_id).filter(|it| it.letter == letter);
    let submit = submit.ok_or_else(|| Error::untrusted("a remark on another letter"))?;
    let hash = file::hash(&remark.ciphertext.0);
    let attached = decision.attached.iter().find(|it| it.ct_hash == hash && is_mine(it));
    let attached = attached.ok_or_else(|| Error::untrusted("a remark that its decision does not name"))?;
    let staff = statement.signer.and_then(|id| ledger.certificate(id)).and_then(|it| it.staff());
    let staff = staff.ok_or_else(|| Error::untrusted("a remark by nobody"))?;
    let context = Context {
        kind: match attached.kind {
            AttachmentKind::Comment => Kind::Comment,
            AttachmentKind::Note => Kind::Note,
            AttachmentKind::Team => Kind::Team,
        },
        author: Author::Staff(staff.staff),
        to: attached.membership.into_iter().collect(),
        ..context_of(ledger, submit)
    };
    let grant = Grant { realm: ledger.realm(), letter, rev: submit.rev, grantee };
    let key = grant.open(&remark.grant.0, identity, &attached.key_hash).map_err(Error::untrusted)?;
    letter::open(&remark.ciphertext.0, &key, &context).map_err(Error::untrusted)
}
