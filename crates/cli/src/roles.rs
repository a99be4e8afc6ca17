//! Running the roles, each until it is asked to stop.

use std::path::Path;
use std::time::Duration;

use store::Clock;

use crate::config::{self, Config};
use crate::signals::{self, Stop};
use crate::{Failure, Run, logging};

/// How long a role may take to finish what is under way: longer than any of them allows itself.
const PATIENCE: Duration = Duration::from_secs(25);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Mediation,
    Moderation,
    Notification,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Mediation, Role::Moderation, Role::Notification];
}

/// A role with its own section of the file.
enum Ready {
    Mediation(mediation::Config),
    Moderation(moderation::Config),
    Notification(notification::Config),
}

impl Ready {
    fn new(role: Role, config: &mut Config, path: &Path) -> Result<Ready, Failure> {
        Ok(match role {
            Role::Mediation => {
                Ready::Mediation(config::section(config.mediation.take(), "mediation", path)?)
            }
            Role::Moderation => {
                Ready::Moderation(config::section(config.moderation.take(), "moderation", path)?)
            }
            Role::Notification => Ready::Notification(config::section(
                config.notification.take(),
                "notification",
                path,
            )?),
        })
    }

    async fn run(self, stop: Stop) -> Result<(), Failure> {
        let clock = Clock::system();
        match self {
            Ready::Mediation(config) => mediation::run(config, clock, stop.wait()).await?,
            Ready::Moderation(config) => moderation::run(config, clock, stop.wait()).await?,
            Ready::Notification(config) => notification::run(config, clock, stop.wait()).await?,
        }
        Ok(())
    }
}

/// Runs `roles` in this process. When one ends, for whatever reason, the others stop too: half a
/// process is harder to notice than none.
pub fn run(run: &Run, roles: &[Role]) -> Result<(), Failure> {
    let path = &run.file.config;
    let mut config = config::load(path)?;
    logging::start(&config.log)?;
    let ready = roles
        .iter()
        .map(|role| Ready::new(*role, &mut config, path))
        .collect::<Result<Vec<_>, _>>()?;
    let runtime = runtime()?;
    let outcome = runtime.block_on(async {
        let (stopper, stop) = signals::listen(run.stop_with_stdin)?;
        let mut running = tokio::task::JoinSet::new();
        for role in ready {
            running.spawn(role.run(stop.clone()));
        }
        let mut outcome = Ok(());
        let all = async {
            while let Some(ended) = running.join_next().await {
                stopper.stop();
                let ended = ended.unwrap_or_else(|panic| Err(Failure::Failed(panic.to_string())));
                if outcome.is_ok() {
                    outcome = ended;
                }
            }
        };
        let too_late = async {
            stop.wait().await;
            tokio::time::sleep(PATIENCE).await;
        };
        tokio::select! {
            () = all => outcome,
            () = too_late => Err(Failure::Failed("did not stop in time".to_owned())),
        }
    });
    // Whatever still runs is not waited for: everything under way is safe to take up again.
    runtime.shutdown_background();
    outcome
}

/// `postern migrate`.
pub fn migrate(path: &Path) -> Result<(), Failure> {
    let config = config::load(path)?;
    logging::start(&config.log)?;
    let section = config::section(config.migrate, "migrate", path)?;
    runtime()?.block_on(async {
        if let Some(superuser) = &section.superuser_url {
            store::migrate::create_roles(superuser).await?;
            let name = database_name(&section.database_url)?;
            store::migrate::create_database(superuser, &name).await?;
        }
        store::migrate::migrate(&section.database_url).await?;
        tracing::info!(migration = store::migrate::newest(), "the database is up to date");
        Ok(())
    })
}

/// The database that a URL names: what stands after the host.
fn database_name(url: &str) -> Result<String, Failure> {
    url::Url::parse(url)
        .ok()
        .and_then(|url| url.path().strip_prefix('/').map(str::to_owned))
        .filter(|name| !name.is_empty())
        .ok_or_else(|| {
            Failure::Change(
                "migrate.database_url names no database\n  next: write it like postgres://host/postern"
                    .to_owned(),
            )
        })
}

pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
