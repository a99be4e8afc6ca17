//! A small HTTP server of this crate's own, reachable from this machine only.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

use axum::Router;
use tokio::sync::oneshot;

/// A running server; dropping it stops it.
#[derive(Debug)]
pub struct Loopback {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Loopback {
    /// Takes an address, whose port may be 0, before it is known what is served there.
    pub fn listen(address: SocketAddr) -> io::Result<(SocketAddr, TcpListener)> {
        if !address.ip().is_loopback() {
            return Err(io::Error::other("not an address of this machine alone"));
        }
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok((listener.local_addr()?, listener))
    }

    /// Serves on a thread of its own, so that it answers whatever its owner waits for, and so that
    /// dropping it gives the port back before anything else happens.
    pub fn serve(listener: TcpListener, router: Router) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            if let Err(error) = serve(listener, router, stopped) {
                tracing::error!(%error, "a server on this machine stopped");
            }
        });
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(listener: TcpListener, router: Router, stopped: oneshot::Receiver<()>) -> io::Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::select! {
            ended = axum::serve(listener, router).into_future() => ended,
            _ = stopped => Ok(()),
        }
    })
}
