//! The test vectors of the age format (C2SP CCTV) through our keys and our strict header.

use std::{collections::HashMap, fs, path::Path};

use super::*;
use crate::key::{HybridIdentity, X25519Identity};

struct Vector {
    name: String,
    head: HashMap<String, Vec<String>>,
    file: Vec<u8>,
}

impl Vector {
    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).expect("a vector");
        let split = bytes.windows(2).position(|w| w == b"\n\n").expect("an empty line");
        let mut head = HashMap::<_, Vec<_>>::new();
        for line in std::str::from_utf8(&bytes[..split]).expect("text").lines() {
            let (key, value) = line.split_once(": ").expect("a key and a value");
            head.entry(key.to_owned()).or_default().push(value.to_owned());
        }
        let body = &bytes[split + 2..];
        let file = if head.contains_key("compressed") {
            miniz_oxide::inflate::decompress_to_vec_zlib(body).expect("zlib")
        } else {
            body.to_vec()
        };
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        Self { name, head, file }
    }

    fn all(&self, key: &str) -> impl Iterator<Item = &String> {
        self.head.get(key).into_iter().flatten()
    }

    fn one(&self, key: &str) -> &str {
        self.all(key).next().map_or("", String::as_str)
    }

    fn identities(&self) -> Vec<Box<dyn age::Identity>> {
        let keys = self.all("identity").map(|text| -> Box<dyn age::Identity> {
            match text.parse::<HybridIdentity>() {
                Ok(identity) => Box::new(identity),
                Err(_) => Box::new(text.parse::<X25519Identity>().expect("an identity").to_age()),
            }
        });
        let words = self.all("passphrase").map(|text| -> Box<dyn age::Identity> {
            let mut identity = age::scrypt::Identity::new(text.clone().into());
            identity.set_max_work_factor(WORK_FACTOR);
            Box::new(identity)
        });
        keys.chain(words).collect()
    }
}

fn vectors() -> Vec<Vector> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/age");
    let mut vectors: Vec<_> = fs::read_dir(folder)
        .expect("the vectors")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_none())
        .map(|path| Vector::read(&path))
        .collect();
    vectors.sort_by(|a, b| a.name.cmp(&b.name));
    vectors
}

#[test]
fn every_vector_of_the_format_gets_its_verdict() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 110);
    for vector in vectors {
        let opened = vector
            .identities()
            .iter()
            .map(|identity| open(&vector.file, |_| true, identity.as_ref()))
            .find(Result::is_ok);
        let expected = vector.one("expect") == "success";
        assert_eq!(opened.is_some(), expected, "{}: {}", vector.name, vector.one("comment"));
        if let Some(Ok(plaintext)) = opened {
            assert_eq!(hash(&plaintext).to_string(), vector.one("payload"), "{}", vector.name);
        }
    }
}

#[test]
fn only_single_stanzas_of_the_exact_form_count_as_one() {
    let mut single = Vec::new();
    for vector in vectors() {
        match inspect(&vector.file).map(|inspected| inspected.stanzas) {
            Ok(Stanzas::X25519 | Stanzas::Hybrid(_) | Stanzas::Scrypt) => single.push(vector),
            Ok(Stanzas::Other) | Err(_) => {}
        }
    }
    for vector in single {
        let tags = ["-> X25519 ", "-> mlkem768x25519 ", "-> scrypt "];
        let text = String::from_utf8_lossy(&vector.file);
        let stanzas = text.lines().take_while(|line| !line.starts_with("---"));
        let lines: Vec<_> = stanzas.filter(|line| line.starts_with("->")).collect();
        let named = tags.iter().any(|tag| lines.iter().all(|line| line.starts_with(tag)));
        assert!(named && (lines.len() == 1 || lines[0].starts_with(tags[1])), "{}", vector.name);
    }
}
