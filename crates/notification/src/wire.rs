//! The connection under a mail conversation: a socket of ours, with TLS of ours.
//!
//! Ours for two reasons. lettre never sets `TCP_NODELAY`, and its small writes then wait 44 ms
//! each for the other side's delayed acknowledgement (performance.md, "SMTP"). And its STARTTLS
//! keeps what the server sent before the handshake, so that somebody on the line could put words
//! into the server's mouth that are read as if they had come encrypted; here anything that
//! arrives early ends the connection.

use std::{
    fmt, io,
    net::SocketAddr,
    path::Path,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

use crate::config::Tls;

/// A connection ready for lettre: it will read a greeting and say EHLO.
pub struct Wire {
    /// A greeting to read before anything from the server: after STARTTLS there is none to come,
    /// while lettre waits for one on every fresh connection.
    greeting: &'static [u8],
    stream: Stream,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Why there is no connection. Carries no text from the server.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The network, or TLS.
    #[error("the mail server cannot be reached: {0}")]
    Io(#[from] io::Error),
    /// A reply that is not the one the conversation needs.
    #[error("the mail server refused to begin a protected conversation")]
    Refused,
    /// The server said more than it was asked before the handshake.
    #[error("somebody spoke in front of the mail server's handshake")]
    SpokeEarly,
}

/// What TLS needs: whom to trust, and which name to expect.
#[derive(Clone)]
pub struct Trust {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Trust {
    /// The system's roots and, if given, those of a PEM file.
    pub fn load(host: &str, ca_file: Option<&Path>) -> io::Result<Self> {
        let other = |error: &str| io::Error::other(error.to_owned());
        let mut roots = RootCertStore::empty();
        // A system without roots is not an error of itself: a private authority may be enough.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(file) = ca_file {
            for certificate in
                CertificateDer::pem_file_iter(file).map_err(|_| other("unreadable `ca_file`"))?
            {
                let certificate =
                    certificate.map_err(|_| other("no PEM certificate in `ca_file`"))?;
                roots
                    .add(certificate)
                    .map_err(|_| other("a certificate in `ca_file` is not usable"))?;
            }
        }
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name =
            ServerName::try_from(host.to_owned()).map_err(|_| other("`host` is not a name"))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }

    async fn protect(&self, stream: TcpStream) -> io::Result<Stream> {
        let stream = self.connector.connect(self.name.clone(), stream).await?;
        Ok(Stream::Tls(Box::new(stream)))
    }
}

/// Connects and, unless `tls` is `None`, protects the connection before a word of ours is said
/// about anybody. `hello` is our name for EHLO.
pub async fn connect(
    address: (&str, u16),
    tls: Tls,
    trust: Option<&Trust>,
    hello: &str,
) -> Result<Wire, WireError> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (greeting, stream): (&[u8], _) = match (tls, trust) {
        (Tls::None, _) => (b"", Stream::Plain(stream)),
        (Tls::Implicit, Some(trust)) => (b"", trust.protect(stream).await?),
        (Tls::Starttls, Some(trust)) => {
            ask_for_tls(&mut stream, hello).await?;
            (b"220 protected\r\n", trust.protect(stream).await?)
        }
        (_, None) => return Err(WireError::Refused),
    };
    Ok(Wire { greeting, stream })
}

/// Greeting, EHLO, STARTTLS (RFC 3207), stopping exactly where the handshake begins.
async fn ask_for_tls(stream: &mut TcpStream, hello: &str) -> Result<(), WireError> {
    let mut heard = Vec::new();
    read_reply(stream, &mut heard, "220").await?;
    stream.write_all(format!("EHLO {hello}\r\n").as_bytes()).await?;
    let offers = read_reply(stream, &mut heard, "250").await?;
    let offered = offers.lines().any(|line| {
        line.get(4..).is_some_and(|keyword| keyword.trim_end().eq_ignore_ascii_case("STARTTLS"))
    });
    if !offered {
        return Err(WireError::Refused);
    }
    stream.write_all(b"STARTTLS\r\n").await?;
    read_reply(stream, &mut heard, "220").await?;
    if heard.is_empty() { Ok(()) } else { Err(WireError::SpokeEarly) }
}

/// One reply of one or more lines (RFC 5321 §4.2); what follows it stays in `heard`.
async fn read_reply(
    stream: &mut TcpStream,
    heard: &mut Vec<u8>,
    code: &str,
) -> Result<String, WireError> {
    const LIMIT: usize = 16 * 1024;
    loop {
        if let Some(end) = end_of_reply(heard) {
            let reply: Vec<u8> = heard.drain(..end).collect();
            let reply = String::from_utf8_lossy(&reply).into_owned();
            return if reply.starts_with(code) { Ok(reply) } else { Err(WireError::Refused) };
        }
        if heard.len() > LIMIT {
            return Err(WireError::Refused);
        }
        if stream.read_buf(heard).await? == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
    }
}

/// Where the first whole reply ends: after a line whose fourth character is not `-`.
fn end_of_reply(heard: &[u8]) -> Option<usize> {
    let mut start = 0;
    while let Some(length) = heard[start..].iter().position(|byte| *byte == b'\n') {
        let end = start + length + 1;
        if heard[start..end].get(3) != Some(&b'-') {
            return Some(end);
        }
        start = end;
    }
    None
}

impl Wire {
    fn socket(&self) -> &TcpStream {
        match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Tls(stream) => stream.get_ref().0,
        }
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.socket().peer_addr()
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.greeting.is_empty() {
            let length = self.greeting.len().min(buffer.remaining());
            let (now, later) = self.greeting.split_at(length);
            buffer.put_slice(now);
            self.greeting = later;
            return Poll::Ready(Ok(()));
        }
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Stream::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(context),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
