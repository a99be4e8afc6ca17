//! The whole of Postern on this machine: PostgreSQL, an issuer per audience, the three roles and
//! an outbox. The demo keeps one; each integration test that needs real processes makes its own.
//!
//! The operator's part is done as an operator does it, with `postern keygen` and `postern migrate`
//! and a configuration file per role; the agency's part is done through the API by whoever holds
//! the [`Stack`], who then hands back the realm to pin, as the operator pastes it.

mod access;
mod config;
mod notes;
mod options;
mod sign_in;

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

pub use config::Smtp;
pub use notes::Pinned;
pub use options::{Database, Error, Issuers, Options};

use crate::clocks::{Clocks, Reading};
use crate::folder;
use crate::postgres::Postgres;
use crate::services::{self, Ready, Role, Service, StoodStill};
use notes::Notes;
use sign_in::SignIn;

/// One audience's front door.
#[derive(Clone, Debug)]
pub struct Site {
    /// As browsers send it: `http://localhost:PORT`.
    pub origin: String,
    /// Where it listens.
    pub listen: SocketAddr,
    /// The issuer its people sign in with.
    pub issuer: String,
}

/// Everything, running. Dropping it stops everything, in order.
#[derive(Debug)]
pub struct Stack {
    folder: PathBuf,
    notes: Notes,
    smtp: Option<Smtp>,
    pages: Option<PathBuf>,
    clocks: Option<Clocks>,
    family: Site,
    staff: Site,
    // Fields are dropped in this order: roles first, their database last.
    services: Vec<(Role, Service)>,
    sign_in: SignIn,
    postgres: Option<Postgres>,
    database: Database,
}

impl Stack {
    /// Starts everything in `folder`. What an earlier run left there goes on: same data, same
    /// keys, same ports. Needs a built `postern` beside the running executable.
    pub async fn start(folder: &Path, options: Options) -> Result<Stack, Error> {
        folder::open_to_all(folder).map_err(at(folder))?;
        let folder = fs::canonicalize(folder).map_err(at(folder))?;
        for name in ["config", "keys", "logs", "outbox"] {
            folder::make_private(&folder.join(name)).map_err(at(&folder))?;
        }
        let clocks = options.faketime.clone().map(|it| Clocks::new(it, folder.join("clocks")));
        let clocks = clocks.transpose().map_err(at(&folder))?;
        let notes = Notes::load_or_make(&folder)?;
        let postgres = match options.database {
            Database::Private(durability) => {
                Some(Postgres::start(&folder.join("postgres"), durability)?)
            }
            Database::On(_) => None,
        };
        let sign_in = SignIn::start(&notes, &options)?;
        let (family_issuer, staff_issuer) = sign_in.issuers();
        let mut family = Site::new(notes.family_port, family_issuer);
        let mut staff = Site::new(notes.staff_port, staff_issuer);
        if options.has_front {
            let [for_family, for_staff] = free_ports().map_err(at(&folder))?;
            family.listen.set_port(for_family);
            staff.listen.set_port(for_staff);
        }
        let mut stack = Stack {
            family,
            staff,
            folder,
            notes,
            smtp: options.smtp,
            pages: options.pages,
            clocks,
            services: Vec::new(),
            sign_in,
            postgres,
            database: options.database,
        };
        stack.prepare_database()?;
        stack.start_role(Role::Mediation).await?;
        if stack.notes.pinned.is_some() {
            stack.start_role(Role::Moderation).await?;
            stack.start_role(Role::Notification).await?;
        }
        Ok(stack)
    }

    fn prepare_database(&self) -> Result<(), Error> {
        let config = self.write_config("migrate", &config::migrate(self))?;
        let config = config.to_string_lossy();
        services::run(&["migrate", "--config", &config], &self.log("migrate"))?;
        Ok(())
    }

    /// Pins the agency's realm in the worker's and the notifier's own configuration, as the
    /// operator does after the first administrator's ceremony, and (re)starts both.
    pub async fn pin(&mut self, pinned: Pinned) -> Result<(), Error> {
        self.notes.pinned = Some(pinned);
        self.notes.save(&self.folder)?;
        self.restart(Role::Moderation).await?;
        self.restart(Role::Notification).await
    }

    /// Makes a new log key, as the operator does, and says it. The API and the worker know it once they
    /// are started again.
    pub fn replace_log_key(&mut self) -> Result<String, Error> {
        self.notes.replace_log_key(&self.folder)?;
        Ok(self.notes.log_key.clone())
    }

    /// Starts a role that is not running, and waits until it can work.
    pub async fn start_role(&mut self, role: Role) -> Result<(), Error> {
        if self.is_running(role) {
            return Ok(());
        }
        let (content, ready) = match role {
            Role::Mediation => {
                let sites = vec![self.family.listen, self.staff.listen];
                (config::mediation(self), Ready::Http(sites))
            }
            Role::Moderation => (config::moderation(self), Ready::Logged(READY)),
            Role::Notification => (config::notification(self), Ready::Logged(READY)),
        };
        let config = self.write_config(role.name(), &content)?;
        let log = self.log(role.name());
        let so_far = fs::metadata(&log).map_or(0, |found| found.len());
        let clock = self.clocks.as_ref().map(|it| it.environment(role).to_vec());
        let mut service = Service::start(role, &config, &log, &clock.unwrap_or_default())?;
        service.wait_until_ready(&ready, so_far).await?;
        self.services.push((role, service));
        Ok(())
    }

    /// Asks a role to stop, and waits until it has.
    pub fn stop_role(&mut self, role: Role) {
        drop(self.take(role));
    }

    /// Ends a role without warning, as a crash would.
    pub fn kill_role(&mut self, role: Role) {
        if let Some(service) = self.take(role) {
            service.kill();
        }
    }

    /// Stands a role still, so that for it no time passes, and makes way for another process of it.
    pub fn set_aside(&mut self, role: Role) -> Option<StoodStill> {
        Some(StoodStill::new(self.take(role)?))
    }

    /// Changes what a role's own clock shows, and goes on showing when the role is started again.
    pub fn set_clock(&self, role: Role, reading: Reading) -> Result<(), Error> {
        let clocks = self.clocks.as_ref().ok_or(Error::NoClocks)?;
        clocks.set(role, reading).map_err(at(&self.folder))
    }

    /// Stops a role if it runs and starts it with its configuration as it is now.
    pub async fn restart(&mut self, role: Role) -> Result<(), Error> {
        self.stop_role(role);
        self.start_role(role).await
    }

    /// Stops the private cluster under the running roles.
    pub fn stop_database(&mut self) -> Result<(), Error> {
        self.postgres.take().map(drop).ok_or(Error::NotPrivate)
    }

    /// Starts the private cluster again.
    pub fn start_database(&mut self) -> Result<(), Error> {
        let Database::Private(durability) = self.database else {
            return Err(Error::NotPrivate);
        };
        if self.postgres.is_none() {
            self.postgres = Some(Postgres::start(&self.folder.join("postgres"), durability)?);
        }
        Ok(())
    }

    /// Kills every process of the private cluster at once, and starts it again.
    pub fn crash_database(&mut self) -> Result<(), Error> {
        let (Database::Private(durability), Some(running)) = (&self.database, self.postgres.take())
        else {
            return Err(Error::NotPrivate);
        };
        self.postgres = Some(running.crash_and_restart(*durability)?);
        Ok(())
    }

    /// Whether the private cluster has ended by itself.
    pub fn database_has_ended(&mut self) -> bool {
        self.postgres.as_mut().is_none_or(Postgres::has_ended)
    }

    fn take(&mut self, role: Role) -> Option<Service> {
        let index = self.services.iter().position(|(running, _)| *running == role)?;
        Some(self.services.remove(index).1)
    }

    fn write_config(&self, name: &str, content: &str) -> Result<PathBuf, Error> {
        let path = self.folder.join("config").join(format!("{name}.toml"));
        folder::write_private(&path, content).map_err(at(&path))?;
        Ok(path)
    }
}

/// What a role that serves no pages logs once it can do its work.
const READY: &str = " runs\"";

impl Site {
    fn new(port: u16, issuer: String) -> Site {
        Site {
            // `localhost`, not a number: passkeys are bound to a name.
            origin: format!("http://localhost:{port}"),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            issuer,
        }
    }
}

/// Ports that nobody uses now, below those the system gives to outgoing connections: between
/// this and the moment a role listens, nothing takes them by chance.
fn free_ports<const N: usize>() -> io::Result<[u16; N]> {
    let mut held = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = (0..100)
            .map(|_| u16::from_be_bytes(seal::random::bytes(&mut seal::random::System)))
            .map(|random| 20_000 + random % 12_000)
            .find_map(|candidate| TcpListener::bind((Ipv4Addr::LOCALHOST, candidate)).ok());
        let listener = listener.ok_or(io::ErrorKind::AddrNotAvailable)?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}

fn at(path: &Path) -> impl Fn(io::Error) -> Error + use<> {
    let path = path.to_path_buf();
    move |error| Error::Io(path.clone(), error)
}
