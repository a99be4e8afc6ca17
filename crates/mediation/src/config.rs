//! The `[mediation]` section of the configuration file, and what must hold before anything listens.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use domain::id::AgencyId;
use serde::Deserialize;
use url::{Host, Url};

pub use store::accounts::Audience;

/// The `[mediation]` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `postgres://…` of the `api_login` role.
    pub database_url: String,
    /// The seeds of the words gate: one line per version, `1 <64 hex>`; the highest is current.
    /// Kept outside the database and backed up apart: losing it kills every words card.
    pub gate_key_file: PathBuf,
    /// The operator's one-time token that admits the first administrator; absent afterwards.
    pub bootstrap_token_file: Option<PathBuf>,
    /// The moderation worker's public key, lowercase hex: shown to the first administrator.
    pub log_key: String,
    /// The notification service's recipient, `age1…`: shown to the first administrator.
    pub notifier_key: String,
    /// One per audience and agency.
    #[serde(rename = "site")]
    pub sites: Vec<SiteConfig>,
}

/// One `[[mediation.site]]`: an audience of an agency at its own origin, with its own issuer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteConfig {
    /// `family` or `staff`.
    pub audience: Audience,
    /// `https://host[:port]`, exactly as browsers send it.
    pub origin: String,
    /// Where this site listens.
    pub listen: SocketAddr,
    /// Whose site it is.
    pub agency: AgencyId,
    /// The OpenID Connect issuer, exactly as its discovery document spells it.
    pub issuer: String,
    /// This site's client at that issuer.
    pub client_id: String,
    /// The client's secret, where it has one; PKCE protects the code either way.
    pub client_secret_file: Option<PathBuf>,
    /// The built client to serve, read-only; absent when a proxy serves it.
    pub client_folder: Option<PathBuf>,
}

/// A configuration that must not start.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("configuration: {0}")]
pub struct ConfigError(pub String);

impl Config {
    /// Refuses what would be unsafe or could not work.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if self.sites.is_empty() {
            return Err(ConfigError("[[mediation.site]] is missing".into()));
        }
        if self.log_key.parse::<domain::id::Realm>().is_err() {
            return Err(ConfigError("mediation.log_key is not 64 lowercase hex characters".into()));
        }
        if !self.notifier_key.starts_with("age1") {
            return Err(ConfigError("mediation.notifier_key is not an age1… recipient".into()));
        }
        for (index, site) in self.sites.iter().enumerate() {
            site.validate()?;
            for other in &self.sites[..index] {
                if other.origin == site.origin {
                    return Err(ConfigError(format!("two sites share the origin {}", site.origin)));
                }
                // Family and staff accounts of one agency never meet in one issuer: the subject
                // of one must not be able to arrive as the other.
                if other.agency == site.agency
                    && other.audience != site.audience
                    && other.issuer == site.issuer
                {
                    return Err(ConfigError(format!(
                        "the family and staff sites of agency {} share the issuer {}",
                        site.agency, site.issuer
                    )));
                }
            }
        }
        Ok(())
    }
}

impl SiteConfig {
    fn validate(&self) -> Result<(), ConfigError> {
        let origin = parse(&self.origin)?;
        if origin.origin().ascii_serialization() != self.origin {
            return Err(ConfigError(format!(
                "{} is not an origin (want scheme://host[:port], nothing after it)",
                self.origin
            )));
        }
        if origin.scheme() != "https" && !is_loopback(&origin) {
            return Err(ConfigError(format!("the origin {} is not https", self.origin)));
        }
        let issuer = parse(&self.issuer)?;
        if is_loopback(&issuer) {
            if !is_loopback(&origin) {
                return Err(ConfigError(format!(
                    "the issuer {} is on this machine and the site {} is not: the development \
                     provider must not sign people in to a public site",
                    self.issuer, self.origin
                )));
            }
        } else if issuer.scheme() != "https" {
            return Err(ConfigError(format!("the issuer {} is not https", self.issuer)));
        }
        if self.client_id.is_empty() {
            return Err(ConfigError(format!("the site {} has no client_id", self.origin)));
        }
        Ok(())
    }
}

fn parse(text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).map_err(|_| ConfigError(format!("{text} is not a URL")))?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if plain { Ok(url) } else { Err(ConfigError(format!("{text} is not a plain http(s) URL"))) }
}

/// Whether a URL names this very machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}
