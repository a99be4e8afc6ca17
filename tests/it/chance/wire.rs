//! The wire between browsers and the API: it stands where a site's address points, passes bytes on
//! to where the API listens, and breaks when it is told to.
//!
//! Of HTTP it knows where a request ends and nothing else: people send lengths, never chunks, and
//! no request before the last was answered.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;
use xtask::stack::Site;

/// How the wire breaks under a request that writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Whoever sent it ends their half of the connection once it is sent, and still listens.
    HalfClose,
    /// The answer breaks off after so many bytes.
    Answer(usize),
}

/// What both sites' wires share.
#[derive(Clone)]
pub struct Wire(Arc<Shared>);

struct Shared {
    to_cut: Mutex<VecDeque<Cut>>,
    cut: Mutex<Vec<Cut>>,
    /// Counts up; every connection that is open then is reset.
    resets: watch::Sender<u64>,
}

impl Wire {
    pub fn new() -> Self {
        let (resets, _) = watch::channel(0);
        Self(Arc::new(Shared { to_cut: Mutex::default(), cut: Mutex::default(), resets }))
    }

    /// Stands before a site from now on.
    pub async fn stand_before(&self, site: &Site) {
        let port = Url::parse(&site.origin).unwrap().port().unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        let (shared, to) = (Arc::clone(&self.0), site.listen);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, to, Arc::clone(&shared)));
            }
        });
    }

    /// Cuts the next request that writes, or the one after those that were to be cut before.
    pub fn cuts(&self, how: Cut) {
        self.0.to_cut.lock().unwrap().push_back(how);
    }

    /// It cuts no more; what it has cut since this was asked last.
    pub fn is_whole(&self) -> Vec<Cut> {
        self.0.to_cut.lock().unwrap().clear();
        std::mem::take(&mut self.0.cut.lock().unwrap())
    }

    /// Resets every connection that is open now, at both ends.
    pub fn reset_all(&self) {
        self.0.resets.send_modify(|count| *count += 1);
    }
}

/// One connection, for as long as either end wants it.
async fn carry(mut near: TcpStream, to: SocketAddr, shared: Arc<Shared>) {
    let mut resets = shared.resets.subscribe();
    // Nobody there: a caller of the real port would not have come this far.
    let Ok(mut far) = TcpStream::connect(to).await else { return reset(&near) };
    let ended = tokio::select! {
        ended = pass_on(&mut near, &mut far, &shared) => ended,
        _ = resets.changed() => Err(io::ErrorKind::ConnectionReset.into()),
    };
    if ended.is_err() {
        reset(&near);
        reset(&far);
    }
}

/// It ends without a goodbye when it is dropped.
fn reset(stream: &TcpStream) {
    let _ = stream.set_zero_linger();
}

/// Passes on what comes from either end until one of them ends.
async fn pass_on(near: &mut TcpStream, far: &mut TcpStream, shared: &Shared) -> io::Result<()> {
    let (mut from_near, mut from_far) = ([0; 16 << 10], [0; 16 << 10]);
    let (mut request, mut left) = (Request::default(), None);
    loop {
        tokio::select! {
            read = near.read(&mut from_near) => {
                let bytes = &from_near[..read?];
                if bytes.is_empty() {
                    return far.shutdown().await;
                }
                far.write_all(bytes).await?;
                if !request.has_come(bytes) {
                    continue;
                }
                match request.writes().then(|| shared.next_cut()).flatten() {
                    Some(Cut::HalfClose) => {
                        far.shutdown().await?;
                        tokio::io::copy(far, near).await?;
                        return near.shutdown().await;
                    }
                    Some(Cut::Answer(bytes)) => left = Some(bytes),
                    None => {}
                }
                request = Request::default();
            }
            read = far.read(&mut from_far) => {
                let bytes = &from_far[..read?];
                let bytes = &bytes[..left.unwrap_or(bytes.len()).min(bytes.len())];
                near.write_all(bytes).await?;
                if let Some(left) = &mut left {
                    *left -= bytes.len();
                }
                if bytes.is_empty() || left == Some(0) {
                    return near.shutdown().await;
                }
            }
        }
    }
}

impl Shared {
    fn next_cut(&self) -> Option<Cut> {
        let how = self.to_cut.lock().unwrap().pop_front()?;
        self.cut.lock().unwrap().push(how);
        Some(how)
    }
}

/// As much of a request as has come.
#[derive(Default)]
struct Request(Vec<u8>);

impl Request {
    /// Takes more of it; whether it is here whole.
    fn has_come(&mut self, bytes: &[u8]) -> bool {
        self.0.extend_from_slice(bytes);
        let Some(end) = self.0.windows(4).position(|it| it == b"\r\n\r\n") else { return false };
        let head = String::from_utf8_lossy(&self.0[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.map_or(0, |length| length.trim().parse().expect("a length"));
        self.0.len() >= end + 4 + length
    }

    fn writes(&self) -> bool {
        !self.0.starts_with(b"GET ")
    }
}
