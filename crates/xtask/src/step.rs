//! One step of a command: what it is, what it runs, how it failed.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use xtask::folder::repository;

/// What failed, for a person to read.
#[derive(Debug)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Failure {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            let said = inner.to_string();
            if !text.contains(&said) {
                text = format!("{text}: {said}");
            }
            cause = inner.source();
        }
        Failure(text)
    }
}

/// Shorthand for a failure in words.
pub fn fail<T>(text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure(text.into()))
}

/// A program to run in the repository, its output shown.
pub fn program<S: AsRef<OsStr>>(name: &str, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(repository()).stdin(Stdio::null());
    command
}

/// The cargo that runs us, on this workspace, its queries checked against `.sqlx` and not against
/// whatever database this shell happens to name.
pub fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = program(&cargo, arguments);
    command.env("SQLX_OFFLINE", "true").env_remove("DATABASE_URL");
    // What cargo set for us is not meant for what we run.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" {
            command.env_remove(name);
        }
    }
    command
}

/// npm in one of the repository's own packages.
pub fn npm<S: AsRef<OsStr>>(folder: &str, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = program("npm", arguments);
    command.current_dir(repository().join(folder));
    command
}

/// Announces a step, runs it, and says how long it took.
pub fn run(what: &str, command: &mut Command) -> Result<(), Failure> {
    println!("── {what}");
    let started = Instant::now();
    let status = command.status().map_err(|error| {
        Failure(format!("{what}: {}: {error}", command.get_program().to_string_lossy()))
    })?;
    if !status.success() {
        return fail(format!("{what}: failed ({status})"));
    }
    println!("   done in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// A program's output, or `None` if it is not there or failed.
pub fn output(command: &mut Command) -> Option<String> {
    let out = command.stderr(Stdio::null()).output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Whether a program is installed.
pub fn installed(name: &str) -> bool {
    found(name).is_some()
}

/// Where a program is installed.
pub fn found(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// A path as the repository knows it.
pub fn relative(path: &Path) -> String {
    path.strip_prefix(repository()).unwrap_or(path).display().to_string()
}
