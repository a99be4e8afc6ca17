//! The web client's pages, built before they are served.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use xtask::folder::repository;

use crate::step::{Failure, fail, npm, run};

const SITES: [&str; 2] = ["family", "staff"];
/// What is in `web/` and no part of the pages.
const BESIDE: [&str; 4] = ["node_modules", "build", "test", "README.md"];
/// `web/src/seal/words.ts` reads the words from here.
const WORDS: &str = "crates/seal/src/words.txt";

/// Builds both sites if what they are made of is not what they were made of, and gives the folder
/// that holds `family` and `staff`: `POSTERN_PAGES`, where they were built elsewhere.
pub fn build() -> Result<PathBuf, Failure> {
    if let Some(elsewhere) = env::var_os("POSTERN_PAGES") {
        return Ok(PathBuf::from(elsewhere));
    }
    let built = repository().join("web/build");
    let sites = SITES.map(|site| built.join(site).join("index.html"));
    let stamp = built.join(".built-from");
    let source = source()?;
    let is_there = || sites.iter().all(|page| page.is_file());
    if is_there() && fs::read_to_string(&stamp).is_ok_and(|from| from == source) {
        return Ok(built);
    }
    run("the pages", &mut npm("web", ["run", "--silent", "build"]))?;
    if !is_there() {
        return fail("`npm run build` in web/ left no web/build/family and web/build/staff");
    }
    fs::write(stamp, source)?;
    Ok(built)
}

/// Copies what was built, with the list of its files beside each site.
pub fn copy(built: &Path, to: &Path) -> Result<(), Failure> {
    for site in SITES {
        fs::create_dir_all(to)?;
        let list = format!("{site}.sha256");
        fs::copy(built.join(&list), to.join(list))?;
        let (from, to) = (built.join(site), to.join(site));
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// One hash of every file that the pages are made of.
fn source() -> Result<String, Failure> {
    let mut files = vec![repository().join(WORDS)];
    for entry in fs::read_dir(repository().join("web"))? {
        let entry = entry?;
        if !BESIDE.iter().any(|name| entry.file_name() == *name) {
            walk(&entry.path(), &mut files)?;
        }
    }
    files.sort_unstable();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.as_os_str().as_encoded_bytes());
        hash.update([0]);
        hash.update(Sha256::digest(fs::read(&file)?));
    }
    Ok(hex::encode(hash.finalize()))
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        walk(&entry?.path(), files)?;
    }
    Ok(())
}
