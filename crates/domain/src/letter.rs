//! A letter from the moment it is handed in: where it is, and what may happen to it next.
//!
//! ```text
//! with the agency → being checked → passing on → passed on
//!    ↑  ↑  ↓             ↓  ↘
//!    ↑  ↑ withdrawn      ↓   kept safe on file → (another look) → with the agency
//!    ↑  └─ revised ← needs a change
//!    └─ to be sent again (from with the agency, when something it rests on has changed)
//! ```

use jiff::{SignedDuration, Timestamp};

use crate::{
    check::{Claim, ClaimRefusal},
    decision::Outcome,
    id::{LetterId, MembershipId, StaffId, StatementId},
    words::words,
};

words! {
    /// Where a letter is, without the details: the word in SQL and the API.
    LetterState {
        /// With the agency: waiting to be checked.
        WithAgency = "with_agency",
        /// Somebody has claimed it.
        BeingChecked = "being_checked",
        /// Back with its writer.
        NeedsChange = "needs_change",
        /// Decided, and waiting for the next release hour.
        PassingOn = "passing_on",
        /// With its readers.
        PassedOn = "passed_on",
        /// Kept safe on file.
        Kept = "kept",
        /// Taken back by its writer.
        Withdrawn = "withdrawn",
        /// Came too late for a change of the plan or of the team's key: its writer sends it again.
        SendAgain = "send_again",
        /// A statement about it did not verify; a lead must look.
        Quarantined = "quarantined",
    }
}

/// Where a letter is, with what that place knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting to be checked.
    WithAgency {
        /// Once opened for checking, it can no longer be taken back.
        opened: bool,
    },
    /// Claimed by a checker.
    BeingChecked(Claim),
    /// Back with its writer.
    NeedsChange,
    /// Waiting for its hour.
    PassingOn {
        /// Not before.
        release_at: Timestamp,
    },
    /// With its readers.
    PassedOn {
        /// Since.
        released_at: Timestamp,
    },
    /// Kept safe on file.
    Kept,
    /// Taken back.
    Withdrawn,
    /// Back with its writer, as good as it was.
    SendAgain,
    /// Stopped.
    Quarantined,
}

impl State {
    /// The word for it.
    pub const fn word(&self) -> LetterState {
        match self {
            Self::WithAgency { .. } => LetterState::WithAgency,
            Self::BeingChecked(_) => LetterState::BeingChecked,
            Self::NeedsChange => LetterState::NeedsChange,
            Self::PassingOn { .. } => LetterState::PassingOn,
            Self::PassedOn { .. } => LetterState::PassedOn,
            Self::Kept => LetterState::Kept,
            Self::Withdrawn => LetterState::Withdrawn,
            Self::SendAgain => LetterState::SendAgain,
            Self::Quarantined => LetterState::Quarantined,
        }
    }
}

/// A letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Through all its revisions.
    pub id: LetterId,
    /// Who wrote it.
    pub author: MembershipId,
    /// The newest revision, from 1.
    pub rev: u32,
    /// Its submit statement: the only one that can be decided.
    pub head: StatementId,
    /// Where it is.
    pub state: State,
}

/// A decision that is final and verified. The ledger of `seal` alone makes one that means it.
pub trait FinalDecision {
    /// What was decided.
    fn outcome(&self) -> Outcome;
    /// The submission it is about.
    fn submission(&self) -> StatementId;
}

/// Why something may not happen to a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not from where the letter is.
    #[error("not possible while the letter is {0}")]
    NotFrom(LetterState),
    /// Only its author may do this.
    #[error("only the author may do this")]
    NotTheAuthor,
    /// It was opened for checking.
    #[error("the letter has been opened for checking")]
    AlreadyOpened,
    /// The decision is about another revision.
    #[error("the decision is not about the newest revision")]
    NotTheHead,
    /// The release hour has not come.
    #[error("the letter is to be passed on at a later time")]
    TooEarly(Timestamp),
    /// The claim was not given or kept.
    #[error(transparent)]
    Claim(#[from] ClaimRefusal),
}

impl Letter {
    /// Hands a letter in.
    pub const fn submit(id: LetterId, author: MembershipId, head: StatementId) -> Self {
        Self { id, author, rev: 1, head, state: State::WithAgency { opened: false } }
    }

    /// Hands in the next revision of a letter that needs a change.
    pub fn revise(self, by: MembershipId, head: StatementId) -> Result<Self, Refusal> {
        self.by_author(by)?;
        match self.state {
            State::NeedsChange => Ok(Self {
                rev: self.rev + 1,
                head,
                ..self.now(State::WithAgency { opened: false })
            }),
            _ => Err(self.not_from()),
        }
    }

    /// Gives a letter back to its writer because something changed that it rests on, before anybody
    /// could look at it: sealed for what stood before, it cannot be verified any more.
    pub fn overtake(self) -> Result<Self, Refusal> {
        match self.state {
            State::WithAgency { opened: false } => Ok(self.now(State::SendAgain)),
            _ => Err(self.not_from()),
        }
    }

    /// Hands the same revision in again, sealed for what stands now.
    pub fn send_again(self, by: MembershipId, head: StatementId) -> Result<Self, Refusal> {
        self.by_author(by)?;
        match self.state {
            State::SendAgain => Ok(Self { head, ..self.now(State::WithAgency { opened: false }) }),
            _ => Err(self.not_from()),
        }
    }

    /// Takes a letter back: its author, until it is first opened for checking.
    pub fn withdraw(self, by: MembershipId) -> Result<Self, Refusal> {
        self.by_author(by)?;
        match self.state {
            State::WithAgency { opened: false } => Ok(self.now(State::Withdrawn)),
            State::WithAgency { opened: true } | State::BeingChecked(_) => {
                Err(Refusal::AlreadyOpened)
            }
            _ => Err(self.not_from()),
        }
    }

    /// Claims it for checking, or again, or from somebody whose claim has lapsed.
    pub fn claim(self, by: StaffId, now: Timestamp, idle: SignedDuration) -> Result<Self, Refusal> {
        let held = match self.state {
            State::WithAgency { .. } => None,
            State::BeingChecked(claim) => Some(claim),
            _ => return Err(self.not_from()),
        };
        Ok(self.now(State::BeingChecked(Claim::take(held, by, now, idle)?)))
    }

    /// Keeps a claim.
    pub fn renew(self, by: StaffId, now: Timestamp, idle: SignedDuration) -> Result<Self, Refusal> {
        match self.state {
            State::BeingChecked(claim) => {
                Ok(self.now(State::BeingChecked(claim.renew(by, now, idle)?)))
            }
            _ => Err(self.not_from()),
        }
    }

    /// Gives a claim back: whoever holds it, or anybody once it has lapsed.
    pub fn let_go(
        self,
        by: StaffId,
        now: Timestamp,
        idle: SignedDuration,
    ) -> Result<Self, Refusal> {
        match self.state {
            State::BeingChecked(claim) if claim.by == by || claim.has_lapsed(now, idle) => {
                Ok(self.now(State::WithAgency { opened: true }))
            }
            State::BeingChecked(claim) => {
                Err(ClaimRefusal::Held { by: claim.by, since: claim.claimed_at }.into())
            }
            _ => Err(self.not_from()),
        }
    }

    /// Carries out a final, verified decision. `release_at` is when a delivery may be passed on.
    ///
    /// A claim is not asked for: the decision may be verified after it lapsed.
    pub fn settle(
        self,
        decision: &impl FinalDecision,
        release_at: Timestamp,
    ) -> Result<Self, Refusal> {
        match self.state {
            State::WithAgency { .. } | State::BeingChecked(_) => {}
            _ => return Err(self.not_from()),
        }
        if decision.submission() != self.head {
            return Err(Refusal::NotTheHead);
        }
        Ok(self.now(match decision.outcome() {
            Outcome::Deliver => State::PassingOn { release_at },
            Outcome::Change => State::NeedsChange,
            Outcome::Keep => State::Kept,
        }))
    }

    /// Passes it on, once its hour has come.
    pub fn release(self, now: Timestamp) -> Result<Self, Refusal> {
        match self.state {
            State::PassingOn { release_at } if now >= release_at => {
                Ok(self.now(State::PassedOn { released_at: now }))
            }
            State::PassingOn { release_at } => Err(Refusal::TooEarly(release_at)),
            _ => Err(self.not_from()),
        }
    }

    /// Another look was asked for at a letter that was kept or sent back.
    pub fn look_again(self) -> Result<Self, Refusal> {
        match self.state {
            State::Kept | State::NeedsChange => Ok(self.now(State::WithAgency { opened: true })),
            _ => Err(self.not_from()),
        }
    }

    /// Stops a letter whose statements do not verify. What was passed on stays so.
    pub fn quarantine(self) -> Result<Self, Refusal> {
        match self.state {
            State::PassedOn { .. } | State::Withdrawn | State::SendAgain => Err(self.not_from()),
            _ => Ok(self.now(State::Quarantined)),
        }
    }

    fn now(self, state: State) -> Self {
        Self { state, ..self }
    }

    fn not_from(&self) -> Refusal {
        Refusal::NotFrom(self.state.word())
    }

    fn by_author(&self, by: MembershipId) -> Result<(), Refusal> {
        if by == self.author { Ok(()) } else { Err(Refusal::NotTheAuthor) }
    }
}

#[cfg(test)]
mod tests;
