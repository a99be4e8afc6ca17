//! Notices that follow from what was verified. The notification service words and sends them.

use domain::{
    calendar,
    id::{MembershipId, NoticeId, StatementId},
};
use jiff::Timestamp;
use seal::random;
use store::{
    Tx,
    notices::{self, NewNotice},
};

use crate::Error;

/// What a person is to be told that something has happened. Never said in the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A letter came for them.
    LetterForYou,
    /// Their letter was passed on.
    PassedOn,
    /// Their letter needs a change.
    NeedsChange,
    /// Their letter is kept safe on file.
    Kept,
    /// Their letter came too late for a change, and is to be sent again.
    SendAgain,
    /// A reader has answered their letter.
    Answered,
    /// A letter was given back to their new keys.
    GivenBack,
    /// Somebody asked for new keys in their name.
    ResetAsked,
    /// This version took the place of where notices went before; goes to the place before.
    ContactChanged(u64),
}

impl Event {
    fn body(self) -> &'static str {
        match self {
            Self::ResetAsked | Self::ContactChanged(_) => "security",
            _ => "news",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::LetterForYou => "letter-for-you",
            Self::PassedOn => "passed-on",
            Self::NeedsChange => "needs-change",
            Self::Kept => "kept",
            Self::SendAgain => "send-again",
            Self::Answered => "answered",
            Self::GivenBack => "given-back",
            Self::ResetAsked => "reset-asked",
            Self::ContactChanged(_) => "contact-changed",
        }
    }

    /// One notice for one of these about one statement.
    pub(crate) fn key(self, about: StatementId) -> String {
        match self {
            // The notifier reads the version from it, to write to the one before.
            Self::ContactChanged(n) => format!("contact-changed:{n}"),
            _ => format!("{}:{about}", self.name()),
        }
    }
}

/// Leaves a notice to be sent.
pub(crate) async fn tell(
    tx: &mut Tx,
    membership: MembershipId,
    event: Event,
    about: StatementId,
    now: Timestamp,
) -> Result<(), Error> {
    let key = event.key(about);
    let new = NewNotice {
        id: NoticeId::from_bytes(random::bytes(&mut random::System)),
        membership,
        body: event.body(),
        event: event.name(),
        event_key: &key,
        for_day: calendar::day(now),
        run_at: now,
    };
    Ok(notices::insert(tx, &new, now).await?)
}
