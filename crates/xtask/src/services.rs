//! The roles of `postern` as separate processes, each with its own configuration and database
//! login, its log in a file, and no way to outlive the run that started it.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A role of `postern`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The API that browsers talk to.
    Mediation,
    /// The worker that verifies and releases.
    Moderation,
    /// The service that sends notices.
    Notification,
}

impl Role {
    /// Every role, in the order they start.
    pub const ALL: [Role; 3] = [Role::Mediation, Role::Moderation, Role::Notification];

    /// The subcommand, and the name of its configuration and log.
    pub fn name(self) -> &'static str {
        match self {
            Role::Mediation => "mediation",
            Role::Moderation => "moderation",
            Role::Notification => "notification",
        }
    }
}

/// Why a role is not running.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was built.
    #[error("the executable `postern` is not built; run `cargo build --package cli` first")]
    NotBuilt,
    /// It could not be started, or its log not be read.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// It ended.
    #[error("postern {role} ended ({status}); the last lines of {log}:\n{tail}")]
    Ended {
        /// Which role or command.
        role: String,
        /// How it ended.
        status: String,
        /// Its log.
        log: PathBuf,
        /// The end of its log.
        tail: String,
    },
    /// It runs, but did not get ready.
    #[error("postern {role} was not ready within {seconds} seconds; see {log}")]
    Slow {
        /// Which role.
        role: &'static str,
        /// How long we waited.
        seconds: u64,
        /// Its log.
        log: PathBuf,
    },
}

/// How to see that a role is ready.
#[derive(Clone, Debug)]
pub enum Ready {
    /// `/readyz` answers 200 on each of these.
    Http(Vec<SocketAddr>),
    /// Its log says so.
    Logged(&'static str),
}

/// The `postern` beside this executable: `target/debug/postern` for the demo (`target/debug/xtask`)
/// and for tests (`target/debug/deps/it-…`), or the one named in `POSTERN_EXECUTABLE`.
pub fn executable() -> Result<PathBuf, Error> {
    if let Some(named) = env::var_os("POSTERN_EXECUTABLE") {
        return Ok(named.into());
    }
    let here = env::current_exe().map_err(|_| Error::NotBuilt)?;
    here.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("postern"))
        .find(|path| path.is_file())
        .ok_or(Error::NotBuilt)
}

/// Runs one `postern` command to its end and gives what it printed.
pub fn run(arguments: &[&str], log: &Path) -> Result<String, Error> {
    let executable = executable()?;
    let out = bare(&executable)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(append(log)?)
        .output()
        .map_err(|e| Error::Io(executable, e))?;
    if !out.status.success() {
        return Err(Error::Ended {
            role: arguments.join(" "),
            status: out.status.to_string(),
            log: log.to_path_buf(),
            tail: tail(log),
        });
    }
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// A running role; dropping it stops it.
#[derive(Debug)]
pub struct Service {
    role: Role,
    log: PathBuf,
    child: Child,
}

impl Service {
    /// Starts a role. It stops by itself when this process ends, even by SIGKILL: its standard
    /// input is a pipe of ours, and it is told to stop when that closes.
    /// `environment` is all it gets beyond where to find certificates.
    pub fn start(
        role: Role,
        config: &Path,
        log: &Path,
        environment: &[(&str, PathBuf)],
    ) -> Result<Service, Error> {
        let executable = executable()?;
        let child = bare(&executable)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .args([role.name(), "--stop-with-stdin", "--config"])
            .arg(config)
            .stdin(Stdio::piped())
            .stdout(append(log)?)
            .stderr(append(log)?)
            // Ctrl-C reaches the run that owns it, which then stops things in order.
            .process_group(0)
            .spawn()
            .map_err(|e| Error::Io(executable, e))?;
        Ok(Service { role, log: log.to_path_buf(), child })
    }

    /// Waits until it can do its work.
    pub async fn wait_until_ready(&mut self, ready: &Ready, log_from: u64) -> Result<(), Error> {
        const PATIENCE: Duration = Duration::from_mins(1);
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            let ended = self.child.try_wait().map_err(|e| Error::Io(self.log.clone(), e))?;
            if let Some(status) = ended {
                return Err(Error::Ended {
                    role: self.role.name().to_owned(),
                    status: status.to_string(),
                    log: self.log.clone(),
                    tail: tail(&self.log),
                });
            }
            let done = match ready {
                Ready::Http(addresses) => all_answer(addresses).await,
                Ready::Logged(words) => said_since(&self.log, log_from, words),
            };
            if done {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(Error::Slow {
            role: self.role.name(),
            seconds: PATIENCE.as_secs(),
            log: self.log.clone(),
        })
    }

    /// Its process number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = Pid::from_raw(self.child.id().cast_signed()) {
            let _ = kill_process(pid, signal);
        }
    }

    /// Ends it at once, without warning, as a crash would.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A role that stands still: the clock goes on and the process does not.
#[derive(Debug)]
pub struct StoodStill(Service);

impl StoodStill {
    pub(crate) fn new(service: Service) -> Self {
        service.signal(Signal::STOP);
        Self(service)
    }

    /// Lets it go on where it was, and asks it to stop once what it has in hand is done.
    pub fn go_on(self) {
        self.0.signal(Signal::CONT);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // A child that was waited for has given its number back.
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        self.signal(Signal::TERM);
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(15) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        tracing::warn!(role = self.role.name(), "did not stop when asked: killed");
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Nothing of this machine's settings reaches the roles but where to find certificates.
fn bare(executable: &Path) -> Command {
    let mut command = Command::new(executable);
    command.env_clear();
    for kept in ["PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "RUST_BACKTRACE"] {
        if let Some(value) = env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command
}

async fn all_answer(addresses: &[SocketAddr]) -> bool {
    for address in addresses {
        if !matches!(ask(*address).await, Ok(true)) {
            return false;
        }
    }
    true
}

/// One question in plain HTTP/1.1: no client library is worth this.
async fn ask(address: SocketAddr) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await?;
    Ok(&answer == b"HTTP/1.1 200")
}

fn said_since(log: &Path, from: u64, words: &str) -> bool {
    let text = fs::read(log).unwrap_or_default();
    let from = usize::try_from(from).unwrap_or(usize::MAX).min(text.len());
    String::from_utf8_lossy(&text[from..]).contains(words)
}

fn append(log: &Path) -> Result<File, Error> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .map_err(|e| Error::Io(log.to_path_buf(), e))
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
