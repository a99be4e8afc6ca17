//! The closed word lists that only statements use; roles, outcomes and sides are
//! `domain`'s.

use std::{fmt, str::FromStr};

use domain::UnknownWord;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

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

words! {
    /// A reader's short answer to a delivered letter.
    Phrase {
        /// Thank you for the letter.
        Thanks = "thanks",
        /// A letter will follow.
        WillWrite = "will-write",
    }
}
