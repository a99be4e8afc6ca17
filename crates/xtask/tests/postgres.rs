//! The private cluster's promises, on real clusters.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene fails")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use xtask::postgres::{Durability, Error, Postgres};

/// Not `/tmp/.tmpXXXX`: tempfile makes those 0700, which the dropped account cannot pass.
fn scratch(name: &str) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::Builder::new().prefix(name).tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn server_of(folder: &Path) -> Option<u32> {
    let text = fs::read_to_string(folder.join("data/postmaster.pid")).ok()?;
    text.lines().next()?.parse().ok()
}

/// A process that ended but that nobody has waited for has an empty command line.
fn alive(pid: u32) -> bool {
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

#[test]
fn a_cluster_is_made_started_stopped_and_found_again() {
    let folder = scratch("cluster");
    let first = Postgres::start(folder.path(), Durability::Disposable).unwrap();
    let pid = server_of(folder.path()).unwrap();
    assert!(alive(pid));
    assert!(first.superuser_url().starts_with("postgres:///postgres?host=/"));
    let made = fs::metadata(first.data().join("PG_VERSION")).unwrap().modified().unwrap();
    drop(first);
    assert!(!alive(pid));

    let again = Postgres::start(folder.path(), Durability::Disposable).unwrap();
    let kept = fs::metadata(again.data().join("PG_VERSION")).unwrap().modified().unwrap();
    assert_eq!(made, kept);
}

#[test]
fn scripts_run_without_a_client() {
    let folder = scratch("cluster");
    let run = |script: &str| {
        Postgres::run_scripts(folder.path(), Durability::Disposable, &[script.to_owned()])
    };
    run("create table letters (n int);\n\ninsert into letters values (1);").unwrap();
    run("do $$ begin\n  perform n from letters;\n\n  perform 1;\nend $$").unwrap();
    let refused = run("select n from nothing;");
    assert!(matches!(refused, Err(Error::Failed { .. })), "{refused:?}");
}

#[test]
fn two_runs_never_share_a_cluster() {
    let folder = scratch("cluster");
    let _first = Postgres::start(folder.path(), Durability::Disposable).unwrap();
    let second = Postgres::start(folder.path(), Durability::Disposable);
    assert!(matches!(second, Err(Error::Busy(_))), "{second:?}");
}

#[test]
fn a_crash_leaves_no_process_of_a_server_and_lets_none_say_a_word() {
    let folder = scratch("cluster");
    let server = Postgres::start(folder.path(), Durability::Durable).unwrap();
    let before = server_of(folder.path()).unwrap();
    let started = children(before);
    assert!(started.len() > 2, "{started:?}");
    // What it says goes on to the same file, and the next server begins another.
    let log = folder.path().join("kept.log");
    fs::rename(server.log(), &log).unwrap();
    let said = fs::read_to_string(&log).unwrap();

    let server = server.crash_and_restart(Durability::Durable).unwrap();
    assert_ne!(before, server_of(folder.path()).unwrap());
    assert!(!alive(before) && !started.into_iter().any(alive));
    assert_eq!(fs::read_to_string(log).unwrap(), said);
    let now = fs::read_to_string(server.log()).unwrap();
    assert!(now.contains("not properly shut down; automatic recovery"), "{now}");
}

#[test]
fn a_folder_too_long_for_a_socket_is_named() {
    let folder = scratch("cluster");
    let long = folder.path().join("x".repeat(100));
    let refused = Postgres::start(&long, Durability::Disposable);
    assert!(matches!(refused, Err(Error::TooLong(_))), "{refused:?}");
}

#[test]
fn a_killed_run_leaves_no_server_behind() {
    let folder = scratch("cluster");
    let mut run = start_a_run(folder.path());
    let server = server_of(folder.path()).unwrap();
    run.kill().unwrap();
    run.wait().unwrap();
    wait_for("the server stops by itself", || !alive(server));
}

#[test]
fn a_server_that_was_left_behind_is_stopped_by_the_next_run() {
    let folder = scratch("cluster");
    let mut run = start_a_run(folder.path());
    let server = server_of(folder.path()).unwrap();
    // Everything but the server is killed, the watcher first.
    for child in children(run.id()).into_iter().filter(|pid| *pid != server) {
        kill(child);
    }
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(alive(server));
    let _again = Postgres::start(folder.path(), Durability::Disposable).unwrap();
    assert!(!alive(server));
}

/// This test executable again, as the run that is killed.
fn start_a_run(folder: &Path) -> Child {
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_run_that_is_killed", "--ignored", "--quiet"])
        .env("CLUSTER", folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let started = folder.join("started");
    wait_for("the run starts its server", || started.exists());
    run
}

fn children(of: u32) -> Vec<u32> {
    fs::read_dir(format!("/proc/{of}/task"))
        .unwrap()
        .flatten()
        .filter_map(|task| fs::read_to_string(task.path().join("children")).ok())
        .flat_map(|text| {
            let numbers = text.split_whitespace().map(|pid| pid.parse().unwrap());
            numbers.collect::<Vec<u32>>()
        })
        .collect()
}

fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

#[test]
#[ignore = "the part of `start_a_run`"]
fn the_run_that_is_killed() {
    let Some(folder) = std::env::var_os("CLUSTER") else {
        return;
    };
    let folder = Path::new(&folder);
    let _server = Postgres::start(folder, Durability::Disposable).unwrap();
    fs::write(folder.join("started"), "").unwrap();
    std::thread::park();
}

fn wait_for(what: &str, done: impl Fn() -> bool) {
    let asked = Instant::now();
    while !done() {
        assert!(asked.elapsed() < Duration::from_secs(90), "{what}: not within 90 s");
        std::thread::sleep(Duration::from_millis(10));
    }
}
