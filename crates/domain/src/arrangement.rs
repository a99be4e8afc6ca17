//! The sides of an arrangement, where it stands, and when it is first looked at together.

use jiff::{ToSpan, civil::Date};

use crate::words::words;

words! {
    /// A side of an arrangement: a couple shares one; two adoptive homes are two.
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
    /// Where an arrangement stands.
    ArrangementState {
        /// Being made.
        Draft = "draft",
        /// In use.
        Active = "active",
        /// A break: letters are kept safe for now.
        Paused = "paused",
        /// Over.
        Ended = "ended",
    }
}

impl ArrangementState {
    /// Whether letters are passed on.
    pub const fn passes_letters_on(self) -> bool {
        matches!(self, Self::Active)
    }
}

/// When a new arrangement is first looked at together: after a year. When the next time is, they say
/// then.
pub fn first_review(started: Date) -> Date {
    started.saturating_add(1.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_passed_on_only_while_an_arrangement_is_in_use() {
        for state in ArrangementState::ALL {
            assert_eq!(state.passes_letters_on(), *state == ArrangementState::Active, "{state}");
        }
    }

    #[test]
    fn a_first_review_comes_after_a_year() {
        let start = Date::constant(2024, 2, 29);
        assert_eq!(first_review(start), Date::constant(2025, 2, 28));
    }
}
