//! The configuration file: one TOML file, a section per role. Unknown keys are refused, so that a
//! mistyped safety setting is not silently ignored.

use std::fmt::Display;
use std::path::Path;

use serde::Deserialize;

use crate::Failure;

pub const DEFAULT_PATH: &str = "/etc/postern/postern.toml";

/// The whole file. A role needs its own section only.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub log: Log,
    pub migrate: Option<Migrate>,
    pub mediation: Option<mediation::Config>,
    pub moderation: Option<moderation::Config>,
    pub notification: Option<notification::Config>,
    pub verify: Option<crate::log::Config>,
}

/// How this process logs.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    pub format: Format,
    /// What to log, as `tracing` directives: `info,store=debug`.
    pub filter: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One JSON object per line.
    #[default]
    Json,
    /// For a person at a terminal.
    Pretty,
}

/// `postern migrate` alone logs in as the owner of the schema, and as a superuser if it may.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migrate {
    /// `postgres://…` of the `migrator_login` role.
    pub database_url: String,
    /// `postgres://…` of a superuser, to make the roles and the database that are not there yet.
    /// Not needed afterwards, and better not kept.
    pub superuser_url: Option<String>,
}

/// Reads and checks every section that is there.
pub fn load(path: &Path) -> Result<Config, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        change(path, &error, "name the file with --config FILE; deploy/ has an example of each")
    })?;
    let config: Config = toml::from_str(&text).map_err(|error| {
        change(path, &error, "correct the line; deploy/ has an example of each section")
    })?;
    check(path, config.mediation.as_ref().map(mediation::Config::validate))?;
    check(path, config.moderation.as_ref().map(moderation::Config::validate))?;
    check(path, config.notification.as_ref().map(notification::Config::validate))?;
    Ok(config)
}

fn check<E: Display>(path: &Path, checked: Option<Result<(), E>>) -> Result<(), Failure> {
    match checked {
        Some(Err(refused)) => Err(change(path, &refused, "correct the setting named above")),
        _ => Ok(()),
    }
}

/// The section a command needs.
pub fn section<T>(section: Option<T>, name: &str, path: &Path) -> Result<T, Failure> {
    section.ok_or_else(|| {
        let missing = format!("there is no [{name}] section");
        change(path, &missing, "add it; deploy/ has an example of each section")
    })
}

fn change(path: &Path, what: &dyn Display, next: &str) -> Failure {
    let what = what.to_string();
    Failure::Change(format!("{}: {}\n  next: {next}", path.display(), what.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("postern.toml");
        std::fs::write(&path, text).unwrap();
        load(&path).map_err(|failure| match failure {
            Failure::Change(text) | Failure::Failed(text) => text,
        })
    }

    #[test]
    fn a_mistyped_key_is_named_with_its_line_and_what_to_do() {
        let refused = loaded("[log]\nformta = \"json\"\n").unwrap_err();
        assert!(refused.contains("formta"), "{refused}");
        assert!(refused.contains("line 2"), "{refused}");
        assert!(refused.contains("next: correct the line"), "{refused}");
    }

    #[test]
    fn every_example_in_deploy_is_a_whole_configuration() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/config");
        let load =
            |name: &str| load(&folder.join(name)).unwrap_or_else(|refused| panic!("{refused:?}"));
        assert!(load("migrate.toml").migrate.is_some());
        assert!(load("mediation.toml").mediation.is_some());
        assert!(load("moderation.toml").moderation.is_some());
        assert!(load("notification.toml").notification.is_some());
        assert!(load("verify.toml").verify.is_some());
    }

    #[test]
    fn a_section_that_is_not_there_is_asked_for() {
        let config = loaded("[log]\nformat = \"pretty\"\n").unwrap();
        assert_eq!(config.log.format, Format::Pretty);
        let refused = section(config.migrate, "migrate", Path::new("postern.toml")).unwrap_err();
        let Failure::Change(text) = refused else { panic!("{refused:?}") };
        assert!(text.contains("no [migrate] section"), "{text}");
    }
}
