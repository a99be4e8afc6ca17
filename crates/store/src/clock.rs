//! The time, asked for in one place of each process and passed on from there.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// Where a process gets the time from. Cloning gives another hand on the same clock.
///
/// Times have microseconds, as PostgreSQL keeps them: what is written is what is read back.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    /// Microseconds since 1970.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The computer's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until it is told to move; for tests and demonstrations.
    pub fn settable(at: Timestamp) -> Self {
        Self(Source::Set(Arc::new(AtomicI64::new(at.as_microsecond()))))
    }

    /// The time now.
    ///
    /// # Panics
    ///
    /// Beyond the year 9999.
    pub fn now(&self) -> Timestamp {
        let micros = match &self.0 {
            // The one place that may ask: `.clippy.toml` bans it everywhere else.
            #[allow(clippy::disallowed_methods)]
            Source::System => Timestamp::now().as_microsecond(),
            Source::Set(micros) => micros.load(Ordering::SeqCst),
        };
        Timestamp::from_microsecond(micros).expect("a clock never leaves jiff's range")
    }

    /// Moves a settable clock to a time; the system's clock stays as it is.
    pub fn set(&self, at: Timestamp) {
        if let Source::Set(micros) = &self.0 {
            micros.store(at.as_microsecond(), Ordering::SeqCst);
        }
    }

    /// Moves a settable clock on; the system's clock stays as it is.
    ///
    /// # Panics
    ///
    /// By a step of 292,000 years.
    pub fn advance(&self, by: SignedDuration) {
        if let Source::Set(micros) = &self.0 {
            let step = i64::try_from(by.as_micros()).expect("a step of fewer than 292,000 years");
            micros.fetch_add(step, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_settable_clock_moves_only_when_told() {
        let start: Timestamp = "2026-11-23T10:00:00Z".parse().expect("valid");
        let clock = Clock::settable(start);
        let other = clock.clone();
        assert_eq!(clock.now(), start);
        clock.advance(SignedDuration::from_mins(15));
        assert_eq!(other.now(), start + SignedDuration::from_mins(15));
        other.set(start);
        assert_eq!(clock.now(), start);
    }
}
