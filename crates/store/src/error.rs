//! What a database says, as the few things a caller can do something about.

/// Why the store did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row was not, or no longer, in the state this change starts from.
    #[error("the row is not in the state this change starts from")]
    Stale,
    /// A row with this key is there already; the name of the unique constraint.
    #[error("there already is such a row ({0})")]
    Duplicate(String),
    /// A constraint refused a half-state; its name.
    #[error("the database refused the row ({0})")]
    Refused(String),
    /// The role or the actor may not do this.
    #[error("this role may not do that")]
    Forbidden,
    /// Another transaction was in the way; the same work may be tried again.
    #[error("another transaction was in the way")]
    Conflict,
    /// The database cannot be reached, or did not answer in time.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A stored value that no code of ours can have written; which one.
    #[error("a stored value cannot be read: {0}")]
    Corrupt(&'static str),
    /// Anything else: a fault of this program.
    #[error("the statement failed")]
    Fault(#[source] sqlx::Error),
}

impl StoreError {
    /// The constraint behind a refusal, for callers that map one to their own error.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Duplicate(name) | Self::Refused(name) => Some(name),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(database) = &error else {
            return match error {
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                // What it began to say broke off: it ended while we were connecting.
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
                sqlx::Error::RowNotFound => Self::Stale,
                error => Self::Fault(error),
            };
        };
        let constraint = || database.constraint().unwrap_or("unnamed").to_owned();
        // https://www.postgresql.org/docs/15/errcodes-appendix.html
        match database.code().as_deref().unwrap_or_default() {
            "23505" => Self::Duplicate(constraint()),
            "23001" | "23502" | "23503" | "23514" | "23P01" => Self::Refused(constraint()),
            "42501" => Self::Forbidden,
            "40001" | "40P01" | "55P03" => Self::Conflict,
            // The connection; out of room, memory or connections; shutting down, or a statement's
            // time ran out; the system's and the server's own trouble, such as with a disk.
            code if ["08", "53", "57", "58", "XX"].iter().any(|it| code.starts_with(it)) => {
                Self::Unavailable(error)
            }
            _ => Self::Fault(error),
        }
    }
}

/// Exactly one row changed, or the change was [`StoreError::Stale`].
pub(crate) fn one(result: &sqlx::postgres::PgQueryResult) -> Result<(), StoreError> {
    if result.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_ends_in_the_middle_of_its_greeting_is_away() {
        let cut = sqlx::Error::Protocol("unexpected response from SSLRequest: 0x00".to_owned());
        assert!(matches!(StoreError::from(cut), StoreError::Unavailable(_)));
    }
}
