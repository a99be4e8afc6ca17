//! Histories that stand and histories that fall, by area.

use domain::{
    id::{ArrangementId, KeyHash, MembershipId, PersonId, StatementId},
    role::Role,
};
use jiff::Timestamp;

use super::*;
use crate::{
    key::SigningKey,
    statement::{
        About, Arrangement, Attachment, AttachmentKind, Contact, Decision, Member, Outcome, Reason,
        Revoke, Staff, Submit,
    },
    testing::{Agency, Letterbox, NOW, Signatory, on_paper},
};

mod arrangements;
mod decisions;
mod letters;
mod people;
mod proofs;

fn letterbox() -> Letterbox {
    Letterbox::new(1)
}

/// Why this body, signed by this person, is refused.
fn refused(of: &Agency, by: &Signatory, body: impl Into<Body>) -> Refusal {
    of.refusal(&of.sign(by, body))
}
