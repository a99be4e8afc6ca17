//! Another team of the same agency, with a key of its own.

use domain::id::TeamId;
use seal::random::System;
use seal::root;
use seal::statement::Role;
use seal::words::Words;

use super::agency::{by_root, by_two};
use super::{Agency, During, Error, Person};
use crate::stack::Stack;

/// A team besides the first, and its staff.
#[derive(Debug)]
pub struct OtherTeam {
    /// The team.
    pub team: TeamId,
    /// Its manager.
    pub lead: Person,
    /// Its letterbox worker.
    pub coordinator: Person,
}

impl Agency {
    /// Makes another team: the custodians certify its lead, the lead and the administrator its
    /// coordinator.
    pub async fn another_team(
        &self,
        stack: &Stack,
        name: &str,
        [lead, coordinator]: [&str; 2],
    ) -> Result<OtherTeam, Error> {
        let team = self.administrator.account.make_team(name).await.during("another team")?;
        let unreadable = || Error::Wrong("the root on paper cannot be read".to_owned());
        let [first, second] =
            self.printed.custodians.each_ref().map(|words| Words::from_typed(words));
        let (Some(first), Some(second)) = (first, second) else { return Err(unreadable()) };
        let file = hex::decode(&self.printed.root_file).map_err(|_| unreadable())?;
        let root = root::open(&file, &first, &second).map_err(|_| unreadable())?;

        let mut lead = Person::staff(stack, lead).await?;
        by_root(&self.administrator, &root, &mut lead, Role::Lead, &[team]).await?;
        let mut coordinator = Person::staff(stack, coordinator).await?;
        by_two([&lead, &self.administrator], &mut coordinator, &[team]).await?;
        let key = lead.account.change_team_key(team, &mut System).await.during("the team's key")?;
        lead.wait_for(key).await?;
        Ok(OtherTeam { team, lead, coordinator })
    }
}
