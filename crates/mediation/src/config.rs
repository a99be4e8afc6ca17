//! The `[mediation]` section of the configuration file, and what must hold before anything listens.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use domain::id::AgencyId;
use serde::Deserialize;
use url::{Host, Url};

use crate::network::Network;

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
    /// Reverse proxies whose `X-Forwarded-For` says who asks; without any, the connection does.
    #[serde(default)]
    pub trusted_proxies: Vec<Network>,
    /// Sign-ins that may begin, and come back, from one network (/24 or /64) in an hour.
    #[serde(default = "sign_ins_per_network")]
    pub sign_ins_per_network: u16,
    /// One per audience and agency.
    #[serde(rename = "site")]
    pub sites: Vec<SiteConfig>,
}

/// Many people share a network: an office, or a telephone company.
pub const fn sign_ins_per_network() -> u16 {
    300
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

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> SiteConfig {
        SiteConfig {
            audience: Audience::Family,
            origin: "https://letters.example".into(),
            listen: ([127, 0, 0, 1], 0).into(),
            agency: AgencyId::from_bytes([1; 16]),
            issuer: "https://issuer.example".into(),
            client_id: "postern".into(),
            client_secret_file: None,
            client_folder: None,
        }
    }

    fn check(sites: Vec<SiteConfig>) -> Result<(), ConfigError> {
        let config = Config {
            database_url: String::new(),
            gate_key_file: PathBuf::new(),
            bootstrap_token_file: None,
            log_key: "00".repeat(32),
            notifier_key: "age1x".into(),
            trusted_proxies: Vec::new(),
            sign_ins_per_network: sign_ins_per_network(),
            sites,
        };
        config.validate()
    }

    #[test]
    fn sites_are_https_or_wholly_on_this_machine() {
        let good = [
            ("https://letters.example", "https://issuer.example"),
            ("https://letters.example:8443", "https://issuer.example/realms/family/"),
            ("http://localhost:8101", "http://127.0.0.1:9000"),
            ("http://127.0.0.1:8101", "https://issuer.example"),
            ("http://[::1]:8101", "http://localhost:9000/family"),
        ];
        let bad = [
            ("http://letters.example", "https://issuer.example"),
            ("https://letters.example", "http://issuer.example"),
            // The development provider must not sign people in to a public site.
            ("https://letters.example", "http://127.0.0.1:9000"),
            ("https://letters.example", "https://localhost:9000"),
            ("https://letters.example/", "https://issuer.example"),
            ("https://letters.example:443", "https://issuer.example"),
            ("https://Letters.example", "https://issuer.example"),
            ("https://letters.example/api", "https://issuer.example"),
            ("https://me@letters.example", "https://issuer.example"),
            ("ftp://letters.example", "https://issuer.example"),
            ("https://letters.example", "https://issuer.example?x"),
            ("letters.example", "https://issuer.example"),
            ("http://localhost.evil.example", "https://issuer.example"),
        ];
        let verdict = |origin: &str, issuer: &str| {
            check(vec![SiteConfig { origin: origin.into(), issuer: issuer.into(), ..site() }])
        };
        for (origin, issuer) in good {
            assert_eq!(verdict(origin, issuer), Ok(()), "{origin} {issuer}");
        }
        for (origin, issuer) in bad {
            assert!(verdict(origin, issuer).is_err(), "{origin} {issuer}");
        }
    }

    #[test]
    fn family_and_staff_of_an_agency_sign_in_apart() {
        let staff = |issuer: &str| SiteConfig {
            audience: Audience::Staff,
            origin: "https://desk.example".into(),
            issuer: issuer.into(),
            ..site()
        };
        assert!(check(vec![site(), staff("https://issuer.example")]).is_err());
        assert_eq!(check(vec![site(), staff("https://staff.example")]), Ok(()));
        assert!(check(vec![site(), site()]).is_err(), "one origin twice");
        assert!(check(Vec::new()).is_err(), "no site");
    }
}
