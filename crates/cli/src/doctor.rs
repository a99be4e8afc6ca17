//! `postern doctor`: everything that can be checked before anything listens.

mod client;
mod log_key;

use std::path::Path;

use store::{Role, Store};
use url::Url;

use crate::config::{self, Config};
use crate::{Failure, roles, with_causes};

/// Checks each section of the file and prints a line per finding. Ends with failure if any is bad.
pub fn run(path: &Path) -> Result<(), Failure> {
    let config = config::load(path)?;
    println!("ok    {} is well formed", path.display());
    let mut findings = files(&config);
    let runtime = roles::runtime()?;
    findings.extend(runtime.block_on(databases(&config)));
    findings.extend(runtime.block_on(log_key::check(&config)));
    told(&findings)
}

/// Checks that a site serves exactly the files that a build's list names.
pub fn client(site: &Url, list: &Path) -> Result<(), Failure> {
    told(&roles::runtime()?.block_on(client::check(site, list))?)
}

/// Prints a line per finding. Ends with failure if any is bad.
fn told(findings: &[Finding]) -> Result<(), Failure> {
    let mut bad = 0;
    for finding in findings {
        match finding {
            Ok(text) => println!("ok    {text}"),
            Err(text) => {
                bad += 1;
                println!("wrong {text}");
            }
        }
    }
    match bad {
        0 => Ok(()),
        bad => Err(Failure::Change(format!("{bad} of {} checks failed", findings.len()))),
    }
}

type Finding = Result<String, String>;

/// Every file the configuration names can be read by this account, and a private one by no other.
fn files(config: &Config) -> Vec<Finding> {
    let mut named: Vec<(&Path, &str)> = Vec::new();
    if let Some(section) = &config.mediation {
        named.push((&section.gate_key_file, "mediation.gate_key_file"));
        named.extend(
            section
                .bootstrap_token_file
                .iter()
                .map(|file| (&**file, "mediation.bootstrap_token_file")),
        );
        let secrets = section.sites.iter().filter_map(|site| site.client_secret_file.as_deref());
        named.extend(secrets.map(|file| (file, "mediation.site.client_secret_file")));
    }
    if let Some(section) = &config.moderation {
        let keys = section.agency.iter().map(|agency| &*agency.log_key_file);
        named.extend(keys.map(|file| (file, "moderation.agency.log_key_file")));
    }
    if let Some(section) = &config.notification {
        named.push((&section.key_file, "notification.key_file"));
        let password = section.smtp.as_ref().and_then(|smtp| smtp.password_file.as_deref());
        named.extend(password.map(|file| (file, "notification.smtp.password_file")));
    }
    named.into_iter().map(|(path, name)| private_file(path, name)).collect()
}

fn private_file(path: &Path, name: &str) -> Finding {
    use std::os::unix::fs::PermissionsExt;
    let shown = path.display();
    let opened = std::fs::File::open(path).map_err(|error| {
        format!(
            "{name}: {shown}: {error}; make it with `postern keygen`, or let this account read it"
        )
    })?;
    let mode = opened
        .metadata()
        .map_err(|error| format!("{name}: {shown}: {error}"))?
        .permissions()
        .mode();
    if mode & 0o007 != 0 {
        return Err(format!("{name}: {shown} can be read by every account; `chmod 600` it"));
    }
    Ok(format!("{name} can be read by this account and not by everybody"))
}

async fn databases(config: &Config) -> Vec<Finding> {
    let sections = [
        (config.mediation.as_ref().map(|section| &section.database_url), Role::Api),
        (config.moderation.as_ref().map(|section| &section.database_url), Role::Worker),
        (config.notification.as_ref().map(|section| &section.database_url), Role::Notifier),
        (config.verify.as_ref().map(|section| &section.database_url), Role::Verifier),
    ];
    let mut findings = Vec::new();
    for (url, role) in sections {
        if let Some(url) = url {
            findings.push(database(url, role).await);
        }
    }
    findings
}

async fn database(url: &str, role: Role) -> Finding {
    let reached = async { Store::connect(url, role).await?.ping().await };
    reached.await.map_err(|error| {
        let why = with_causes(&error);
        format!(
            "the database as {}: {why}; check database_url and that PostgreSQL runs",
            role.login()
        )
    })?;
    Ok(format!("the database answers {}", role.login()))
}
