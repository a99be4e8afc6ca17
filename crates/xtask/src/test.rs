//! `cargo xtask test`: every check, then every test, against a PostgreSQL of its own.

use std::time::Instant;

use xtask::folder;
use xtask::postgres::{self, Durability, Postgres};

use crate::step::{Failure, cargo, installed, npm, run as step};
use crate::{check, install, journeys};

/// Runs them all; the first group that fails ends it.
pub fn run() -> Result<(), Failure> {
    let started = Instant::now();
    install::for_tests()?;
    let checks = check::run()?;
    // Built before the tests: those with real processes look for `postern` beside themselves.
    step("building everything", &mut cargo(["build", "--quiet", "--workspace", "--all-targets"]))?;

    let cluster = folder::state()?.join("test");
    postgres::discard(&cluster)?;
    let server = Postgres::start(&cluster, Durability::Disposable)?;
    // A test that cannot run is left out by name, never counted as passed.
    let with_exim = install::has_exim();
    let of_crates: &[&str] = match (installed("cargo-nextest"), with_exim) {
        (true, true) => &["nextest", "run", "--no-fail-fast", "--workspace"],
        (true, false) => {
            &["nextest", "run", "--no-fail-fast", "--workspace", "-E", "not test(/^exim::/)"]
        }
        (false, true) => &["test", "--no-fail-fast", "--workspace", "--exclude", "tests"],
        (false, false) => &[
            "test",
            "--no-fail-fast",
            "--workspace",
            "--exclude",
            "tests",
            "--",
            "--skip",
            "exim::",
        ],
    };
    // In one process each way: these tests share an agency, and founding it takes longer than any
    // of them. `--workspace` keeps what was built.
    let schemathesis = install::schemathesis()?;
    let faketime = install::faketime()?;
    let clients = ["psql", "pg_dump", "pg_restore"];
    let has_clients = clients.iter().all(|name| server.binaries().program(name).is_some());
    let mut of_it_all = vec!["test", "--workspace", "--test", "it", "--"];
    if schemathesis.is_none() {
        of_it_all.extend(["--skip", "described::"]);
    }
    if !has_clients {
        of_it_all.extend(["--skip", "restore::"]);
    }
    for (what, arguments) in [("Rust tests", of_crates), ("tests of it all", &of_it_all)] {
        let mut tests = cargo(arguments);
        tests.env("POSTERN_TEST_DATABASE_URL", server.superuser_url());
        tests.envs(schemathesis.iter().map(|program| ("POSTERN_SCHEMATHESIS", program)));
        tests.envs(faketime.iter().map(|library| ("POSTERN_FAKETIME", library)));
        step(what, &mut tests)?;
    }
    drop(server);
    postgres::discard(&cluster)?;

    step("TypeScript tests", &mut npm("web", ["test", "--silent"]))?;

    let browser = install::browser();
    if let Some(browser) = &browser {
        journeys::carry_out(browser, &[])?;
    }

    // By cargo: building everything may have built this very executable anew.
    let demo = ["run", "--quiet", "--package", "xtask", "--", "demo", "--check"];
    step("one letter's whole way", &mut cargo(demo))?;

    println!(
        "\nEverything passed in {} minutes: {checks} checks, the Rust and TypeScript tests{}, and one letter's whole way.",
        started.elapsed().as_secs().div_ceil(60),
        if browser.is_some() { ", the journeys" } else { "" },
    );
    if !with_exim {
        println!("Left out: the notification service's tests with Exim, which is not installed.");
    }
    if schemathesis.is_none() {
        println!("Left out: the API's description driven by schemathesis: no Python, or no PyPI.");
    }
    if !has_clients {
        println!(
            "Left out: a backup and its restore: this PostgreSQL brings no psql, pg_dump and pg_restore."
        );
    }
    if faketime.is_none() {
        println!("Left out: the clocks that go wrong among the faults: no libfaketime.");
    }
    if browser.is_none() {
        println!("Left out: the journeys through the screens: no Chromium is installed.");
    }
    Ok(())
}
