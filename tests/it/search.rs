//! Finding secrets in files, however they are written there.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// The least that is looked for: shorter strings are found by chance.
const SHORTEST: usize = 8;

/// Strings to look for, each with what it is.
#[derive(Default)]
pub struct Needles {
    all: Vec<(String, Vec<u8>)>,
    /// By their first bytes.
    starts: HashMap<[u8; SHORTEST], Vec<usize>>,
    /// The same, two bytes of each: most of a file is passed over by this alone.
    likely: Vec<bool>,
}

impl Needles {
    /// Looks for `secret`: as it is, as hexadecimal, and both in base64 wherever it begins there;
    /// and each of these once more as hexadecimal, as a dump shows columns of bytes.
    pub fn add(&mut self, what: &str, secret: &[u8]) {
        assert!(secret.len() >= SHORTEST, "{what} would be found by chance");
        let plain = [secret.to_vec(), hex::encode(secret).into(), hex::encode_upper(secret).into()];
        for form in plain {
            for encoded in base64(&form).into_iter().chain([form]) {
                self.insert(what, hex::encode(&encoded).into());
                self.insert(what, encoded);
            }
        }
    }

    fn insert(&mut self, what: &str, bytes: Vec<u8>) {
        let Some((start, _)) = bytes.split_first_chunk::<SHORTEST>() else { return };
        self.likely.resize(1 << 16, false);
        self.likely[usize::from(u16::from_be_bytes([start[0], start[1]]))] = true;
        self.starts.entry(*start).or_default().push(self.all.len());
        self.all.push((what.to_owned(), bytes));
    }

    /// What of them is in `content`.
    pub fn found_in(&self, content: &[u8]) -> Vec<&str> {
        let mut found = Vec::new();
        for (at, pair) in content.windows(SHORTEST).enumerate() {
            if !self.likely[usize::from(pair[0]) << 8 | usize::from(pair[1])] {
                continue;
            }
            let candidates = self.starts.get(pair).into_iter().flatten();
            for (what, bytes) in candidates.map(|&index| &self.all[index]) {
                if content[at..].starts_with(bytes) && !found.contains(&what.as_str()) {
                    found.push(what);
                }
            }
        }
        found
    }

    /// What of them is in the files of a folder, and where.
    pub fn found_below(&self, folder: &Path) -> Vec<String> {
        let found = files_below(folder).into_iter().flat_map(|path| {
            // PostgreSQL removes files while we look.
            let content = fs::read(&path).unwrap_or_default();
            let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            let found = self.found_in(&content).into_iter();
            found.map(|what| format!("{what} in {name}")).collect::<Vec<_>>()
        });
        found.collect()
    }
}

/// Every file of a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files.extend(files_below(&entry.path())),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
    files
}

/// What base64 makes of `bytes` at each of the three places where they may begin in a longer text,
/// without the characters that depend on what stands before and after.
fn base64(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let mut text = vec![0; before];
        text.extend_from_slice(bytes);
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&text).into_bytes();
            let first = (before * 8).div_ceil(6);
            forms.push(encoded[first..text.len() * 8 / 6].to_vec());
        }
    }
    forms.dedup();
    forms
}

#[test]
fn a_secret_is_found_however_it_is_written() {
    let mut needles = Needles::default();
    needles.add("it", b"a secret of some length");
    let forms = [
        b"before a secret of some length after".to_vec(),
        hex::encode("x a secret of some length").into(),
        hex::encode_upper("a secret of some length y").into(),
        STANDARD_NO_PAD.encode("a secret of some length").into(),
        STANDARD_NO_PAD.encode(r#"{"a":"a secret of some length"}"#).into(),
        STANDARD_NO_PAD.encode(hex::encode("~ a secret of some length")).into(),
        hex::encode(STANDARD_NO_PAD.encode("12345 a secret of some length...")).into(),
    ];
    for form in forms {
        assert_eq!(needles.found_in(&form), ["it"], "{}", String::from_utf8_lossy(&form));
    }
    assert!(needles.found_in(b"a secret of some lengt").is_empty());
}
