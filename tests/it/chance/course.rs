//! What a seed makes of a course: in each round two or three things go wrong.

use std::env;
use std::fmt;
use std::time::{Duration, Instant};

use xtask::services::Role;

/// Rounds of the short course that is part of every run of the tests.
const SHORT: u32 = 3;
/// Steps of one round: see [`super::carrying::Step`]; three letters take each of five.
const STEPS: u64 = 15;

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A role is killed, as by a crash.
    Kill(Role),
    /// The database ends without a word, as at a power cut, and recovers from its log.
    CrashDatabase,
    /// Every connection to the database breaks off.
    CutConnections,
}

const ALL: [Fault; 5] = [
    Fault::Kill(Role::Mediation),
    Fault::Kill(Role::Moderation),
    Fault::Kill(Role::Notification),
    Fault::CrashDatabase,
    Fault::CutConnections,
];

/// A run, round by round.
pub struct Course {
    pub seed: u64,
    state: u64,
    rounds: u32,
    until: Option<Instant>,
}

/// One round.
pub struct Round {
    number: u32,
    /// After how many steps of this round's letters, and what; in order.
    pub faults: Vec<(u64, Fault)>,
}

impl Course {
    /// The short one, or what `cargo xtask faults` asks for.
    pub fn asked_for() -> Self {
        let number =
            |name: &str| env::var(name).ok().map(|it| it.parse::<u64>().expect("a number"));
        let seed = number("POSTERN_FAULTS_SEED").unwrap_or(1);
        let minutes = number("POSTERN_FAULTS_MINUTES");
        let until = minutes.map(|minutes| Instant::now() + Duration::from_mins(minutes));
        Self { seed, state: seed, rounds: 0, until }
    }

    /// `SplitMix64` (Steele, Lea and Flood 2014): the same everywhere and for ever.
    fn next_number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next_number() % end
    }
}

impl Iterator for Course {
    type Item = Round;

    fn next(&mut self) -> Option<Round> {
        let is_over = self.until.map_or(self.rounds >= SHORT, |until| Instant::now() >= until);
        if is_over {
            return None;
        }
        self.rounds += 1;
        let how_many = 2 + self.below(2);
        let mut faults = Vec::new();
        for _ in 0..how_many {
            let after = self.below(STEPS);
            let which = usize::try_from(self.below(ALL.len() as u64)).expect("small");
            faults.push((after, ALL[which]));
        }
        faults.sort_unstable();
        Some(Round { number: self.rounds, faults })
    }
}

impl Round {
    /// The letter of a pair in this round.
    pub fn text(&self, pair: u32) -> String {
        format!("Round {}, letter {pair}: the apple tree is in flower.", self.number)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill(role) => f.write_str(role.name()),
            Self::CrashDatabase => f.write_str("database"),
            Self::CutConnections => f.write_str("connections"),
        }
    }
}
