//! Letters on their way while whatever carries them breaks, at moments that a seed chooses:
//! processes are killed or stand still, clocks jump and stop, the database crashes, is cut off or runs
//! out of room, connections to the API and to the mail server break. When it is over, every letter
//! that was taken must be there and open, passed on once, and not before somebody decided so; its
//! people were told of it once; the log verifies from its first entry; everything queued is done.
//!
//! A short course, in which everything goes wrong once, is a test like the others; `cargo xtask
//! faults --minutes N --seed S` runs a long one. The seed gives what goes wrong and after how many
//! steps of the letters: the same seed is the same course, though not the same instant.

mod carrying;
mod clock;
mod course;
mod database;
mod disk;
mod reckoning;
mod striking;
mod wire;

use std::fs;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;
use xtask::postgres::Durability;
use xtask::seed::{Agency, Person};
use xtask::services::Role;
use xtask::stack::{Database, Options, Stack};

use crate::mail::{Away, MailServer};
use crate::scene::{Scene, run, scratch};
use carrying::Pair;
use course::{Course, Round};
use reckoning::Told;
use striking::Striking;
use wire::Wire;

#[test]
fn no_letter_is_lost_early_or_doubled_whatever_breaks_around_it() {
    run(async {
        let faketime = std::env::var_os("POSTERN_FAKETIME").map(PathBuf::from);
        let course = Course::asked_for(faketime.is_some());
        let in_all = course.in_all();
        println!("seed {}", course.seed);
        if faketime.is_none() {
            println!("left out: the clocks. POSTERN_FAKETIME is not set: run `cargo xtask test`");
        }
        let folder = scratch();
        let _logs = Logs(folder.path().join("logs"));
        let mut place = Box::pin(Place::found(folder.path(), faketime)).await;
        let mut told = Told::default();
        for round in course {
            Box::pin(place.play(&round, &mut told)).await;
        }
        told.reckon(&place.stack, &place.pairs, &place.mails).await;
        assert!(in_all.is_none_or(|all| told.in_all() == all), "not all of it went wrong");
    });
}

/// Where it happens: three pairs of people write to each other, at one agency.
struct Place {
    stack: Stack,
    agency: Agency,
    pairs: [Pair; 3],
    wire: Wire,
    mails: MailServer,
}

impl Place {
    async fn found(folder: &Path, faketime: Option<PathBuf>) -> Self {
        let mails = Away::new();
        let options = Options {
            database: Database::Private(Durability::Durable),
            smtp: Some(mails.settings()),
            has_front: true,
            faketime,
            ..Options::default()
        };
        let stack = Stack::start(folder, options).await.unwrap();
        let wire = Wire::new();
        for site in [stack.family(), stack.staff()] {
            wire.stand_before(site).await;
        }
        let scene = Scene::found_in(stack).await;
        let (two, three) =
            (scene.two_more(["Ann", "Bea"]).await, scene.two_more(["Cat", "Dot"]).await);
        let Scene { stack, agency, beth, kerry, letterbox } = scene;
        disk::prepare(&stack).await;
        let pairs = [(beth, kerry, letterbox), two, three].map(Pair::new);
        Self { stack, agency, pairs, wire, mails: mails.come_back() }
    }

    /// One round: a letter of each pair, and what goes wrong meanwhile. Each round has a day of
    /// its own, so that everybody is told of something.
    async fn play(&mut self, round: &Round, told: &mut Told) {
        let (steps, taken) = mpsc::unbounded_channel();
        let texts = [1, 2, 3].map(|pair| round.text(pair));
        let checkers = checkers(&self.agency);
        let [one, two, three] = &self.pairs;
        let letters = async {
            let carried = tokio::join!(
                one.carry(checkers[0], &texts[0], &steps),
                two.carry(checkers[1], &texts[1], &steps),
                three.carry(checkers[2], &texts[2], &steps),
            );
            drop(steps);
            carried
        };
        let mut striking = Striking {
            stack: &mut self.stack,
            pairs: &self.pairs,
            checkers,
            wire: &self.wire,
            mails: &self.mails,
            told,
            refused: Vec::new(),
            wrong: None,
        };
        let ((one, two, three), ()) = tokio::join!(letters, striking.strike(round, taken));
        let refused = striking.end().await;
        told.letters.extend([one, two, three]);
        told.letters.extend(refused);
    }
}

/// Who checks which pair's letters.
fn checkers(agency: &Agency) -> [&Person; 3] {
    let [priya, sam] = &agency.coordinators;
    [priya, sam, &agency.leads[0]]
}

/// Where the roles say what they do: a course that fails shows how each log ends.
struct Logs(PathBuf);

impl Drop for Logs {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for role in Role::ALL {
            let log = fs::read_to_string(self.0.join(format!("{}.log", role.name())));
            let log = log.unwrap_or_default();
            let lines: Vec<_> = log.lines().collect();
            println!("── {}\n{}", role.name(), lines[lines.len().saturating_sub(40)..].join("\n"));
        }
    }
}
