//! A claim on a letter for checking: one checker at a time, and it lapses when they walk away.

use jiff::{SignedDuration, Timestamp};

use crate::id::StaffId;

/// Somebody is checking a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub by: StaffId,
    /// Since when.
    pub claimed_at: Timestamp,
    /// When they last did anything.
    pub renewed_at: Timestamp,
}

/// Why a claim was not given or kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimRefusal {
    /// Somebody else has the letter.
    #[error("somebody else is checking this letter")]
    Held {
        /// Who.
        by: StaffId,
        /// Since when.
        since: Timestamp,
    },
    /// The claim lapsed, and may be gone to somebody else.
    #[error("the claim has lapsed")]
    Lapsed,
}

impl Claim {
    /// A fresh claim.
    pub const fn new(by: StaffId, now: Timestamp) -> Self {
        Self { by, claimed_at: now, renewed_at: now }
    }

    /// Whether its holder was idle for longer than `idle` (national default: 15 minutes), or claimed
    /// it by a clock that ran further ahead than that.
    pub fn has_lapsed(&self, now: Timestamp, idle: SignedDuration) -> bool {
        now.duration_since(self.renewed_at).abs() > idle
    }

    /// Takes the letter: again if it is theirs, anew if the claim before has lapsed.
    pub fn take(
        held: Option<Self>,
        by: StaffId,
        now: Timestamp,
        idle: SignedDuration,
    ) -> Result<Self, ClaimRefusal> {
        match held {
            Some(claim) if claim.has_lapsed(now, idle) => Ok(Self::new(by, now)),
            Some(claim) if claim.by == by => Ok(Self { renewed_at: now, ..claim }),
            Some(claim) => Err(ClaimRefusal::Held { by: claim.by, since: claim.claimed_at }),
            None => Ok(Self::new(by, now)),
        }
    }

    /// Keeps it, if it is theirs and has not lapsed.
    pub fn renew(
        self,
        by: StaffId,
        now: Timestamp,
        idle: SignedDuration,
    ) -> Result<Self, ClaimRefusal> {
        if self.by != by {
            return Err(ClaimRefusal::Held { by: self.by, since: self.claimed_at });
        }
        if self.has_lapsed(now, idle) {
            return Err(ClaimRefusal::Lapsed);
        }
        Ok(Self { renewed_at: now, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: SignedDuration = SignedDuration::from_mins(15);
    const PRIYA: StaffId = StaffId::from_bytes([1; 16]);
    const SAM: StaffId = StaffId::from_bytes([2; 16]);

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    #[test]
    fn a_claim_lapses_after_more_than_fifteen_idle_minutes() {
        let claim = Claim::new(PRIYA, at(0));
        assert!(!claim.has_lapsed(at(15), IDLE));
        assert!(!claim.has_lapsed(at(-15), IDLE));
        assert!(claim.has_lapsed(at(-16), IDLE));
        assert!(claim.has_lapsed(at(15) + SignedDuration::from_secs(1), IDLE));
        let renewed = claim.renew(PRIYA, at(10), IDLE).expect("in time");
        assert!(!renewed.has_lapsed(at(25), IDLE));
        assert_eq!(renewed.renew(PRIYA, at(26), IDLE), Err(ClaimRefusal::Lapsed));
    }

    #[test]
    fn a_letter_has_one_checker_until_the_claim_lapses() {
        let claim = Claim::take(None, PRIYA, at(0), IDLE).expect("free");
        let held = ClaimRefusal::Held { by: PRIYA, since: at(0) };
        assert_eq!(Claim::take(Some(claim), SAM, at(15), IDLE), Err(held));
        assert_eq!(claim.renew(SAM, at(1), IDLE), Err(held));
        assert_eq!(Claim::take(Some(claim), SAM, at(16), IDLE), Ok(Claim::new(SAM, at(16))));
    }

    #[test]
    fn taking_a_letter_one_has_already_keeps_the_time_it_was_claimed() {
        let claim =
            Claim::take(Some(Claim::new(PRIYA, at(0))), PRIYA, at(5), IDLE).expect("theirs");
        assert_eq!((claim.claimed_at, claim.renewed_at), (at(0), at(5)));
    }
}
