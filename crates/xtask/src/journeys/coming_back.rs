//! What a journey of somebody who comes back cannot do at a screen: let three days go by, and have
//! new keys asked for elsewhere.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use client::Place;
use domain::id::ArrangementId;
use seal::statement::{Role, Side};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;
use xtask::folder::repository;
use xtask::postgres::Binaries;
use xtask::seed::pause;

use super::agency::Held;
use crate::step::{Failure, fail};

/// What is asked of the database is the harness's own, beside the journeys.
const HARNESS: &str = "tests/browser/harness";

/// In whose name new keys are asked for: the birth mother of an arrangement.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKeys {
    arrangement: ArrangementId,
}

/// Debian's PostgreSQL brings it and npm's does not: a journey that lets days go by is left out then.
pub fn psql() -> Option<PathBuf> {
    Binaries::find(None)?.program("psql")
}

impl Held {
    /// Waits until new keys wait for their day, and lets it come.
    pub async fn three_days_later(&self) -> Result<Value, Failure> {
        let started = Instant::now();
        while self.behind("put_off.sql")? == "0" {
            pause(started, || "new keys to be put off".to_owned()).await?;
        }
        self.behind("three_days_later.sql")?;
        Ok(json!({}))
    }

    /// New keys in the birth mother's name, certified by the first coordinator.
    pub async fn new_keys(&self, wanted: &NewKeys) -> Result<Value, Failure> {
        let letterbox = self.letterbox(wanted.arrangement)?;
        let Some(mother) = letterbox.members.get(1) else { return fail("she is not online") };
        let (side, role) = (Side::B, Role::BirthParent);
        let place = Place { membership: mother.membership, side, role };
        let origin = Url::parse(&self.stack.family().origin)?;
        self.agency()?.ask_for_new_keys(&origin, letterbox, &mother.name, &place).await?;
        Ok(json!({ "membership": mother.membership }))
    }

    /// Runs a file of the harness past every policy, as the cluster's superuser.
    fn behind(&self, file: &str) -> Result<String, Failure> {
        let Some(psql) = psql() else { return fail("this journey needs PostgreSQL's own psql") };
        let mut command = Command::new(psql);
        command.arg(self.stack.database_url("postgres"));
        command.args(["--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]);
        command.arg("--file").arg(repository().join(HARNESS).join(file));
        let done = command.output()?;
        if !done.status.success() {
            return fail(String::from_utf8_lossy(&done.stderr));
        }
        Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
    }
}
