//! Starting, watching and stopping one cluster.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::binaries::{Account, Binaries};
use super::earlier::{lock, pid_file, signal, stop_what_was_left};
use super::room::children;
use super::{Durability, Error};
use crate::folder;

/// Under heavy load `initdb` alone was seen to take ten seconds, and the syncing of its folder with
/// which a server begins to recover from a crash more than a minute.
const PATIENCE: Duration = Duration::from_mins(5);
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A running cluster; dropping it stops the server.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    binaries: Binaries,
    server: Child,
    watcher: Child,
    /// Released by the kernel when this process ends, so a killed run never blocks the next.
    _lock: File,
}

/// A folder made ready for a server: locked, free of earlier servers, with a cluster in it.
struct Prepared {
    folder: PathBuf,
    binaries: Binaries,
    account: Option<Account>,
    lock: File,
}

impl Prepared {
    fn new(folder: &Path, durability: Durability) -> Result<Prepared, Error> {
        folder::open_to_all(folder).map_err(at(folder))?;
        // One name per folder, so that a server left on it is recognised by its command line.
        let folder = fs::canonicalize(folder).map_err(at(folder))?;
        if folder.join("socket/.s.PGSQL.5432").as_os_str().len() > 107 {
            return Err(Error::TooLong(folder));
        }
        let account = Account::to_drop_to();
        if account.is_some() && !folder::traversable(&folder) {
            return Err(Error::NotTraversable(folder));
        }
        let lock = lock(&folder)?;
        let data = folder.join("data");
        stop_what_was_left(&data)?;
        let made_by =
            fs::read_to_string(data.join("PG_VERSION")).ok().map(|text| text.trim().to_owned());
        let binaries = match (Binaries::find(made_by.as_deref()), &made_by) {
            (Some(found), _) => found,
            (None, Some(wanted)) => {
                let wanted = wanted.clone();
                return Err(Error::WrongRelease { folder, wanted });
            }
            (None, None) => return Err(Error::NotInstalled),
        };
        if made_by.is_none() {
            make(&folder, &binaries, account, durability)?;
        }
        Ok(Prepared { folder, binaries, account, lock })
    }
}

impl Postgres {
    /// Starts the cluster in `folder`, making it if it is not there. A server that a killed run
    /// left on it is stopped first.
    pub fn start(folder: &Path, durability: Durability) -> Result<Postgres, Error> {
        let ready = Prepared::new(folder, durability)?;
        let socket = ready.folder.join("socket");
        private(&socket, ready.account)?;
        let log = ready.folder.join("postgres.log");
        let server = launch(&ready, &socket, &log, durability)?;
        let watcher = watch(server.id()).map_err(at(&ready.folder))?;
        let mut running = Postgres {
            folder: ready.folder,
            binaries: ready.binaries,
            server,
            watcher,
            _lock: ready.lock,
        };
        running.wait_until_ready(&log)?;
        Ok(running)
    }

    /// Runs scripts as the superuser on the stopped cluster in `folder`, making it if it is not
    /// there: the server's own single-user mode, since not every release brings a client.
    pub fn run_scripts(
        folder: &Path,
        durability: Durability,
        scripts: &[String],
    ) -> Result<(), Error> {
        let ready = Prepared::new(folder, durability)?;
        let log = ready.folder.join("scripts.log");
        let mut command = ready.binaries.command("postgres", ready.account)?;
        let output = File::create(&log).map_err(at(&log))?;
        let mut server = command
            .args(["--single", "-j", "-c", "exit_on_error=on", "-D"])
            .arg(ready.folder.join("data"))
            .arg("postgres")
            .stdin(Stdio::piped())
            .stdout(output.try_clone().map_err(at(&log))?)
            .stderr(output)
            .spawn()
            .map_err(at(&log))?;
        if let Some(mut input) = server.stdin.take() {
            for script in scripts {
                // `;` and an empty line end a command here, even within a function's body.
                let lines: Vec<&str> =
                    script.lines().filter(|line| !line.trim().is_empty()).collect();
                // It ends early at an error, which its status then tells.
                let _ = write!(input, "{}\n;\n\n", lines.join("\n"));
            }
        }
        let status = server.wait().map_err(at(&log))?;
        if status.success() { Ok(()) } else { Err(failed("postgres --single", &log)) }
    }

    /// The URL of a database as one of its logins.
    pub fn url(&self, database: &str, login: &str) -> String {
        super::url(&self.folder, database, login)
    }

    /// The URL of the superuser, who bypasses row security: for setting up, never for a role.
    pub fn superuser_url(&self) -> String {
        self.url("postgres", "postgres")
    }

    /// The server's process number.
    pub fn id(&self) -> u32 {
        self.server.id()
    }

    /// Whether the server has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.server.try_wait(), Ok(None))
    }

    /// What it has said since it was started.
    pub fn log(&self) -> PathBuf {
        self.folder.join("postgres.log")
    }

    /// The data folder, write-ahead log included.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The executables it runs from.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// Kills every process of the server at once and starts it again: for tests of what survives.
    /// As at a power cut, none of them can put anything in order. Unlike at one, what they wrote and
    /// did not sync is kept, since the kernel has it.
    pub fn crash_and_restart(mut self, durability: Durability) -> Result<Postgres, Error> {
        let folder = self.folder.clone();
        if !self.has_ended() {
            self.kill()?;
        }
        drop(self);
        Self::start(&folder, durability)
    }

    fn kill(&mut self) -> Result<(), Error> {
        // It stands still, so that it starts no other and their numbers stay theirs.
        signal(self.id(), Signal::STOP);
        let started = children(self.id());
        signal(self.id(), Signal::KILL);
        for process in &started {
            signal(*process, Signal::KILL);
        }
        self.server.wait().map_err(at(&self.folder))?;
        // While one of them has the shared memory, no other server starts on this folder.
        let killed = Instant::now();
        while started.iter().any(|process| lives(*process)) {
            if killed.elapsed() > PATIENCE {
                return Err(Error::Busy(self.folder.clone()));
            }
            thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    fn wait_until_ready(&mut self, log: &Path) -> Result<(), Error> {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.server.try_wait().map_err(at(&self.folder))? {
                tracing::debug!(%status, "postgres ended while starting");
                return Err(failed("postgres", log));
            }
            let (pid, state) = pid_file(&self.data());
            if pid == Some(self.server.id()) && state == "ready" {
                return Ok(());
            }
            thread::sleep(LOOK_AGAIN);
        }
        Err(Error::Slow(self.folder.clone(), PATIENCE.as_secs()))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The watcher first: it must not signal a number that already belongs to another process.
        let _ = self.watcher.kill();
        let _ = self.watcher.wait();
        // A number that was given back may belong to another process.
        if self.has_ended() {
            return;
        }
        for how in [Signal::INT, Signal::QUIT, Signal::KILL] {
            signal(self.server.id(), how);
            let asked = Instant::now();
            while asked.elapsed() < Duration::from_secs(20) {
                if !matches!(self.server.try_wait(), Ok(None)) {
                    return;
                }
                thread::sleep(LOOK_AGAIN);
            }
        }
    }
}

/// Removes a cluster that nobody is using, its data included.
pub fn discard(folder: &Path) -> Result<(), Error> {
    if !folder.is_dir() {
        return Ok(());
    }
    let folder = fs::canonicalize(folder).map_err(at(folder))?;
    let _lock = lock(&folder)?;
    stop_what_was_left(&folder.join("data"))?;
    fs::remove_dir_all(&folder).map_err(at(&folder))
}

fn make(
    folder: &Path,
    binaries: &Binaries,
    account: Option<Account>,
    durability: Durability,
) -> Result<(), Error> {
    // Made beside and renamed when whole, so that an interrupted initdb is never taken for data.
    let unfinished = folder.join("data.unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(at(&unfinished))?;
    }
    private(&unfinished, account)?;
    let log = folder.join("initdb.log");
    let mut command = binaries.command("initdb", account)?;
    command
        .arg("--pgdata")
        .arg(&unfinished)
        .args(["--username=postgres", "--locale=C", "--encoding=UTF8"])
        .args(["--auth-local=trust", "--auth-host=reject"]);
    if durability == Durability::Disposable {
        command.arg("--no-sync");
    }
    let status = with_log(&mut command, &log).map_err(at(&log))?.wait().map_err(at(folder))?;
    if !status.success() {
        return Err(failed("initdb", &log));
    }
    let data = folder.join("data");
    fs::rename(&unfinished, &data).map_err(at(&data))
}

fn launch(
    ready: &Prepared,
    socket: &Path,
    log: &Path,
    durability: Durability,
) -> Result<Child, Error> {
    let mut command = ready.binaries.command("postgres", ready.account)?;
    command
        .arg("-D")
        .arg(ready.folder.join("data"))
        .arg("-k")
        .arg(socket)
        .args(["-c", "listen_addresses="])
        .args(["-c", "unix_socket_permissions=0700"])
        .args(["-c", "max_connections=200"])
        // Parameters hold ciphertext and hashes only, but a log is not the place for either.
        .args(["-c", "log_parameter_max_length=0"])
        .args(["-c", "log_parameter_max_length_on_error=0"])
        .args(["-c", "log_min_error_statement=panic"]);
    if durability == Durability::Disposable {
        command
            .args(["-c", "fsync=off"])
            .args(["-c", "synchronous_commit=off"])
            .args(["-c", "full_page_writes=off"]);
    }
    with_log(&mut command, log).map_err(at(log))
}

/// Whether a process has not ended yet. One that nobody waited for has, though it is still listed.
fn lives(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && !line.contains(['Z', 'X']))
}

/// Asks the server to stop when this process ends in a way that runs no destructor: the pipe
/// closes with its last writer, `read` returns, and the signal is sent.
fn watch(server: u32) -> io::Result<Child> {
    Command::new("/bin/sh")
        .args(["-c", "read -r _; kill -INT \"$1\"", "sh"])
        .arg(server.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
}

/// Makes `path` a folder for the server's account alone.
fn private(path: &Path, account: Option<Account>) -> Result<(), Error> {
    if !path.is_dir() {
        fs::create_dir(path).map_err(at(path))?;
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(at(path))?;
    if let Some(account) = account {
        chown(path, Some(account.uid), Some(account.gid)).map_err(at(path))?;
    }
    Ok(())
}

fn with_log(command: &mut Command, log: &Path) -> io::Result<Child> {
    let out = File::create(log)?;
    let err = out.try_clone()?;
    command.stdin(Stdio::null()).stdout(out).stderr(err).spawn()
}

fn failed(program: &'static str, log: &Path) -> Error {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    Error::Failed {
        program,
        log: log.to_path_buf(),
        tail: lines[lines.len().saturating_sub(8)..].join("\n"),
    }
}

pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Error + use<> {
    let path = path.to_path_buf();
    move |error| Error::Io(path.clone(), error)
}
