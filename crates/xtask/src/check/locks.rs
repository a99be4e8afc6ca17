//! Whatever is taken from a registry is named with its hash in a lockfile that is committed.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask::folder::repository;

use crate::install;
use crate::step::{Failure, cargo, fail, output, program, relative};

pub fn check() -> Result<(), Failure> {
    println!("── lockfiles");
    let mut wrong = Vec::new();
    for manifest in ["Cargo.toml", "tests/fuzz/Cargo.toml"] {
        let arguments = ["metadata", "--locked", "--format-version", "1", "--manifest-path"];
        if output(cargo(arguments).arg(repository().join(manifest))).is_none() {
            wrong.push(format!("{manifest}: its Cargo.lock is missing or not up to date"));
        }
    }
    for manifest in committed("package.json")? {
        wrong.extend(npm_lock(manifest.parent().unwrap_or(&manifest))?);
    }
    for requirements in committed("requirements.txt")? {
        let text = fs::read_to_string(&requirements)?;
        wrong.extend(python_lock(&relative(&requirements), &text));
    }
    if wrong.is_empty() { Ok(()) } else { fail(wrong.join("\n   ")) }
}

/// Whether npm's registry signed what is installed. A registry that does not answer that, or none,
/// is no failure: the lockfile's hashes hold either way.
pub fn signatures() -> Result<(), Failure> {
    let audit = ["audit", "signatures", "--json", "--fetch-retries=0", "--loglevel=silent"];
    println!("── npm's signatures");
    for manifest in committed("package.json")? {
        let here = manifest.parent().unwrap_or(&manifest);
        let folder = &relative(here);
        // npm looks at what is installed, and not everything is needed on every machine.
        let Some(installed) = install::installed_from(here)? else {
            println!("   {folder}: not installed here, left out");
            continue;
        };
        let answer = program("npm", audit).current_dir(installed).output()?;
        let Ok(said) = serde_json::from_slice::<Value>(&answer.stdout) else {
            println!("   {folder}: not to be had here, left out");
            continue;
        };
        let invalid = said["invalid"].as_array().map_or(0, Vec::len);
        if invalid > 0 {
            return fail(format!("{folder}: {invalid} packages with a wrong signature: {said}"));
        }
        let told = if said["error"].is_null() { "none is wrong" } else { "not to be had here" };
        println!("   {folder}: {told}");
    }
    Ok(())
}

/// Every file of this name that is committed.
fn committed(name: &str) -> Result<Vec<PathBuf>, Failure> {
    match output(&mut program("git", ["ls-files", "--", name, &format!("**/{name}")])) {
        Some(text) => Ok(text.lines().map(|line| repository().join(line)).collect()),
        None => fail("`git ls-files` failed: is this a clone?"),
    }
}

/// The lockfile stands for the very dependencies of `package.json`, each with its hash.
fn npm_lock(folder: &Path) -> Result<Vec<String>, Failure> {
    let name = relative(folder);
    let read = |file: &str| -> Result<Value, Failure> {
        Ok(serde_json::from_str(&fs::read_to_string(folder.join(file))?)?)
    };
    let manifest = read("package.json")?;
    let Ok(lock) = read("package-lock.json") else {
        return Ok(vec![format!("{name}/package-lock.json: missing or no lockfile")]);
    };
    let mut wrong = Vec::new();
    for kind in ["dependencies", "devDependencies", "optionalDependencies"] {
        if lock["packages"][""][kind] != manifest[kind] {
            wrong.push(format!("{name}/package-lock.json: its {kind} are not package.json's"));
        }
    }
    wrong.extend(without_hash(&name, &lock));
    Ok(wrong)
}

fn without_hash(name: &str, lock: &Value) -> Vec<String> {
    let packages = lock["packages"].as_object().into_iter().flatten();
    packages
        .filter(|(path, entry)| {
            let hash = entry["integrity"].as_str().unwrap_or_default();
            !path.is_empty() && !hash.starts_with("sha512-")
        })
        .map(|(path, _)| format!("{name}/package-lock.json: {path} has no SHA-512"))
        .collect()
}

/// Every requirement is one version, with hashes.
fn python_lock(name: &str, text: &str) -> Vec<String> {
    // A requirement goes on over lines that end in a backslash.
    let whole = text.replace("\\\n", " ");
    whole
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter(|line| !line.contains("==") || !line.contains("--hash=sha256:"))
        .map(|line| format!("{name}: {line}: no version or no hash"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_without_its_hash_is_found() {
        let lock = |hash: &str| serde_json::json!({"packages": {"": {}, "node_modules/a": {"integrity": hash}}});
        assert!(without_hash("web", &lock("sha512-abc")).is_empty());
        assert_eq!(without_hash("web", &lock("sha1-abc")).len(), 1);
        assert_eq!(without_hash("web", &lock("")).len(), 1);
        assert!(
            python_lock("requirements.txt", "# why\na==1 \\\n    --hash=sha256:00\n").is_empty()
        );
        assert_eq!(python_lock("requirements.txt", "a==1\n").len(), 1);
        assert_eq!(python_lock("requirements.txt", "a>=1 --hash=sha256:00\n").len(), 1);
    }
}
