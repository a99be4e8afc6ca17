//! `postern log`: an agency's log verified where it lives or from an export, written to a file, and
//! watched from outside.
//!
//! The status tells a finding from trouble, as that of `diff` does: 0 all matches, 1 something does
//! not, 2 it could not be found out and the command must be changed first. A finding is never shown
//! as trouble, nor trouble as a finding.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::id::{AgencyId, Realm};
use seal::audit::Audit;
use seal::export;
use seal::statement::Refusal;
use serde::Deserialize;
use url::Url;

use crate::{Failure, WithConfig, config};
use monitor::Seen;

mod file;
mod live;
mod monitor;
mod whole;

#[derive(Debug, Subcommand)]
pub enum Log {
    /// Verifies every entry, checkpoint and statement, in the database or in an export
    Verify(Verify),
    /// Verifies the log in the database while it writes it to one file, for `verify` anywhere else
    Export(Export),
    /// Looks at a site's log from outside: that it only grows, and nothing in it changes
    Monitor(Monitor),
}

#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    file: WithConfig,
    /// Verify this export instead, without any database
    #[arg(long)]
    export: Option<PathBuf>,
    /// The agency's realm, 64 characters, as the ceremony printed it; without it that of the
    /// configuration
    #[arg(long)]
    realm: Option<Realm>,
    /// A monitor's state: the log must go on from what was seen there
    #[arg(long)]
    seen: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    file: WithConfig,
    /// The file to write, which must not be there yet
    to: PathBuf,
}

#[derive(Debug, Args)]
pub struct Monitor {
    /// The site, `https://letterbox.example`; families' and staff's show the same log
    #[arg(long)]
    url: Url,
    /// The agency's realm, 64 characters, as the ceremony printed it
    #[arg(long)]
    realm: Realm,
    /// Where what was seen is kept; made at the first look
    #[arg(long)]
    state: PathBuf,
}

/// The `[verify]` section of the configuration: a reader of the log and of nothing else.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `postgres://…` of the `verifier_login` role.
    pub database_url: String,
    /// The agency.
    pub agency: AgencyId,
    /// Its realm, pinned here and never read from the database.
    pub realm: Realm,
}

/// Why a command ended without success.
#[derive(Debug)]
enum Stop {
    /// Something does not match.
    Mismatch(String),
    /// It could not be found out whether it does.
    Unread(String),
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Mismatch(text) => Self::Failed(text),
            Stop::Unread(text) => Self::Change(text),
        }
    }
}

impl From<export::Mismatch> for Stop {
    fn from(mismatch: export::Mismatch) -> Self {
        does_not_match(mismatch.entry, mismatch.fault.code(), &mismatch.fault)
    }
}

/// An entry by its number from 0, or the log as a whole, that does not match.
fn does_not_match(entry: Option<u64>, code: &str, why: &dyn Display) -> Stop {
    let what = match entry {
        Some(entry) => {
            format!("Entry {} does not match. Do not rely on later ones.", grouped(entry))
        }
        None => "The log does not match. Do not rely on it.".to_owned(),
    };
    let next = "change nothing and keep a backup as it is; deploy/README.md, \"The log\", goes on";
    Stop::Mismatch(format!("{what}\n  why: {why} ({code})\n  next: {next}"))
}

/// The log is not that of the realm, or not the one that was seen.
fn refused(refusal: Refusal) -> Stop {
    does_not_match(None, refusal.code(), &refusal.explanation())
}

/// Trouble with a file, and what to do about it.
fn unread(path: &Path, why: &dyn Display, next: &str) -> Stop {
    Stop::Unread(format!("{}: {why}\n  next: {next}", path.display()))
}

pub fn run(log: &Log) -> Result<(), Failure> {
    match log {
        Log::Verify(verify) => self::verify(verify),
        Log::Export(Export { file, to }) => {
            let section = section(&file.config)?;
            let realm = section.realm;
            let audit = runtime()?.block_on(live::export(&section, realm, to))?;
            println!("{} entries, none changed, in {}.", count(&audit), to.display());
            Ok(())
        }
        Log::Monitor(Monitor { url, realm, state }) => {
            let looked = runtime()?.block_on(monitor::look(url, *realm, state))?;
            println!("{looked}");
            Ok(())
        }
    }
}

fn verify(Verify { file, export, realm, seen }: &Verify) -> Result<(), Failure> {
    let audit = if let Some(path) = export {
        // Whoever brings a realm needs no configuration.
        let realm = match realm {
            Some(realm) => *realm,
            None => section(&file.config)?.realm,
        };
        held(seen.as_deref(), realm, || file::verify(path, realm))?
    } else {
        let section = section(&file.config)?;
        let realm = realm.unwrap_or(section.realm);
        held(seen.as_deref(), realm, || runtime()?.block_on(live::verify(&section, realm)))?
    };
    let checkpoint = audit.checkpoint();
    println!("{} entries, none changed.", count(&audit));
    println!("checkpoint: size {}, root {}", checkpoint.size, hex::encode(checkpoint.root));
    if !audit.purged().is_empty() {
        let purged: Vec<_> = audit.purged().iter().map(|entry| grouped(*entry)).collect();
        let which = purged.join(" ");
        println!("purged, so that nothing ties their statements to their places: {which}");
    }
    Ok(())
}

/// A log that verifies, and has grown from what a monitor saw.
fn held(
    seen: Option<&Path>,
    realm: Realm,
    verify: impl FnOnce() -> Result<Audit, Stop>,
) -> Result<Audit, Stop> {
    // Before the long work: a mistyped name is told at once.
    let missing = |path| unread(path, &"there is no such file", "name the state of a monitor");
    let seen = match seen {
        Some(path) => Some(Seen::load(path, realm)?.ok_or_else(|| missing(path))?.checkpoint()),
        None => None,
    };
    let audit = verify()?;
    match seen.map(|seen| (seen.root, audit.tree().root_of(seen.size))) {
        Some((_, None)) => Err(refused(Refusal::OlderLog)),
        Some((seen, Some(root))) if seen != root => Err(refused(Refusal::OtherLog)),
        _ => Ok(audit),
    }
}

/// Without one nothing was found out.
fn runtime() -> Result<tokio::runtime::Runtime, Stop> {
    let next = "give this account more processes or memory";
    tokio::runtime::Runtime::new().map_err(|error| Stop::Unread(format!("{error}\n  next: {next}")))
}

fn section(path: &Path) -> Result<Config, Failure> {
    config::section(config::load(path)?.verify, "verify", path)
}

fn count(audit: &Audit) -> String {
    grouped(audit.checkpoint().size)
}

/// A number as people write it: 10,412.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        let written = [0, 7, 412, 8_120, 10_412, 1_000_000].map(grouped);
        assert_eq!(written, ["0", "7", "412", "8,120", "10,412", "1,000,000"]);
    }

    #[test]
    fn an_entry_that_does_not_match_is_told_as_the_screens_tell_it() {
        let Stop::Mismatch(text) = does_not_match(Some(8_120), "other-leaf", &"why not") else {
            panic!("a finding");
        };
        let first = text.lines().next().unwrap();
        assert_eq!(first, "Entry 8,120 does not match. Do not rely on later ones.");
        assert!(text.contains("\n  why: why not (other-leaf)\n  next: "), "{text}");
    }
}
