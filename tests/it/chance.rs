//! Letters on their way while whatever carries them is killed, at moments that a seed chooses. When
//! it is over, every letter that was taken must be there and open, passed on once, and not before
//! somebody decided so; everything queued must be done.
//!
//! A short course is a test like the others; `cargo xtask faults --minutes N --seed S` runs a long
//! one. The seed gives what is killed and after how many steps of the letters: the same seed is the
//! same course, though not the same instant.

mod carrying;
mod course;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use tokio::sync::mpsc;
use xtask::postgres::Durability;
use xtask::seed::Agency;
use xtask::services::Role;
use xtask::stack::{Database, Options, Stack};

use crate::behind::Behind;
use crate::scene::{Scene, run, scratch};
use carrying::{Carried, Pair, Step};
use course::{Course, Fault, Round};

#[test]
fn no_letter_is_lost_early_or_doubled_whatever_is_killed_around_it() {
    run(async {
        let course = Course::asked_for();
        println!("seed {}", course.seed);
        let folder = scratch();
        let _logs = Logs(folder.path().join("logs"));
        let database = Database::Private(Durability::Durable);
        let options = Options { database, ..Options::default() };
        let scene = Scene::found(folder.path(), options).await;
        let mut pairs = Vec::new();
        for names in [["Ann", "Bea"], ["Cat", "Dot"]] {
            pairs.push(Pair::new(scene.two_more(names).await));
        }
        let Scene { mut stack, agency, beth, kerry, letterbox } = scene;
        pairs.push(Pair::new((beth, kerry, letterbox)));

        let mut told = Told::default();
        for round in course {
            let played = play(&mut stack, &agency, &pairs, &round, &mut told.faults);
            told.letters.extend(Box::pin(played).await);
        }
        told.reckon(&stack, &pairs).await;
    });
}

/// One round: a letter of each pair, and what is killed meanwhile.
async fn play(
    stack: &mut Stack,
    agency: &Agency,
    pairs: &[Pair],
    round: &Round,
    faults: &mut BTreeMap<Fault, usize>,
) -> Vec<Carried> {
    let [priya, sam] = &agency.coordinators;
    let (steps, taken) = mpsc::unbounded_channel();
    let texts = [1, 2, 3].map(|pair| round.text(pair));
    let letters = async move {
        let [one, two, three] = pairs else { panic!("three pairs") };
        let carried = tokio::join!(
            one.carry(priya, &texts[0], &steps),
            two.carry(sam, &texts[1], &steps),
            three.carry(&agency.leads[0], &texts[2], &steps),
        );
        drop(steps);
        carried.into()
    };
    let (carried, ()): ([Carried; 3], ()) =
        tokio::join!(letters, strike(stack, round, taken, faults));
    carried.into()
}

/// Lets each fault of a round happen after its number of steps, and puts things right again.
async fn strike(
    stack: &mut Stack,
    round: &Round,
    mut taken: mpsc::UnboundedReceiver<Step>,
    faults: &mut BTreeMap<Fault, usize>,
) {
    let mut steps = 0;
    for (after, fault) in &round.faults {
        while steps < *after {
            match taken.recv().await {
                Some(_) => steps += 1,
                // Every letter has arrived: what is left of this round would hit nothing.
                None => return,
            }
        }
        fault.happen(stack).await;
        *faults.entry(*fault).or_default() += 1;
    }
    // Until the last letter has arrived, so that nobody speaks into a closed channel.
    while taken.recv().await.is_some() {}
}

impl Fault {
    /// It happens, and whoever runs the place sees to it: what was killed starts again.
    async fn happen(self, stack: &mut Stack) {
        match self {
            Self::Kill(role) => {
                stack.kill_role(role);
                stack.start_role(role).await.unwrap();
            }
            Self::CrashDatabase => stack.crash_database().unwrap(),
            Self::CutConnections => {
                let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                    where pid <> pg_backend_pid() and datname = current_database()";
                Behind::of(stack).await.number(cut).await;
            }
        }
        // What a dead one held is given back after two minutes. They pass.
        let held = "update jobs set leased_until = now() where state = 'leased'";
        Behind::of(stack).await.execute(held).await;
    }
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

/// What happened, for the reckoning.
#[derive(Default)]
struct Told {
    letters: Vec<Carried>,
    faults: BTreeMap<Fault, usize>,
}

impl Told {
    async fn reckon(&self, stack: &Stack, pairs: &[Pair]) {
        let behind = Behind::of(stack).await;
        // A notice that could not be sent is tried again later: later is now.
        behind
            .execute("update jobs set run_at = now() where state = 'ready' and attempts > 0")
            .await;
        behind.drained().await;

        let mut lost = Vec::new();
        for carried in &self.letters {
            let pair = pairs.iter().find(|pair| pair.writes(carried)).expect("a pair's letter");
            if pair.read(carried).await.as_deref() != Some(carried.text.as_str()) {
                lost.push(&carried.text);
            }
        }
        let early: Vec<_> =
            self.letters.iter().filter(|it| it.was_early).map(|it| &it.text).collect();
        let delivered = behind.number("select count(*) from deliveries").await;
        let told = "select count(*) from notices where event = 'letter-for-you'";
        let told = behind.number(told).await;
        let letters = i64::try_from(self.letters.len()).unwrap();

        let kills: usize = self.faults.values().sum();
        let by_kind: Vec<_> =
            self.faults.iter().map(|(fault, times)| format!("{fault} {times}")).collect();
        println!(
            "{kills} kills ({}), {letters} letters: {} lost, {} early, {} doubled",
            by_kind.join(", "),
            lost.len(),
            early.len(),
            delivered - letters,
        );
        assert!(lost.is_empty(), "lost: {lost:?}");
        assert!(early.is_empty(), "passed on before somebody decided so: {early:?}");
        assert_eq!(delivered, letters, "each is passed on once");
        assert_eq!(told, letters, "its reader is told of each once");
        // The log is whole: every leaf in its place, each a statement that was found good.
        for broken in [
            "select count(*) from log_leaves l where not exists (select from verdicts v
                where v.statement_id = l.statement_id and v.log_index = l.leaf_index)",
            "select coalesce(max(leaf_index) + 1, 0) - count(*) from log_leaves",
            "select count(*) from statements s where not exists (select from verdicts v
                where v.statement_id = s.statement_id)",
            "select count(*) from verdicts where verdict = 'quarantined'",
        ] {
            assert_eq!(behind.number(broken).await, 0, "{broken}");
        }
        self.count_mails(stack, pairs);
    }

    /// A mail may go out twice only if the notifier died, or lost its database, between handing it
    /// over and writing that down.
    fn count_mails(&self, stack: &Stack, pairs: &[Pair]) {
        let may_repeat: usize = self
            .faults
            .iter()
            .filter(|(fault, _)| !matches!(fault, Fault::Kill(Role::Mediation | Role::Moderation)))
            .map(|(_, times)| times)
            .sum();
        let sent = fs::read_dir(stack.outbox()).unwrap().count();
        // One piece of news a day for each of them, and a course may cross midnight.
        let most = 2 * 2 * pairs.len() + may_repeat;
        assert!(sent <= most, "{sent} mails, at most {most}");
    }
}
