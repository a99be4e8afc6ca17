//! The committed OpenAPI document is the one the code serves, so that a change of the API is seen.

use std::fs;

use xtask::folder::repository;
use xtask::services;

use crate::step::{Failure, cargo, fail, output, program, run};

const SNAPSHOT: &str = "crates/mediation/openapi.json";

pub fn compare() -> Result<(), Failure> {
    run("OpenAPI document", &mut cargo(["build", "--quiet", "--package", "cli"]))?;
    let postern = services::executable()?;
    let Some(served) = output(&mut program(&postern.to_string_lossy(), ["openapi"])) else {
        return fail("`postern openapi` failed");
    };
    let kept = fs::read_to_string(repository().join(SNAPSHOT)).unwrap_or_default();
    if kept.trim() == served.trim() {
        return Ok(());
    }
    fail(format!(
        "{SNAPSHOT} is not what the code serves; `cargo run -p cli -- openapi > {SNAPSHOT}`"
    ))
}
