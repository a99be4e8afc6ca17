//! An independent, certified OpenID Connect provider (npm `oidc-provider`, in `tests/oidc/`), so
//! that sign-in is not only ever tested against a provider of our own making.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde::Deserialize;
use serde_json::json;

use crate::folder::repository;

/// Both issuers, in one process; dropping it stops them.
#[derive(Debug)]
pub struct Independent {
    child: Child,
    issuers: Issuers,
}

#[derive(Debug, Deserialize)]
struct Issuers {
    family: String,
    staff: String,
}

/// Where an issuer listens, and where it sends people back to.
#[derive(Clone, Debug)]
pub struct Audience {
    /// Its port; 0 for one of the system's choice.
    pub port: u16,
    /// The one address that codes are sent to.
    pub redirect_uri: String,
    /// Where its logout tokens go.
    pub logout_uri: String,
}

impl Independent {
    /// Starts both issuers, whose clients are `family` and `staff`. They know nobody: whoever
    /// gives a name (or `login_hint`) is signed in by it, and `cancel` stands for a person who
    /// changes their mind. Its packages must be installed: `cargo xtask install`.
    pub fn start(family: &Audience, staff: &Audience) -> io::Result<Independent> {
        let folder = repository().join("tests/oidc");
        if !folder.join("node_modules").is_dir() {
            return Err(io::Error::other(
                "tests/oidc/node_modules is missing; `cargo xtask install` makes it",
            ));
        }
        let wanted = json!({
            "family": { "port": family.port, "redirect": family.redirect_uri, "logout": family.logout_uri },
            "staff": { "port": staff.port, "redirect": staff.redirect_uri, "logout": staff.logout_uri },
        });
        let mut child = Command::new("node")
            .arg(folder.join("provider.js"))
            .arg(wanted.to_string())
            // It ends when this pipe closes, however we end.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        if let Ok(issuers) = serde_json::from_str(&line) {
            return Ok(Independent { child, issuers });
        }
        let _ = child.kill();
        let status = child.wait()?;
        Err(io::Error::other(format!("tests/oidc/provider.js did not start ({status})")))
    }

    /// The issuer of the families.
    pub fn family(&self) -> &str {
        &self.issuers.family
    }

    /// The issuer of the staff.
    pub fn staff(&self) -> &str {
        &self.issuers.staff
    }
}

impl Drop for Independent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
