//! The listener: whom it lets in, how long it waits for them, and how it stops.
//!
//! A connection costs a task and a few buffers until its request is there whole, so there is a
//! number of them, and each has so long to say what it wants, to send what it said, and to take
//! the answer. Somebody who does all that one byte at a time waits alone.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, Sleep, sleep};
use tower::ServiceExt as _;

use crate::network::Peer;

/// The most header lines of a request. Browsers send some twenty.
const MOST_HEADERS: usize = 64;
/// The most bytes of a request's head, whether they come at once or one by one.
const MOST_HEAD: usize = 64 << 10;

/// How much a listener puts up with.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Connections at one time; the next ones wait in the system's queue.
    pub connections: usize,
    /// How long a request's head may take, or the next one to begin.
    pub head: Duration,
    /// How long a reader may take nothing of an answer.
    pub stall: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connections: 1024, head: Duration::from_secs(30), stall: Duration::from_secs(30) }
    }
}

/// Serves until `stopping` says so, then until the requests under way are answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    mut stopping: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(patience.connections));
    // Each connection holds a receiver: when the last is dropped, all have ended.
    let (ended, under_way) = watch::channel(());
    loop {
        let place = places.clone().acquire_owned();
        let accepted = async { (place.await, listener.accept().await) };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = stopped(&mut stopping) => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        let (router, stopping, under_way) = (router.clone(), stopping.clone(), under_way.clone());
        tokio::spawn(async move {
            answer(stream, Peer(address.ip()), router, patience, stopping).await;
            drop((place, under_way));
        });
    }
    drop((listener, under_way));
    ended.closed().await;
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means the sender is gone, which is a shutdown too.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// A caller who went away before we looked is nobody's trouble. Anything else, such as too many
/// open files, passes when a connection ends.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind as Kind;
    let gone = [Kind::ConnectionRefused, Kind::ConnectionAborted, Kind::ConnectionReset];
    if !gone.contains(&error.kind()) {
        tracing::error!(%error, "cannot accept connections");
        sleep(Duration::from_secs(1)).await;
    }
}

async fn answer(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    patience: Patience,
    mut stopping: watch::Receiver<bool>,
) {
    // Answers are small and complete: waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_headers(MOST_HEADERS)
        .max_header_size(MOST_HEAD)
        .max_buf_size(MOST_HEAD)
        .serve_connection(TokioIo::new(Unstalled::new(stream, patience.stall)), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "connection broken off");
    }
}

/// A stream that breaks off when the other end takes nothing for a while.
struct Unstalled {
    stream: TcpStream,
    most: Duration,
    since: Pin<Box<Sleep>>,
    is_stalled: bool,
}

impl Unstalled {
    fn new(stream: TcpStream, most: Duration) -> Self {
        Self { stream, most, since: Box::pin(sleep(most)), is_stalled: false }
    }

    /// What writing came to; the clock runs from the first time that nothing could be written.
    fn watched<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.is_stalled = false;
            return written;
        }
        if !self.is_stalled {
            self.is_stalled = true;
            self.since.as_mut().reset(Instant::now() + self.most);
        }
        ready!(self.since.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Unstalled {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Unstalled {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watched(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watched(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.watched(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
