//! Reading: nothing is opened before the whole of the protocol's nine checks has passed on this
//! side of the connection.

use domain::id::{ArrangementId, LetterId, MembershipId, StatementId};
use seal::envelope::Envelope;
use seal::file;
use seal::ledger::Proof;
use seal::letter::Part;
use seal::open::{self, Reader, Sealed};
use seal::statement::{Body, Phrase, Receipt, Statement};
use serde::Deserialize;

use crate::account::Account;
use crate::api::Error;
use crate::bytes::Base64;
use crate::joining::Posted;
use crate::log::Seen;

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
    /// Whether its writer may still take it back.
    pub can_withdraw: bool,
    /// What was decided.
    pub decided: Option<Decided>,
    /// When it was passed on.
    pub released_at: Option<String>,
    /// For its writer, what a reader answered; for a reader, what they answered themselves. The
    /// server's word only: see [`Account::answer_to`].
    pub receipt: Option<Answer>,
    /// Whether it opens with the keys of today; after new keys, once it was given back.
    pub is_readable: bool,
}

/// A reader's short answer, as the server tells it.
#[derive(Clone, Debug, Deserialize)]
pub struct Answer {
    /// `thanks` or `will-write`.
    pub phrase: String,
    /// When it came.
    pub at: String,
    /// The `receipt` statement.
    pub statement: StatementId,
    /// Whose it is.
    pub membership: MembershipId,
}

/// What was decided about a letter, by which role, when and why.
#[derive(Clone, Debug, Deserialize)]
pub struct Decided {
    /// The decision's statement.
    pub statement: StatementId,
    /// `deliver`, `change` or `keep`.
    pub outcome: String,
    /// The first name of who decided, once they have given one.
    pub name: Option<String>,
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
    /// The first name of who looked, once they have given one.
    pub name: Option<String>,
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
    /// The log as it was seen, to be pinned.
    pub seen: Seen,
}

impl Opened {
    /// All text of the letter.
    pub fn text(&self) -> String {
        self.parts.iter().filter_map(Part::as_text).collect()
    }
}

#[derive(Deserialize)]
struct Stored {
    statement: StatementId,
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

    /// Answers a letter that was passed on to `membership`: once, and in words of a closed list.
    pub async fn receipt(
        &self,
        membership: MembershipId,
        entry: &Entry,
        phrase: Phrase,
    ) -> Result<StatementId, Error> {
        let (keys, cert_id) = self.member_keys(membership)?;
        let receipt = Receipt { submit_id: entry.statement, phrase };
        let statement = Statement::new(self.root()?.realm(), Some(cert_id), receipt);
        let envelope = Envelope::sign(statement, &keys.sign_seed);
        let path = format!("/api/letters/{}/receipts", entry.letter);
        let Stored { statement } = self.api.post(&path, &Posted { statement: &envelope }).await?;
        Ok(statement)
    }

    /// What a reader answered to a letter of one's own, verified from the pinned root; none when
    /// nobody has.
    pub async fn answer_to(&self, entry: &Entry) -> Result<Option<Phrase>, Error> {
        let Some(answer) = &entry.receipt else { return Ok(None) };
        let path = self.since(&format!("/api/letters/{}/proof", entry.letter));
        let proof: Proof = self.api.get(&path).await?;
        let (_, own) = self.member_keys(entry.author)?;
        let (ledger, _) = self.verified(&proof, Some(own))?;
        let statement = ledger.statement(answer.statement);
        let signer = statement.and_then(|it| ledger.certificate(it.signer?)?.member().copied());
        match statement.map(|it| &it.body) {
            Some(Body::Receipt(receipt))
                if receipt.submit_id == entry.statement
                    && signer.is_some_and(|it| it.membership == answer.membership)
                    && receipt.phrase.as_str() == answer.phrase =>
            {
                Ok(Some(receipt.phrase))
            }
            _ => Err(Error::untrusted("an answer that nobody signed")),
        }
    }

    /// Opens a letter for `membership`: one that it wrote, or one that was passed on to it.
    pub async fn read(&self, membership: MembershipId, letter: LetterId) -> Result<Opened, Error> {
        let whole: Whole = self.api.get(&format!("/api/letters/{letter}")).await?;
        let path = self.since(&format!("/api/letters/{letter}/proof"));
        let proof: Proof = self.api.get(&path).await?;
        let (keys, certificate) = self.member_keys(membership)?;
        let realm = self.root()?.realm();
        let (identity, seen) = (&keys.seal_identity, &self.bundle().pins);
        let reader = Reader { realm, membership, certificate, identity, seen };
        let (Some(ciphertext), Some(grant)) = (&whole.ciphertext, &whole.grant) else {
            return Err(Error::Missing("the letter itself, which is no longer there".to_owned()));
        };
        let sealed = Sealed { ciphertext: &ciphertext.0, grant: &grant.0 };
        let opened = if whole.author == membership {
            open::open_own(reader, &proof, whole.statement, sealed)
        } else {
            open::open_delivered(reader, &proof, whole.statement, sealed)
        };
        let opened = opened.map_err(Error::untrusted)?;
        if opened.ledger.submit(whole.statement).map(|it| it.letter) != Some(letter) {
            return Err(Error::untrusted("another letter than asked for"));
        }
        let remarks = whole.attachments.iter().map(|remark| {
            let sealed = Sealed { ciphertext: &remark.ciphertext.0, grant: &remark.grant.0 };
            let hash = file::hash(sealed.ciphertext);
            let opened = open::open_attached(reader, &proof, remark.decision, hash, sealed);
            opened.map(|it| it.parts).map_err(Error::untrusted)
        });
        let remarks = remarks.collect::<Result<_, _>>()?;
        let checkpoint = opened.checkpoint.ok_or_else(|| Error::untrusted("no checkpoint"))?;
        let seen = Seen::new(seen, checkpoint, &opened.ledger);
        Ok(Opened { parts: opened.parts, remarks, seen })
    }
}
