//! `cargo xtask check`: everything that can be checked without running the product.

mod cited;
mod locks;
mod openapi;
mod owners;
mod tidy;

use crate::step::{self, Failure, cargo, npm, program};
use crate::{install, prepare};

type Check = fn() -> Result<(), Failure>;

/// Runs every check, all of them even when one fails, and gives how many there were.
pub fn run() -> Result<usize, Failure> {
    install::for_checks()?;
    let checks: [(&str, Check); 11] = [
        ("formatting", formatting),
        ("dependencies and their owners", owners::check),
        ("tidiness", tidy::check),
        ("query data", prepare::compare),
        ("clippy", clippy),
        ("licences and advisories", deny),
        ("lockfiles", locks::check),
        ("npm's signatures", locks::signatures),
        ("OpenAPI document", openapi::compare),
        ("TypeScript", || types("TypeScript", "web")),
        ("the journeys' types", || types("the journeys' types", "tests/browser")),
    ];
    let count = checks.len();
    let mut failed = Vec::new();
    for (name, check) in checks {
        if let Err(failure) = check() {
            println!("   {failure}");
            failed.push(name);
        }
    }
    if failed.is_empty() {
        println!("── {count} checks passed");
        return Ok(count);
    }
    step::fail(format!("{} of {count} checks failed: {}", failed.len(), failed.join(", ")))
}

fn types(what: &str, folder: &str) -> Result<(), Failure> {
    step::run(what, &mut npm(folder, ["run", "--silent", "check"]))
}

fn formatting() -> Result<(), Failure> {
    step::run("formatting", &mut cargo(["fmt", "--all", "--check", "--", "--files-with-diff"]))
}

/// `all` is denied by the workspace; the compiler's own warnings are denied here, and `pedantic`
/// stays advice.
fn clippy() -> Result<(), Failure> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--quiet", "--"];
    let denied = ["-Dunused", "-Dmissing_docs", "-Drust_2018_idioms", "-Dclippy::unwrap_used"];
    step::run("clippy", &mut cargo([&arguments[..], &denied[..]].concat()))
}

/// The advisories come from a repository of their own, which not every machine reaches.
fn deny() -> Result<(), Failure> {
    let Some(tool) = install::cargo_deny()? else {
        println!("── licences and advisories: cargo-deny is not to be had here, left out");
        return Ok(());
    };
    let deny = |arguments: &[&str]| {
        let common = ["--locked", "--config", ".deny.toml"];
        program(&tool.to_string_lossy(), [&common, arguments].concat())
    };
    step::run("licences and sources", &mut deny(&["check", "bans", "licenses", "sources"]))?;
    if step::output(&mut deny(&["fetch", "db"])).is_none() {
        println!("── advisories: their database is not to be had here, left out");
        return Ok(());
    }
    step::run("advisories", &mut deny(&["check", "--disable-fetch", "advisories"]))
}
