//! Why a job could not be done. None of these condemns a statement: the job is tried again, and
//! in the end left for an operator to look at.

use domain::id::StatementId;
use seal::statement::Refusal;
use store::StoreError;

use crate::ConfigError;

/// Why the worker could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The root key in the database is not the pinned realm's: somebody changed one or the other.
    #[error("the agency's root key is not that of the pinned realm")]
    NotThePinnedRealm,
    /// The agency is not set up yet.
    #[error("the agency is not set up")]
    NoAgency,
    /// What is in the log does not verify any more: rows were changed.
    #[error("logged statement {statement} does not verify: {refusal}")]
    History {
        /// The statement.
        statement: StatementId,
        /// Why.
        refusal: Refusal,
    },
    /// The stored tree is not the one the newest checkpoint signs.
    #[error("the stored log differs from its signed checkpoint")]
    LogDiffers,
    /// The agency's policy cannot be read.
    #[error("the agency's policy cannot be read")]
    Policy,
    /// A number in a statement is too large for its column.
    #[error("a number is too large")]
    TooLarge,
}

impl Error {
    /// A stable name for the job's `last_error`; never content.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(StoreError::Stale) => "stale",
            Self::Store(StoreError::Conflict) => "conflict",
            Self::Store(StoreError::Unavailable(_)) => "database-away",
            Self::Store(_) => "database",
            Self::Config(_) => "configuration",
            Self::NotThePinnedRealm => "not-the-pinned-realm",
            Self::NoAgency => "no-agency",
            Self::History { .. } => "history-does-not-verify",
            Self::LogDiffers => "log-differs",
            Self::Policy => "policy",
            Self::TooLarge => "too-large",
        }
    }
}
