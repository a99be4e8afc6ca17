//! A mail server on loopback that is away until it is told to be there, and that breaks off in the
//! middle of a message when it is told to.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use xtask::stack::Smtp;

/// Its port is taken and nobody answers.
pub struct Away {
    socket: TcpSocket,
    port: u16,
}

/// It takes everything but what it was told to break.
pub struct MailServer(Arc<Desk>);

#[derive(Default)]
struct Desk {
    taken: Mutex<Vec<Mail>>,
    to_break: Mutex<VecDeque<Break>>,
    broken: Mutex<Vec<(Break, Instant)>>,
}

/// How a conversation ends before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// In the middle of the message: nobody has it.
    InMessage,
    /// After the last line, before the answer: it is taken, and its sender does not know.
    BeforeAnswer,
}

/// One message that was taken.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Whom the envelope names.
    pub to: String,
    pub message: String,
    /// When its last line came.
    pub at: Instant,
}

/// Lines of a message before it breaks off in the middle: some of its headers.
const SOME_LINES: usize = 4;

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
        let desk = Arc::default();
        tokio::spawn(listen(listener, Arc::clone(&desk)));
        MailServer(desk)
    }
}

impl MailServer {
    /// What it has taken so far.
    pub fn taken(&self) -> Vec<Mail> {
        self.0.taken.lock().unwrap().clone()
    }

    /// It breaks the next message, or the one after those that it was told to break before.
    pub fn breaks(&self, how: Break) {
        self.0.to_break.lock().unwrap().push_back(how);
    }

    /// It breaks no more; what it has broken since this was asked last, and when.
    pub fn is_whole(&self) -> Vec<(Break, Instant)> {
        self.0.to_break.lock().unwrap().clear();
        std::mem::take(&mut self.0.broken.lock().unwrap())
    }
}

impl Desk {
    /// One conversation, until either side has had enough.
    async fn converse(&self, mut stream: BufReader<TcpStream>) -> io::Result<()> {
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
                let how = self.to_break.lock().unwrap().pop_front();
                let message = read_message(&mut stream, how).await?;
                let at = Instant::now();
                if let Some(how) = how {
                    self.broken.lock().unwrap().push((how, at));
                }
                let Some(message) = message else { return Ok(()) };
                self.taken.lock().unwrap().push(Mail { to: to.clone(), message, at });
                if how == Some(Break::BeforeAnswer) {
                    return Ok(());
                }
            }
            stream.write_all(b"250 good\r\n").await?;
        }
    }
}

/// A message up to the lone dot; none if it breaks off before.
async fn read_message(
    stream: &mut BufReader<TcpStream>,
    how: Option<Break>,
) -> io::Result<Option<String>> {
    let (mut message, mut lines) = (String::new(), 0);
    while !message.ends_with("\r\n.\r\n") {
        let is_over = how == Some(Break::InMessage) && lines == SOME_LINES;
        if is_over || stream.read_line(&mut message).await? == 0 {
            return Ok(None);
        }
        lines += 1;
    }
    Ok(Some(message))
}

async fn listen(listener: TcpListener, desk: Arc<Desk>) {
    while let Ok((stream, _)) = listener.accept().await {
        let desk = Arc::clone(&desk);
        tokio::spawn(async move { desk.converse(BufReader::new(stream)).await });
    }
}
