//! What a stack is made of, for those who drive it.

use std::path::{Path, PathBuf};

use domain::id::AgencyId;

use super::sign_in::SignIn;
use super::{Database, Pinned, Site, Stack};
use crate::postgres::{self, Postgres};
use crate::provider::Provider;
use crate::services::Role;

impl Stack {
    /// The families' site.
    pub fn family(&self) -> &Site {
        &self.family
    }

    /// The staff's site.
    pub fn staff(&self) -> &Site {
        &self.staff
    }

    /// The one agency of this stack.
    pub fn agency(&self) -> AgencyId {
        self.notes.agency
    }

    /// The operator's one-time token for the first administrator.
    pub fn bootstrap_token(&self) -> &str {
        &self.notes.bootstrap_token
    }

    /// The moderation worker's public key, lowercase hex.
    pub fn log_key(&self) -> &str {
        &self.notes.log_key
    }

    /// The notification service's recipient, `age1…`.
    pub fn notifier_key(&self) -> &str {
        &self.notes.notifier_key
    }

    /// What was pinned, once the agency exists.
    pub fn pinned(&self) -> Option<&Pinned> {
        self.notes.pinned.as_ref()
    }

    /// The development issuer of the families, if that is who signs them in.
    pub fn family_provider(&self) -> Option<&Provider> {
        match &self.sign_in {
            SignIn::Development { family, .. } => Some(family),
            SignIn::Independent(_) => None,
        }
    }

    /// The development issuer of the staff, if that is who signs them in.
    pub fn staff_provider(&self) -> Option<&Provider> {
        match &self.sign_in {
            SignIn::Development { staff, .. } => Some(staff),
            SignIn::Independent(_) => None,
        }
    }

    /// The folder of it all.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where notices are put as `.eml` files, unless a mail server was given.
    pub fn outbox(&self) -> PathBuf {
        self.folder.join("outbox")
    }

    /// Where each role's log is.
    pub fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.logs().join(format!("{name}.log"))
    }

    /// The private cluster.
    pub fn postgres(&self) -> Option<&Postgres> {
        self.postgres.as_ref()
    }

    /// Whether a role was started and not stopped since.
    pub fn is_running(&self, role: Role) -> bool {
        self.services.iter().any(|(running, _)| *running == role)
    }

    /// This stack's database as one of its logins: `api_login`, `worker_login` …
    pub fn database_url(&self, login: &str) -> String {
        match (&self.postgres, &self.database) {
            (_, Database::On(superuser)) => rewritten(superuser, &self.notes.database, login),
            (Some(postgres), _) => postgres.url(&self.notes.database, login),
            // Stopped for a while: the address stays the same.
            (None, Database::Private(_)) => {
                postgres::url(&self.folder.join("postgres"), &self.notes.database, login)
            }
        }
    }

    /// The cluster's superuser.
    pub fn superuser_url(&self) -> String {
        match &self.database {
            Database::On(superuser) => superuser.clone(),
            Database::Private(_) => {
                postgres::url(&self.folder.join("postgres"), "postgres", "postgres")
            }
        }
    }
}

/// A URL on the same socket for another database and login.
fn rewritten(superuser: &str, database: &str, login: &str) -> String {
    let query = superuser.split_once('?').map_or("", |(_, query)| query);
    let host = url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == "host")
        .map(|(_, value)| value.into_owned());
    postgres::url_on(Path::new(&host.unwrap_or_default()), database, login)
}
