//! What an earlier run may have left on a folder: a lock, a server.

use std::fs::{self, File};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::Error;
use super::server::{LOOK_AGAIN, at};

/// Stops a server that runs on this very data folder, if there is one.
pub(super) fn stop_what_was_left(data: &Path) -> Result<(), Error> {
    let (Some(pid), _) = pid_file(data) else {
        return Ok(());
    };
    for how in [Signal::INT, Signal::QUIT, Signal::KILL] {
        if !runs_on(pid, data) {
            return Ok(());
        }
        tracing::info!(pid, "stopping the server that an earlier run left");
        signal(pid, how);
        let asked = Instant::now();
        while runs_on(pid, data) && asked.elapsed() < Duration::from_secs(20) {
            thread::sleep(LOOK_AGAIN);
        }
    }
    if runs_on(pid, data) {
        return Err(Error::Busy(data.to_path_buf()));
    }
    Ok(())
}

/// Whether process `pid` is a PostgreSQL server on this very data folder: the number in a stale
/// file may belong to anything by now.
fn runs_on(pid: u32, data: &Path) -> bool {
    let alive = Pid::from_raw(pid.cast_signed()).is_some_and(|pid| test_kill_process(pid).is_ok());
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let mut words = line.split(|byte| *byte == 0);
    let server =
        words.next().is_some_and(|word| word.ends_with(b"/postgres") || word == b"postgres");
    alive && server && words.any(|word| word == data.as_os_str().as_encoded_bytes())
}

/// The process number and the state (`starting`, `ready`) that the server wrote down.
pub(super) fn pid_file(data: &Path) -> (Option<u32>, String) {
    let text = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let mut lines = text.lines();
    let pid = lines.next().and_then(|line| line.trim().parse().ok());
    (pid, lines.nth(6).unwrap_or_default().trim().to_owned())
}

pub(super) fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join("lock");
    let file = File::create(&path).map_err(at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::Busy(folder.to_path_buf())),
        Err(fs::TryLockError::Error(error)) => Err(Error::Io(path, error)),
    }
}

pub(super) fn signal(pid: u32, how: Signal) {
    if let Some(pid) = Pid::from_raw(pid.cast_signed()) {
        let _ = kill_process(pid, how);
    }
}
