//! Moves between teams: a lead gives an arrangement away, and a lead of the other team looks at it and
//! takes it.

use domain::id::{ArrangementId, StatementId, TeamId};
use rand_core::CryptoRng;
use seal::document::{Document, Subject};
use seal::envelope::Envelope;
use seal::file;
use seal::ledger::Proof;
use seal::statement::{Arrangement, Body, Statement};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::api::Error;
use crate::arrangement::{Draft, Standing, TeamKeys};
use crate::bytes::Base64;

/// An arrangement that one team offers to another.
#[derive(Clone, Debug, Deserialize)]
pub struct Offered {
    /// The first half of its next version.
    pub statement: StatementId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The team it is offered to.
    pub to: TeamId,
}

/// An offer, verified from the root and opened.
#[derive(Clone, Debug)]
pub struct Offer {
    first: StatementId,
    version: Arrangement,
    files: Files,
    /// The plan, as JSON.
    pub plan: String,
    /// The notes, as JSON.
    pub notes: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Files {
    plan: Base64,
    notes: Base64,
}

#[derive(Deserialize)]
struct Whole {
    #[serde(flatten)]
    files: Files,
    proof: Proof,
}

#[derive(Serialize)]
struct Second<'a> {
    statement: &'a Envelope,
    #[serde(flatten)]
    files: &'a Files,
}

impl Account {
    /// Offers an arrangement to another team: the first half of its next version, with plan and notes
    /// sealed to that team's key.
    pub async fn give_away(
        &self,
        standing: &Standing,
        to: TeamId,
        texts: (&str, &str),
        rng: &mut impl CryptoRng,
    ) -> Result<StatementId, Error> {
        let members = standing.version().members.clone();
        let readers = self.readers(&members).await?;
        let team = self.other_team_keys(to).await?;
        self.write_version(Draft::next(standing, to, members), (&readers, team), texts, rng).await
    }

    /// The key of a team that is not one's own: its statement is all that is seen of it.
    async fn other_team_keys(&self, team: TeamId) -> Result<TeamKeys, Error> {
        #[derive(Deserialize)]
        struct Listed {
            team: TeamId,
            epoch: Option<StatementId>,
        }
        let teams: Vec<Listed> = self.api.get("/api/teams").await?;
        let newest = teams.iter().find(|it| it.team == team).and_then(|it| it.epoch);
        let newest = newest.ok_or_else(|| Error::Missing("a key of that team".to_owned()))?;
        let path = self.since("/api/proof");
        let proof: Proof = self.api.get(&format!("{path}&of={newest}")).await?;
        let (ledger, _) = self.verified(&proof, None)?;
        let (id, epoch) =
            ledger.epoch(team).ok_or_else(|| Error::untrusted("a key of another team"))?;
        if id != newest {
            return Err(Error::untrusted("another key than the team's newest"));
        }
        let review_key = epoch.review_key.recipient().map_err(Error::untrusted)?;
        Ok((review_key, epoch.archive_key.recipient().map_err(Error::untrusted)?))
    }

    /// What one's teams offer or are offered.
    pub async fn offers(&self) -> Result<Vec<Offered>, Error> {
        self.api.get("/api/moves").await
    }

    /// An offer to one's own team, verified and opened with its key.
    pub async fn offer(&self, first: StatementId) -> Result<Offer, Error> {
        let Whole { files, proof } =
            self.api.get(&self.since(&format!("/api/moves/{first}"))).await?;
        let (ledger, _) = self.verified(&proof, None)?;
        let Some(Body::Arrangement(version)) = ledger.statement(first).map(|it| &it.body) else {
            return Err(Error::untrusted("no such offer in its proof"));
        };
        let governing = ledger.governing_arrangement(version.arrangement).map(|(id, _)| id);
        if version.prior.is_some() || version.prev != governing {
            return Err(Error::untrusted("an offer that does not follow the governing version"));
        }
        let secret = self.newest_secret(version.team).await?;
        let open = |file: &Base64, hash, subject| {
            if file::hash(&file.0) != hash {
                return Err(Error::untrusted("another file than the offer names"));
            }
            let document = Document { realm: ledger.realm(), subject, n: version.n };
            document.open(&file.0, &secret).map_err(Error::untrusted)
        };
        let plan = open(&files.plan, version.plan_hash, Subject::Plan(version.arrangement))?;
        let notes = open(&files.notes, version.notes_hash, Subject::Notes(version.arrangement))?;
        Ok(Offer {
            first,
            version: version.clone(),
            plan: plan.to_string(),
            notes: notes.to_string(),
            files,
        })
    }

    /// Takes an offered arrangement over: the second half, by a lead of the other team.
    pub async fn take(&self, offer: &Offer) -> Result<StatementId, Error> {
        let (keys, cert_id) = self.staff_keys()?;
        let body = Arrangement { prior: Some(offer.first), ..offer.version.clone() };
        let realm = self.root()?.realm();
        let statement = Envelope::sign(Statement::new(realm, Some(cert_id), body), &keys.sign_seed);
        let second = Second { statement: &statement, files: &offer.files };
        let _: serde_json::Value = self.api.post("/api/arrangements", &second).await?;
        Ok(statement.id())
    }
}
