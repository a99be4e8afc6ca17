//! The service as a process runs it: listeners, shutdown, requests under way.

use mediation::SiteConfig;
use store::testing::TestDatabase;
use store::{Clock, Role};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::scene::{config, site_config};

async fn free_port() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("bound")
}

async fn get(address: std::net::SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn each_site_has_its_listener_and_shutdown_ends_both() {
    let database = TestDatabase::create().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = config(folder.path());
    config.database_url = database.url(Role::Api);
    let mut addresses = Vec::new();
    for (audience, issuer) in [
        (mediation::config::Audience::Family, "http://127.0.0.1:1/family"),
        (mediation::config::Audience::Staff, "http://127.0.0.1:1/staff"),
    ] {
        let listen = free_port().await;
        addresses.push(listen);
        let origin = format!("http://{listen}");
        config.sites.push(SiteConfig { audience, listen, origin, ..site_config(issuer) });
    }
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(mediation::run(config, Clock::system(), async {
        let _ = stopped.await;
    }));
    for address in &addresses {
        let answer = loop {
            match get(*address, "/readyz").await {
                Ok(answer) => break answer,
                Err(_) => tokio::task::yield_now().await,
            }
        };
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let answer = get(addresses[0], "/api/session").await.expect("answers");
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    stop.send(()).expect("running");
    running.await.expect("no panic").expect("ends well");
    assert!(get(addresses[0], "/healthz").await.is_err());
}
