//! A target over its committed corpus, and over seeded mutations of it.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Target, mutate::mutated};
use crate::testing::Seeded;

/// Mutations of a corpus in one run of the tests.
const MUTATIONS: usize = 4000;

/// Inputs: a name, and the bytes.
pub type Seeds = Vec<(String, Vec<u8>)>;

pub(super) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn folder(name: &str) -> PathBuf {
    repository().join("tests/fuzz/corpus").join(name)
}

/// A corpus: the name of each file, and what is in it.
fn read(name: &str) -> Seeds {
    let folder = folder(name);
    let mut files: Seeds = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry"))
        .map(|entry| {
            let name = entry.file_name().into_string().expect("a name in ASCII");
            (name, fs::read(entry.path()).expect("a file"))
        })
        .collect();
    files.sort_unstable();
    files
}

/// How many files the table in `tests/fuzz/README.md` says there are.
fn said_to_be(name: &str) -> Option<usize> {
    let page = fs::read_to_string(repository().join("tests/fuzz/README.md")).expect("the page");
    let row = page.lines().find_map(|line| line.strip_prefix(&format!("| `{name}` | ")))?;
    row.split_once(' ')?.0.parse().ok()
}

/// Each file is read or refused as its name says, and there are some of both: as many as the page
/// beside them says.
pub fn is_as_named(name: &str, target: Target) {
    let files = read(name);
    assert_eq!(said_to_be(name), Some(files.len()), "{name}: the table in tests/fuzz/README.md");
    let read = files.iter().filter(|(file, _)| file.starts_with("read-")).count();
    assert!(read > 0 && read < files.len(), "{name}: some are read and some refused");
    for (file, bytes) in files {
        assert_eq!(target(&bytes), file.starts_with("read-"), "{name}/{file}");
    }
}

/// Thousands of mutations of the corpus; the target panics where a promise is broken. Says how many
/// there were, and how many were accepted.
pub fn drive(name: &str, target: Target, seed: u64) {
    let (files, mut rng) = (read(name), Seeded::new(seed));
    let mut accepted = 0;
    for round in 0..MUTATIONS {
        let (_, of) = &files[round % files.len()];
        // Another neighbour each time round.
        let (_, other) = &files[(round / files.len() + round) % files.len()];
        accepted += usize::from(target(&mutated(of, other, &mut rng)));
    }
    println!("{name}: {} files, {MUTATIONS} mutations, {accepted} accepted", files.len());
}

/// Writes a corpus anew, each file named by what the target says of it.
pub fn write(name: &str, target: Target, seeds: Seeds) {
    let folder = folder(name);
    fs::create_dir_all(&folder).expect("a folder");
    for (label, bytes) in seeds {
        let verdict = if target(&bytes) { "read" } else { "refused" };
        fs::write(folder.join(format!("{verdict}-{label}")), bytes).expect("written");
    }
}
