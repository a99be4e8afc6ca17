//! How long a database that was killed takes to come back, and at what.

use std::fmt;
use std::fs;
use std::time::{Duration, Instant};

use jiff::civil::DateTime;
use xtask::stack::Stack;

/// A database came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CameBack {
    /// From its end to being ready.
    took: Duration,
    /// Of that, syncing every file of its folder, before it looks at its log at all.
    syncing: Duration,
}

impl CameBack {
    /// Kills the database, if it has not ended, and starts it again.
    pub fn after_a_crash(stack: &mut Stack) -> Self {
        let started = Instant::now();
        stack.crash_database().unwrap();
        let took = started.elapsed();
        let log = fs::read_to_string(stack.postgres().unwrap().log()).unwrap();
        let said = |words| log.lines().find(|line| line.contains(words)).and_then(when);
        // What it says before and after; nothing in between but the syncing.
        let syncing = match (said("database system was interrupted"), said("automatic recovery")) {
            (Some(before), Some(after)) => after.duration_since(before),
            _ => jiff::SignedDuration::ZERO,
        };
        Self { took, syncing: Duration::try_from(syncing).unwrap_or_default() }
    }
}

/// When a line of the server's log was written, by its own clock: `2026-11-22 07:19:17.800 UTC`.
fn when(line: &str) -> Option<DateTime> {
    line.get(..23)?.parse().ok()
}

impl fmt::Display for CameBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (took, syncing) = (self.took.as_secs_f64(), self.syncing.as_secs_f64());
        write!(f, "{took:.1} s, {syncing:.1} s of them syncing its folder")
    }
}
