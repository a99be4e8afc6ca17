//! `cargo xtask journeys`: people's journeys through the screens, in a real browser, against real
//! processes.

mod agency;
mod coming_back;
mod control;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use xtask::folder::{self, repository};
use xtask::postgres::{self, Durability, Postgres};

use crate::install;
use crate::step::{self, Failure, cargo, fail, run as step};
use crate::web;

/// Where the journeys are.
const FOLDER: &str = "tests/browser";

/// A journey that hangs fails; two cores carry one at a time.
const OPTIONS: [&str; 4] =
    ["--test", "--test-concurrency=1", "--test-timeout=600000", "--test-reporter=spec"];

/// Installs and builds what is missing, and runs `files`, or every journey.
pub fn run(files: &[PathBuf]) -> Result<(), Failure> {
    install::for_journeys()?;
    let Some(browser) = install::browser() else {
        return fail("the journeys need a browser: install chromium, or name one in CHROME");
    };
    step("building postern", &mut cargo(["build", "--quiet", "--package", "cli"]))?;
    carry_out(&browser, files)
}

/// Runs journeys with what is already built, in a folder and a cluster of their own.
pub fn carry_out(browser: &Path, files: &[PathBuf]) -> Result<(), Failure> {
    let built = web::build()?;
    let folder = folder::state()?.join("journeys");
    let cluster = folder.join("postgres");
    postgres::discard(&cluster)?;
    discard(&folder)?;
    let server = Postgres::start(&cluster, Durability::Disposable)?;
    // A copy: somebody may build anew meanwhile.
    let pages = folder.join("pages");
    web::copy(&built, &pages)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        let control =
            control::Control::new(&folder, &pages, server.superuser_url(), files.len() != 1);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let world = folder.join("world.json");
        let control_url = format!("http://{address}{}", control.path());
        let content = json!({ "control": control_url, "browser": browser });
        folder::write_private(&world, &content.to_string())?;
        let router = control.router();
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        let done = until_done(node(&world, files)?).await;
        serving.abort();
        done
    });
    // What the last agencies run in ends before their database.
    drop(runtime);
    drop(server);
    done?;
    postgres::discard(&cluster)?;
    discard(&folder)
}

/// A signal ends the journeys, and then everything they run in.
async fn until_done(node: Command) -> Result<(), Failure> {
    println!("── journeys");
    let started = Instant::now();
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut node = tokio::process::Command::from(node);
    let mut node = node.kill_on_drop(true).spawn()?;
    let status = tokio::select! {
        status = node.wait() => status?,
        _ = interrupt.recv() => return fail("journeys: interrupted"),
        _ = terminate.recv() => return fail("journeys: interrupted"),
    };
    if !status.success() {
        return fail(format!("journeys: failed ({status})"));
    }
    println!("   done in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// Node's own test runner.
fn node(world: &Path, files: &[PathBuf]) -> Result<Command, Failure> {
    let mut tests: Vec<PathBuf> =
        files.iter().map(std::path::absolute).collect::<Result<_, _>>()?;
    if tests.is_empty() {
        for entry in std::fs::read_dir(repository().join(FOLDER))? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(".test.js") {
                tests.push(path);
            }
        }
        tests.sort_unstable();
    }
    let mut node = step::program("node", OPTIONS);
    node.args(tests).env("POSTERN_WORLD", world);
    if coming_back::psql().is_none() {
        node.env("POSTERN_NO_PSQL", "");
    }
    Ok(node)
}

fn discard(folder: &Path) -> Result<(), Failure> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
