//! A configuration file per role, as an operator writes them.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::Stack;

/// A mail server for notices, in place of the outbox.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Its name, which its certificate must carry.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `starttls`, `implicit` or, on loopback, `none`.
    pub tls: &'static str,
    /// The name to authenticate with and the file with the password.
    pub login: Option<(String, PathBuf)>,
    /// A PEM file of authorities to trust beside the system's.
    pub ca_file: Option<PathBuf>,
}

pub(super) fn migrate(stack: &Stack) -> String {
    let url = text(&stack.database_url("migrator_login"));
    let superuser = text(&stack.superuser_url());
    format!("[migrate]\ndatabase_url = {url}\nsuperuser_url = {superuser}\n")
}

pub(super) fn mediation(stack: &Stack) -> String {
    let keys = stack.folder.join("keys");
    let mut file = format!(
        "[mediation]\nsign_ins_per_network = 10000\ndatabase_url = {}\ngate_key_file = {}\nbootstrap_token_file = {}\nlog_key = {}\nnotifier_key = {}\n",
        text(&stack.database_url("api_login")),
        path(&keys.join("gate.key")),
        path(&keys.join("bootstrap.token")),
        text(stack.log_key()),
        text(stack.notifier_key()),
    );
    for (audience, site) in [("family", &stack.family), ("staff", &stack.staff)] {
        let _ = write!(
            file,
            "\n[[mediation.site]]\naudience = {}\norigin = {}\nlisten = {}\nagency = {}\nissuer = {}\nclient_id = {}\n",
            text(audience),
            text(&site.origin),
            text(&site.listen.to_string()),
            text(&stack.agency().to_string()),
            text(&site.issuer),
            text(audience),
        );
        if let Some(pages) = &stack.pages {
            let _ = writeln!(file, "client_folder = {}", path(&pages.join(audience)));
        }
    }
    file
}

pub(super) fn moderation(stack: &Stack) -> String {
    let mut file = format!(
        "[moderation]\ndatabase_url = {}\npoll_seconds = 1\n",
        text(&stack.database_url("worker_login")),
    );
    if let Some(pinned) = stack.pinned() {
        let _ = write!(
            file,
            "\n[[moderation.agency]]\nagency = {}\nrealm = {}\nlog_key_file = {}\n",
            text(&stack.agency().to_string()),
            text(&pinned.realm.to_string()),
            path(&stack.folder.join("keys/log.key")),
        );
    }
    file
}

pub(super) fn notification(stack: &Stack) -> String {
    let mut file = format!(
        "[notification]\ndatabase_url = {}\nkey_file = {}\npoll_seconds = 1\n",
        text(&stack.database_url("notifier_login")),
        path(&stack.folder.join("keys/notifier.key")),
    );
    match &stack.smtp {
        None => {
            let _ = writeln!(file, "outbox = {}", path(&stack.outbox()));
        }
        Some(smtp) => {
            let _ = write!(
                file,
                "\n[notification.smtp]\nhost = {}\nport = {}\ntls = {}\nfrom = {}\n",
                text(&smtp.host),
                smtp.port,
                text(smtp.tls),
                text("news@postern.example"),
            );
            if let Some((name, password)) = &smtp.login {
                let (name, password) = (text(name), path(password));
                let _ = write!(file, "username = {name}\npassword_file = {password}\n");
            }
            if let Some(ca) = &smtp.ca_file {
                let _ = writeln!(file, "ca_file = {}", path(ca));
            }
        }
    }
    if let Some(pinned) = stack.pinned() {
        let _ = write!(
            file,
            "\n[[notification.agency]]\nagency = {}\nrealm = {}\nname = {}\nfamily_origin = {}\nphone = {}\n",
            text(&stack.agency().to_string()),
            text(&pinned.realm.to_string()),
            text(&pinned.name),
            text(&stack.family.origin),
            text(&pinned.phone),
        );
    }
    file
}

/// A TOML string. JSON's escapes are among TOML's.
fn text(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

fn path(value: &Path) -> String {
    text(&value.to_string_lossy())
}
