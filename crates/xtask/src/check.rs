//! `cargo xtask check`: everything that can be checked without running the product.

mod cited;
mod locks;
mod openapi;
mod owners;
mod tidy;

use crate::step::{self, Failure, cargo, installed, npm, program};
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

/// Where it is installed: building it costs minutes.
fn deny() -> Result<(), Failure> {
    if !installed("cargo-deny") {
        println!("── licences and advisories: cargo-deny is not installed, left out");
        return Ok(());
    }
    let arguments = ["--locked", "check", "--config", ".deny.toml", "--hide-inclusion-graph"];
    step::run("licences and advisories", &mut program("cargo-deny", arguments))
}
