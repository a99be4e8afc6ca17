//! Another team of the same agency, and its staff.

use client::Post;
use domain::id::{InviteId, TeamId};
use seal::random::System;
use seal::root;
use seal::statement::Role;
use seal::words::Words;
use xtask::seed::{Agency, Person, now};

use crate::scene::Scene;

/// Another team of the same agency.
pub struct OtherTeam {
    pub team: TeamId,
    pub lead: Person,
    pub coordinator: Person,
}

impl OtherTeam {
    pub async fn make(scene: &Scene, name: &str, [lead, coordinator]: [&str; 2]) -> Self {
        let Agency { administrator, printed, .. } = &scene.agency;
        let team = administrator.account.make_team(name).await.unwrap();
        let [first, second] =
            printed.custodians.each_ref().map(|it| Words::from_typed(it).unwrap());
        let root_file = hex::decode(&printed.root_file).unwrap();
        let root = root::open(&root_file, &first, &second).unwrap();

        let mut lead = Person::staff(&scene.stack, lead).await.unwrap();
        let (sheet, post) = invited(administrator, &mut lead, Role::Lead, team).await;
        let sheet = (sheet.0, sheet.1.as_str());
        let whole = administrator.account.certify_by_root(&root, sheet, &post, now()).await;
        administrator.wait_for(whole.unwrap()).await.unwrap();
        lead.become_certified().await.unwrap();

        let mut coordinator = Person::staff(&scene.stack, coordinator).await.unwrap();
        let (sheet, post) = invited(&lead, &mut coordinator, Role::Coordinator, team).await;
        let sheet = (sheet.0, sheet.1.as_str());
        let half = lead.account.certify_staff(sheet, &post, None, now()).await.unwrap();
        lead.wait_for(half).await.unwrap();
        let whole = administrator.account.certify_staff(sheet, &post, Some(half), now()).await;
        administrator.wait_for(whole.unwrap()).await.unwrap();
        coordinator.become_certified().await.unwrap();

        let key = lead.account.change_team_key(team, &mut System).await.unwrap();
        lead.wait_for(key).await.unwrap();
        Self { team, lead, coordinator }
    }
}

/// Invites somebody, who joins: the sheet with their digits, and their post.
async fn invited(
    by: &Person,
    newcomer: &mut Person,
    role: Role,
    team: TeamId,
) -> ((InviteId, String), Post) {
    let sheet = by.account.invite_staff(role, now(), &mut System).await.unwrap();
    let digits = newcomer.join(&sheet).await.unwrap();
    ((sheet.invite, digits), Post::new(role, &[team], &mut System))
}
