//! Sending by SMTP as the service does it: what is tried again, what is given up, and that no
//! address is written down anywhere on the way.

use std::{
    collections::VecDeque,
    fmt::{self, Write as _},
    sync::{Arc, Mutex, OnceLock},
};

use notification::{SmtpConfig, Tls};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use crate::scene::Scene;

const HERS: &str = "mother@home.example";

/// A mail server that answers each recipient with the next of these replies, and then with 250.
struct Server {
    port: u16,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(replies: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let port = listener.local_addr().expect("bound").port();
        let replies = Arc::new(Mutex::new(replies.iter().copied().collect::<VecDeque<_>>()));
        let taken = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn({
            let taken = taken.clone();
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, replies.clone(), taken.clone()));
                }
            }
        });
        Self { port, taken }
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().expect("not poisoned").clone()
    }

    fn config(&self) -> SmtpConfig {
        SmtpConfig {
            host: "127.0.0.1".into(),
            port: self.port,
            tls: Tls::None,
            username: None,
            password_file: None,
            from: "news@postern.example".into(),
            ca_file: None,
        }
    }
}

async fn serve(
    stream: TcpStream,
    replies: Arc<Mutex<VecDeque<&'static str>>>,
    taken: Arc<Mutex<Vec<String>>>,
) {
    let mut stream = BufReader::new(stream);
    let mut say = "220 here\r\n".to_owned();
    loop {
        if stream.write_all(say.as_bytes()).await.is_err() {
            return;
        }
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        say = "250 ok\r\n".into();
        if line.starts_with("RCPT") {
            let reply = replies.lock().expect("not poisoned").pop_front();
            say = format!("{} {}\r\n", reply.unwrap_or("250"), line.trim());
        } else if line.starts_with("DATA") {
            stream.write_all(b"354 go\r\n").await.expect("writes");
            let mut message = String::new();
            while !message.ends_with("\r\n.\r\n") {
                assert_ne!(stream.read_line(&mut message).await.expect("reads"), 0);
            }
            taken.lock().expect("not poisoned").push(message);
        }
    }
}

/// Keeps every event of the whole process.
#[derive(Clone, Default)]
struct Keeper(Arc<Mutex<String>>);

impl Keeper {
    fn the_one() -> &'static Self {
        static ONE: OnceLock<Keeper> = OnceLock::new();
        ONE.get_or_init(|| {
            let keeper = Self::default();
            tracing::subscriber::set_global_default(keeper.clone()).expect("the only one");
            keeper
        })
    }
}

impl Subscriber for Keeper {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut Line(&mut self.0.lock().expect("not poisoned")));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        writeln!(self.0, "{field}={value:?}").expect("strings grow");
    }
}

async fn scene() -> Scene {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let contact = scene.email(membership, 1, HERS);
    scene.give_contact(&mother, contact).await;
    scene.news(membership, "a").await;
    scene
}

#[tokio::test]
async fn a_busy_server_is_tried_again_until_it_takes_the_message() {
    let scene = scene().await;
    let server = Server::start(&["451", "421"]).await;
    let notifier = scene.notifier_over(server.config()).await;
    for _ in 0..2 {
        assert_eq!(notifier.drain().await.expect("drains"), 1);
        assert_eq!(server.taken(), Vec::<String>::new());
        assert_eq!(scene.notices().await[0].0, "waiting");
        assert_eq!(notifier.drain().await.expect("drains"), 0, "not at once");
        scene.clock.advance(jiff::SignedDuration::from_mins(2));
    }
    assert_eq!(notifier.drain().await.expect("drains"), 1);
    assert_eq!(server.taken().len(), 1);
    assert_eq!(scene.notices().await[0].0, "sent");
    assert_eq!(scene.contact_states().await, ["in_use"]);
}

#[tokio::test]
async fn an_address_refused_for_good_is_shown_to_the_agency_and_a_later_success_clears_it() {
    let scene = scene().await;
    let server = Server::start(&["550"]).await;
    let notifier = scene.notifier_over(server.config()).await;
    notifier.drain().await.expect("drains");
    let refused = ("failed".to_owned(), Some("refused for good, code 550".to_owned()));
    assert_eq!(scene.notices().await, [refused]);
    assert_eq!(scene.contact_states().await, ["failing"]);
    scene.advance(24);
    scene.news(scene.letterbox.mother_membership, "b").await;
    notifier.drain().await.expect("drains");
    assert_eq!(server.taken().len(), 1);
    assert_eq!(scene.notices().await[1].0, "sent");
    assert_eq!(scene.contact_states().await, ["in_use"]);
}

#[tokio::test]
async fn a_server_that_is_away_for_days_costs_no_news() {
    let scene = scene().await;
    let gone = Server::start(&[]).await.config();
    let unreachable = SmtpConfig { port: 1, ..gone };
    let notifier = scene.notifier_over(unreachable).await;
    for _ in 0..60 {
        notifier.drain().await.expect("drains");
        scene.advance(1);
    }
    assert_eq!(scene.notices().await[0].0, "waiting");
    let server = Server::start(&[]).await;
    scene.clock.set("2026-11-26T10:00:00Z".parse().expect("a moment"));
    scene.notifier_over(server.config()).await.drain().await.expect("drains");
    assert_eq!(server.taken().len(), 1);
}

#[tokio::test]
async fn no_address_is_written_to_the_log_or_the_database() {
    let keeper = Keeper::the_one();
    let scene = scene().await;
    let membership = scene.letterbox.mother_membership;
    // The server's own words repeat the address.
    let server = Server::start(&["451", "550"]).await;
    let notifier = scene.notifier_over(server.config()).await;
    notifier.drain().await.expect("drains");
    scene.advance(1);
    notifier.drain().await.expect("drains");
    scene.advance(24);
    scene.news(membership, "b").await;
    notifier.drain().await.expect("drains");
    assert_eq!(server.taken().len(), 1);
    let log = keeper.0.lock().expect("not poisoned").clone();
    assert!(log.contains("not sent yet") && log.contains("refused for good"), "{log}");
    assert!(!log.contains("home.example"), "{log}");
    let rows: Vec<String> = sqlx::query_scalar(
        "select notices::text from notices union all select jobs::text from jobs
         union all select row (membership_id, n, channel, state)::text from contacts",
    )
    .fetch_all(&scene.behind)
    .await
    .expect("answers");
    assert!(rows.iter().all(|row| !row.contains("home.example")), "{rows:?}");
}
