//! `postern`: one executable with a role per process, and the operator's commands.
//!
//! Absent from this crate: business rules, SQL, HTTP. It reads the configuration, sets up logging
//! and signals, and hands over to the role's own crate.
//!
//! It ends with 0 when all went well, 1 when something failed while running, and 2 when the command
//! or the configuration must be changed first. `postern log` tells findings so from trouble: see there.

mod archive;
mod config;
#[cfg(test)]
mod deploy;
mod doctor;
mod keygen;
mod log;
mod logging;
mod roles;
mod signals;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "postern", version, about = "A private letterbox for families linked by adoption")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The mediation API: signs people in and stores what they sealed
    Mediation(Run),
    /// The moderation worker: verifies, keeps the log, releases
    Moderation(Run),
    /// The notification service: opens contact points and sends notices
    Notification(Run),
    /// The three roles in one process, for trying out; production runs each under its own account
    All(Run),
    /// Brings the database to this release's schema
    Migrate(WithConfig),
    /// Checks the configuration, the key files and the databases of every section in the file, or
    /// that a site serves exactly the files of a build
    Doctor(Doctor),
    /// Makes a key file and prints the public part
    Keygen(keygen::Keygen),
    /// What the records office does with the archive's printed identity
    #[command(subcommand)]
    Archive(archive::Archive),
    /// Verifies an agency's log, writes it to a file, or watches it from outside
    #[command(subcommand)]
    Log(log::Log),
    /// Prints the API's OpenAPI document
    Openapi,
}

#[derive(Debug, Args)]
struct WithConfig {
    /// The configuration file
    #[arg(long, short, default_value = config::DEFAULT_PATH)]
    config: PathBuf,
}

#[derive(Debug, Args)]
struct Doctor {
    #[command(flatten)]
    file: WithConfig,
    /// Check the pages of this site instead: its origin, `https://letterbox.example`
    #[arg(long, requires = "list", conflicts_with = "config")]
    client: Option<url::Url>,
    /// The build's list of files for that site: `family.sha256` or `staff.sha256`
    #[arg(long, requires = "client")]
    list: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Run {
    #[command(flatten)]
    file: WithConfig,
    /// Stop when standard input closes, as when the program that started this one ends
    #[arg(long)]
    stop_with_stdin: bool,
}

/// Why the command ended without success.
#[derive(Debug)]
enum Failure {
    /// Change the command or the configuration first.
    Change(String),
    /// It failed while running; trying again may help.
    Failed(String),
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::Failed(with_causes(&error))
    }
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Failed(text)) => {
            eprintln!("postern: {text}");
            ExitCode::from(1)
        }
        Err(Failure::Change(text)) => {
            eprintln!("postern: {text}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    use roles::Role;
    match command {
        Command::Mediation(run) => roles::run(&run, &[Role::Mediation]),
        Command::Moderation(run) => roles::run(&run, &[Role::Moderation]),
        Command::Notification(run) => roles::run(&run, &[Role::Notification]),
        Command::All(run) => roles::run(&run, &Role::ALL),
        Command::Migrate(file) => roles::migrate(&file.config),
        Command::Doctor(Doctor { client: Some(site), list: Some(list), .. }) => {
            doctor::client(&site, &list)
        }
        Command::Doctor(doctor) => doctor::run(&doctor.file.config),
        Command::Keygen(keygen) => keygen::run(&keygen),
        Command::Archive(command) => archive::run(&command),
        Command::Log(command) => log::run(&command),
        Command::Openapi => {
            let (_, document) = mediation::openapi::assemble(mediation::routes());
            println!("{}", document.to_pretty_json()?);
            Ok(())
        }
    }
}

/// An error and what caused it, outermost first.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = inner.source();
    }
    text
}
