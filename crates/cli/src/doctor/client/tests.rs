//! The check against a small server on this machine that serves a folder of files.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::*;

/// Files by name, with the suffix of their encoding.
type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

struct Built {
    site: Url,
    files: Files,
    list: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl Built {
    async fn serve() -> Self {
        let mut files = BTreeMap::new();
        let mut list = String::new();
        for name in [PAGE, "family-3FJ2K9QX.js", "worker.js"] {
            for suffix in ["", ".gz", ".br"] {
                let bytes = format!("the bytes of {name}{suffix}").into_bytes();
                list.push_str(&hex::encode(Sha256::digest(&bytes)));
                list.push_str(&["  ", name, suffix, "\n"].concat());
                files.insert(format!("{name}{suffix}"), bytes);
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("family.sha256");
        fs::write(&path, list).unwrap();
        let files = Files::new(Mutex::new(files));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(answer_all(listener, files.clone()));
        Self { site, files, list: path, _folder: folder }
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        change(files.get_mut(name).unwrap());
    }

    async fn wrong(&self) -> Vec<String> {
        let findings = check(&self.site, &self.list).await.unwrap();
        assert_eq!(findings.len(), 9, "three files, each in three ways");
        findings.into_iter().filter_map(Result::err).collect()
    }
}

/// Answers one request a connection.
async fn answer_all(listener: TcpListener, files: Files) {
    while let Ok((stream, _)) = listener.accept().await {
        let mut stream = BufReader::new(stream);
        let (mut name, mut encoding, mut line) = (String::new(), String::new(), String::new());
        while stream.read_line(&mut line).await.is_ok_and(|read| read > 2) {
            if let Some(path) = line.strip_prefix("GET /") {
                name = path.split(' ').next().unwrap_or_default().to_owned();
            } else if let Some(value) = line.strip_prefix("accept-encoding: ") {
                encoding = value.trim().to_owned();
            }
            line.clear();
        }
        let name = if name.is_empty() { PAGE } else { &name };
        let suffix = ENCODINGS.iter().find(|(known, _)| *known == encoding).unwrap().1;
        let file = format!("{name}{suffix}");
        let found = files.lock().unwrap_or_else(PoisonError::into_inner).get(&file).cloned();
        let head = match &found {
            Some(bytes) if suffix.is_empty() => {
                format!("200 OK\r\nContent-Length: {}", bytes.len())
            }
            Some(bytes) => {
                format!("200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {}", bytes.len())
            }
            None => "404 Not Found\r\nContent-Length: 0".to_owned(),
        };
        let head = format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n");
        let _ = stream.write_all(head.as_bytes()).await;
        let _ = stream.write_all(&found.unwrap_or_default()).await;
        let _ = stream.shutdown().await;
    }
}

#[tokio::test]
async fn a_site_that_serves_what_was_built_has_nothing_wrong() {
    let built = Built::serve().await;
    assert_eq!(built.wrong().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_single_changed_byte_is_found_however_the_file_is_served() {
    for suffix in ["", ".gz", ".br"] {
        for name in [PAGE, "family-3FJ2K9QX.js", "worker.js"] {
            let built = Built::serve().await;
            built.change(&format!("{name}{suffix}"), |bytes| bytes[4] ^= 1);
            let wrong = built.wrong().await;
            assert_eq!(wrong.len(), 1, "{wrong:?}");
            assert!(wrong[0].contains(name) && wrong[0].contains("not the bytes"), "{wrong:?}");
        }
    }
}

#[tokio::test]
async fn a_byte_too_many_and_a_missing_file_are_found() {
    let built = Built::serve().await;
    built.change("worker.js", |bytes| bytes.push(b'\n'));
    built.files.lock().unwrap_or_else(PoisonError::into_inner).remove("worker.js.br");
    let wrong = built.wrong().await;
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(wrong[1].contains("404"), "{wrong:?}");
}

#[test]
fn a_list_that_names_things_twice_or_elsewhere_is_no_list() {
    let hash = "ab".repeat(32);
    assert!(parse(&format!("{hash}  index.html\n")).is_some());
    for text in [
        format!("{hash}  index.html\n{hash}  index.html\n"),
        format!("{hash}  ../index.html\n"),
        format!("{hash}  .hidden\n"),
        format!("{hash} index.html\n"),
        format!("{}  index.html\n", &hash[2..]),
        "<html>".to_owned(),
    ] {
        assert!(parse(&text).is_none(), "{text}");
    }
}
