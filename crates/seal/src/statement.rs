//! Statements: what root, staff and members sign. One struct a kind, one spelling a statement.
//!
//! A body is `{"v":1,"realm":"…","signer":"…",` and then the fields of its kind in fixed order.
//! What is signed, and hashed into the statement's id, is the DSSE pre-authentication encoding of
//! the type and these exact bytes (protocol, "Encodings").

pub use domain::{arrangement::Side, decision::Outcome, role::Role};

use domain::id::{ArrangementId, LetterId, MembershipId, Realm, StatementId, TeamId};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::strict;

mod arrangement;
mod keys;
mod letter;
mod people;
mod refusal;
mod words;

pub use crate::contact::Channel;
pub use arrangement::{Arrangement, ArrangementMember, Epoch};
pub use keys::{NotifierKey, SealKey};
pub use letter::{Attachment, Decision, GrantEntry, Message, Receipt, Reseal, Submit, Withdraw};
pub use people::{Agency, Contact, Enrol, Invite, Member, Revoke, Staff};
pub use refusal::Refusal;
pub use words::{About, AttachmentKind, Phrase, Reason};

/// The longest body accepted, in bytes. A decision with 64 grants and attachments fits.
pub const MAX_BODY: usize = 96 * 1024;

/// What every kind's struct tells about itself.
trait Shape: Serialize + DeserializeOwned {
    /// The rules of form that types alone do not hold: ranges, order, fields that go together.
    fn is_well_formed(&self) -> bool {
        true
    }
    /// Adds the statement ids its fields name.
    fn named(&self, _ids: &mut Vec<StatementId>) {}
}

/// Strictly ascending, hence unique.
fn sorted<T: PartialOrd>(items: impl IntoIterator<Item = T>) -> bool {
    items.into_iter().is_sorted_by(|a, b| a < b)
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $text:literal,)*) => {
        /// The kinds of statement.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        /// The fields of a statement after `v`, `realm` and `signer`.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Body { $($(#[$doc])* $kind($kind),)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The kind as the payload type spells it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $text,)* }
            }

            /// `application/vnd.postern.<kind>.v1+json`.
            pub const fn payload_type(self) -> &'static str {
                match self {
                    $(Self::$kind => concat!("application/vnd.postern.", $text, ".v1+json"),)*
                }
            }

            /// The kind of a payload type.
            pub fn of_payload_type(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.payload_type() == text)
            }

            fn parse_fields(self, json: &[u8]) -> Result<Body, Refusal> {
                match self {
                    $(Self::$kind => {
                        strict::parse(json).map(Body::$kind).map_err(|_| Refusal::Malformed)
                    })*
                }
            }
        }

        impl Body {
            /// Its kind.
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$kind(_) => Kind::$kind,)* }
            }

            fn fields(&self) -> Vec<u8> {
                match self { $(Self::$kind(fields) => strict::write(fields),)* }
            }

            fn is_well_formed(&self) -> bool {
                match self { $(Self::$kind(fields) => fields.is_well_formed(),)* }
            }

            fn named(&self, ids: &mut Vec<StatementId>) {
                match self { $(Self::$kind(fields) => fields.named(ids),)* }
            }
        }

        $(impl From<$kind> for Body {
            fn from(fields: $kind) -> Self {
                Self::$kind(fields)
            }
        })*
    };
}

kinds! {
    /// The agency's own keys.
    Agency = "agency",
    /// A certificate of a member of staff.
    Staff = "staff",
    /// A team's review key.
    Epoch = "epoch",
    /// An invitation.
    Invite = "invite",
    /// The keys an invited person made.
    Enrol = "enrol",
    /// A member's certificate.
    Member = "member",
    /// A version of an arrangement.
    Arrangement = "arrangement",
    /// A revision of a letter.
    Submit = "submit",
    /// A letter taken back.
    Withdraw = "withdraw",
    /// A step in deciding on a revision.
    Decision = "decision",
    /// A member's message.
    Message = "message",
    /// A delivered letter given to a new certificate.
    Reseal = "reseal",
    /// The end of a certificate or invitation.
    Revoke = "revoke",
    /// A contact point.
    Contact = "contact",
    /// A reader's short answer to a delivered letter.
    Receipt = "receipt",
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A statement's content. Says nothing about who signed it: see [`crate::envelope::Envelope`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The agency's realm.
    pub realm: Realm,
    /// The signer's certificate; the invite for `enrol`; none for root.
    pub signer: Option<StatementId>,
    /// The fields of its kind.
    pub body: Body,
}

impl Statement {
    /// Puts a statement together.
    pub fn new(realm: Realm, signer: Option<StatementId>, body: impl Into<Body>) -> Self {
        Self { realm, signer, body: body.into() }
    }

    /// Its kind.
    pub const fn kind(&self) -> Kind {
        self.body.kind()
    }

    /// The body's exact bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = head(self.realm, self.signer).into_bytes();
        // The fields' own opening brace gives way to the head.
        bytes.extend_from_slice(&self.body.fields()[1..]);
        bytes
    }

    /// Reads a body strictly: exact keys in exact order, no white space, no duplicates, every
    /// rule of form; otherwise [`Refusal::Malformed`].
    pub fn parse(kind: Kind, bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_BODY {
            return Err(Refusal::Malformed);
        }
        let (realm, signer, head) = parse_head(bytes).ok_or(Refusal::Malformed)?;
        let mut fields = vec![b'{'];
        fields.extend_from_slice(&bytes[head..]);
        let statement = Self { realm, signer, body: kind.parse_fields(&fields)? };
        statement.is_well_formed().then_some(statement).ok_or(Refusal::Malformed)
    }

    /// Whether the rules of form hold, so that [`Statement::parse`] would read it back.
    pub fn is_well_formed(&self) -> bool {
        self.body.is_well_formed()
            && (!matches!(&self.body, Body::Enrol(enrol) if self.signer != Some(enrol.invite_id)))
    }

    /// The statement's id: SHA-256 of its pre-authentication encoding.
    pub fn id(&self) -> StatementId {
        id(self.kind(), &self.to_bytes())
    }

    /// The arrangement it is about, where its fields name one.
    pub const fn arrangement(&self) -> Option<ArrangementId> {
        match &self.body {
            Body::Invite(invite) => invite.arrangement,
            Body::Member(member) => Some(member.arrangement),
            Body::Arrangement(arrangement) => Some(arrangement.arrangement),
            Body::Submit(submit) => Some(submit.arrangement),
            Body::Message(message) => Some(message.arrangement),
            _ => None,
        }
    }

    /// The letter it is about, where its fields name one.
    pub const fn letter(&self) -> Option<LetterId> {
        match &self.body {
            Body::Submit(submit) => Some(submit.letter),
            Body::Withdraw(withdraw) => Some(withdraw.letter),
            _ => None,
        }
    }

    /// The membership it is about, where its fields name exactly one.
    pub const fn membership(&self) -> Option<MembershipId> {
        match &self.body {
            Body::Invite(invite) => invite.membership,
            Body::Member(member) => Some(member.membership),
            Body::Submit(submit) => Some(submit.author),
            Body::Reseal(reseal) => Some(reseal.membership),
            Body::Contact(contact) => Some(contact.membership),
            _ => None,
        }
    }

    /// The team it is about, where its fields name one.
    pub const fn team(&self) -> Option<TeamId> {
        match &self.body {
            Body::Epoch(epoch) => Some(epoch.team),
            Body::Arrangement(arrangement) => Some(arrangement.team),
            Body::Submit(submit) => Some(submit.team),
            _ => None,
        }
    }
}

/// Every statement id a statement names, the signer's certificate included; sorted, each once.
/// All of them must be logged before it.
pub fn references(statement: &Statement) -> Vec<StatementId> {
    let mut ids: Vec<_> = statement.signer.into_iter().collect();
    statement.body.named(&mut ids);
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The certificate or invite that a statement brings to an end.
pub fn ends(statement: &Statement) -> Option<StatementId> {
    match &statement.body {
        Body::Revoke(revoke) => Some(revoke.target_id),
        Body::Member(member) => member.replaces,
        _ => None,
    }
}

/// DSSE v1.0.2: `"DSSEv1 " len(type) " " type " " len(body) " " body`.
pub fn pre_authentication_encoding(kind: Kind, body: &[u8]) -> Vec<u8> {
    let payload_type = kind.payload_type();
    let mut bytes =
        format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// The id of a body: SHA-256 of its pre-authentication encoding.
pub fn id(kind: Kind, body: &[u8]) -> StatementId {
    StatementId::from_bytes(Sha256::digest(pre_authentication_encoding(kind, body)).into())
}

fn head(realm: Realm, signer: Option<StatementId>) -> String {
    let signer = signer.map(|id| id.to_string()).unwrap_or_default();
    format!(r#"{{"v":1,"realm":"{realm}","signer":"{signer}","#)
}

/// The realm, the signer and the length of the head.
fn parse_head(bytes: &[u8]) -> Option<(Realm, Option<StatementId>, usize)> {
    let rest = bytes.strip_prefix(br#"{"v":1,"realm":""#)?;
    let realm = std::str::from_utf8(rest.get(..64)?).ok()?.parse().ok()?;
    let rest = rest[64..].strip_prefix(br#"","signer":""#)?;
    let signer = match rest.strip_prefix(br#"",""#) {
        Some(_) => None,
        None => Some(std::str::from_utf8(rest.get(..64)?).ok()?.parse().ok()?),
    };
    let written = head(realm, signer);
    bytes.starts_with(written.as_bytes()).then_some((realm, signer, written.len()))
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
