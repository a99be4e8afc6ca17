//! The `[moderation]` section of the configuration file.

use std::path::PathBuf;

use domain::id::{AgencyId, Realm};
use seal::key::SigningKey;
use serde::Deserialize;

/// What the worker needs to know. Read from TOML; unknown keys are refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `postgres://…` of the `worker_login` role.
    pub database_url: String,
    /// Seconds between looks for work when no wake-up arrives.
    #[serde(default = "five")]
    pub poll_seconds: u64,
    /// The agencies this worker serves.
    pub agency: Vec<AgencyConfig>,
}

/// One `[[moderation.agency]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyConfig {
    /// The tenant.
    pub agency: AgencyId,
    /// Its pinned realm: the only root whose statements count, whatever the database says.
    pub realm: Realm,
    /// File with the seed of the log key, 64 hex characters (`postern keygen log`): the one that the
    /// agency's root has named, or is about to name in place of an earlier one. An earlier one need
    /// not be known: the log tells its public half.
    pub log_key_file: PathBuf,
}

impl AgencyConfig {
    /// The log key in its file.
    pub fn log_key(&self) -> Result<SigningKey, ConfigError> {
        let file = &self.log_key_file;
        let wrong = |what: &str| ConfigError(format!("{}: {what}", file.display()));
        let text = std::fs::read_to_string(file).map_err(|error| wrong(&error.to_string()))?;
        let mut seed = [0; 32];
        hex::decode_to_slice(text.trim(), &mut seed).map_err(|_| {
            wrong("not a key of 64 hex characters; make it with `postern keygen log`")
        })?;
        Ok(SigningKey::from_seed(&seed))
    }
}

/// A setting that cannot work.
#[derive(Debug, thiserror::Error)]
#[error("moderation: {0}")]
pub struct ConfigError(pub String);

fn five() -> u64 {
    5
}

impl Config {
    /// Refuses settings that cannot work.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if self.poll_seconds == 0 {
            return Err(ConfigError("`poll_seconds` must be at least 1".into()));
        }
        for (index, one) in self.agency.iter().enumerate() {
            let before = &self.agency[..index];
            if before.iter().any(|other| other.agency == one.agency || other.realm == one.realm) {
                return Err(ConfigError(format!("agency {} is there twice", one.agency)));
            }
        }
        Ok(())
    }
}
