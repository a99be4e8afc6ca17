//! Starting and stopping: one listener per site, all over one store.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::serve::ListenerExt as _;
use futures_util::future::try_join_all;
use store::{Clock, Role, Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::config::{Config, ConfigError};
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
    /// A listener cannot be had, or broke.
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
        let listener = listener.tap_io(|stream| {
            // Answers are small and complete: waiting for more to send only delays them.
            let _ = stream.set_nodelay(true);
        });
        let router = router(AppState::new(service.clone(), Site::new(site)?));
        let mut stopping = stopping.clone();
        sites.push(async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(async move {
                    // An error means the sender is gone, which is a shutdown too.
                    let _ = stopping.wait_for(|stop| *stop).await;
                })
                .await
                .map_err(|source| Error::Listen { address: address.to_string(), source })
        });
    }
    let serving = try_join_all(sites);
    tokio::pin!(serving);
    tokio::select! {
        ended = &mut serving => {
            ended?;
        }
        () = shutdown => {
            tracing::info!("stopping");
            let _ = stop.send(true);
            if let Ok(ended) = timeout(GRACE, &mut serving).await {
                ended?;
            } else {
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
