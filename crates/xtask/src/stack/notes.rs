//! What a stack remembers between runs: its agency, its ports, its public keys.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use domain::id::{AgencyId, Realm};
use serde::{Deserialize, Serialize};

use super::{Error, at, free_ports};
use crate::{folder, services};

/// What the operator pins in the worker's and the notifier's configuration.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Pinned {
    /// The realm that the ceremony printed.
    pub realm: Realm,
    /// What the service calls itself in notices.
    pub name: String,
    /// Whom to ring, as printed in notices.
    pub phone: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Notes {
    pub agency: AgencyId,
    pub database: String,
    pub family_port: u16,
    pub staff_port: u16,
    pub family_issuer: u16,
    pub staff_issuer: u16,
    pub bootstrap_token: String,
    pub log_key: String,
    pub notifier_key: String,
    pub pinned: Option<Pinned>,
}

impl Notes {
    pub fn load_or_make(folder: &Path) -> Result<Notes, Error> {
        let path = folder.join(FILE);
        if path.is_file() {
            let text = fs::read_to_string(&path).map_err(at(&path))?;
            let notes: Notes = serde_json::from_str(&text)
                .map_err(|error| Error::Notes(path, error.to_string()))?;
            for port in
                [notes.family_port, notes.staff_port, notes.family_issuer, notes.staff_issuer]
            {
                TcpListener::bind((Ipv4Addr::LOCALHOST, port))
                    .map_err(|_| Error::PortTaken(port))?;
            }
            return Ok(notes);
        }
        let notes = Notes::make(folder)?;
        notes.save(folder)?;
        Ok(notes)
    }

    fn make(folder: &Path) -> Result<Notes, Error> {
        let mut rng = seal::random::System;
        let keys = folder.join("keys");
        let log_key = make_key(folder, "log")?;
        let notifier_key = make_key(folder, "notifier")?;
        make_key(folder, "gate")?;
        let bootstrap_token = hex::encode(seal::random::bytes::<32>(&mut rng));
        let token = keys.join("bootstrap.token");
        folder::write_private(&token, &bootstrap_token).map_err(at(&token))?;
        let [family_port, staff_port, family_issuer, staff_issuer] =
            free_ports().map_err(at(folder))?;
        Ok(Notes {
            agency: AgencyId::from_bytes(seal::random::bytes(&mut rng)),
            // Many stacks may share a cluster.
            database: format!("postern_{}", hex::encode(seal::random::bytes::<6>(&mut rng))),
            family_port,
            staff_port,
            family_issuer,
            staff_issuer,
            bootstrap_token,
            log_key,
            notifier_key,
            pinned: None,
        })
    }

    /// A new log key in the place of the one before.
    pub fn replace_log_key(&mut self, folder: &Path) -> Result<(), Error> {
        self.log_key = make_key(folder, "log")?;
        self.save(folder)
    }

    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(FILE);
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Error::Notes(path.clone(), error.to_string()))?;
        folder::write_private(&path, &text).map_err(at(&path))
    }
}

/// Makes a key, in the place of one that nothing uses any more; its public half.
fn make_key(folder: &Path, kind: &str) -> Result<String, Error> {
    let path = folder.join("keys").join(format!("{kind}.key"));
    let _ = fs::remove_file(&path);
    let log = folder.join("logs/keygen.log");
    Ok(services::run(&["keygen", kind, "--out", &path.to_string_lossy()], &log)?)
}

const FILE: &str = "stack.json";
