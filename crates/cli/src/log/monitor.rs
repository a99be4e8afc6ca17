//! A monitor: somebody who never sees the database, and keeps what a site says of its log.
//!
//! All it brings is the realm. The site shows the agency's root key, whose hash that must be, and the
//! `agency` statement that the root has signed, which names the log's key; under that key the newest
//! checkpoint must be signed. At every later look the site must prove that the log only grew from
//! what was seen before. What is kept moves on proof alone; where the proof fails, what was seen and
//! what the site says now are kept side by side, for each is signed and together they tell.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use domain::id::Realm;
use seal::envelope::Envelope;
use seal::key::PublicKey;
use seal::statement::Refusal;
use seal::tree;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::whole::Whole;
use super::{Stop, grouped, unread};
use site::Site;

mod seen;
mod site;

pub use seen::Seen;

/// What a site says of its agency.
#[derive(Deserialize)]
struct Agency {
    root: PublicKey,
    statement: Envelope,
}

/// What a site says of its agency and its log.
struct Said {
    agency: Value,
    note: Value,
}

impl Said {
    async fn ask(site: &Site) -> Result<Self, Stop> {
        let agency = site.get("api/agency").await?.ok_or_else(|| site.silent("no agency"))?;
        let note = site.get("api/log/checkpoint").await?;
        Ok(Self { agency, note: note.ok_or_else(|| site.silent("no checkpoint"))? })
    }

    /// All of it, held to the realm.
    fn believe(&self, realm: Realm) -> Result<Seen, Refusal> {
        let (Ok(Agency { root, statement }), Ok(Checkpoint { note })) =
            (Agency::deserialize(&self.agency), Checkpoint::deserialize(&self.note))
        else {
            return Err(Refusal::Malformed);
        };
        Seen::believe(realm, root, statement, note)
    }
}

/// What a site says of a tree.
#[derive(Deserialize)]
struct Checkpoint {
    note: String,
}

/// What a site says of the way between two trees.
#[derive(Deserialize)]
struct Consistency {
    path: Vec<String>,
}

/// Looks at a site's log once, and says what was seen.
pub async fn look(url: &Url, realm: Realm, state: &Path) -> Result<String, Stop> {
    let _alone = alone(state)?;
    let before = Seen::load(state, realm)?;
    let site = Site::new(url)?;
    let mut said = Said::ask(&site).await?;
    let mut believed = said.believe(realm);
    if matches!(believed, Err(Refusal::BadSignature)) {
        // The log's key may have been replaced between the two answers.
        let again = Said::ask(&site).await?;
        if again.agency != said.agency {
            (believed, said) = (again.believe(realm), again);
        }
    }
    let finding = |refusal: Refusal, consistency: Option<&Value>| {
        let Said { agency, note } = &said;
        let said = json!({ "agency": agency, "checkpoint": note, "consistency": consistency });
        found(state, realm, refusal, before.as_ref(), &said)
    };
    let now = match believed {
        Ok(now) => now,
        Err(refusal) => return finding(refusal, None),
    };
    let (size, root) = (now.checkpoint().size, hex::encode(now.checkpoint().root));
    let told = match &before {
        None => "pinned. This is the first look: nothing was compared".to_owned(),
        Some(before) => {
            if let Err(refusal) = before.may_come_before(&now) {
                return finding(refusal, None);
            }
            let from = before.checkpoint().size;
            if size > from {
                let asked = format!("api/log/consistency?from={from}&to={size}");
                let proof = site.get(&asked).await?;
                if !is_proved(before, &now, proof.as_ref()) {
                    return finding(Refusal::OtherLog, proof.as_ref());
                }
            }
            let key = if before.log_key() == now.log_key() {
                ""
            } else {
                ", and the root has given the log another key"
            };
            format!("none changed, {} new since the last look{key}", grouped(size - from))
        }
    };
    now.save(state)?;
    Ok(format!("{} entries, {told}.\ncheckpoint: size {size}, root {root}", grouped(size)))
}

/// Whether a site's proof leads from one tree to the other.
fn is_proved(before: &Seen, now: &Seen, proof: Option<&Value>) -> bool {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    let path = proof.and_then(|proof| Consistency::deserialize(proof).ok()).and_then(|proof| {
        let hashes = proof
            .path
            .iter()
            .map(|hash| tree::Hash::try_from(BASE64_STANDARD.decode(hash).ok()?).ok());
        hashes.collect::<Option<Vec<_>>>()
    });
    let (old, new) = (before.checkpoint(), now.checkpoint());
    path.is_some_and(|path| {
        tree::verify_consistency(old.size, new.size, &old.root, &new.root, &path)
    })
}

/// Keeps what was seen and what the site says now, and tells what is wrong.
fn found(
    state: &Path,
    realm: Realm,
    refusal: Refusal,
    before: Option<&Seen>,
    said: &Value,
) -> Result<String, Stop> {
    let evidence = json!({
        "postern_evidence": 1,
        "realm": realm,
        "refused": refusal.code(),
        "seen": before,
        "said": said,
    });
    let text = format!("{evidence:#}\n");
    // Named after what it says: the same finding at every look is kept once.
    let name = hex::encode(&Sha256::digest(&text)[..8]);
    let path = beside(state, &format!(".evidence-{name}"));
    let written = Whole::begin(&path).and_then(|mut file| {
        file.write(text.as_bytes())?;
        if path.exists() { Ok(()) } else { file.keep_new() }
    });
    let kept = match written {
        Ok(()) => format!("what was seen and what it says now are in {}", path.display()),
        Err(error) => format!("NOT KEPT, {}: {error}; it says: {evidence}", path.display()),
    };
    let next = "keep both files and tell the agency; deploy/README.md, \"The log\", goes on";
    Err(Stop::Mismatch(format!(
        "The log is not what was seen. Do not rely on it.\n  why: {} ({})\n  kept: {kept}\n  next: {next}",
        refusal.explanation(),
        refusal.code(),
    )))
}

/// Held while one look lasts, so that a later one never puts back what it saw before.
fn alone(state: &Path) -> Result<File, Stop> {
    let path = beside(state, ".lock");
    let next = "name a file in a folder where this account may write";
    let file = File::options().create(true).append(true).open(&path);
    let file = file.map_err(|error| unread(&path, &error, next))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(unread(state, &"another monitor is at work on it", "let that one end first"))
        }
        Err(TryLockError::Error(error)) => Err(unread(&path, &error, next)),
    }
}

/// A name that begins as another.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests;
