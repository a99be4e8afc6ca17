//! `postern doctor --client`: whether a site serves exactly the files of a build.
//!
//! The list comes from the build and not from the site: `web/build/<site>.sha256`, a hash and a
//! name per line as `sha256sum` writes them. Each file is asked for as browsers ask for it, plain
//! and compressed. What this cannot see is a server that answers others differently.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{Failure, with_causes};

use super::Finding;

/// How long one file may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// No file of the pages is longer, in bytes.
const LONGEST: usize = 16 << 20;
/// How a file may be served, and how the list names it then.
const ENCODINGS: [(&str, &str); 3] = [("identity", ""), ("gzip", ".gz"), ("br", ".br")];
/// The page itself, which is served at the root.
const PAGE: &str = "index.html";

/// The files of a build: name and SHA-256.
type List = BTreeMap<String, [u8; 32]>;

/// Asks `site` for every file of the list.
pub async fn check(site: &Url, list: &Path) -> Result<Vec<Finding>, Failure> {
    let list = read(list)?;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()?;
    let mut findings = Vec::new();
    let is_plain = |name: &str| {
        !ENCODINGS.iter().any(|(_, suffix)| !suffix.is_empty() && name.ends_with(suffix))
    };
    for name in list.keys().filter(|name| is_plain(name)) {
        for (encoding, suffix) in ENCODINGS {
            let finding = served(&http, site, name, encoding, list.get(&format!("{name}{suffix}")));
            findings.push(finding.await);
        }
    }
    Ok(findings)
}

/// One file, as a browser that accepts one encoding gets it.
async fn served(
    http: &reqwest::Client,
    site: &Url,
    name: &str,
    encoding: &str,
    expected: Option<&[u8; 32]>,
) -> Finding {
    let wrong = |what: &str| Err(format!("{name} ({encoding}) of {site}: {what}"));
    let Some(expected) = expected else {
        return wrong("the list does not name it so compressed");
    };
    let url = site.join(if name == PAGE { "/" } else { name });
    let url = url.map_err(|error| format!("{name} is no name of a file: {error}"))?;
    let unreachable = |error: reqwest::Error| format!("{name} of {site}: {}", with_causes(&error));
    let request = http.get(url).header(ACCEPT_ENCODING, encoding);
    let mut answer = request.send().await.map_err(unreachable)?;
    if answer.status() != StatusCode::OK {
        return wrong(&format!("answered {}", answer.status()));
    }
    let said = answer.headers().get(CONTENT_ENCODING).map_or(&b"identity"[..], |it| it.as_bytes());
    if said != encoding.as_bytes() {
        return wrong(&format!("served as {}", String::from_utf8_lossy(said)));
    }
    let (mut hash, mut length) = (Sha256::new(), 0);
    while let Some(bytes) = answer.chunk().await.map_err(unreachable)? {
        length += bytes.len();
        if length > LONGEST {
            return wrong("longer than any file of the pages");
        }
        hash.update(&bytes);
    }
    if <[u8; 32]>::from(hash.finalize()) != *expected {
        return wrong("these are not the bytes of the build; do not let people use it");
    }
    Ok(format!("{name} ({encoding}) is as built"))
}

fn read(path: &Path) -> Result<List, Failure> {
    let refused = |why: String| {
        Failure::Change(format!(
            "{}: {why}\n  next: give the list of that build, web/build/family.sha256 or staff.sha256",
            path.display()
        ))
    };
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    let list = parse(&text).ok_or_else(|| refused("not a list of hashes and names".to_owned()))?;
    if list.contains_key(PAGE) {
        Ok(list)
    } else {
        Err(refused("it does not name the page".into()))
    }
}

/// Lines of `HASH  NAME`, each name once and without a folder.
fn parse(text: &str) -> Option<List> {
    let mut list = List::new();
    for line in text.lines() {
        let (hash, name) = line.split_once("  ")?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let mut bytes = [0; 32];
        hex::decode_to_slice(hash, &mut bytes).ok()?;
        let is_name = !name.is_empty() && !name.starts_with('.') && name.chars().all(is_plain);
        if !is_name || list.insert(name.to_owned(), bytes).is_some() {
            return None;
        }
    }
    Some(list)
}

#[cfg(test)]
mod tests;
