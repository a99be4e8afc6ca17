//! Clocks that are wrong: a day ahead, an hour back, or standing still, for a while, on the machine
//! that all roles share or on that of one alone. They are clocks of the roles' own
//! ([`xtask::clocks`]); the database, the people and the mail server keep the machine's.
//!
//! And time that passes between two rounds, for which nobody can wait: what is written down with a
//! time becomes a day older. The times of sessions, leases and limits are tried with an injected
//! clock as well, in the `clock.rs` of `moderation/tests/worker`, `notification/tests/service` and
//! `mediation/tests/api`, and in `store/tests/store`.

use std::fmt;
use std::time::Instant;

use jiff::SignedDuration;
use xtask::clocks::Reading;
use xtask::seed::{now, pause};
use xtask::services::Role;
use xtask::stack::Stack;

use crate::behind::Behind;

/// How a clock is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// It jumps a day ahead.
    Ahead,
    /// It jumps an hour back.
    Back,
    /// It stands still.
    Still,
}

/// Whose clock it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// That of the one machine.
    Everybodys,
    /// That of a role which has a machine to itself.
    Of(Role),
}

impl Whose {
    /// As a seed has it.
    pub fn chosen(by: u64) -> Self {
        let which = usize::try_from(by % 4).expect("small");
        Role::ALL.get(which).map_or(Self::Everybodys, |role| Self::Of(*role))
    }

    fn roles(self) -> Vec<Role> {
        Role::ALL
            .into_iter()
            .filter(|role| matches!(self, Self::Everybodys) || self == Self::Of(*role))
            .collect()
    }

    /// Whether it is that of this role, too.
    pub fn is_of(self, role: Role) -> bool {
        self.roles().contains(&role)
    }

    /// Makes it wrong.
    pub fn goes(self, stack: &Stack, wrong: Wrong) {
        let reading = match wrong {
            Wrong::Ahead => Reading::Off(SignedDuration::from_hours(24)),
            Wrong::Back => Reading::Off(SignedDuration::from_hours(-1)),
            Wrong::Still => Reading::Still(now()),
        };
        self.shows(stack, reading);
    }

    /// Sets it right.
    pub fn is_right(self, stack: &Stack) {
        self.shows(stack, Reading::Off(SignedDuration::ZERO));
    }

    fn shows(self, stack: &Stack, reading: Reading) {
        for role in self.roles() {
            stack.set_clock(role, reading).unwrap();
        }
    }
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Everybodys => "every clock",
            Self::Of(Role::Mediation) => "the API's clock",
            Self::Of(Role::Moderation) => "the worker's clock",
            Self::Of(Role::Notification) => "the notifier's clock",
        })
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ahead => "a day ahead",
            Self::Back => "an hour back",
            Self::Still => "standing still",
        })
    }
}

/// Nobody has two pieces of news on one day, not even between two rows of one update: hence far
/// away and back. Notices before their jobs, as the notifier writes them, so that it is in nobody's way.
const A_DAY_OLDER: &str = "
    update notices set created_at = created_at - interval '1 day',
        sent_at = sent_at - interval '1 day', for_day = for_day - 10000;
    update notices set for_day = for_day + 9999;
    update jobs set run_at = run_at - interval '1 day', created_at = created_at - interval '1 day'";
/// A notice that was not sent is tried again later.
const LATER_IS_NOW: &str = "update jobs set run_at = now() where state = 'ready'
    and (queue = 'notice' or attempts > 0)";
const UNSAID: &str = "select count(*) from notices where state = 'waiting'";

/// The notices of which something holds, by name.
pub async fn notices(behind: &Behind, which: &str) -> Vec<String> {
    let sql = format!(
        "select coalesce(jsonb_agg(replace(notice_id::text, '-', '')), '[]') from notices where {which}"
    );
    serde_json::from_str(&behind.json(&sql).await).unwrap()
}

/// It is a day later.
pub async fn a_day_passes(behind: &Behind) {
    behind.execute_among_others(A_DAY_OLDER).await;
}

/// The day after tomorrow, when whatever waits for it is done: every notice goes out, and so does one
/// that was tried before. Whoever was told by a clock that ran ahead was told tomorrow, and hears no
/// more until that day has gone by.
pub async fn until_all_is_done(behind: &Behind) {
    a_day_passes(behind).await;
    a_day_passes(behind).await;
    let started = Instant::now();
    while behind.number(UNSAID).await > 0 {
        behind.execute_among_others(LATER_IS_NOW).await;
        pause(started, || "every notice to be sent".to_owned()).await.unwrap();
    }
    behind.drained().await;
}
