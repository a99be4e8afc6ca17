//! Writing: a letter is sealed on this side of the connection, to the team, the archive and its
//! writer, and never to its reader: that is the last checker's to do.

use domain::id::{LetterId, MembershipId, MessageId, StatementId};
use jiff::Timestamp;
use rand_core::CryptoRng;
use seal::envelope::Envelope;
use seal::file;
use seal::grant::{Grant, Grantee};
use seal::letter::{self, Author, Context, Kind, Part, SealedLetter};
use seal::random;
use seal::statement::{About, Message, Statement, Submit, Withdraw};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::api::Error;
use crate::arrangement::Standing;
use crate::bytes::Base64;
use crate::joining::Posted;

/// A letter that the agency has.
#[derive(Clone, Debug, Deserialize)]
pub struct HandedIn {
    /// The letter, through all its revisions.
    pub letter: LetterId,
    /// The `submit` statement of this revision.
    pub statement: StatementId,
    /// Its state.
    pub state: String,
    /// The day by which a worker reads it, once it is known.
    pub due_on: Option<String>,
}

/// A letter sealed and signed, not yet sent: everything a server gets.
#[derive(Debug, Serialize)]
pub struct Submission {
    /// The `submit` statement.
    pub statement: Envelope,
    ciphertext: Base64,
    grants: Grants,
}

#[derive(Debug, Serialize)]
struct Grants {
    epoch: Base64,
    archive: Base64,
    #[serde(rename = "self")]
    own: Base64,
}

#[derive(Serialize)]
struct NewMessage<'a> {
    statement: &'a Envelope,
    ciphertext: Base64,
    grant: Base64,
    archive_grant: Base64,
}

/// The revision that a new one takes the place of.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    /// The letter.
    pub letter: LetterId,
    /// Its revision.
    pub rev: u64,
    /// Its `submit` statement.
    pub submit_id: StatementId,
}

impl Account {
    /// Seals and signs a letter, or a new revision of one, to every reader on the other sides.
    pub fn seal_letter(
        &self,
        standing: &Standing,
        membership: MembershipId,
        parts: &[Part],
        before: Option<Before>,
        now: Timestamp,
        rng: &mut impl CryptoRng,
    ) -> Result<Submission, Error> {
        let (keys, cert_id) = self.member_keys(membership)?;
        let to = standing.readers_for(membership)?;
        let letter =
            before.map_or_else(|| LetterId::from_bytes(random::bytes(rng)), |it| it.letter);
        let rev = before.map_or(1, |it| it.rev + 1);
        let context = Context {
            realm: standing.realm,
            letter,
            rev,
            kind: Kind::Letter,
            arrangement: standing.arrangement,
            author: Author::Member(membership),
            to: to.clone(),
        };
        let sealed =
            letter::seal(&context, parts, rng).map_err(|e| Error::Missing(e.to_string()))?;
        let grant = |grantee| Grant { realm: standing.realm, letter, rev, grantee };
        let epoch =
            grant(Grantee::Epoch(standing.epoch_id)).seal(&sealed.key, &standing.review_key, rng);
        let archive = grant(Grantee::Archive).seal(&sealed.key, &standing.archive_key, rng);
        let own = grant(Grantee::Member(membership)).seal(
            &sealed.key,
            &keys.seal_identity.recipient(),
            rng,
        );
        let submit = Submit {
            letter,
            rev,
            prev: before.map(|it| it.submit_id),
            arrangement: standing.arrangement,
            arrangement_id: standing.statement,
            author: membership,
            to,
            ct_hash: sealed.hash(),
            ct_len: sealed.file.len() as u64,
            key_hash: sealed.key_hash(),
            team: standing.team,
            epoch_id: standing.epoch_id,
            grant_hash: file::hash(&epoch),
            archive_grant_hash: file::hash(&archive),
            self_grant_hash: file::hash(&own),
            day: domain::calendar::day(now),
        };
        let statement = Statement::new(standing.realm, Some(cert_id), submit);
        Ok(Submission {
            statement: Envelope::sign(statement, &keys.sign_seed),
            ciphertext: Base64(sealed.file),
            grants: Grants { epoch: Base64(epoch), archive: Base64(archive), own: Base64(own) },
        })
    }

    /// Hands a sealed letter in. Handing in the same one twice is the same as once.
    pub async fn hand_in(&self, submission: &Submission) -> Result<HandedIn, Error> {
        self.api.post("/api/letters", submission).await
    }

    /// Writes a plain letter: seals it and hands it in.
    pub async fn write(
        &self,
        standing: &Standing,
        membership: MembershipId,
        text: &str,
        now: Timestamp,
        rng: &mut impl CryptoRng,
    ) -> Result<HandedIn, Error> {
        let sealed = self.seal_letter(standing, membership, &[Part::text(text)], None, now, rng)?;
        self.hand_in(&sealed).await
    }

    /// Takes a letter back, which can be done until it is opened for checking.
    pub async fn withdraw(&self, membership: MembershipId, handed: &HandedIn) -> Result<(), Error> {
        let (keys, cert_id) = self.member_keys(membership)?;
        let withdraw = Withdraw { letter: handed.letter, submit_id: handed.statement };
        let statement = Statement::new(self.root()?.realm(), Some(cert_id), withdraw);
        let envelope = Envelope::sign(statement, &keys.sign_seed);
        let path = format!("/api/letters/{}/withdraw", handed.letter);
        let _: serde_json::Value = self.api.post(&path, &Posted { statement: &envelope }).await?;
        Ok(())
    }

    /// Writes to the team: a worry, a question about the plan, or a wish for another look at a
    /// decision, which `subject` then names.
    pub async fn tell_team(
        &self,
        standing: &Standing,
        membership: MembershipId,
        (about, subject): (About, Option<StatementId>),
        text: &str,
        now: Timestamp,
        rng: &mut impl CryptoRng,
    ) -> Result<MessageId, Error> {
        let (keys, cert_id) = self.member_keys(membership)?;
        let message = MessageId::from_bytes(random::bytes(rng));
        let sealed = seal_message(standing, membership, message, text, rng)?;
        let grant = |grantee| Grant::of_message(standing.realm, message, grantee);
        let epoch =
            grant(Grantee::Epoch(standing.epoch_id)).seal(&sealed.key, &standing.review_key, rng);
        let archive = grant(Grantee::Archive).seal(&sealed.key, &standing.archive_key, rng);
        let body = Message {
            message,
            arrangement: standing.arrangement,
            about,
            subject_id: subject,
            ct_hash: sealed.hash(),
            ct_len: sealed.file.len() as u64,
            key_hash: sealed.key_hash(),
            epoch_id: standing.epoch_id,
            grant_hash: file::hash(&epoch),
            archive_grant_hash: file::hash(&archive),
            day: domain::calendar::day(now),
        };
        let statement = Statement::new(standing.realm, Some(cert_id), body);
        let statement = Envelope::sign(statement, &keys.sign_seed);
        let new = NewMessage {
            statement: &statement,
            ciphertext: Base64(sealed.file),
            grant: Base64(epoch),
            archive_grant: Base64(archive),
        };
        let _: serde_json::Value = self.api.post("/api/messages", &new).await?;
        Ok(message)
    }
}

fn seal_message(
    standing: &Standing,
    membership: MembershipId,
    message: MessageId,
    text: &str,
    rng: &mut impl CryptoRng,
) -> Result<SealedLetter, Error> {
    let context = Context {
        realm: standing.realm,
        letter: LetterId::from_bytes(message.to_bytes()),
        rev: 1,
        kind: Kind::Message,
        arrangement: standing.arrangement,
        author: Author::Member(membership),
        to: Vec::new(),
    };
    letter::seal(&context, &[Part::text(text)], rng).map_err(|e| Error::Missing(e.to_string()))
}
