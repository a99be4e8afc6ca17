//! Why the notification service could not do its work. None of these says an address.

use std::io;

use store::StoreError;

use crate::{ConfigError, message::Unbuildable};

/// Why a notice could not be dealt with now.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The agency is not set up yet.
    #[error("the agency is not set up")]
    NoAgency,
    /// The agency's policy cannot be read.
    #[error("the agency's policy cannot be read")]
    Policy,
    /// A message could not be put together.
    #[error(transparent)]
    Message(#[from] Unbuildable),
    /// A file or folder of this process.
    #[error("a file or folder: {0}")]
    File(#[from] io::Error),
}

impl Error {
    /// A stable name for the job's `last_error`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(StoreError::Stale) => "stale",
            Self::Store(StoreError::Conflict) => "conflict",
            Self::Store(StoreError::Unavailable(_)) => "database-away",
            Self::Store(_) => "database",
            Self::Config(_) => "configuration",
            Self::NoAgency => "no-agency",
            Self::Policy => "policy",
            Self::Message(_) => "message",
            Self::File(_) => "file",
        }
    }
}
