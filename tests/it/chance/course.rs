//! What a seed makes of a course: which things go wrong in each round, and after how many steps.

use std::env;
use std::fmt;
use std::time::{Duration, Instant};

use xtask::services::Role;

use super::clock::{Whose, Wrong};

/// How much goes wrong in a round.
const AT_ONCE: usize = 6;
/// Steps of one round: see [`super::carrying::Step`]; three letters take each of five.
const STEPS: u64 = 15;
/// After this many, at least one letter has all its way before it: there is something to break.
const EARLY: u64 = 5;

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A role is killed, as by a crash.
    Kill(Role),
    /// A role stands still until what it has in hand is somebody else's, and then goes on.
    StandStill(Role),
    /// A clock is wrong for a while.
    Clock(Wrong, Whose),
    /// Every process of the database is killed at once, and it recovers from its log.
    CrashDatabase,
    /// Every connection to the database breaks off.
    CutConnections,
    /// There is no room for letters in the database.
    FullTables,
    /// There is no room for the database's own log, and it ends.
    FullLog,
    /// Every connection between a browser and the API is reset.
    Reset,
    /// A browser ends its half of a connection once its request is sent.
    HalfClose,
    /// An answer breaks off.
    CutAnswer,
    /// The mail server breaks off in the middle of a message.
    CutMail,
    /// The mail server has a message, and its answer is lost.
    CutMailsAnswer,
}

/// Everything that can; the seed says whose clock.
const ALL: [Fault; 17] = [
    Fault::Kill(Role::Mediation),
    Fault::Kill(Role::Moderation),
    Fault::Kill(Role::Notification),
    Fault::StandStill(Role::Moderation),
    Fault::StandStill(Role::Notification),
    Fault::Clock(Wrong::Ahead, Whose::Everybodys),
    Fault::Clock(Wrong::Back, Whose::Everybodys),
    Fault::Clock(Wrong::Still, Whose::Everybodys),
    Fault::CrashDatabase,
    Fault::CutConnections,
    Fault::FullTables,
    Fault::FullLog,
    Fault::Reset,
    Fault::HalfClose,
    Fault::CutAnswer,
    Fault::CutMail,
    Fault::CutMailsAnswer,
];

/// A run, round by round.
pub struct Course {
    pub seed: u64,
    state: u64,
    rounds: usize,
    until: Option<Instant>,
    /// What can go wrong here.
    possible: Vec<Fault>,
    /// What is still to go wrong before anything does again.
    left: Vec<Fault>,
}

/// One round.
pub struct Round {
    number: usize,
    /// In order.
    pub strikes: Vec<Strike>,
}

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Strike {
    /// After how many steps of this round's letters.
    pub after: u64,
    pub fault: Fault,
    /// What the seed says of how it goes wrong: how many bytes still go through, for a fault that
    /// lets some; how many steps it lasts, for one that does.
    pub how: u64,
}

impl Fault {
    /// Whether it hits a request or a mail that is yet to come.
    const fn waits(self) -> bool {
        matches!(self, Self::HalfClose | Self::CutAnswer | Self::CutMail | Self::CutMailsAnswer)
    }
}

impl Course {
    /// The short one, in which everything goes wrong once, or what `cargo xtask faults` asks for.
    pub fn asked_for(has_clocks: bool) -> Self {
        let number =
            |name: &str| env::var(name).ok().map(|it| it.parse::<u64>().expect("a number"));
        let seed = number("POSTERN_FAULTS_SEED").unwrap_or(1);
        let minutes = number("POSTERN_FAULTS_MINUTES");
        let until = minutes.map(|minutes| Instant::now() + Duration::from_mins(minutes));
        let mut possible = ALL.to_vec();
        possible.retain(|fault| has_clocks || !matches!(fault, Fault::Clock(..)));
        Self { seed, state: seed, rounds: 0, until, left: possible.clone(), possible }
    }

    /// How much goes wrong on the whole of the short one; none for another.
    pub fn in_all(&self) -> Option<usize> {
        self.until.is_none().then_some(self.possible.len())
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

    /// In an order of the seed's, and each once before any comes again.
    fn next_fault(&mut self) -> Option<Fault> {
        if self.left.is_empty() {
            self.until?;
            self.left = self.possible.clone();
        }
        let which = self.below(self.left.len() as u64);
        let fault = self.left.swap_remove(usize::try_from(which).expect("small"));
        Some(match fault {
            Fault::Clock(wrong, _) => Fault::Clock(wrong, Whose::chosen(self.next_number())),
            fault => fault,
        })
    }
}

impl Iterator for Course {
    type Item = Round;

    fn next(&mut self) -> Option<Round> {
        let is_over = self.until.map_or(self.left.is_empty(), |until| Instant::now() >= until);
        if is_over {
            return None;
        }
        self.rounds += 1;
        let mut strikes = Vec::new();
        for _ in 0..AT_ONCE {
            let Some(fault) = self.next_fault() else { break };
            let steps = if fault.waits() { EARLY } else { STEPS };
            strikes.push(Strike { after: self.below(steps), fault, how: self.next_number() });
        }
        strikes.sort_unstable();
        Some(Round { number: self.rounds, strikes })
    }
}

impl Round {
    /// The letter of a pair in this round.
    pub fn text(&self, pair: usize) -> String {
        format!("Round {}, letter {pair}: the apple tree is in flower.", self.number)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Clock(wrong, whose) => return write!(f, "{whose} {wrong}"),
            Self::Kill(Role::Mediation) => "the API killed",
            Self::Kill(Role::Moderation) => "the worker killed",
            Self::Kill(Role::Notification) => "the notifier killed",
            Self::StandStill(Role::Mediation) => "the API stood still",
            Self::StandStill(Role::Moderation) => "the worker stood still",
            Self::StandStill(Role::Notification) => "the notifier stood still",
            Self::CrashDatabase => "the database crashed",
            Self::CutConnections => "the database's connections cut",
            Self::FullTables => "no room for letters",
            Self::FullLog => "no room for the database's log",
            Self::Reset => "browsers' connections reset",
            Self::HalfClose => "a request half-closed",
            Self::CutAnswer => "an answer cut off",
            Self::CutMail => "a mail cut off",
            Self::CutMailsAnswer => "a mail's answer lost",
        })
    }
}
