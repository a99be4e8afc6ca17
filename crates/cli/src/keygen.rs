//! Key files of the processes: made here, private part in a file that only its owner reads,
//! public part on standard output.

use std::fmt::Display;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use mediation::gate::GateSeeds;

use crate::Failure;

#[derive(Debug, Args)]
pub struct Keygen {
    /// What the key is for
    kind: Kind,
    /// The file to make; one that exists is never overwritten
    #[arg(long, short)]
    out: PathBuf,
    /// For `gate`: the file in use now, whose keys the new file keeps beside the next one
    #[arg(long)]
    after: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
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
    if keygen.after.is_some() && keygen.kind != Kind::Gate {
        return Err(Failure::Change(
            "only the gate has several keys at one time\n  next: leave --after out".into(),
        ));
    }
    let (private, public) = match keygen.kind {
        Kind::Log => {
            let key = seal::key::SigningKey::generate(&mut rng);
            (format!("{}\n", hex::encode(*key.seed())), Some(key.public_key().to_string()))
        }
        Kind::Notifier => {
            let key = seal::key::X25519Identity::generate(&mut rng);
            (format!("{}\n", &*key.to_text()), Some(key.recipient().to_string()))
        }
        Kind::Gate => {
            let seed = seal::random::bytes(&mut rng);
            let text = match &keygen.after {
                Some(file) => read_gate(file)?.with_next(seed),
                None => format!("1 {}\n", hex::encode(seed)),
            };
            (text, None)
        }
    };
    write(keygen, &private)?;
    match public {
        Some(public) => {
            println!("{public}");
            if keygen.kind == Kind::Log {
                eprintln!("postern: to compare by telephone: {}", in_blocks(&public));
            }
        }
        None => eprintln!("postern: back up {} apart from the database", keygen.out.display()),
    }
    Ok(())
}

/// In blocks of four, as the staff site shows it to whoever has the root name it.
fn in_blocks(hex: &str) -> String {
    let blocks: Vec<_> = hex.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    blocks.join(" ")
}

fn read_gate(path: &Path) -> Result<GateSeeds, Failure> {
    let wrong = |what: &dyn Display| {
        let path = path.display();
        Failure::Change(format!("{path}: {what}\n  next: name the gate's key file that is in use"))
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
    GateSeeds::parse(&text).map_err(|reason| wrong(&reason))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_out_in_blocks_of_four() {
        assert_eq!(in_blocks("0123456789abcdef"), "0123 4567 89ab cdef");
    }

    #[test]
    fn a_new_gate_key_stands_beside_those_in_use_and_takes_nothing_away() {
        let folder = tempfile::tempdir().unwrap();
        let make = |kind, out: &str, after: Option<&str>| {
            let after = after.map(|name| folder.path().join(name));
            run(&Keygen { kind, out: folder.path().join(out), after })
        };
        make(Kind::Gate, "gate.key", None).unwrap();
        make(Kind::Gate, "gate2.key", Some("gate.key")).unwrap();
        make(Kind::Gate, "gate3.key", Some("gate2.key")).unwrap();
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(read("gate3.key").starts_with(&read("gate2.key")));
        assert!(read("gate2.key").starts_with(&read("gate.key")));
        let versions: Vec<_> = read("gate3.key")
            .lines()
            .map(|line| line.split_once(' ').unwrap().0.to_owned())
            .collect();
        assert_eq!(versions, ["1", "2", "3"]);

        assert!(
            make(Kind::Gate, "gate3.key", Some("gate2.key")).is_err(),
            "nothing is overwritten"
        );
        assert!(make(Kind::Gate, "gate4.key", Some("nothing.key")).is_err());
        assert!(make(Kind::Log, "log.key", Some("gate.key")).is_err());
        assert!(!folder.path().join("gate4.key").exists());
    }
}
