//! What every handler may look at: the service's shared parts and the site a request came to.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::id::AgencyId;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use store::{Clock, Store};
use url::Url;

use crate::config::{Audience, Config, SiteConfig, is_loopback};
use crate::gate::GateSeeds;
use crate::health::Metrics;
use crate::limits::{Bodies, Patience};
use crate::network::{Network, NetworkKey};
use crate::principal::Database;
use crate::provider::Provider;

/// Shared by every request of one site; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    service: Arc<Service>,
    site: Arc<Site>,
}

/// What all sites of a process share.
pub struct Service {
    pub(crate) database: Database,
    pub(crate) gate: GateSeeds,
    pub(crate) metrics: Metrics,
    pub(crate) bodies: Bodies,
    pub(crate) networks: NetworkKey,
    pub(crate) trusted_proxies: Vec<Network>,
    pub(crate) sign_ins_per_network: i32,
    clock: Clock,
    bootstrap_hash: Option<[u8; 32]>,
    log_key: String,
    notifier_key: String,
    family_origins: HashMap<AgencyId, String>,
}

/// One audience of one agency, at its origin.
pub struct Site {
    /// Who signs in here.
    pub audience: Audience,
    /// `scheme://host[:port]`.
    pub origin: String,
    /// Whose site it is.
    pub agency: AgencyId,
    /// The folder of the built client, where this process serves it.
    pub client_folder: Option<PathBuf>,
    /// Where people prove who they are.
    pub(crate) provider: Provider,
    is_loopback: bool,
}

/// A file or an address that kept the service from starting.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file named in the configuration cannot be read.
    #[error("cannot read {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A file named in the configuration holds something else.
    #[error("{path}: {reason}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What was wanted.
        reason: &'static str,
    },
    /// The configuration does not hold together.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
}

impl Service {
    /// Reads the files the configuration names. Touches neither network nor database.
    pub fn new(config: &Config, store: Store, clock: Clock) -> Result<Self, StartError> {
        let bootstrap_hash = match &config.bootstrap_token_file {
            Some(path) => Some(hash_token(read(path)?.trim())),
            None => None,
        };
        let gate = GateSeeds::parse(&read(&config.gate_key_file)?)
            .map_err(|reason| StartError::Content { path: config.gate_key_file.clone(), reason })?;
        Ok(Self {
            database: Database::new(store),
            networks: gate.network_key(),
            gate,
            metrics: Metrics::default(),
            bodies: Bodies::new(Patience::default()),
            trusted_proxies: config.trusted_proxies.clone(),
            sign_ins_per_network: i32::from(config.sign_ins_per_network),
            clock,
            bootstrap_hash,
            log_key: config.log_key.clone(),
            notifier_key: config.notifier_key.clone(),
            family_origins: config
                .sites
                .iter()
                // The first of several stays in the map.
                .rev()
                .filter(|site| site.audience == Audience::Family)
                .map(|site| (site.agency, site.origin.clone()))
                .collect(),
        })
    }

    /// With other times for bodies and handlers than usual.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.bodies = Bodies::new(patience);
        self
    }
}

impl Site {
    /// Prepares a site; its provider is looked up when the first person signs in.
    pub fn new(config: &SiteConfig) -> Result<Self, StartError> {
        let secret = match &config.client_secret_file {
            Some(path) => Some(read(path)?.trim().to_owned()),
            None => None,
        };
        let is_loopback = Url::parse(&config.origin).is_ok_and(|origin| is_loopback(&origin));
        Ok(Self {
            audience: config.audience,
            origin: config.origin.clone(),
            agency: config.agency,
            client_folder: config.client_folder.clone(),
            provider: Provider::new(config, secret)?,
            is_loopback,
        })
    }

    /// The `Host` browsers send to this site.
    pub fn host(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, host)| host)
    }

    /// Whether browsers reach this site over TLS.
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// Whether this site is for this machine only: development and tests.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

impl AppState {
    /// Joins a site to the service.
    pub fn new(service: Arc<Service>, site: Site) -> Self {
        Self { service, site: Arc::new(site) }
    }

    /// What all sites share.
    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    /// The site of this request.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The agency of this site.
    pub fn agency(&self) -> AgencyId {
        self.site.agency
    }

    /// The time by this process's clock. A handler with a principal uses the principal's `now`.
    pub fn now(&self) -> Timestamp {
        self.service.clock.now()
    }

    /// The moderation worker's public log key, for the first administrator's `agency` statement.
    pub fn log_key(&self) -> &str {
        &self.service.log_key
    }

    /// The notification service's recipient, for the same statement.
    pub fn notifier_key(&self) -> &str {
        &self.service.notifier_key
    }

    /// Where the agency's families go, if their site is served here.
    pub fn family_origin(&self) -> Option<&str> {
        self.service.family_origins.get(&self.agency()).map(String::as_str)
    }

    /// Whether `token` is the operator's one-time bootstrap token. False when none is configured.
    pub fn is_bootstrap_token(&self, token: &str) -> bool {
        // Comparing hashes of a high-entropy token leaks nothing worth timing.
        self.service.bootstrap_hash.is_some_and(|hash| hash == hash_token(token.trim()))
    }
}

fn hash_token(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn read(path: &Path) -> Result<String, StartError> {
    std::fs::read_to_string(path)
        .map_err(|source| StartError::File { path: path.to_owned(), source })
}
