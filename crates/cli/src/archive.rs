//! The archive's own way to a letter: the identity that the ceremony printed for the records office,
//! and one file from a backup. Needs no server, no network and nobody who still works there.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::id::{Realm, StatementId};
use hex::FromHex as _;
use seal::audit::{Audit, Entry};
use seal::envelope::Envelope;
use seal::key::{HybridIdentity, PublicKey};
use seal::letter::{MediaType, Part};
use seal::open::{self, Sealed};
use serde::Deserialize;

use crate::Failure;

#[derive(Debug, Subcommand)]
pub enum Archive {
    /// Opens a letter with the archive's printed identity, without any server
    Open(Open),
}

#[derive(Debug, Args)]
pub struct Open {
    /// The agency's realm, as the ceremony printed it
    #[arg(long)]
    realm: String,
    /// A file with the printed identity, AGE-SECRET-KEY-PQ-1…; `-` reads it from standard input
    #[arg(long)]
    identity: PathBuf,
    /// A folder for the letter's parts; without it its text is printed and pictures are not
    #[arg(long)]
    to: Option<PathBuf>,
    /// What deploy/database/letter.sql made of a restored database
    letter: PathBuf,
}

/// A letter out of a database: the files of one revision, and the whole log.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FromBackup {
    submit: StatementId,
    /// Lowercase hex.
    ciphertext: String,
    /// Lowercase hex: the letter's key, sealed to the archive.
    grant: String,
    root: PublicKey,
    /// From the first entry on.
    log: Vec<Logged>,
}

/// One entry of the log.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Logged {
    statement: Envelope,
    /// Lowercase hex; none once the statement was purged.
    salt: Option<String>,
    /// Lowercase hex.
    leaf: String,
    note: String,
}

pub fn run(command: &Archive) -> Result<(), Failure> {
    let Archive::Open(open) = command;
    let realm: Realm = open.realm.trim().parse().map_err(|_| {
        Failure::Change("the realm is 64 characters of 0-9 and a-f, on the printed sheet".into())
    })?;
    let identity = identity(&open.identity)?;
    let letter: FromBackup = serde_json::from_str(&read(&open.letter)?)?;
    let (ciphertext, grant) = (hex::decode(&letter.ciphertext)?, hex::decode(&letter.grant)?);
    let sealed = Sealed { ciphertext: &ciphertext, grant: &grant };
    let audit = audited(realm, letter.root, &letter.log)?;
    let parts = open::open_for_archive(&audit, &identity, letter.submit, sealed)?;
    if let Some(submit) = audit.ledger().submit(letter.submit) {
        eprintln!("letter {}, revision {}, of {}", submit.letter, submit.rev, submit.day);
        eprintln!("from membership {}, everything verified", submit.author);
    }
    if let Some(folder) = &open.to {
        return keep(folder, &parts);
    }
    for text in parts.iter().filter_map(Part::as_text) {
        println!("{text}");
    }
    Ok(())
}

/// The whole log, entry by entry, from the printed realm.
fn audited(realm: Realm, root: PublicKey, log: &[Logged]) -> Result<Audit, Failure> {
    let mut audit = Audit::new(realm, root)?;
    for (index, Logged { statement, salt, leaf, note }) in log.iter().enumerate() {
        let salt = salt.as_deref().map(<[u8; 16]>::from_hex).transpose()?;
        let entry = Entry { statement, salt, leaf: <[u8; 32]>::from_hex(leaf)?, note };
        audit
            .add(&entry)
            .map_err(|fault| Failure::Failed(format!("entry {index} of the log: {fault}")))?;
    }
    Ok(audit)
}

/// The identity as printed: typed by hand, with whatever spaces and line breaks.
fn identity(path: &Path) -> Result<HybridIdentity, Failure> {
    let typed = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        text
    } else {
        read(path)?
    };
    let typed: String = typed.split_whitespace().collect::<String>().to_uppercase();
    typed.parse().map_err(|_| {
        Failure::Change("this is not an archive identity; a letter of it may be wrong".into())
    })
}

fn keep(folder: &Path, parts: &[Part]) -> Result<(), Failure> {
    fs::create_dir_all(folder)?;
    for (number, part) in parts.iter().enumerate() {
        let ending = match part.media_type {
            MediaType::Text => "txt",
            MediaType::Jpeg => "jpg",
            MediaType::Png => "png",
        };
        let path = folder.join(format!("{}.{ending}", number + 1));
        fs::write(&path, part.bytes.as_slice())?;
        println!("{}", path.display());
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| Failure::Failed(format!("{}: {error}", path.display())))
}
