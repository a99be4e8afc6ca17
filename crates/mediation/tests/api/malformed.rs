//! Malformed HTTP over a plain socket: every shape ends in a clean 4xx or a closed connection, and
//! never in a second request that nobody sent.

use std::net::SocketAddr;

use mediation::SiteConfig;
use store::testing::TestDatabase;
use store::{Clock, Role};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::scene::{config, site_config};

/// The service at its own address, until it is stopped.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), mediation::Error>>,
    _database: TestDatabase,
}

impl Running {
    async fn start() -> Self {
        let database = TestDatabase::create().await;
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = config(folder.path());
        config.database_url = database.url(Role::Api);
        let free = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let listen = free.local_addr().expect("bound");
        drop(free);
        let origin = format!("http://{listen}");
        config.sites.push(SiteConfig { listen, origin, ..site_config("http://127.0.0.1:1/none") });
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            // Keeps the key file until the end.
            let _folder = folder;
            mediation::run(config, Clock::system(), async {
                let _ = stopped.await;
            })
            .await
        });
        while TcpStream::connect(listen).await.is_err() {
            tokio::task::yield_now().await;
        }
        Self { address: listen, stop, task, _database: database }
    }

    /// The statuses of all that the service answers to these bytes, until it closes. The sender
    /// has no more to say, so an answer that waits for more never comes.
    async fn statuses(&self, bytes: &[u8]) -> Vec<u16> {
        let mut stream = TcpStream::connect(self.address).await.expect("connects");
        // It may answer and close before it has heard everything.
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        answer.split("HTTP/1.1 ").skip(1).map(|rest| rest[..3].parse().expect("a status")).collect()
    }

    async fn end(self) {
        self.stop.send(()).expect("running");
        self.task.await.expect("no panic").expect("ends well");
    }
}

/// A whole head of exactly so many bytes, in a few lines.
fn long_head(host: &str, len: usize) -> String {
    let first = format!("GET /api/session HTTP/1.1\r\nHost: {host}\r\n");
    let spare = len - first.len() - "\r\n".len();
    let line = |len: usize| format!("A: {}\r\n", "a".repeat(len - "A: \r\n".len()));
    format!("{first}{}{}\r\n", line(spare / 4).repeat(3), line(spare - 3 * (spare / 4)))
}

/// What a shape ends in.
enum End {
    /// At most one answer, a 4xx, and the connection is closed.
    Refused,
    /// These answers and no more.
    Answered(&'static [u16]),
}

#[tokio::test]
async fn malformed_http_ends_in_a_clean_refusal_or_a_closed_connection() {
    use End::{Answered, Refused};
    let service = Running::start().await;
    let host = service.address.to_string();
    let get = format!("GET /api/session HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let hidden = format!("GET /hidden HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let post = |headers: &str, body: &str| {
        format!(
            "POST /api/sign-out HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n\
             Content-Type: application/json\r\n{headers}\r\n\r\n{body}"
        )
    };
    let with =
        |header: &str| format!("GET /api/session HTTP/1.1\r\nHost: {host}\r\n{header}\r\n\r\n");
    let line = |line: &str| format!("{line}\r\nHost: {host}\r\n\r\n");
    let chunks = "0\r\n\r\n";
    let long = |len: usize| long_head(&host, len);

    let shapes: Vec<(&str, String, End)> = vec![
        ("nothing", String::new(), Answered(&[])),
        ("not HTTP", "\u{16}\u{3}\u{1} hello".into(), Refused),
        ("no version", line("GET /api/session"), Refused),
        ("version 0.9", line("GET /api/session HTTP/0.9"), Refused),
        ("version 2 in words", line("GET /api/session HTTP/2.0"), Refused),
        ("a space in the path", line("GET /api /session HTTP/1.1"), Refused),
        ("a method of no kind", line("G@T /api/session HTTP/1.1"), Refused),
        ("an unknown method", line("BREW /api/session HTTP/1.1"), Refused),
        ("TRACE", line("TRACE /api/session HTTP/1.1"), Refused),
        ("CONNECT", line("CONNECT example.org:443 HTTP/1.1"), Refused),
        ("another's address", line("GET http://example.org/api/session HTTP/1.1"), Refused),
        ("an asterisk", line("OPTIONS * HTTP/1.1"), Refused),
        ("a path that climbs", line("GET /../../etc/passwd HTTP/1.1"), Refused),
        ("a path that climbs in code", line("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1"), Refused),
        ("a NUL in the path", line("GET /api/\0session HTTP/1.1"), Refused),
        ("a coded NUL in the path", line("GET /api/letters/%00 HTTP/1.1"), Refused),
        ("no UTF-8 in code", line("GET /api/letters/%ff%fe HTTP/1.1"), Refused),
        ("a path of 100 kB", line(&format!("GET /{} HTTP/1.1", "a".repeat(100_000))), Refused),
        ("no host", "GET /api/session HTTP/1.1\r\n\r\n".into(), Refused),
        ("another host", "GET /api/session HTTP/1.1\r\nHost: example.org\r\n\r\n".into(), Refused),
        ("two hosts", with("Host: example.org"), Refused),
        ("a NUL in a header", with("Accept: a\0b"), Refused),
        ("a bare CR in a header", with("Accept: a\rb"), Refused),
        ("a header without a colon", with("Accept"), Refused),
        ("a space before the colon", with("Accept : a"), Refused),
        ("a folded header", with("Accept: a\r\n b"), Refused),
        ("a head of 64 kB", long(64 << 10), Answered(&[401])),
        ("a head of one byte more", long((64 << 10) + 1), Answered(&[431])),
        ("a head of 80 kB", long(80 << 10), Answered(&[431])),
        ("a head of 1 MB", long(1 << 20), Answered(&[431])),
        ("an answer, then a head of 80 kB", get.clone() + &long(80 << 10), Answered(&[401, 431])),
        ("a header of 1 MB", with(&format!("X: {}", "a".repeat(1 << 20))), Refused),
        ("a thousand headers", with(&"X: a\r\n".repeat(1000)), Refused),
        ("half a request", get[..30].into(), Answered(&[])),
        ("half a body", post("Content-Length: 10", "{}"), Refused),
        ("a length below nothing", post("Content-Length: -1", ""), Refused),
        ("a length with a sign", post("Content-Length: +2", "{}"), Refused),
        ("a length in hex", post("Content-Length: 0x2", "{}"), Refused),
        ("a length beyond counting", post("Content-Length: 99999999999999999999", ""), Refused),
        ("a length of many gigabytes", post("Content-Length: 99999999999", ""), Refused),
        ("two lengths", post("Content-Length: 2\r\nContent-Length: 3", "{}{"), Refused),
        ("a list of lengths", post("Content-Length: 2, 2", "{}"), Refused),
        ("chunks", post("Transfer-Encoding: chunked", chunks), Refused),
        (
            "a length and chunks",
            post("Content-Length: 5\r\nTransfer-Encoding: chunked", chunks) + &hidden,
            Refused,
        ),
        (
            "chunks and a length",
            post("Transfer-Encoding: chunked\r\nContent-Length: 5", chunks) + &hidden,
            Refused,
        ),
        (
            "chunks under another name",
            post("Transfer-Encoding: xchunked\r\nContent-Length: 0", "") + &hidden,
            Refused,
        ),
        ("chunks twice", post("Transfer-Encoding: chunked, chunked", chunks) + &hidden, Refused),
        (
            "chunks in HTTP/1.0",
            post("Transfer-Encoding: chunked", chunks).replace("HTTP/1.1", "HTTP/1.0"),
            Refused,
        ),
        ("a space in chunks' name", post("Transfer-Encoding : chunked", chunks) + &hidden, Refused),
        // RFC 9112, 2.2 allows a reader to take LF alone for the end of a line; it stays one request.
        ("LF alone", get.replace("\r\n", "\n"), Answered(&[401])),
        ("one after the other", format!("{get}{get}{get}"), Answered(&[401, 401, 401])),
        ("an answer, then nonsense", format!("{get}\0\0\0\0"), Answered(&[401, 400])),
    ];
    for (name, bytes, end) in shapes {
        let statuses = service.statuses(bytes.as_bytes()).await;
        match end {
            End::Refused => {
                assert!(matches!(statuses[..], [] | [400..=499]), "{name}: {statuses:?}");
            }
            End::Answered(expected) => assert_eq!(statuses, expected, "{name}"),
        }
    }
    // And it serves whoever comes next.
    assert_eq!(service.statuses(get.as_bytes()).await, [401]);
    service.end().await;
}
