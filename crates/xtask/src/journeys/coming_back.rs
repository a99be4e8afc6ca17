//! What a journey of somebody who comes back cannot do at a screen: let three days go by, and have
//! new keys asked for elsewhere.

use std::process::Command;
use std::time::Instant;

use client::Place;
use domain::id::ArrangementId;
use seal::statement::{Role, Side};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;
use xtask::postgres::Binaries;
use xtask::seed::pause;

use super::agency::Held;
use crate::step::{Failure, fail};

/// Whether some second half waits for its day, and everybody was told.
const PUT_OFF: &str = "select count(*) from jobs where run_at > now() + interval '2 days'
    and exists (select from notices where event_key like 'reset-asked:%')
    and not exists (
        select from notices where event_key like 'reset-asked:%' and state <> 'sent')";
/// What is written in the record stays, for every role: time alone makes it older.
const LATER: &str = "begin;
    set local session_replication_role = replica;
    update verdicts set judged_at = judged_at - interval '73 hours'
        where statement_id in (
            select r.refers_to from statement_references r
            join jobs j on j.subject = encode(r.statement_id, 'hex')
            where j.run_at > now() + interval '2 days');
    update jobs set run_at = now() where run_at > now() + interval '2 days';
    commit";

/// In whose name new keys are asked for: the birth mother of an arrangement.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKeys {
    arrangement: ArrangementId,
}

impl Held {
    /// Waits until new keys wait for their day, and lets it come.
    pub async fn three_days_later(&self) -> Result<Value, Failure> {
        let started = Instant::now();
        while self.sql(PUT_OFF)? == "0" {
            pause(started, || "new keys to be put off".to_owned()).await?;
        }
        self.sql(LATER)?;
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

    /// Past every policy, as the cluster's superuser.
    fn sql(&self, sql: &str) -> Result<String, Failure> {
        let psql = Binaries::find(None).and_then(|it| it.program("psql"));
        let Some(psql) = psql else { return fail("this journey needs PostgreSQL's own psql") };
        let mut command = Command::new(psql);
        command.arg(self.stack.database_url("postgres"));
        command.args(["--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]);
        let done = command.args(["--command", sql]).output()?;
        if !done.status.success() {
            return fail(String::from_utf8_lossy(&done.stderr));
        }
        Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
    }
}
