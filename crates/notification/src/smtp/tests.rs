//! Faults in the middle of a conversation, played by a scripted server. A real server is met in
//! `tests/mail_server.rs`.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::*;

/// One move of the scripted server.
#[derive(Clone, Copy, Debug)]
enum Move {
    Say(&'static str),
    /// Reads one line, which must begin so.
    Hear(&'static str),
    /// Reads lines up to the lone dot.
    HearMessage,
    /// Stops sending while still listening.
    HalfClose,
    /// Hangs up.
    Close,
}
use Move::{Close, HalfClose, Hear, HearMessage, Say};

const HELLO: [Move; 3] =
    [Say("220 here\r\n"), Hear("EHLO postern.example"), Say("250-here\r\n250 8BITMIME\r\n")];
const NAMED: [Move; 4] = [
    Hear("MAIL FROM:<news@postern.example>"),
    Say("250 ok\r\n"),
    Hear("RCPT TO:<"),
    Say("250 ok\r\n"),
];
const TAKEN: [Move; 4] = [Hear("DATA"), Say("354 go\r\n"), HearMessage, Say("250 taken\r\n")];

/// A server that plays one script per connection and then stops listening.
struct Peer {
    port: u16,
    messages: Arc<Mutex<Vec<String>>>,
    playing: JoinHandle<()>,
}

impl Peer {
    async fn play(scripts: Vec<Vec<Move>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let port = listener.local_addr().expect("bound").port();
        let messages = Arc::new(Mutex::new(Vec::new()));
        let playing = tokio::spawn({
            let messages = messages.clone();
            async move {
                for script in scripts {
                    let (stream, _) = listener.accept().await.expect("accepts");
                    play(stream, script, &messages).await;
                }
            }
        });
        Self { port, messages, playing }
    }

    fn smtp(&self, tls: Tls) -> Smtp {
        let config = config::Smtp {
            host: "127.0.0.1".into(),
            port: self.port,
            tls,
            username: None,
            password_file: None,
            from: "news@postern.example".into(),
            ca_file: None,
        };
        Smtp::open(&config, 4).expect("opens")
    }

    /// Waits until every script was played to its end, and returns what arrived.
    async fn finish(self) -> Vec<String> {
        self.playing.await.expect("the conversation went as scripted");
        std::mem::take(&mut self.messages.lock().expect("not poisoned"))
    }
}

async fn play(stream: TcpStream, script: Vec<Move>, messages: &Mutex<Vec<String>>) {
    let mut stream = BufReader::new(stream);
    for step in script {
        match step {
            Say(text) => stream.write_all(text.as_bytes()).await.expect("writes"),
            Hear(beginning) => {
                let mut line = String::new();
                stream.read_line(&mut line).await.expect("reads");
                assert!(line.starts_with(beginning), "wanted {beginning:?}, heard {line:?}");
            }
            HearMessage => {
                let mut message = String::new();
                while !message.ends_with("\r\n.\r\n") {
                    assert_ne!(stream.read_line(&mut message).await.expect("reads"), 0);
                }
                messages.lock().expect("not poisoned").push(message);
            }
            HalfClose => stream.shutdown().await.expect("shuts down"),
            Close => return,
        }
    }
    // Whatever is said after the script is a goodbye.
    let mut rest = String::new();
    while stream.read_line(&mut rest).await.unwrap_or(0) > 0 {}
}

fn script(parts: &[&[Move]]) -> Vec<Move> {
    parts.concat()
}

fn message() -> Message {
    Message::builder()
        .from("news@postern.example".parse().expect("valid"))
        .to("a@home.example".parse().expect("valid"))
        .body("You have something new.\r\n.a line with a dot".to_owned())
        .expect("builds")
}

fn address(text: &str) -> Address {
    text.parse().expect("valid")
}

#[tokio::test]
async fn a_message_is_delivered_and_the_connection_kept() {
    let peer = Peer::play(vec![script(&[&HELLO, &NAMED, &TAKEN, &NAMED, &TAKEN])]).await;
    let smtp = peer.smtp(Tls::None);
    for _ in 0..2 {
        smtp.send(&address("a@home.example"), &message()).await.expect("taken");
    }
    smtp.close().await;
    let messages = peer.finish().await;
    assert_eq!(messages.len(), 2);
    assert!(messages[0].contains("\r\n..a line with a dot"), "dots are stuffed");
}

#[tokio::test]
async fn an_unknown_recipient_is_refused_for_good_and_harms_no_other() {
    let no = [
        Hear("MAIL"),
        Say("250 ok\r\n"),
        Hear("RCPT"),
        Say("550 5.1.1 <a@home.example> unknown\r\n"),
        Hear("RSET"),
        Say("250 ok\r\n"),
    ];
    let peer = Peer::play(vec![script(&[&HELLO, &no, &NAMED, &TAKEN])]).await;
    let smtp = peer.smtp(Tls::None);
    let failure = smtp.send(&address("a@home.example"), &message()).await.expect_err("unknown");
    assert_eq!(failure, Failure::Refused { code: 550 });
    assert!(!format!("{failure} {failure:?}").contains('@'), "no address in an error");
    smtp.send(&address("b@home.example"), &message()).await.expect("taken");
    smtp.close().await;
    assert_eq!(peer.finish().await.len(), 1);
}

#[tokio::test]
async fn a_busy_server_is_tried_again_later() {
    let busy = [
        Hear("MAIL"),
        Say("250 ok\r\n"),
        Hear("RCPT"),
        Say("451 try later\r\n"),
        Hear("QUIT"),
        Say("221 bye\r\n"),
    ];
    let peer = Peer::play(vec![script(&[&HELLO, &busy]), script(&[&HELLO, &NAMED, &TAKEN])]).await;
    let smtp = peer.smtp(Tls::None);
    let failure = smtp.send(&address("a@home.example"), &message()).await.expect_err("busy");
    assert_eq!(failure, Failure::Later { stage: "naming the recipient", code: 451 });
    smtp.send(&address("a@home.example"), &message()).await.expect("taken");
    smtp.close().await;
    assert_eq!(peer.finish().await.len(), 1);
}

#[tokio::test]
async fn a_connection_lost_after_the_message_is_not_taken_as_sent() {
    let lost = [Hear("DATA"), Say("354 go\r\n"), HearMessage, Close];
    let peer = Peer::play(vec![script(&[&HELLO, &NAMED, &lost])]).await;
    let smtp = peer.smtp(Tls::None);
    let failure = smtp.send(&address("a@home.example"), &message()).await.expect_err("lost");
    assert_eq!(failure, Failure::Later { stage: "sending the message", code: 0 });
    assert_eq!(peer.finish().await.len(), 1);
}

#[tokio::test]
async fn a_server_that_stops_talking_is_left() {
    let mute = [Hear("MAIL"), HalfClose];
    let peer = Peer::play(vec![script(&[&HELLO, &mute])]).await;
    let smtp = peer.smtp(Tls::None);
    let failure = smtp.send(&address("a@home.example"), &message()).await.expect_err("mute");
    assert_eq!(failure, Failure::Later { stage: "naming the sender", code: 0 });
    peer.finish().await;
}

#[tokio::test]
async fn a_refusal_of_us_is_not_held_against_the_recipient() {
    let refusals: [&[Move]; 3] = [
        &[Hear("MAIL"), Say("550 sender not welcome\r\n"), Hear("QUIT"), Say("221 bye\r\n")],
        &[
            Hear("MAIL"),
            Say("250 ok\r\n"),
            Hear("RCPT"),
            Say("530 sign in first\r\n"),
            Hear("QUIT"),
            Say("221 bye\r\n"),
        ],
        &[
            Hear("MAIL"),
            Say("250 ok\r\n"),
            Hear("RCPT"),
            Say("250 ok\r\n"),
            Hear("DATA"),
            Say("554 not today\r\n"),
            Hear("QUIT"),
            Say("221 bye\r\n"),
        ],
    ];
    let peer =
        Peer::play(refusals.iter().map(|refusal| script(&[&HELLO, refusal])).collect()).await;
    let smtp = peer.smtp(Tls::None);
    for _ in refusals {
        let failure = smtp.send(&address("a@home.example"), &message()).await;
        assert!(matches!(failure, Err(Failure::Later { code: 530..=554, .. })), "{failure:?}");
    }
    peer.finish().await;
}

#[tokio::test]
async fn a_server_without_tls_never_learns_an_address() {
    let peer = Peer::play(vec![HELLO.to_vec()]).await;
    let smtp = peer.smtp(Tls::Starttls);
    let failure = smtp.send(&address("a@home.example"), &message()).await;
    assert_eq!(failure, Err(Failure::Later { stage: "connecting", code: 0 }));
    peer.finish().await;
}

#[tokio::test]
async fn words_put_in_front_of_the_handshake_end_the_conversation() {
    let early = [
        Say("220 here\r\n"),
        Hear("EHLO"),
        Say("250-here\r\n250 STARTTLS\r\n"),
        Hear("STARTTLS"),
        Say("220 go\r\n250 AUTH PLAIN\r\n"),
    ];
    let peer = Peer::play(vec![early.to_vec()]).await;
    let smtp = peer.smtp(Tls::Starttls);
    let failure = smtp.send(&address("a@home.example"), &message()).await;
    assert_eq!(failure, Err(Failure::Later { stage: "connecting", code: 0 }));
    peer.finish().await;
}

#[tokio::test]
async fn a_refused_handshake_is_tried_again_later() {
    let refused = [
        Say("220 here\r\n"),
        Hear("EHLO"),
        Say("250-here\r\n250 STARTTLS\r\n"),
        Hear("STARTTLS"),
        Say("454 TLS not available\r\n"),
    ];
    let nonsense = [
        Say("220 here\r\n"),
        Hear("EHLO"),
        Say("250-here\r\n250 STARTTLS\r\n"),
        Hear("STARTTLS"),
        Say("220 go\r\n"),
        Close,
    ];
    let peer = Peer::play(vec![refused.to_vec(), nonsense.to_vec()]).await;
    let smtp = peer.smtp(Tls::Starttls);
    for _ in 0..2 {
        let failure = smtp.send(&address("a@home.example"), &message()).await;
        assert_eq!(failure, Err(Failure::Later { stage: "connecting", code: 0 }));
    }
    peer.finish().await;
}

#[tokio::test]
async fn an_unreachable_server_is_tried_again_later() {
    let peer = Peer::play(Vec::new()).await;
    let smtp = peer.smtp(Tls::None);
    peer.finish().await;
    let failure = smtp.send(&address("a@home.example"), &message()).await;
    assert_eq!(failure, Err(Failure::Later { stage: "connecting", code: 0 }));
}

#[tokio::test]
async fn several_messages_travel_at_once() {
    // Each connection waits at DATA until the other has come as far: one after the other would
    // never finish.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let port = listener.local_addr().expect("bound").port();
    let both = Arc::new(tokio::sync::Barrier::new(2));
    let messages = Arc::new(Mutex::new(Vec::new()));
    let playing = tokio::spawn({
        let messages = messages.clone();
        async move {
            let mut tasks = Vec::new();
            for _ in 0..2 {
                let (stream, _) = listener.accept().await.expect("accepts");
                let (both, messages) = (both.clone(), messages.clone());
                tasks.push(tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    let mut line = String::new();
                    stream.write_all(b"220 here\r\n").await.expect("writes");
                    for reply in ["250 here\r\n", "250 ok\r\n", "250 ok\r\n"] {
                        stream.read_line(&mut line).await.expect("reads");
                        stream.write_all(reply.as_bytes()).await.expect("writes");
                    }
                    both.wait().await;
                    play(stream.into_inner(), TAKEN.to_vec(), &messages).await;
                }));
            }
            for task in tasks {
                task.await.expect("played");
            }
        }
    });
    let peer = Peer { port, messages, playing };
    let smtp = peer.smtp(Tls::None);
    let (to, message) = (address("a@home.example"), message());
    let (one, two) = tokio::join!(smtp.send(&to, &message), smtp.send(&to, &message));
    assert_eq!((one, two), (Ok(()), Ok(())));
    smtp.close().await;
    assert_eq!(peer.finish().await.len(), 2);
}
