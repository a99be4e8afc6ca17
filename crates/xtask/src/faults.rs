//! `cargo xtask faults`: letters on their way while everything around them breaks. What happens is
//! in `tests/it/chance.rs`; a short course is part of the tests.

use crate::install;
use crate::step::{Failure, cargo, run as step};

/// Goes on for `minutes` and ends with the round under way; `seed` chooses what breaks and when.
pub fn run(minutes: u64, seed: u64) -> Result<(), Failure> {
    install::for_tests()?;
    step("building postern", &mut cargo(["build", "--quiet", "--package", "cli"]))?;
    let faketime = install::faketime()?;
    // `--workspace` keeps what was built for the tests.
    let mut course =
        cargo(["test", "--workspace", "--test", "it", "--", "chance::", "--nocapture"]);
    course
        .env("POSTERN_FAULTS_MINUTES", minutes.to_string())
        .env("POSTERN_FAULTS_SEED", seed.to_string())
        .envs(faketime.iter().map(|library| ("POSTERN_FAKETIME", library)));
    step("faults", &mut course)
}
