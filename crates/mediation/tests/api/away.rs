use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::http::{StatusCode, header};
use store::testing::TestDatabase;
use store::{Role, Store};
use tokio::io::copy_bidirectional;
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;
use url::{Url, form_urlencoded};

use crate::provider::Lie;
use crate::scene::Scene;

/// A wire to the database that can be cut.
struct Wire {
    folder: tempfile::TempDir,
    server: PathBuf,
    carrying: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Wire {
    fn new(server: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let wire = Self { folder, server: server.to_owned(), carrying: Arc::default() };
        wire.mend();
        wire
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(".s.PGSQL.5432")
    }

    fn mend(&self) {
        let listener = UnixListener::bind(self.path()).expect("a socket");
        let (server, carrying) = (self.server.clone(), self.carrying.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let server = server.clone();
                let carried = tokio::spawn(async move {
                    let mut server = UnixStream::connect(server).await.expect("the server");
                    let _ = copy_bidirectional(&mut client, &mut server).await;
                });
                carrying.lock().expect("unpoisoned").push(carried);
            }
        });
        self.carrying.lock().expect("unpoisoned").push(accepting);
    }

    fn cut(&self) {
        for task in self.carrying.lock().expect("unpoisoned").drain(..) {
            task.abort();
        }
        std::fs::remove_file(self.path()).expect("the socket was there");
    }
}

#[tokio::test]
async fn without_its_database_the_service_says_so_and_comes_back_by_itself() {
    let database = TestDatabase::create().await;
    // `postgres://user@%2Ffolder%2Fof%2Fthe%2Fsocket:5432/database?…`
    let direct = Url::parse(&database.url(Role::Api)).expect("a URL");
    let host = format!("host={}", direct.host_str().expect("a socket's folder"));
    let (_, folder) = form_urlencoded::parse(host.as_bytes()).next().expect("one pair");
    let port = direct.port().unwrap_or(5432);
    let wire = Wire::new(&Path::new(folder.as_ref()).join(format!(".s.PGSQL.{port}")));
    let url = format!(
        "postgres://{}?host={}&user={}",
        direct.path(),
        wire.folder.path().display(),
        direct.username()
    );
    let store = Store::connect(&url, Role::Api).await.expect("connects");
    let scene = Scene::on(database, store, Lie::None).await;
    let mut browser = scene.signed_in("anna").await;

    wire.cut();
    for path in ["/api/session", "/readyz"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.headers[header::RETRY_AFTER], "5");
        assert_eq!(answer.code(), "away");
        let told = answer.json()["detail"].as_str().expect("a sentence").to_owned();
        assert_eq!(told, "We cannot do this just now. Nothing is lost. Try again in a minute.");
    }
    let mut other = scene.browser();
    assert_eq!(scene.sign_in(&mut other, "ben").await, Err("away".into()));
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);

    wire.mend();
    assert_eq!(browser.get("/readyz").await.status, StatusCode::OK);
    assert_eq!(browser.get("/api/session").await.status, StatusCode::OK);
}
