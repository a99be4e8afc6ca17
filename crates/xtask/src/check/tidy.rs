//! Small rules over the files themselves.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use xtask::folder::repository;

use super::cited;
use crate::step::{Failure, fail, output, program, relative};

/// A file longer than this is two files.
const LONGEST: usize = 700;
/// Written by a program from the API's description, and read by none but the compiler.
const GENERATED: &str = "web/src/api_types.ts";

pub fn check() -> Result<(), Failure> {
    println!("── tidiness");
    let files = files()?;
    let mut wrong = Vec::new();
    let mut tests = BTreeSet::new();
    for path in &files {
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        let name = relative(path);
        wrong.extend(too_long(&name, &text));
        wrong.extend(sql_outside_the_store(&name, &text));
        wrong.extend(without_purpose(&name, &text));
        wrong.extend(under_another_licence(&name, &text));
        cited::collect(&name, &text, &mut tests);
    }
    wrong.extend(cited::missing(&fs::read_to_string(repository().join(cited::PAGE))?, &tests));
    wrong.extend(changed_migrations()?);
    wrong.extend(migration_numbers()?);
    if wrong.is_empty() { Ok(()) } else { fail(wrong.join("\n   ")) }
}

/// What git knows or would add.
fn files() -> Result<Vec<PathBuf>, Failure> {
    let arguments = ["ls-files", "--cached", "--others", "--exclude-standard"];
    match output(&mut program("git", arguments)) {
        Some(text) => Ok(text
            .lines()
            .map(|line| repository().join(line))
            .filter(|path| path.is_file())
            .collect()),
        None => fail("`git ls-files` failed: is this a clone?"),
    }
}

fn too_long(name: &str, text: &str) -> Option<String> {
    let code = [".rs", ".ts", ".tsx", ".js", ".sql", ".css", ".scss"];
    let lines = text.lines().count();
    (name != GENERATED && code.iter().any(|kind| name.ends_with(kind)) && lines > LONGEST)
        .then(|| format!("{name} has {lines} lines: split it"))
}

/// Statements are written in `store` and `migrations` only. Tests may look behind the scenes.
fn sql_outside_the_store(name: &str, text: &str) -> Vec<String> {
    let product = name.starts_with("crates/") && name.contains("/src/");
    if !product || name.starts_with("crates/store/") || name.starts_with("crates/xtask/src/check/")
    {
        return Vec::new();
    }
    let spelled = ["select ", "insert into ", "delete from ", "with expired ", "update "];
    text.lines()
        .enumerate()
        .filter(|(_, line)| {
            let line = line.trim_start().to_lowercase();
            let Some((_, quoted)) = line.split_once('"') else {
                return false;
            };
            let starts = spelled.iter().find(|start| quoted.starts_with(**start));
            // English sentences begin with these words too.
            starts.is_some_and(|start| match *start {
                "select " => quoted.contains(" from "),
                "update " => quoted.contains(" set "),
                _ => true,
            })
        })
        .map(|(index, _)| format!("{name}:{}: SQL belongs in crates/store", index + 1))
        .collect()
}

/// Each crate opens with what it is for and what is absent from it.
fn without_purpose(name: &str, text: &str) -> Option<String> {
    let root = name.starts_with("crates/") && name.ends_with("/src/lib.rs");
    let purpose =
        text.starts_with("//!") && text.lines().any(|line| line.starts_with("//! Absent from"));
    (root && !purpose).then(|| {
        format!("{name}: say in its first lines what it is for and what is absent from it")
    })
}

/// The licence in the `LICENSE` file, said wherever a package says what it is.
fn under_another_licence(name: &str, text: &str) -> Option<String> {
    let said = match Path::new(name).file_name()?.to_str()? {
        "Cargo.toml" => &["license = \"Apache-2.0\"\n", "license.workspace = true\n"][..],
        "package.json" => &["\n  \"license\": \"Apache-2.0\""],
        // What its root says, before any package it locks.
        "package-lock.json" => &["\n      \"license\": \"Apache-2.0\""],
        _ => return None,
    };
    let own = text.split("\"node_modules/").next().unwrap_or_default();
    (!said.iter().any(|said| own.contains(said)))
        .then(|| format!("{name}: its licence is not Apache-2.0, which is in LICENSE"))
}

/// A migration that others may have applied is never edited or removed.
fn changed_migrations() -> Result<Vec<String>, Failure> {
    let published = ["rev-parse", "--verify", "--quiet", "origin/main"];
    if output(&mut program("git", published)).is_none() {
        return Ok(Vec::new());
    }
    let arguments = ["diff", "--name-status", "--no-renames", "origin/main", "--", "migrations"];
    let Some(text) = output(&mut program("git", arguments)) else {
        return fail("`git diff origin/main` failed");
    };
    Ok(text
        .lines()
        .filter(|line| !line.starts_with('A'))
        .map(|line| format!("{}: a published migration is never changed; add another", line.trim()))
        .collect())
}

fn migration_numbers() -> Result<Vec<String>, Failure> {
    let number = |path: &Path| path.file_name()?.to_str()?.get(..4)?.parse::<usize>().ok();
    let found: Vec<Option<usize>> =
        crate::prepare::migrations()?.iter().map(|path| number(path)).collect();
    let expected: Vec<Option<usize>> = (1..=found.len()).map(Some).collect();
    Ok(if found == expected {
        Vec::new()
    } else {
        vec!["migrations/: numbered 0001, 0002, … without gaps".to_owned()]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_outside_the_store_is_found_and_english_is_not() {
        let found =
            |line: &str| !sql_outside_the_store("crates/mediation/src/letters.rs", line).is_empty();
        assert!(found("    let q = \"select letter_id from letters\";"));
        assert!(found("run(\"INSERT INTO letters values (1)\")"));
        assert!(!found("fail(\"select a letter first\")"));
        assert!(!found("// update letters set state"));
        assert!(
            sql_outside_the_store("crates/store/src/letters.rs", "\"select 1 from letters\"")
                .is_empty()
        );
    }

    #[test]
    fn a_package_under_another_licence_is_found() {
        let found = |name: &str, text: &str| under_another_licence(name, text).is_some();
        assert!(!found("Cargo.toml", "[package]\nlicense.workspace = true\n"));
        assert!(found("a/Cargo.toml", "[package]\nlicense = \"MIT\"\n"));
        assert!(found("a/Cargo.toml", "[package]\n"));
        assert!(!found("package.json", "{\n  \"license\": \"Apache-2.0\"\n}"));
        assert!(found("a/package.json", "{\n  \"license\": \"AGPL-3.0-or-later\"\n}"));
        let lock = |own: &str| {
            format!(
                "{{\n      {own}\n    \"node_modules/a\": {{\n      \"license\": \"Apache-2.0\""
            )
        };
        assert!(!found("package-lock.json", &lock("\"license\": \"Apache-2.0\",")));
        assert!(found("package-lock.json", &lock("\"license\": \"MIT\",")));
        assert!(found("package-lock.json", &lock("")));
        assert!(!found("src/main.rs", ""));
    }

    #[test]
    fn a_long_file_is_named_with_its_length() {
        assert!(too_long("a.rs", &"\n".repeat(LONGEST)).is_none());
        assert!(too_long("a.rs", &"\n".repeat(LONGEST + 1)).is_some());
        assert!(too_long("Cargo.lock", &"\n".repeat(LONGEST + 1)).is_none());
    }
}
