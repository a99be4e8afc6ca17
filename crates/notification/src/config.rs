//! The `[notification]` section of the configuration file.

use std::path::PathBuf;

use domain::id::{AgencyId, Realm};
use serde::Deserialize;

/// What the notification service needs to know. Read from TOML; unknown keys are refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// PostgreSQL, as the login `notifier_login`.
    pub database_url: String,
    /// File with the notifier's own key, one `AGE-SECRET-KEY-1…` line. Relative to the working folder.
    pub key_file: PathBuf,
    /// Seconds between looks for work when no wake-up arrives.
    #[serde(default = "five")]
    pub poll_seconds: u64,
    /// Notices sent at the same time, and mail connections kept.
    #[serde(default = "eight")]
    pub at_once: usize,
    /// A folder that receives messages as `.eml` files, instead of `smtp`.
    #[serde(default)]
    pub outbox: Option<PathBuf>,
    /// The mail server, instead of `outbox`.
    #[serde(default)]
    pub smtp: Option<Smtp>,
    /// The agencies served, each with its pinned realm.
    pub agency: Vec<Agency>,
}

/// How to reach the mail server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Name or address of the server; the name its certificate must carry.
    pub host: String,
    /// Port: 587 for `starttls`, 465 for `implicit`, as a rule.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Name to authenticate with, if the server wants one.
    #[serde(default)]
    pub username: Option<String>,
    /// File with the password, one line.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// The address messages come from.
    pub from: String,
    /// PEM certificates to trust beside the system's, for a mail server with a private authority.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

/// How a mail connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Plain first, then STARTTLS, which the server must offer.
    Starttls,
    /// TLS from the first byte.
    Implicit,
    /// None at all: to a loopback address only.
    None,
}

/// One agency whose notices are sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// The tenant.
    pub agency: AgencyId,
    /// Its pinned realm: the only root whose statements count.
    pub realm: Realm,
    /// What the service calls itself. Must not say adoption, child, letter or agency.
    pub name: String,
    /// Front door of the family site, `https://…` without a path: the only link in a message.
    pub family_origin: String,
    /// Whom to ring, as printed in security notices.
    pub phone: String,
}

/// A setting that cannot work.
#[derive(Debug, thiserror::Error)]
#[error("notification: {0}")]
pub struct ConfigError(pub String);

fn five() -> u64 {
    5
}

fn eight() -> usize {
    8
}

/// Words that would tell a stranger at the letterbox or over a shoulder what this is about, in
/// both languages.
const TELLING: [&str; 11] = [
    "adopt",
    "mabwys",
    "child",
    "plant",
    "plentyn",
    "letter",
    "llythyr",
    "agency",
    "asiantaeth",
    "birth",
    "geni",
];

impl Config {
    /// Refuses settings that cannot work or would tell too much.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let wrong = |text: &str| Err(ConfigError(text.to_owned()));
        if self.outbox.is_some() == self.smtp.is_some() {
            return wrong("set exactly one of `outbox` and `smtp`");
        }
        if self.at_once == 0 || self.poll_seconds == 0 {
            return wrong("`at_once` and `poll_seconds` must be at least 1");
        }
        if let Some(smtp) = &self.smtp {
            smtp.validate()?;
        }
        for agency in &self.agency {
            agency.validate()?;
        }
        Ok(())
    }
}

impl Smtp {
    fn validate(&self) -> Result<(), ConfigError> {
        if self.tls == Tls::None && !is_loopback(&self.host) {
            return Err(ConfigError(
                "`tls = \"none\"` is for a mail server on this machine only".into(),
            ));
        }
        if self.username.is_some() != self.password_file.is_some() {
            return Err(ConfigError("`username` and `password_file` go together".into()));
        }
        if self.from.parse::<lettre::Address>().is_err() {
            return Err(ConfigError("`from` is not a mail address".into()));
        }
        Ok(())
    }
}

impl Agency {
    fn validate(&self) -> Result<(), ConfigError> {
        let lower = self.name.to_lowercase();
        if let Some(word) = TELLING.iter().find(|word| lower.contains(*word)) {
            return Err(ConfigError(format!(
                "the name in a notice must not say \"{word}\": anyone may see it"
            )));
        }
        if self.name.is_empty() || self.name.chars().any(char::is_control) {
            return Err(ConfigError("`name` must be one line of text".into()));
        }
        if self.phone.is_empty() || self.phone.chars().any(char::is_control) {
            return Err(ConfigError("`phone` must be one line of text".into()));
        }
        if host_of(&self.family_origin).is_none() {
            return Err(ConfigError(
                "`family_origin` must be https:// (or http:// on this machine) and a host, without a path"
                    .into(),
            ));
        }
        Ok(())
    }
}

/// The host of an origin, if it is one we may send people to.
pub(crate) fn host_of(origin: &str) -> Option<&str> {
    let (secure, rest) = match origin.strip_prefix("https://") {
        Some(rest) => (true, rest),
        None => (false, origin.strip_prefix("http://")?),
    };
    let host = match rest.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => rest,
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let well_formed = !host.is_empty() && host.chars().all(plain);
    (well_formed && (secure || is_loopback(host))).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agency() -> Agency {
        Agency {
            agency: AgencyId::from_bytes([1; 16]),
            realm: Realm::from_bytes([2; 32]),
            name: "Postern".into(),
            family_origin: "https://postern.example".into(),
            phone: "0300 000 0000".into(),
        }
    }

    #[test]
    fn a_name_that_tells_what_it_is_about_is_refused() {
        assert!(agency().validate().is_ok());
        for name in ["Leeds Adoption", "Letter Swap", "Llythyrau", "", "Two\nlines"] {
            assert!(Agency { name: name.into(), ..agency() }.validate().is_err(), "{name}");
        }
    }

    #[test]
    fn a_notice_links_only_to_a_secure_front_door() {
        for good in [
            "https://a.example",
            "https://a.example:8443",
            "http://localhost:8101",
            "http://127.0.0.1:1",
        ] {
            assert!(Agency { family_origin: good.into(), ..agency() }.validate().is_ok(), "{good}");
        }
        for bad in [
            "http://a.example",
            "https://a.example/x",
            "https://a@b.example",
            "ftp://a",
            "https://",
        ] {
            assert!(Agency { family_origin: bad.into(), ..agency() }.validate().is_err(), "{bad}");
        }
    }

    #[test]
    fn mail_without_tls_stays_on_this_machine() {
        let smtp = |host: &str, tls| Smtp {
            host: host.into(),
            port: 25,
            tls,
            username: None,
            password_file: None,
            from: "news@postern.example".into(),
            ca_file: None,
        };
        assert!(smtp("mail.example", Tls::None).validate().is_err());
        assert!(smtp("127.0.0.1", Tls::None).validate().is_ok());
        assert!(smtp("mail.example", Tls::Starttls).validate().is_ok());
    }
}
