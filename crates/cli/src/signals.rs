//! When to stop: SIGTERM, Ctrl-C, or the end of standard input if asked for.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Turns true once, when the process is to stop.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Resolves when the process is to stop.
    pub async fn wait(mut self) {
        // An error means that nobody is left to ask, which is a reason to stop too.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

/// Stops the process from the inside.
#[derive(Clone, Debug)]
pub struct Stopper(std::sync::Arc<watch::Sender<bool>>);

impl Stopper {
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

/// Listens from now on. Must run inside the runtime.
pub fn listen(with_stdin: bool) -> std::io::Result<(Stopper, Stop)> {
    let (sender, receiver) = watch::channel(false);
    let stopper = Stopper(std::sync::Arc::new(sender));
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let mut signals = signal(kind)?;
        let stopper = stopper.clone();
        tokio::spawn(async move {
            signals.recv().await;
            tracing::info!("asked to stop");
            stopper.stop();
            // A second Ctrl-C means it.
            signals.recv().await;
            std::process::exit(130);
        });
    }
    if with_stdin {
        let stopper = stopper.clone();
        // Not tokio's stdin: its blocking read would keep the runtime from ending.
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            tracing::info!("standard input closed: stopping");
            stopper.stop();
        });
    }
    Ok((stopper, Stop(receiver)))
}
