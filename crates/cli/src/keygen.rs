//! Key files of the processes: made here, private part in a file that only its owner reads,
//! public part on standard output.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::Failure;

#[derive(Debug, Args)]
pub struct Keygen {
    /// What the key is for
    kind: Kind,
    /// The file to make; one that exists is never overwritten
    #[arg(long, short)]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// The moderation worker's, which signs the log's checkpoints
    Log,
    /// The notification service's, which opens contact points
    Notifier,
    /// The mediation API's, without which words cannot be tried; back it up apart from the database
    Gate,
}

pub fn run(keygen: &Keygen) -> Result<(), Failure> {
    let mut rng = seal::random::System;
    let (private, public) = match keygen.kind {
        Kind::Log => {
            let key = seal::key::SigningKey::generate(&mut rng);
            (format!("{}\n", hex::encode(*key.seed())), Some(key.public_key().to_string()))
        }
        Kind::Notifier => {
            let key = seal::key::X25519Identity::generate(&mut rng);
            (format!("{}\n", &*key.to_text()), Some(key.recipient().to_string()))
        }
        // A line per version, so that a later key can be added beside it.
        Kind::Gate => (format!("1 {}\n", hex::encode(seal::random::bytes::<32>(&mut rng))), None),
    };
    write(keygen, &private)?;
    match public {
        Some(public) => println!("{public}"),
        None => eprintln!("postern: back up {} apart from the database", keygen.out.display()),
    }
    Ok(())
}

fn write(keygen: &Keygen, private: &str) -> Result<(), Failure> {
    let path = &keygen.out;
    let refused = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Change(format!(
            "{} exists and is not overwritten\n  next: choose another file, or move that one away if nothing uses it",
            path.display()
        )),
        _ => Failure::Change(format!(
            "{}: {error}\n  next: choose a folder this account may write to",
            path.display()
        )),
    };
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(refused)?;
    file.write_all(private.as_bytes()).map_err(refused)?;
    file.sync_all().map_err(refused)
}
