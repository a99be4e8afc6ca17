//! Decisions on letters: outcomes, and which reasons each may have.
//!
//! How many different people each outcome takes, and that a chain's are different, is checked where
//! the signatures are: in the ledger of `seal`.

use crate::words::words;

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
    /// Why, as the writer is told. Free text is always sealed, never here.
    Reason {
        /// It fits the plan. The reason of every `deliver`.
        FitsPlan = "fits-plan",
        /// A telephone number, an address, an account name.
        ContactDetails = "contact-details",
        /// A name that the other family must not learn.
        Names = "names",
        /// A school, a club, a town: where somebody can be found.
        Places = "places",
        /// A photo shows a place, a badge, a sign, or is not in the plan.
        Photo = "photo",
        /// A promise that may not come true, or pressure.
        Promise = "promise",
        /// Grave news that has to be told in another way.
        HardNews = "hard-news",
        /// Not as the plan says: when, how long, how it is signed.
        Plan = "plan",
        /// Words that would hurt the reader.
        Hurtful = "hurtful",
        /// It cannot be read, or a part is missing.
        Unreadable = "unreadable",
        /// Passing it on would put somebody at risk.
        Risk = "risk",
        /// A court's order or the plan forbids it.
        NotAllowed = "not-allowed",
        /// The reader asked the agency to keep it for now.
        ReaderAsked = "reader-asked",
        /// As the sealed comment explains.
        Other = "other",
    }
}

impl Reason {
    /// Whether this can be the reason of that outcome.
    pub const fn fits(self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Deliver => matches!(self, Self::FitsPlan),
            Outcome::Change => {
                !matches!(self, Self::FitsPlan | Self::Risk | Self::NotAllowed | Self::ReaderAsked)
            }
            Outcome::Keep => matches!(
                self,
                Self::HardNews
                    | Self::Hurtful
                    | Self::Risk
                    | Self::NotAllowed
                    | Self::ReaderAsked
                    | Self::Other
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_reason_and_a_delivery_only_the_plain_one() {
        for outcome in Outcome::ALL {
            assert!(Reason::ALL.iter().any(|reason| reason.fits(*outcome)), "{outcome}");
        }
        let plain: Vec<_> = Reason::ALL.iter().filter(|r| r.fits(Outcome::Deliver)).collect();
        assert_eq!(plain, [&Reason::FitsPlan]);
    }
}
