//! How much room the files of a running server have: for tests of a disk that is full.
//!
//! A file system of a size of one's own takes a mount, which not everybody may do. A limit on the
//! size of files (`RLIMIT_FSIZE`) everybody may set on their own processes, and PostgreSQL ignores
//! the signal that comes with it, so that a write beyond it fails as on a full disk. What differs: a
//! file that is there already is refused beyond the limit too, though it need not grow; and what
//! is refused outright is “File too large” rather than “No space left on device”.

use std::fs;
use std::process::Stdio;

use super::Error;
use super::binaries::{Account, command_of};
use super::server::{Postgres, at};

impl Postgres {
    /// From now on no file of this server can be written beyond so many bytes; without a number,
    /// every one can again. A server that is started anew has all the room there is.
    ///
    /// Done by `prlimit` of util-linux as the server's own account: root may not everywhere do it
    /// to another account's processes.
    pub fn limit_files(&self, bytes: Option<u64>) -> Result<(), Error> {
        let limit = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        // The server before those it has started: whatever it starts from then on is limited too.
        self.limit(self.id(), &limit)?;
        children(self.id()).into_iter().try_for_each(|process| self.limit(process, &limit))
    }

    fn limit(&self, process: u32, limit: &str) -> Result<(), Error> {
        let mut prlimit = command_of("prlimit".as_ref(), Account::to_drop_to());
        // The soft limit alone: the hard one stays, so that it can be lifted again.
        prlimit.arg(format!("--pid={process}")).arg(format!("--fsize={limit}:"));
        let output = prlimit.stdin(Stdio::null()).output().map_err(at(&self.data()))?;
        // One that has ended meanwhile needs no limit.
        if output.status.success() || !fs::exists(format!("/proc/{process}")).unwrap_or(false) {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Error::Io(self.data(), std::io::Error::other(said)))
    }
}

/// The processes that a process has started itself.
pub(super) fn children(parent: u32) -> Vec<u32> {
    let wanted = format!("PPid:\t{parent}");
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let is_child = |process: &u32| {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        status.lines().any(|line| line == wanted)
    };
    numbers.filter(is_child).collect()
}
