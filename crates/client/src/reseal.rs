//! Giving letters back to somebody who lost everything: one person of the team says so, another
//! opens the letter's key with the team's and seals it to the new certificate.

use domain::id::{LetterId, MembershipId, StatementId};
use rand_core::CryptoRng;
use seal::envelope::Envelope;
use seal::file;
use seal::ledger::{Ledger, Proof};
use seal::statement::{Body, Reason, Reseal, Statement};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::api::Error;
use crate::bytes::Base64;
use crate::checking::recipient;

/// A letter that somebody had, or wrote, and cannot open with their new keys.
#[derive(Clone, Debug, Deserialize)]
pub struct Lost {
    /// The letter.
    pub letter: LetterId,
    /// The `submit` statement of the revision.
    pub statement: StatementId,
    /// `received` or `sent`.
    pub direction: String,
    /// Who has said that it is to be given back.
    pub first: Option<First>,
    /// Whether a second person has agreed, and the worker has yet to judge it.
    pub agreed: bool,
}

/// The first of the two statements.
#[derive(Clone, Debug, Deserialize)]
pub struct First {
    /// The statement.
    pub statement: StatementId,
}

#[derive(Serialize)]
struct NewReseal {
    statement: Envelope,
    grant: Option<Base64>,
}

impl Account {
    /// What can be given back to a membership that was certified anew, oldest first.
    pub async fn lost_letters(&self, membership: MembershipId) -> Result<Vec<Lost>, Error> {
        self.api.get(&format!("/api/memberships/{membership}/lost-letters")).await
    }

    /// Says that a letter is to be given back to the keys that a membership has now.
    pub async fn propose_giving_back(
        &self,
        lost: &Lost,
        membership: MembershipId,
        reason: Reason,
    ) -> Result<StatementId, Error> {
        let path = self.since(&format!("/api/letters/{}/proof", lost.letter));
        let proof: Proof = self.api.get(&path).await?;
        let (ledger, _) = self.verified(&proof, None)?;
        let decision = ledger.final_decision(lost.statement).ok_or_else(|| no("decision"))?;
        let (_, version) = ledger
            .governing_arrangement(decision.arrangement())
            .ok_or_else(|| no("arrangement"))?;
        let cert_id = version.member(membership).and_then(|entry| entry.cert_id);
        let reseal = Reseal {
            decision_id: decision.decision_id(),
            membership,
            cert_id: cert_id.ok_or_else(|| no("new certificate"))?,
            grant_hash: None,
            reason,
            prior: None,
        };
        self.hand_in_reseal(&ledger, reseal, None).await
    }

    /// Agrees with a colleague, in whose statement everything is verified once more: opens the
    /// letter's key, which goes on record first, and seals it to the new certificate.
    pub async fn agree_to_give_back(
        &self,
        lost: &Lost,
        rng: &mut impl CryptoRng,
    ) -> Result<StatementId, Error> {
        let first = lost.first.as_ref().ok_or_else(|| no("first person"))?.statement;
        let desk = self.open_on_desk(lost.letter, "reseal").await?;
        let ledger = desk.ledger();
        let body = ledger.statement(first).map(|found| &found.body);
        let Some(&Body::Reseal(said)) = body else { return Err(no("first person")) };
        let decision = ledger.final_decision(desk.submit_id()).ok_or_else(|| no("decision"))?;
        if decision.decision_id() != said.decision_id {
            return Err(Error::untrusted("a wish to give back another letter"));
        }
        let to = recipient(ledger, said.cert_id)?;
        let grant = desk.grant_to(said.membership).seal(desk.key(), &to, rng);
        let grant_hash = Some(file::hash(&grant));
        let reseal = Reseal { grant_hash, prior: Some(first), ..said };
        self.hand_in_reseal(ledger, reseal, Some(Base64(grant))).await
    }

    /// Signs and sends; nothing leaves that the rules would refuse.
    async fn hand_in_reseal(
        &self,
        ledger: &Ledger,
        reseal: Reseal,
        grant: Option<Base64>,
    ) -> Result<StatementId, Error> {
        let (keys, cert_id) = self.staff_keys()?;
        let statement = Statement::new(ledger.realm(), Some(cert_id), reseal);
        let statement = Envelope::sign(statement, &keys.sign_seed);
        let id = ledger.clone().admit(&statement, None).map_err(Error::untrusted)?;
        let new = NewReseal { statement, grant };
        self.api.post::<serde_json::Value>("/api/reseals", &new).await?;
        Ok(id)
    }
}

fn no(what: &str) -> Error {
    Error::Missing(format!("the {what} of a letter to give back"))
}
