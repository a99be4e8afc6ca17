//! The closed word lists of statements: roles, outcomes, channels.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A word that is not on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a word of this list")]
pub struct UnknownWord;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$word_doc])* $word,)* }

        impl $name {
            /// Every word of the list.
            pub const ALL: &[Self] = &[$(Self::$word,)*];

            /// The word as statements spell it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text { $($text => Ok(Self::$word),)* _ => Err(UnknownWord) }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

words! {
    /// What a certificate lets its holder be. Family roles say who a member is to the others;
    /// they give no rights of their own.
    Role {
        /// Family.
        AdoptiveParent = "adoptive-parent",
        /// Family.
        SpecialGuardian = "special-guardian",
        /// Family.
        KinshipCarer = "kinship-carer",
        /// Family.
        AdoptedPerson = "adopted-person",
        /// Family.
        BirthParent = "birth-parent",
        /// Family.
        Grandparent = "grandparent",
        /// Family.
        Sibling = "sibling",
        /// Family.
        OtherRelative = "other-relative",
        /// Family.
        FormerCarer = "former-carer",
        /// Family.
        SignificantPerson = "significant-person",
        /// Staff: checks letters, certifies members, keeps arrangements.
        Coordinator = "coordinator",
        /// Staff: the team manager. Everything a coordinator may do, and the team's keys and staff.
        Lead = "lead",
        /// Staff: people and keys; sees no letters.
        Administrator = "administrator",
        /// Staff: proof without content.
        Auditor = "auditor",
        /// Staff: the records office.
        Records = "records",
    }
}

impl Role {
    /// Whether staff hold this role (otherwise it is a family role).
    pub const fn is_staff(self) -> bool {
        matches!(
            self,
            Self::Coordinator | Self::Lead | Self::Administrator | Self::Auditor | Self::Records
        )
    }
}

words! {
    /// A side of an arrangement: those who write together and never to each other.
    Side {
        /// Side a.
        A = "a",
        /// Side b.
        B = "b",
        /// Side c.
        C = "c",
        /// Side d.
        D = "d",
        /// Side e.
        E = "e",
        /// Side f.
        F = "f",
    }
}

words! {
    /// What a check decided.
    Outcome {
        /// Passed on to the addressees.
        Deliver = "deliver",
        /// Back to the writer, who may send a new revision.
        Change = "change",
        /// Kept safe on file.
        Keep = "keep",
    }
}

words! {
    /// Who a small sealed letter by staff, attached to a decision, is for.
    AttachmentKind {
        /// The author.
        Comment = "comment",
        /// An addressee; on the final `deliver` only.
        Note = "note",
        /// The team's next checker.
        Team = "team",
    }
}

words! {
    /// What a member's message is about.
    About {
        /// Something troubles them.
        Worry = "worry",
        /// They ask for another look at a final decision.
        Look = "look",
        /// The plan of the arrangement.
        Plan = "plan",
        /// Help of any kind.
        Help = "help",
    }
}

words! {
    /// How a contact point is reached.
    Channel {
        /// An e-mail address.
        Email = "email",
        /// A telephone number for text messages.
        Text = "text",
        /// A postal address.
        Post = "post",
    }
}

words! {
    /// Why something was revoked or sealed again; free text is always sealed, never here.
    Reason {
        /// The person has left the team, the agency or the arrangement.
        Left = "left",
        /// Keys or a printed sheet are lost.
        Lost = "lost",
        /// Keys or a printed sheet may be in other hands.
        Compromised = "compromised",
        /// Made in error.
        Mistake = "mistake",
        /// New keys took the place of the old.
        Replaced = "replaced",
    }
}
