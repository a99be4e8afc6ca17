//! Starting and stopping: one listener per site, all over one store.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use futures_util::future::join_all;
use store::{Clock, Role, Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::config::{Config, ConfigError};
use crate::listen::{self, Patience};
use crate::state::{AppState, Service, Site, StartError};
use crate::{health, limits, openapi, origin, pages};

/// How long requests under way may take to finish once shutdown began.
const GRACE: Duration = Duration::from_secs(20);

/// Why the service does not run, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration must not start.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A file named in the configuration is not as it must be.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A listener cannot be had.
    #[error("listening on {address}")]
    Listen {
        /// The address of the site.
        address: String,
        /// Why not.
        source: std::io::Error,
    },
}

/// Runs every site until `shutdown` resolves, then lets requests under way finish.
pub async fn run(
    config: Config,
    clock: Clock,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    config.validate()?;
    let store = Store::connect(&config.database_url, Role::Api).await?;
    let service = Arc::new(Service::new(&config, store.clone(), clock)?);
    let (stop, stopping) = watch::channel(false);
    let mut sites = Vec::new();
    for site in &config.sites {
        let broken = |source| Error::Listen { address: site.listen.to_string(), source };
        let listener = TcpListener::bind(site.listen).await.map_err(broken)?;
        let address = listener.local_addr().map_err(broken)?;
        tracing::info!(
            audience = site.audience.as_str(),
            agency = %site.agency,
            %address,
            origin = site.origin,
            "listening"
        );
        let router = router(AppState::new(service.clone(), Site::new(site)?));
        sites.push(listen::serve(listener, router, Patience::default(), stopping.clone()));
    }
    let serving = join_all(sites);
    tokio::pin!(serving);
    tokio::select! {
        _ = &mut serving => {}
        () = shutdown => {
            tracing::info!("stopping");
            let _ = stop.send(true);
            if timeout(GRACE, &mut serving).await.is_err() {
                tracing::warn!("requests under way were broken off");
            }
        }
    }
    store.close().await;
    Ok(())
}

/// One site's whole router: routes, then static pages, inside measuring, origin and body checks.
pub fn router(state: AppState) -> Router {
    let router = openapi::serve(crate::routes());
    pages::serve(router, state.site().client_folder.as_deref())
        // Bodies are bounded by `limits::bound`, which knows who asks.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(state.clone(), limits::bound))
        .layer(from_fn_with_state(state.clone(), origin::guard))
        .layer(from_fn_with_state(state.clone(), health::observe))
        .with_state(state)
}
