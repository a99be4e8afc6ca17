//! What to start, and why it did not.

use std::io;
use std::path::PathBuf;

use super::Smtp;
use crate::postgres::{self, Durability};
use crate::{provider, services};

/// What to start.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the data are.
    pub database: Database,
    /// Names offered on the family site's sign-in page.
    pub family_names: Vec<String>,
    /// Names offered on the staff site's sign-in page.
    pub staff_names: Vec<String>,
    /// Where notices go: a mail server, or the outbox folder.
    pub smtp: Option<Smtp>,
    /// Who signs people in.
    pub issuers: Issuers,
    /// Whether the sites' own ports are left to something that passes on to where they listen.
    pub has_front: bool,
    /// The library under which each role has a clock of its own; without it, the machine's.
    pub faketime: Option<PathBuf>,
    /// The built pages, `family` and `staff` in one folder; without them the API answers alone.
    pub pages: Option<PathBuf>,
}

/// Which PostgreSQL.
#[derive(Clone, Debug)]
pub enum Database {
    /// A cluster of its own, below the stack's folder.
    Private(Durability),
    /// A database of its own on a running cluster, by a superuser's URL on a unix socket, such as
    /// `POSTERN_TEST_DATABASE_URL`.
    On(String),
}

/// Who signs people in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Issuers {
    /// The development provider of this crate.
    #[default]
    Development,
    /// npm's `oidc-provider`: see [`crate::independent`].
    Independent,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            database: Database::Private(Durability::Disposable),
            family_names: Vec::new(),
            staff_names: Vec::new(),
            smtp: None,
            issuers: Issuers::Development,
            has_front: false,
            faketime: None,
            pages: None,
        }
    }
}

/// Why the stack, or a part of it, is not running.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The private cluster.
    #[error(transparent)]
    Postgres(#[from] postgres::Error),
    /// The development issuers.
    #[error(transparent)]
    Provider(#[from] provider::Error),
    /// The independent issuers.
    #[error("the independent provider: {0}")]
    Independent(#[source] io::Error),
    /// A role, or a command of `postern`.
    #[error(transparent)]
    Service(#[from] services::Error),
    /// A file.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// The stack's own notes cannot be read.
    #[error("{0} is damaged ({1}); begin again with --fresh")]
    Notes(PathBuf, String),
    /// A port of an earlier run belongs to somebody else now.
    #[error(
        "port {0} was this data's and is taken; stop what uses it, or begin again with --fresh"
    )]
    PortTaken(u16),
    /// What was asked for needs clocks of the roles' own.
    #[error("the roles of this stack have the machine's clock")]
    NoClocks,
    /// What was asked for needs a private cluster.
    #[error("this stack's database is not its own")]
    NotPrivate,
}
