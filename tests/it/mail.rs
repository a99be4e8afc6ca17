//! A mail server on loopback that is away until it is told to be there.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use xtask::stack::Smtp;

/// Its port is taken and nobody answers.
pub struct Away {
    socket: TcpSocket,
    port: u16,
}

/// It takes everything.
pub struct MailServer {
    taken: Arc<Mutex<Vec<Mail>>>,
}

/// One message that was taken.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Whom the envelope names.
    pub to: String,
    pub message: String,
}

impl Away {
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let port = socket.local_addr().unwrap().port();
        Self { socket, port }
    }

    /// How the notification service is told of it.
    pub fn settings(&self) -> Smtp {
        let host = Ipv4Addr::LOCALHOST.to_string();
        Smtp { host, port: self.port, tls: "none", login: None, ca_file: None }
    }

    /// It is there from now on.
    pub fn come_back(self) -> MailServer {
        let listener = self.socket.listen(16).unwrap();
        let taken = Arc::default();
        tokio::spawn(listen(listener, Arc::clone(&taken)));
        MailServer { taken }
    }
}

impl MailServer {
    /// What it has taken so far.
    pub fn taken(&self) -> Vec<Mail> {
        self.taken.lock().unwrap().clone()
    }
}

async fn listen(listener: TcpListener, taken: Arc<Mutex<Vec<Mail>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let taken = Arc::clone(&taken);
        tokio::spawn(async move { converse(BufReader::new(stream), &taken).await });
    }
}

/// One conversation, until either side has had enough.
async fn converse(
    mut stream: BufReader<TcpStream>,
    taken: &Mutex<Vec<Mail>>,
) -> std::io::Result<()> {
    let mut to = String::new();
    stream.write_all(b"220 here\r\n").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        if let Some(recipient) = line.strip_prefix("RCPT TO:<") {
            to = recipient.split('>').next().unwrap_or_default().to_owned();
        }
        if line.starts_with("DATA") {
            stream.write_all(b"354 go on\r\n").await?;
            let mut message = String::new();
            while !message.ends_with("\r\n.\r\n") && stream.read_line(&mut message).await? > 0 {}
            taken.lock().unwrap().push(Mail { to: to.clone(), message });
        }
        stream.write_all(b"250 good\r\n").await?;
    }
}
