//! A private PostgreSQL cluster: a folder of its own, a unix socket and no network, stopped when
//! its owner ends, however that happens.
//!
//! It never touches another cluster: it stops only a server that runs on its own data folder.

mod binaries;
mod earlier;
mod room;
mod server;

pub use binaries::Binaries;
pub use server::{Postgres, discard};

use std::path::{Path, PathBuf};

/// How much a cluster's data are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Survives a power cut, as in production.
    Durable,
    /// For tests: nothing is synced to disk.
    Disposable,
}

/// Why there is no cluster, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither Debian's nor the npm package's binaries are here.
    #[error(
        "PostgreSQL is not installed; `cargo xtask install` installs it, or name its folder in POSTERN_POSTGRES_BIN"
    )]
    NotInstalled,
    /// The data were written by a release that is not here.
    #[error(
        "the data in {folder} were made by PostgreSQL {wanted}, which is not installed; install it, or begin again with --fresh"
    )]
    WrongRelease {
        /// The cluster's folder.
        folder: PathBuf,
        /// The release that made it.
        wanted: String,
    },
    /// Under root the server runs as somebody else, who must reach its files.
    #[error(
        "{0} cannot be reached by the account PostgreSQL drops to; choose another place with POSTERN_STATE"
    )]
    NotTraversable(PathBuf),
    /// A socket's path has a hard limit of 107 bytes.
    #[error("{0} is too long for a unix socket; choose a shorter place with POSTERN_STATE")]
    TooLong(PathBuf),
    /// Another run holds the lock.
    #[error("another run is using {0}; stop it first")]
    Busy(PathBuf),
    /// `initdb` or `postgres` said no.
    #[error("{program} failed; the last lines of {log}:\n{tail}")]
    Failed {
        /// Which program.
        program: &'static str,
        /// Its log file.
        log: PathBuf,
        /// The end of its log.
        tail: String,
    },
    /// It did not answer within the time allowed.
    #[error("PostgreSQL in {0} did not get ready within {1} seconds")]
    Slow(PathBuf, u64),
    /// A file or process call failed.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] std::io::Error),
}

/// The URL of a database on the cluster in `folder`, as one of its logins.
pub fn url(folder: &Path, database: &str, login: &str) -> String {
    url_on(&folder.join("socket"), database, login)
}

/// The same, by the folder of the socket.
pub fn url_on(socket: &Path, database: &str, login: &str) -> String {
    // The path is ours, but a folder's name may hold anything.
    let host: String = socket
        .to_string_lossy()
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("postgres:///{database}?host={host}&user={login}")
}
