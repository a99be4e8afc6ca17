//! What goes wrong is made to, and whoever runs the place puts it right again.

use std::time::{Duration, Instant};

use client::Submission;
use tokio::sync::mpsc;
use tokio::time::timeout;
use xtask::seed::Person;
use xtask::services::Role;
use xtask::stack::Stack;

use super::carrying::{Carried, Pair, Step};
use super::clock::{self, Whose, Wrong};
use super::course::{Fault, Round, Strike};
use super::database::CameBack;
use super::disk;
use super::reckoning::Told;
use super::wire::{Cut, Wire};
use crate::behind::Behind;
use crate::mail::{Break, MailServer};

/// What an answer that breaks off lets through at most: somewhere in its head, or its body.
const SOME_BYTES: u64 = 600;

/// How many steps a clock is wrong for at most.
const LASTING: u64 = 6;
/// Nobody has done anything for so long: they cannot while the clock is wrong.
const STUCK: Duration = Duration::from_secs(2);

/// The notices that somebody has in hand, by name.
const IN_HAND: &str = "select coalesce(jsonb_agg(subject), '[]') from jobs
    where queue = 'notice' and state = 'leased'";
/// Those of which this very transaction has said that nobody has.
const GIVEN_BACK: &str = "select coalesce(jsonb_agg(subject), '[]') from jobs
    where queue = 'notice' and state = 'leased' and leased_until = now()";

/// One round's faults, and what they need.
pub struct Striking<'a> {
    pub stack: &'a mut Stack,
    pub pairs: &'a [Pair; 3],
    pub checkers: [&'a Person; 3],
    pub wire: &'a Wire,
    pub mails: &'a MailServer,
    pub told: &'a mut Told,
    /// Letters that were refused for want of room: by which pair, and what they say.
    pub refused: Vec<(usize, String, Submission)>,
    /// The clock that is wrong just now.
    pub wrong: Option<WrongClock>,
}

/// A clock that is to be set right.
pub struct WrongClock {
    wrong: Wrong,
    whose: Whose,
    /// After so many steps.
    lasts: u64,
    /// The notices that nobody had to do anything about any more when it went wrong.
    settled: Vec<String>,
}

impl Striking<'_> {
    /// Lets each fault of a round happen after its number of steps, and puts things right again.
    pub async fn strike(&mut self, round: &Round, mut taken: mpsc::UnboundedReceiver<Step>) {
        clock::a_day_passes(&Behind::of(self.stack).await).await;
        let mut steps = 0;
        for strike in &round.strikes {
            // When the last letter has arrived, what is left of the round hits nothing under way.
            while steps < strike.after && self.step(&mut taken).await {
                steps += 1;
            }
            self.happen(round, *strike).await;
        }
        // Until the last letter has arrived, so that nobody speaks into a closed channel.
        while self.step(&mut taken).await {}
        self.set_right().await;
    }

    /// Waits for the next step; whether there is one. A clock is set right when it has been wrong
    /// for long enough, or when nobody gets any further under it.
    async fn step(&mut self, taken: &mut mpsc::UnboundedReceiver<Step>) -> bool {
        let Some(clock) = &mut self.wrong else { return taken.recv().await.is_some() };
        let step = timeout(STUCK, taken.recv()).await;
        clock.lasts -= 1;
        if step.is_err() || clock.lasts == 0 {
            self.set_right().await;
        }
        match step {
            Ok(step) => step.is_some(),
            Err(_) => taken.recv().await.is_some(),
        }
    }

    async fn happen(&mut self, round: &Round, Strike { fault, how, .. }: Strike) {
        let from = Instant::now();
        let mut came_back = None;
        match fault {
            Fault::Kill(role) => {
                self.stack.kill_role(role);
                let notices = self.give_back(role, "").await;
                self.told.could_not_write_down(from, Some(notices));
                self.stack.start_role(role).await.unwrap();
            }
            Fault::StandStill(role) => {
                let still = self.stack.set_aside(role).expect("it runs");
                // What it has locked, nobody else can take.
                let notices = self.give_back(role, "skip locked").await;
                self.stack.start_role(role).await.unwrap();
                still.go_on();
                // It has ended, once what it had in hand was done.
                self.told.could_not_write_down(from, Some(notices));
            }
            // Told of when it is set right.
            Fault::Clock(wrong, whose) => return self.goes_wrong(wrong, whose, how).await,
            Fault::CrashDatabase => {
                came_back = Some(CameBack::after_a_crash(self.stack));
                self.told.could_not_write_down(from, None);
                self.give_all_back().await;
            }
            Fault::CutConnections => {
                let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                    where pid <> pg_backend_pid() and datname = current_database()";
                self.behind().await.number(cut).await;
                self.told.could_not_write_down(from, None);
                self.give_all_back().await;
            }
            Fault::FullTables => {
                let letter = self.letter_too_many(round, how).await;
                disk::fill_tables(self.stack, &self.pairs[letter.0], &letter.2).await;
                self.refused.push(letter);
                self.give_all_back().await;
            }
            Fault::FullLog => {
                let letter = self.letter_too_many(round, how).await;
                let pair = &self.pairs[letter.0];
                came_back = Some(disk::fill_log(self.stack, pair, &letter.2).await);
                self.told.could_not_write_down(from, None);
                self.refused.push(letter);
                self.give_all_back().await;
            }
            Fault::Reset => self.wire.reset_all(),
            // These happen when there is something to break: they are told of when they have.
            Fault::HalfClose => return self.wire.cuts(Cut::HalfClose),
            Fault::CutAnswer => {
                let bytes = usize::try_from(how % SOME_BYTES).expect("small");
                return self.wire.cuts(Cut::Answer(bytes));
            }
            Fault::CutMail => return self.mails.breaks(Break::InMessage),
            Fault::CutMailsAnswer => return self.mails.breaks(Break::BeforeAnswer),
        }
        self.told.happened(fault, came_back);
    }

    /// A clock goes wrong; one that was wrong before is set right first.
    async fn goes_wrong(&mut self, wrong: Wrong, whose: Whose, how: u64) {
        self.set_right().await;
        let settled = clock::notices(&self.behind().await, "state <> 'waiting'").await;
        let (from, held) = (Instant::now(), self.behind().await.strings(IN_HAND).await);
        whose.goes(self.stack, wrong);
        self.jumped(wrong, whose, from, held).await;
        let lasts = how % LASTING + 1;
        self.wrong = Some(WrongClock { wrong, whose, lasts, settled });
    }

    /// Whatever clock is wrong is set right.
    async fn set_right(&mut self) {
        let Some(WrongClock { wrong, whose, settled, .. }) = self.wrong.take() else {
            return;
        };
        let (from, held) = (Instant::now(), self.behind().await.strings(IN_HAND).await);
        whose.is_right(self.stack);
        self.jumped(wrong, whose, from, held).await;
        let mut timed = clock::notices(&self.behind().await, "true").await;
        timed.retain(|notice| !settled.contains(notice));
        self.told.timed_wrongly(timed);
        self.told.happened(Fault::Clock(wrong, whose), None);
    }

    /// A clock has jumped, there or back: by it the leases of before are over. One that stood still
    /// for less than a lease ends none.
    async fn jumped(&mut self, wrong: Wrong, whose: Whose, from: Instant, mut held: Vec<String>) {
        if wrong != Wrong::Still && whose.is_of(Role::Notification) {
            held.extend(self.behind().await.strings(IN_HAND).await);
            self.told.taken_for_ended(from, held);
        }
    }

    /// The end of a round: letters that were refused go their way after all, and what was to break
    /// breaks no more.
    pub async fn end(mut self) -> Vec<Carried> {
        let (steps, _taken) = mpsc::unbounded_channel();
        let mut carried = Vec::new();
        for (pair, text, letter) in std::mem::take(&mut self.refused) {
            let (pair, checker) = (&self.pairs[pair], self.checkers[pair]);
            carried.push(pair.carry_sealed(checker, &text, &letter, &steps).await);
        }
        clock::until_all_is_done(&self.behind().await).await;
        for cut in self.wire.is_whole() {
            let fault = match cut {
                Cut::HalfClose => Fault::HalfClose,
                Cut::Answer(_) => Fault::CutAnswer,
            };
            self.told.happened(fault, None);
        }
        for (how, at) in self.mails.is_whole() {
            let fault = match how {
                Break::InMessage => Fault::CutMail,
                Break::BeforeAnswer => {
                    self.told.answer_lost(at);
                    Fault::CutMailsAnswer
                }
            };
            self.told.happened(fault, None);
        }
        carried
    }

    async fn behind(&self) -> Behind {
        Behind::of(self.stack).await
    }

    /// A letter for which there will be no room.
    async fn letter_too_many(&mut self, round: &Round, random: u64) -> (usize, String, Submission) {
        // Whoever is to hand it in must be signed in, and stay so.
        self.set_right().await;
        let which = usize::try_from(random % 3).expect("small");
        let text =
            format!("{} There was no room for this one.", round.text(4 + self.refused.len()));
        let letter = self.pairs[which].seal(&text).await;
        (which, text, letter)
    }

    /// What one that cannot go on has in hand is given back after minutes. They pass. Gives the
    /// notices among it.
    async fn give_back(&self, role: Role, locked: &str) -> Vec<String> {
        let queues = match role {
            Role::Mediation => return Vec::new(),
            Role::Moderation => "('verify', 'release')",
            Role::Notification => "('notice')",
        };
        let held = format!(
            "update jobs set leased_until = now() where (agency_id, job_id) in (
                select agency_id, job_id from jobs where state = 'leased' and queue in {queues}
                for update {locked})"
        );
        self.behind().await.change_among_others(&held, GIVEN_BACK).await
    }

    /// The same for those who could not write down what they had done. Whoever has taken something up
    /// since loses that, too.
    async fn give_all_back(&mut self) {
        let from = Instant::now();
        let held = "update jobs set leased_until = now() where state = 'leased'";
        let notices = self.behind().await.change_among_others(held, GIVEN_BACK).await;
        self.told.taken_for_ended(from, notices);
    }
}
