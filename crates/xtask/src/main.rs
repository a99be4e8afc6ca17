//! `cargo xtask`: the project's own commands, each from a fresh clone on a machine with Rust and
//! Node.

mod check;
mod demo;
mod faults;
mod install;
mod journeys;
mod prepare;
mod step;
mod test;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use step::Failure;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The project's own commands")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the whole of Postern on this machine, with people and letters to look at
    Demo {
        /// Throw the earlier data away first
        #[arg(long)]
        fresh: bool,
        /// Carry one letter the whole way and its answer back, on free ports, and stop
        #[arg(long)]
        check: bool,
        /// The text of that letter
        #[arg(long, requires = "check")]
        letter: Option<PathBuf>,
    },
    /// Everything that can be checked without running it
    Check,
    /// `check`, then every test
    Test,
    /// People's journeys through the screens, in a real browser
    Journeys {
        /// Those in these files; without one, every journey
        files: Vec<PathBuf>,
    },
    /// Break what carries letters, at moments that a seed chooses, and count what became of them
    Faults {
        /// How long
        #[arg(long, default_value_t = 10)]
        minutes: u64,
        /// Which course: the same seed is the same course
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Write the compile-time query data (`.sqlx`) anew from the migrations
    Prepare,
    /// Install what is missing on this machine
    Install,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo { fresh, check, letter } => {
            demo::run(&demo::Options { fresh, check, letter })
        }
        Command::Check => check::run().map(|_| ()),
        Command::Test => test::run(),
        Command::Journeys { files } => journeys::run(&files),
        Command::Faults { minutes, seed } => faults::run(minutes, seed),
        Command::Prepare => prepare::run(),
        Command::Install => install::for_tests(),
    }
}
