//! Coming back after everything was lost, and stopping somebody else who says so in one's name.

use domain::id::{AccountId, InviteId, StatementId};
use seal::envelope::Envelope;
use seal::ledger::StaffHolder;
use seal::statement::{Body, Reason, Revoke, Role, Statement};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::api::{Api, Error};
use crate::joining::{Invitation, Posted};
use crate::staff::Post;

#[derive(Serialize)]
struct Renewal {
    invite: Option<InviteId>,
}

#[derive(Deserialize)]
struct Renewed {
    account: AccountId,
}

#[derive(Deserialize)]
struct Replacement {
    envelope: Envelope,
}

impl Api {
    /// Goes on under the same sign-in with an account that has no keys yet, by the new code. The old
    /// account stays as it is until a worker has certified the new keys.
    pub async fn renew(&self, invitation: &Invitation) -> Result<AccountId, Error> {
        let renewal = Renewal { invite: Some(invitation.locator()) };
        let Renewed { account } = self.post("/api/account/renewal", &renewal).await?;
        Ok(account)
    }

    /// Goes back to an account that was begun so before.
    pub async fn resume_renewal(&self) -> Result<AccountId, Error> {
        let renewal = Renewal { invite: None };
        let Renewed { account } = self.post("/api/account/renewal", &renewal).await?;
        Ok(account)
    }
}

impl Post {
    /// The post that a member of staff has, for their new keys.
    pub fn again(held: &StaffHolder, role: Role) -> Self {
        Self { staff: held.staff, person: held.person, role, teams: held.teams.clone() }
    }
}

impl Account {
    /// Ends a certificate of staff, as that of keys that were lost; a lead's to do, in their own teams.
    pub async fn end(&self, target_id: StatementId, reason: Reason) -> Result<StatementId, Error> {
        let (keys, cert_id) = self.staff_keys()?;
        let revoke = Revoke { target_id, reason };
        let statement = Statement::new(self.root()?.realm(), Some(cert_id), revoke);
        let statement = Envelope::sign(statement, &keys.sign_seed);
        let posted = Posted { statement: &statement };
        let _: serde_json::Value = self.api.post("/api/statements/revoke", &posted).await?;
        Ok(statement.id())
    }

    /// Objects to every new key on its way in this person's name: whoever can open the old ones has
    /// not lost them. Gives the objections.
    pub(crate) async fn object_to_replacements(&self) -> Result<Vec<StatementId>, Error> {
        let mut objections = Vec::new();
        let mine: Vec<_> = self.bundle().memberships.iter().filter_map(|it| it.cert_id).collect();
        if mine.is_empty() {
            return Ok(objections);
        }
        let found: Vec<Replacement> = self.api.get("/api/replacements").await?;
        for Replacement { envelope } in found {
            let Body::Member(half) = &envelope.unverified().body else { continue };
            let Some(replaces) = half.replaces.filter(|it| mine.contains(it)) else { continue };
            let mut keys = self.bundle().memberships.iter();
            let Some(keys) = keys.find(|it| it.cert_id == Some(replaces)) else { continue };
            let revoke = Revoke { target_id: envelope.id(), reason: Reason::Mistake };
            let statement = Statement::new(self.root()?.realm(), Some(replaces), revoke);
            let statement = Envelope::sign(statement, &keys.sign_seed);
            let posted = Posted { statement: &statement };
            self.api.post::<serde_json::Value>("/api/replacements/objections", &posted).await?;
            objections.push(statement.id());
        }
        Ok(objections)
    }
}
