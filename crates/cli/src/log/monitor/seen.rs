//! What a monitor has seen: everything that proves it, so that the file alone can be judged by
//! anybody who has the realm.

use std::io::ErrorKind;
use std::path::Path;

use domain::id::Realm;
use seal::checkpoint::Checkpoint;
use seal::envelope::Envelope;
use seal::key::PublicKey;
use seal::statement::{Agency, Body, Refusal};
use serde::{Deserialize, Serialize};

use crate::log::whole::Whole;
use crate::log::{Stop, unread};

/// The version of the file.
const VERSION: u8 = 1;

/// A checkpoint, and what ties the key it is signed with to the realm.
#[derive(Clone, Debug, Serialize)]
#[serde(into = "Kept")]
pub struct Seen {
    kept: Kept,
    checkpoint: Checkpoint,
}

/// As it stands in the file: one line of JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    postern_monitor: u8,
    realm: Realm,
    root: PublicKey,
    agency: Envelope,
    note: String,
}

impl From<Seen> for Kept {
    fn from(seen: Seen) -> Self {
        seen.kept
    }
}

impl Seen {
    /// Verifies all of it from the realm: the root key, the statement that the root has signed, and
    /// the checkpoint under the key that this names.
    pub fn believe(
        realm: Realm,
        root: PublicKey,
        agency: Envelope,
        note: String,
    ) -> Result<Self, Refusal> {
        if root.realm() != realm {
            return Err(Refusal::WrongRealm);
        }
        if agency.key_hint().is_some() {
            return Err(Refusal::NotEntitled);
        }
        let statement = agency.verify(&root)?;
        if statement.realm != realm {
            return Err(Refusal::WrongRealm);
        }
        let Body::Agency(Agency { log_key, .. }) = &statement.body else {
            return Err(Refusal::WrongKind);
        };
        let checkpoint = Checkpoint::verify(&note, realm, log_key)?;
        let kept = Kept { postern_monitor: VERSION, realm, root, agency, note };
        Ok(Self { kept, checkpoint })
    }

    /// What the log was.
    pub const fn checkpoint(&self) -> Checkpoint {
        self.checkpoint
    }

    /// Whether another look may show that, before any proof: neither the agency's statement nor the
    /// log went back, and of one size there is one tree.
    pub fn may_come_before(&self, now: &Self) -> Result<(), Refusal> {
        if self.kept.agency.id() != now.kept.agency.id() && self.version() >= now.version() {
            return Err(Refusal::WrongVersion);
        }
        if now.checkpoint.size < self.checkpoint.size {
            return Err(Refusal::OlderLog);
        }
        // A new key signs nothing before the entry that names it, and what was seen had another.
        if now.log_key() != self.log_key() && now.checkpoint.size == self.checkpoint.size {
            return Err(Refusal::OtherLog);
        }
        if now.checkpoint.size == self.checkpoint.size && now.checkpoint != self.checkpoint {
            return Err(Refusal::OtherLog);
        }
        Ok(())
    }

    /// The number of the agency's statement.
    fn version(&self) -> u64 {
        self.agency().map_or(0, |agency| agency.n)
    }

    /// The key that has signed the checkpoint.
    pub fn log_key(&self) -> Option<PublicKey> {
        self.agency().map(|agency| agency.log_key)
    }

    fn agency(&self) -> Option<&Agency> {
        match &self.kept.agency.unverified().body {
            Body::Agency(agency) => Some(agency),
            _ => None,
        }
    }

    /// What a file holds, verified anew; none if there is no file.
    pub fn load(path: &Path, realm: Realm) -> Result<Option<Self>, Stop> {
        let damaged = |why: &dyn std::fmt::Display| {
            let next = "put it back from a copy; without it a first look would believe anything";
            unread(path, why, next)
        };
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(damaged(&error)),
        };
        let kept = serde_json::from_slice(&text).ok();
        let kept = kept.filter(|kept: &Kept| kept.postern_monitor == VERSION);
        let Kept { realm: its, root, agency, note, .. } =
            kept.ok_or_else(|| damaged(&"this is no monitor's file"))?;
        if its != realm {
            let next = "give each agency a file of its own, and the realm as it was written down";
            return Err(unread(path, &"it is another realm's", next));
        }
        let seen = Self::believe(realm, root, agency, note);
        seen.map(Some).map_err(|refusal| damaged(&refusal.explanation()))
    }

    /// Writes it in the place of what was seen before.
    pub fn save(&self, path: &Path) -> Result<(), Stop> {
        let failed = |error: std::io::Error| {
            unread(path, &error, "name a file in a folder where this account may write")
        };
        let mut file = Whole::begin(path).map_err(failed)?;
        let json = serde_json::to_string(&self.kept).map_err(|error| failed(error.into()))?;
        file.write(json.as_bytes()).map_err(failed)?;
        file.write(b"\n").map_err(failed)?;
        file.replace().map_err(failed)
    }
}
