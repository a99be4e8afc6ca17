//! The files that Rust and TypeScript share, `tests/vectors/postern/`: each side writes its own
//! folder and reads both. `cargo test -p seal -- --ignored write_file_vectors` writes Rust's.

mod read;
mod schema;
mod write;

use std::{fs, path::PathBuf};

use serde::{Serialize, de::DeserializeOwned};

fn folder(side: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/postern").join(side)
}

/// Writes one of Rust's own files, one entry a line.
fn write<T: Serialize>(name: &str, entries: &[T]) {
    fs::create_dir_all(folder("rust")).expect("a folder");
    let lines: Vec<String> =
        entries.iter().map(|entry| serde_json::to_string(entry).expect("JSON")).collect();
    let text = format!("[\n{}\n]\n", lines.join(",\n"));
    fs::write(folder("rust").join(name).with_extension("json"), text).expect("written");
}

/// Checks every entry of both sides' files. A missing file fails: nothing is skipped.
fn each<T: DeserializeOwned>(name: &str, check: impl Fn(T)) {
    for side in ["rust", "typescript"] {
        let path = folder(side).join(name).with_extension("json");
        let text =
            fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is there", path.display()));
        let entries: Vec<T> = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{} has the schema: {error}", path.display()));
        assert!(!entries.is_empty(), "{}", path.display());
        entries.into_iter().for_each(&check);
    }
}
