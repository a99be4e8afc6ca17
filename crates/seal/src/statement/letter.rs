//! Statements about letters: what a member sends, and what staff decide.

use domain::id::{
    ArrangementId, FileHash, KeyHash, LetterId, MembershipId, MessageId, StatementId, TeamId,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{About, AttachmentKind, Outcome, Phrase, Reason, Shape, sorted};
use crate::{letter::FILE_LENGTHS, strict};

/// Whether a sealed letter can have this length.
fn is_letter_length(ct_len: u64) -> bool {
    usize::try_from(ct_len).is_ok_and(|len| FILE_LENGTHS.contains(&len))
}

/// One revision of a letter, sent to the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// The letter, through all its revisions.
    pub letter: LetterId,
    /// Revision, from 1.
    #[serde(with = "strict::int")]
    pub rev: u64,
    /// The `submit` of the revision before; none for the first.
    #[serde(with = "strict::blank")]
    pub prev: Option<StatementId>,
    /// The arrangement it is written in.
    pub arrangement: ArrangementId,
    /// The version of the arrangement the writer saw.
    pub arrangement_id: StatementId,
    /// The writer's membership.
    pub author: MembershipId,
    /// Readers on the other sides; sorted, unique, 1 to 64.
    pub to: Vec<MembershipId>,
    /// Hash of the sealed letter.
    pub ct_hash: FileHash,
    /// Its length, one of [`FILE_LENGTHS`].
    #[serde(with = "strict::int")]
    pub ct_len: u64,
    /// Hash of the letter key's recipient.
    pub key_hash: KeyHash,
    /// The team that checks it.
    pub team: TeamId,
    /// The epoch it is sealed to.
    pub epoch_id: StatementId,
    /// Hash of the grant to the epoch.
    pub grant_hash: FileHash,
    /// Hash of the grant to the archive.
    pub archive_grant_hash: FileHash,
    /// Hash of the writer's own grant.
    pub self_grant_hash: FileHash,
    /// The day it was written, Europe/London.
    #[serde(with = "strict::day")]
    pub day: Date,
}

impl Shape for Submit {
    fn is_well_formed(&self) -> bool {
        self.rev >= 1
            && (self.rev == 1) == self.prev.is_none()
            && (1..=64).contains(&self.to.len())
            && sorted(&self.to)
            && is_letter_length(self.ct_len)
    }
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.extend(self.prev);
        ids.extend([self.arrangement_id, self.epoch_id]);
    }
}

/// The writer takes a letter back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// The letter.
    pub letter: LetterId,
    /// Its head revision.
    pub submit_id: StatementId,
}

impl Shape for Withdraw {
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.push(self.submit_id);
    }
}

/// One person's step in deciding on a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The revision.
    pub submit_id: StatementId,
    /// The governing version of the arrangement.
    pub arrangement_id: StatementId,
    /// What.
    pub outcome: Outcome,
    /// Place in the chain, from 1.
    #[serde(with = "strict::int")]
    pub step: u64,
    /// The step before; or what this one closes or reopens; none for the first decision of all.
    #[serde(with = "strict::blank")]
    pub prior: Option<StatementId>,
    /// The addressees' grants, on the final `deliver` only; sorted by membership, unique.
    pub grants: Vec<GrantEntry>,
    /// Small sealed letters by staff, at most 64.
    pub attached: Vec<Attachment>,
    /// Size of the checkpoint its signer saw, at least 1.
    #[serde(with = "strict::int")]
    pub log_size: u64,
    /// Root of that checkpoint.
    #[serde(with = "strict::hex32")]
    pub log_root: [u8; 32],
    /// When, UTC seconds; for people, not checked.
    #[serde(with = "strict::int")]
    pub time: u64,
}

/// A grant of the letter key to one addressee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantEntry {
    /// The addressee.
    pub membership: MembershipId,
    /// Their certificate in the governing version.
    pub cert_id: StatementId,
    /// Hash of the grant file.
    pub grant_hash: FileHash,
}

/// A small sealed letter by staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Who it is for.
    pub kind: AttachmentKind,
    /// The reader; none for `team`.
    #[serde(with = "strict::blank")]
    pub membership: Option<MembershipId>,
    /// The reader's certificate; none for `team`.
    #[serde(with = "strict::blank")]
    pub cert_id: Option<StatementId>,
    /// Hash of the sealed file.
    pub ct_hash: FileHash,
    /// Its length, one of [`FILE_LENGTHS`].
    #[serde(with = "strict::int")]
    pub ct_len: u64,
    /// Hash of its key's recipient.
    pub key_hash: KeyHash,
    /// Hash of the reader's grant; none for `team`.
    #[serde(with = "strict::blank")]
    pub grant_hash: Option<FileHash>,
    /// Hash of the grant to the epoch.
    pub review_grant_hash: FileHash,
    /// Hash of the grant to the archive.
    pub archive_grant_hash: FileHash,
}

impl Attachment {
    fn is_well_formed(&self) -> bool {
        let team = self.kind == AttachmentKind::Team;
        self.membership.is_none() == team
            && self.cert_id.is_none() == team
            && self.grant_hash.is_none() == team
            && is_letter_length(self.ct_len)
    }
}

impl Shape for Decision {
    fn is_well_formed(&self) -> bool {
        self.step >= 1
            && self.grants.len() <= 64
            && sorted(self.grants.iter().map(|grant| grant.membership))
            && self.attached.len() <= 64
            && self.attached.iter().all(Attachment::is_well_formed)
            && self.log_size >= 1
    }
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.extend([self.submit_id, self.arrangement_id]);
        ids.extend(self.prior);
        ids.extend(self.grants.iter().map(|grant| grant.cert_id));
        ids.extend(self.attached.iter().filter_map(|attached| attached.cert_id));
    }
}

/// A member's message to the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The message.
    pub message: MessageId,
    /// The arrangement it is written in.
    pub arrangement: ArrangementId,
    /// What it is about.
    pub about: About,
    /// The statement it is about; a final decision when it asks for another look.
    #[serde(with = "strict::blank")]
    pub subject_id: Option<StatementId>,
    /// Hash of the sealed file.
    pub ct_hash: FileHash,
    /// Its length, one of [`FILE_LENGTHS`].
    #[serde(with = "strict::int")]
    pub ct_len: u64,
    /// Hash of its key's recipient.
    pub key_hash: KeyHash,
    /// The epoch it is sealed to.
    pub epoch_id: StatementId,
    /// Hash of the grant to the epoch.
    pub grant_hash: FileHash,
    /// Hash of the grant to the archive.
    pub archive_grant_hash: FileHash,
    /// The day it was written, Europe/London.
    #[serde(with = "strict::day")]
    pub day: Date,
}

impl Shape for Message {
    fn is_well_formed(&self) -> bool {
        is_letter_length(self.ct_len) && (self.about != About::Look || self.subject_id.is_some())
    }
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.extend(self.subject_id);
        ids.push(self.epoch_id);
    }
}

/// Gives a delivered letter to a member's new certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reseal {
    /// The final `deliver` it was delivered by.
    pub decision_id: StatementId,
    /// The reader.
    pub membership: MembershipId,
    /// Their new certificate.
    pub cert_id: StatementId,
    /// Hash of the new grant; on the second of the two statements only.
    #[serde(with = "strict::blank")]
    pub grant_hash: Option<FileHash>,
    /// Why.
    pub reason: Reason,
    /// The first of the two statements; none for the first.
    #[serde(with = "strict::blank")]
    pub prior: Option<StatementId>,
}

impl Shape for Reseal {
    fn is_well_formed(&self) -> bool {
        self.prior.is_some() == self.grant_hash.is_some()
    }
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.extend([self.decision_id, self.cert_id]);
        ids.extend(self.prior);
    }
}

/// A reader's short answer to a delivered letter: a word of a closed list, so nobody need check it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The revision that was delivered.
    pub submit_id: StatementId,
    /// The answer.
    pub phrase: Phrase,
}

impl Shape for Receipt {
    fn named(&self, ids: &mut Vec<StatementId>) {
        ids.push(self.submit_id);
    }
}
