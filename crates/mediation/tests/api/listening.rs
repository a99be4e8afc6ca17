//! The listener itself, over real sockets: whoever takes their time, takes it from nobody else.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Extension;
use axum::routing::get;
use mediation::listen::{Patience, serve};
use mediation::network::Peer;
use store::Role;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::scene::{ORIGIN, Scene, site_config, site_with};

/// Soon over, for what is meant to run out.
const SOON: Duration = Duration::from_millis(50);
/// Never over, for what is not.
const LONG: Duration = Duration::from_hours(1);
const PATIENT: Patience = Patience { connections: 8, head: LONG, stall: LONG };

struct Listening {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    ended: JoinHandle<()>,
}

async fn listen(router: Router, patience: Patience) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let (stop, stopping) = watch::channel(false);
    let ended = tokio::spawn(serve(listener, router, patience, stopping));
    Listening { address, stop, ended }
}

fn pages() -> Router {
    Router::new()
        .route("/", get(|Extension(Peer(ip)): Extension<Peer>| async move { ip.to_string() }))
        .route("/much", get(|| async { vec![b'x'; 64 << 20] }))
}

impl Listening {
    async fn say(&self, words: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("connects");
        stream.write_all(words.as_bytes()).await.expect("sends");
        stream
    }

    async fn ask(&self, words: &str) -> String {
        heard(self.say(words).await).await
    }
}

/// All that comes until the other end hangs up, in whatever way.
async fn heard(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).expect("text")
}

const WHOLE: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn a_head_that_never_ends_is_broken_off() {
    let listening = listen(pages(), Patience { head: SOON, ..PATIENT }).await;
    for begun in ["", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n"] {
        let answer = listening.ask(begun).await;
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    // A connection that is kept and says nothing more ends too.
    let answer = listening.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn when_every_place_is_taken_by_somebody_slow_the_next_is_answered_in_time() {
    let listening = listen(pages(), Patience { connections: 2, head: SOON, ..PATIENT }).await;
    let slow = [listening.say("GET / HTT").await, listening.say("GET / HTT").await];
    let answer = listening.ask(WHOLE).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(slow);
}

#[tokio::test]
async fn a_head_as_no_browser_sends_it_is_refused() {
    let listening = listen(pages(), PATIENT).await;
    let lines = "A: b\r\n".repeat(100);
    for (head, status) in [
        (format!("GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n"), "431"),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n".into(),
            "400",
        ),
        ("GET / HTTP/1.1\r\nHost : x\r\n\r\n".into(), "400"),
        ("\0\0\0\0\r\n\r\n".into(), "400"),
    ] {
        let answer = listening.ask(&head).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
}

#[tokio::test]
async fn a_handler_learns_the_other_end_of_the_connection() {
    let listening = listen(pages(), PATIENT).await;
    let answer = listening.ask(WHOLE).await;
    assert!(answer.ends_with("127.0.0.1"), "{answer}");
}

#[tokio::test]
async fn a_reader_who_takes_nothing_holds_up_nobody() {
    let listening = listen(pages(), Patience { stall: SOON, ..PATIENT }).await;
    let mut reader = listening.say("GET /much HTTP/1.1\r\nHost: x\r\n\r\n").await;
    // Once it has begun to answer, only the reader is waited for.
    reader.read_exact(&mut [0; 8]).await.expect("the answer begins");
    listening.stop.send(true).expect("listening");
    listening.ended.await.expect("ends");
}

#[tokio::test]
async fn requests_under_way_are_answered_before_it_stops() {
    let listening = listen(pages(), PATIENT).await;
    let mut kept = listening.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    kept.read_exact(&mut [0; 8]).await.expect("an answer");
    let under_way = listening.say("GET / HTTP/1.1\r\nHost: x\r\n").await;
    listening.stop.send(true).expect("listening");
    let _ = heard(kept).await;
    drop(under_way);
    listening.ended.await.expect("ends");
}

#[tokio::test]
async fn a_body_that_never_ends_is_answered_with_a_sentence() {
    let scene = Scene::new().await;
    let store = scene.database.store(Role::Api).await;
    let config = site_config(&scene.provider.issuer());
    let patience = mediation::limits::Patience { ordinary: SOON, letter: SOON, handler: LONG };
    let router = site_with(store, &scene.clock, &config, |_| {}, patience);
    let listening = listen(router, PATIENT).await;
    let head = format!(
        "POST /api/gate HTTP/1.1\r\nHost: localhost:8101\r\nOrigin: {ORIGIN}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{"
    );
    let answer = listening.ask(&head).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("Your writing is saved."), "{answer}");
}
