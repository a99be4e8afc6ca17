//! One agency: founded by its first administrator, with two leads, two coordinators and a team.

use client::{Invitation, Post, Sheet};
use domain::id::{AgencyId, Realm, TeamId};
use seal::key::SigningKey;
use seal::random::System;
use seal::statement::Role;
use serde::{Deserialize, Serialize};

use super::{During, Error, Person, now};
use crate::stack::{Pinned, Stack};

/// Whom to ring, on screens and in notices.
const PHONE: &str = "01632 960 123";

/// What the ceremony leaves on paper: files of the demo, sheets in a safe for an agency.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Printed {
    /// The realm.
    pub realm: Realm,
    /// The root under the custodians' words, as hex.
    pub root_file: String,
    /// Each custodian's words.
    pub custodians: [String; 2],
    /// The archive's identity.
    pub archive: String,
}

/// An agency at work.
#[derive(Debug)]
pub struct Agency {
    /// The agency.
    pub id: AgencyId,
    /// What the ceremony left on paper.
    pub printed: Printed,
    /// Its one team.
    pub team: TeamId,
    /// People and keys; sees no letters.
    pub administrator: Person,
    /// Team managers.
    pub leads: [Person; 2],
    /// Letterbox workers.
    pub coordinators: [Person; 2],
}

impl Agency {
    /// Founds the agency of a fresh stack and brings in its staff; `said` hears of each step.
    pub async fn found(stack: &mut Stack, said: &mut impl FnMut(&str)) -> Result<Self, Error> {
        let mut administrator = Person::staff(stack, "Alex").await?;
        let token = stack.bootstrap_token().to_owned();
        let name = "Riverside Adoption";
        let founding = administrator.account.found_agency(&token, name, now(), &mut System).await;
        let (id, founding) = founding.during("the ceremony")?;
        let name = "Postern".to_owned();
        stack.pin(Pinned { realm: founding.realm, name, phone: PHONE.to_owned() }).await?;
        said("the agency is founded; its realm is pinned");

        let root = founding.open_root().during("opening the root")?;
        administrator.wait_until_in_force().await?;
        // Real agencies let people sleep.
        let all_day = serde_json::json!({ "from": "00:00:00", "until": "23:59:59.999999999" });
        let policy = serde_json::json!({
            "release": { "when": "always" },
            "notices": all_day,
            "phone": PHONE,
            // Here people do in an hour what they do in years.
            "statements_per_hour": 10_000,
            "open_letters": 100,
        });
        let policy = administrator.account.api.put::<()>("/api/agency/policy", &policy).await;
        policy.during("setting the release hours")?;
        let team =
            administrator.account.make_team("Letterbox team").await.during("making the team")?;

        let mut leads = [Person::staff(stack, "Dee").await?, Person::staff(stack, "Joan").await?];
        for lead in &mut leads {
            by_root(&administrator, &root, lead, Role::Lead, &[team]).await?;
        }
        said("two team managers are certified by the root");

        let mut coordinators =
            [Person::staff(stack, "Priya").await?, Person::staff(stack, "Sam").await?];
        for coordinator in &mut coordinators {
            by_two(leads.each_ref(), coordinator, &[team]).await?;
        }
        said("two letterbox workers are certified by both team managers");

        let key =
            leads[0].account.change_team_key(team, &mut System).await.during("the team's key")?;
        leads[0].wait_for(key).await?;
        said("the team has its key");
        for person in leads.iter().chain(&coordinators).chain([&administrator]) {
            person.be_known().await?;
        }
        let printed = Printed {
            realm: founding.realm,
            root_file: hex::encode(&founding.root_file),
            custodians: founding.custodians.clone(),
            archive: founding.archive.to_string(),
        };
        Ok(Self { id, printed, team, administrator, leads, coordinators })
    }
}

impl Person {
    /// Waits until the first administrator's certificate, which nobody else has to sign, counts.
    async fn wait_until_in_force(&self) -> Result<(), Error> {
        let started = std::time::Instant::now();
        while self.account.api.session().await.during(&self.name)?.certificates.is_empty() {
            super::pause(started, || format!("{}'s certificate", self.name)).await?;
        }
        Ok(())
    }

    /// Gives families their first name, to stand beside what they decide.
    async fn be_known(&self) -> Result<(), Error> {
        let name = serde_json::json!({ "name": self.name });
        let known = self.account.api.put::<()>("/api/staff/name", &name).await;
        known.during(&format!("{}'s first name", self.name))
    }

    /// Joins with a printed sheet; returns the digits this person's screen shows.
    pub async fn join(&mut self, sheet: &Sheet) -> Result<String, Error> {
        let invitation = Invitation::look_up(&self.account.api, &sheet.code).await;
        let invitation = invitation.during(&format!("{}'s code", self.name))?;
        let enrolment = self.account.enrol(&invitation, &mut System).await;
        Ok(enrolment.during(&format!("{} enrols", self.name))?.digits)
    }
}

/// Invites somebody to the staff and certifies them by the root.
pub(super) async fn by_root(
    administrator: &Person,
    root: &SigningKey,
    newcomer: &mut Person,
    role: Role,
    teams: &[TeamId],
) -> Result<(), Error> {
    let sheet = administrator
        .account
        .invite_staff(role, now(), &mut System)
        .await
        .during("an invitation")?;
    let digits = newcomer.join(&sheet).await?;
    let post = Post::new(role, teams, &mut System);
    let sheet = (sheet.invite, digits.as_str());
    let certified = administrator.account.certify_by_root(root, sheet, &post, now()).await;
    administrator.wait_for(certified.during("certifying by the root")?).await?;
    newcomer.become_certified().await
}

/// Invites a coordinator, whom a lead and then another, or an administrator, certify.
pub(super) async fn by_two(
    [first, second]: [&Person; 2],
    newcomer: &mut Person,
    teams: &[TeamId],
) -> Result<(), Error> {
    let sheet = first
        .account
        .invite_staff(Role::Coordinator, now(), &mut System)
        .await
        .during("an invitation")?;
    let digits = newcomer.join(&sheet).await?;
    let post = Post::new(Role::Coordinator, teams, &mut System);
    let sheet = (sheet.invite, digits.as_str());
    let half =
        first.account.certify_staff(sheet, &post, None, now()).await.during("the first half")?;
    first.wait_for(half).await?;
    let whole = second.account.certify_staff(sheet, &post, Some(half), now()).await;
    second.wait_for(whole.during("the second half")?).await?;
    newcomer.become_certified().await
}
