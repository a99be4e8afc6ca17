//! A real mail server: Debian's Exim, one process a connection, as an ordinary user. It speaks on
//! a port of ours and only queues, so that what it took can be read from its spool.
//!
//! `POSTERN_TEST_EXIM` names the program; without it `/usr/sbin/exim4` is taken, which `cargo xtask
//! test` installs. Without either these tests fail.

use std::{
    fs,
    net::TcpListener,
    os::{fd::OwnedFd, unix::process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use notification::{SmtpConfig, Tls};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;

use crate::scene::Scene;

const HERS: &str = "mother@home.example";
const NOBODY: u32 = 65534;

struct Exim {
    folder: TempDir,
    port: u16,
    connections: Arc<AtomicUsize>,
}

fn program() -> PathBuf {
    let named = std::env::var_os("POSTERN_TEST_EXIM").map(PathBuf::from);
    let program = named.unwrap_or_else(|| "/usr/sbin/exim4".into());
    let missing = "no Exim here: `cargo xtask test` installs it (exim4-daemon-light)";
    assert!(program.exists(), "{missing}");
    program
}

impl Exim {
    /// Starts listening; `extra` are arguments of each connection's process.
    fn start(extra: &'static [&'static str]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let at = folder.path();
        certificates(at);
        fs::create_dir(at.join("spool")).expect("makes");
        fs::write(at.join("exim.conf"), configuration(at)).expect("writes");
        let root = rustix::process::geteuid().is_root();
        if root {
            give_to_nobody(at);
        }
        let listener = TcpListener::bind("127.0.0.1:0").expect("binds");
        let port = listener.local_addr().expect("bound").port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (program, conf, counted) = (program(), at.join("exim.conf"), connections.clone());
        // Lives as long as the test process; so do connections nobody closes.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                counted.fetch_add(1, Ordering::SeqCst);
                let stream = OwnedFd::from(stream);
                let mut command = Command::new(&program);
                command.arg("-C").arg(&conf).arg("-bs").args(extra);
                command.stdin(stream.try_clone().expect("a copy")).stdout(stream);
                command.stderr(Stdio::null());
                if root {
                    command.uid(NOBODY).gid(NOBODY);
                }
                let mut child = command.spawn().expect("exim runs");
                thread::spawn(move || child.wait());
            }
        });
        Self { folder, port, connections }
    }

    fn smtp(&self, tls: Tls) -> SmtpConfig {
        let password_file = self.folder.path().join("password");
        fs::write(&password_file, "correct horse\n").expect("writes");
        SmtpConfig {
            host: "localhost".into(),
            port: self.port,
            tls,
            username: Some("postern".into()),
            password_file: Some(password_file),
            from: "news@postern.example".into(),
            ca_file: Some(self.folder.path().join("ca.pem")),
        }
    }

    /// Envelope and headers (`-H`) and body (`-D`) of everything in its queue.
    fn queued(&self) -> Vec<String> {
        let input = self.folder.path().join("spool/input");
        let Ok(entries) = fs::read_dir(input) else { return Vec::new() };
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths
            .filter(|path| path.to_string_lossy().ends_with("-H"))
            .map(|head| {
                let body = PathBuf::from(head.to_string_lossy().replace("-H", "-D"));
                fs::read_to_string(head).expect("text") + &fs::read_to_string(body).expect("text")
            })
            .collect()
    }
}

fn certificates(at: &Path) {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key"));
    let authority = authority.expect("signs");
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(["localhost".to_owned()]).expect("parameters");
    let leaf = leaf.signed_by(&key, &authority).expect("signs");
    fs::write(at.join("ca.pem"), authority.pem()).expect("writes");
    fs::write(at.join("server.pem"), leaf.pem()).expect("writes");
    fs::write(at.join("server.key"), key.serialize_pem()).expect("writes");
}

fn configuration(at: &Path) -> String {
    let at = at.display();
    let user = if rustix::process::geteuid().is_root() {
        NOBODY
    } else {
        rustix::process::geteuid().as_raw()
    };
    format!(
        r"
primary_hostname = localhost
spool_directory = {at}/spool
log_file_path = {at}/spool/%slog
exim_user = {user}
exim_group = {user}
queue_only = true
host_lookup =
rfc1413_hosts =
keep_environment =
never_users =
tls_advertise_hosts = *
tls_certificate = {at}/server.pem
tls_privatekey = {at}/server.key
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
begin acl
rcpt:
  deny !authenticated = *
       message = sign in first
  deny local_parts = unknown
       message = no such person
  accept
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{postern}}}}{{eq{{$auth3}}{{correct horse}}}}}}}}
  server_set_id = $auth2
"
    )
}

fn give_to_nobody(at: &Path) {
    let paths = fs::read_dir(at).expect("reads").map(|entry| entry.expect("an entry").path());
    for path in paths.chain([at.to_owned()]) {
        std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).expect("root may");
    }
}

async fn scene(address: &str) -> Scene {
    let mut scene = Scene::new().await;
    let (mother, membership) = (scene.letterbox.mother.clone(), scene.letterbox.mother_membership);
    let contact = scene.email(membership, 1, address);
    scene.give_contact(&mother, contact).await;
    scene.news(membership, "a").await;
    scene
}

#[tokio::test(flavor = "multi_thread")]
async fn exim_takes_a_notice_over_starttls_with_a_password() {
    let exim = Exim::start(&[]);
    let scene = scene(HERS).await;
    let notifier = scene.notifier_over(exim.smtp(Tls::Starttls)).await;
    notifier.drain().await.expect("drains");
    assert_eq!(scene.notices().await, [("sent".to_owned(), None)]);
    let queued = exim.queued();
    assert_eq!(queued.len(), 1);
    for wanted in [
        "<news@postern.example>",
        HERS,
        "-auth_id postern",
        "-tls_cipher TLS",
        "Subject: Postern",
        "You have something new on Postern. Sign in when you are ready.",
    ] {
        assert!(queued[0].contains(wanted), "{wanted} in {}", queued[0]);
    }
    notifier.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exim_takes_a_notice_over_tls_from_the_first_byte() {
    let exim = Exim::start(&["-tls-on-connect"]);
    let scene = scene(HERS).await;
    let notifier = scene.notifier_over(exim.smtp(Tls::Implicit)).await;
    notifier.drain().await.expect("drains");
    assert_eq!(scene.notices().await, [("sent".to_owned(), None)]);
    assert_eq!(exim.queued().len(), 1);
    notifier.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exims_refusal_of_a_recipient_is_for_good() {
    let exim = Exim::start(&[]);
    let scene = scene("unknown@home.example").await;
    let notifier = scene.notifier_over(exim.smtp(Tls::Starttls)).await;
    notifier.drain().await.expect("drains");
    assert_eq!(scene.notices().await[0].1.as_deref(), Some("refused for good, code 550"));
    assert_eq!(scene.contact_states().await, ["failing"]);
    notifier.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_or_an_unknown_authority_is_our_trouble_and_not_the_contacts() {
    let exim = Exim::start(&[]);
    let scene = scene(HERS).await;
    let distrusting = SmtpConfig { ca_file: None, ..exim.smtp(Tls::Starttls) };
    let wrong = exim.folder.path().join("wrong");
    fs::write(&wrong, "guess").expect("writes");
    let unknown = SmtpConfig { password_file: Some(wrong), ..exim.smtp(Tls::Starttls) };
    for config in [distrusting, unknown] {
        scene.notifier_over(config).await.drain().await.expect("drains");
        assert_eq!(scene.notices().await[0].0, "waiting");
        assert_eq!(scene.contact_states().await, ["in_use"]);
        scene.advance(1);
    }
    assert_eq!(exim.queued().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn exim_gets_many_notices_over_few_connections() {
    let exim = Exim::start(&[]);
    let scene = scene(HERS).await;
    let membership = scene.letterbox.mother_membership;
    for n in 0..20 {
        scene.tell(membership, "security", "reset-asked", &format!("reset-asked:{n}")).await;
    }
    let notifier = scene.notifier_over(exim.smtp(Tls::Starttls)).await;
    assert_eq!(notifier.drain().await.expect("drains"), 21);
    assert_eq!(exim.queued().len(), 21);
    assert!(exim.connections.load(Ordering::SeqCst) <= 4, "no more than are kept at once");
    notifier.close().await;
}
