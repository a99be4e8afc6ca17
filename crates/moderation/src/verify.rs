//! One statement's verification: fold what stands, admit it, rehash its files, and then, in one
//! transaction, verdict, log, projection and whatever follows.

use std::collections::HashMap;

use domain::id::StatementId;
use jiff::{SignedDuration, Timestamp};
use seal::{
    envelope::Envelope,
    key::PublicKey,
    ledger::Ledger,
    statement::{Body, Member, Refusal, ends, references},
};
use store::{
    Actor, Tx, epochs,
    jobs::{self, Job, Queue},
    moves,
    statements::{self, Verdict},
    verdicts,
};

use crate::{
    Agency, Error, Worker, files,
    history::{self, Rules},
    log, notices, projection, quarantine,
    worker::Done,
};

/// The `last_error` of a job that waits for the log key that the agency's root names.
pub(crate) const OTHER_KEY: &str = "other-log-key";

/// What was found about a statement.
enum Found {
    /// It verifies; this is what stands with it.
    Sound(Box<Ledger>),
    /// It does not, for this reason.
    Unsound(&'static str),
    /// A statement it names is not judged yet.
    Waits,
    /// What was taken under the team's key that it replaces is to be judged first, or what the team
    /// that gives an arrangement away still has to do.
    WaitsItsTurn,
    /// Its time has not come.
    NotBefore(Timestamp),
    /// With it, the log's checkpoints are to be signed by a key that this worker does not have.
    OtherKey(PublicKey),
}

impl Worker {
    pub(crate) async fn verify(
        &self,
        agency: &Agency,
        job: &Job,
        id: StatementId,
    ) -> Result<Done, Error> {
        let now = self.clock.now();
        let mut tx = self.store.begin(job.agency, Actor::Nobody).await?;
        // One statement at a time: what stands while it is judged stands when it is logged.
        store::log::lock(&mut tx).await?;
        let near = statements::reachable(&mut tx, &[id]).await?.statements;
        let Some(stored) = near.iter().find(|one| one.id == id) else {
            tracing::warn!(agency = %job.agency, statement = %id, "a job about no statement");
            jobs::complete(&mut tx, job).await?;
            tx.commit().await?;
            return Ok(Done::Committed);
        };
        if stored.verdict != Verdict::Waiting {
            // Done before, by a worker that could not say so.
            jobs::complete(&mut tx, job).await?;
            tx.commit().await?;
            return Ok(Done::Committed);
        }
        let rules = history::rules(&mut tx, agency).await?;
        let parsed = Envelope::parse(&stored.envelope);
        let found = match &parsed {
            Ok(envelope) if envelope.id() == id && envelope.kind().as_str() == stored.kind => {
                self.examine(&mut tx, agency, &rules, envelope, &near, now).await?
            }
            Ok(_) => Found::Unsound("row-altered"),
            Err(refusal) => Found::Unsound(refusal.code()),
        };
        match (found, parsed) {
            (Found::Sound(ledger), Ok(envelope)) => {
                let statement = envelope.unverified();
                let before = log::key_before(&ledger, statement);
                let index = log::append(&mut tx, agency, id, before, now).await?;
                projection::apply(&mut tx, &rules.policy, &ledger, id, statement, now).await?;
                verdicts::wake_waiting(&mut tx, id, now).await?;
                if matches!(statement.body, Body::Agency(_)) {
                    jobs::wake(&mut tx, Queue::Verify, OTHER_KEY, now).await?;
                }
                tracing::info!(agency = %job.agency, statement = %id, kind = stored.kind, index, "logged");
            }
            (Found::Unsound(reason), parsed) => {
                verdicts::quarantine(&mut tx, id, reason, now).await?;
                verdicts::wake_waiting(&mut tx, id, now).await?;
                let statement = parsed.as_ref().ok().map(Envelope::unverified);
                let case = quarantine::Case { id, reason, kind: &stored.kind, statement };
                quarantine::apply(&mut tx, &rules.policy, &case, now).await?;
                tracing::warn!(
                    agency = %job.agency, statement = %id, kind = stored.kind, reason, "quarantined",
                );
            }
            (Found::NotBefore(at), _) => return Ok(Done::NotBefore(at)),
            (Found::WaitsItsTurn, _) => return Ok(Done::Waits(verdicts::WAITS_ITS_TURN)),
            (Found::OtherKey(wanted), _) => {
                tracing::error!(
                    agency = %job.agency, statement = %id, kind = stored.kind,
                    wanted = hex::encode(wanted.as_bytes()),
                    configured = hex::encode(agency.log_key.public_key().as_bytes()),
                    "not logged: the agency's root names another log key than log_key_file holds; \
                     put the wanted key there and start the worker again, or have the root name \
                     the configured one (deploy/README.md, \"A new key for the log\")",
                );
                return Ok(Done::Waits(OTHER_KEY));
            }
            (Found::Waits | Found::Sound(_), _) => return Ok(Done::Waits(verdicts::WAITS)),
        }
        jobs::complete(&mut tx, job).await?;
        tx.commit().await?;
        Ok(Done::Committed)
    }

    async fn examine(
        &self,
        tx: &mut Tx,
        agency: &Agency,
        rules: &Rules,
        envelope: &Envelope,
        near: &[statements::Statement],
        now: Timestamp,
    ) -> Result<Found, Error> {
        let (id, statement) = (envelope.id(), envelope.unverified());
        let named = references(statement);
        if !verdicts::has_references(tx, id, &named, ends(statement)).await? {
            return Ok(Found::Unsound("references-altered"));
        }
        if let Some(found) = unresolved(&named, near) {
            return Ok(found);
        }
        let parsed = near.iter().filter_map(|one| {
            Some((one.id, Envelope::parse(&one.envelope).ok()?.unverified().clone()))
        });
        let about = history::subjects(statement, &parsed.collect::<HashMap<_, _>>());
        let mut ledger = history::fold(tx, agency, rules.root, &about, &named).await?;
        if let Err(refusal) = ledger.admit(envelope, Some(now)) {
            // The agency's own statement is on its way in the same breath.
            if refusal == Refusal::NoAgency {
                return Ok(Found::Waits);
            }
            return Ok(Found::Unsound(refusal.code()));
        }
        let fits = match &statement.body {
            Body::Member(member) => match not_before(tx, rules, member, now).await? {
                Some(at) => return Ok(Found::NotBefore(at)),
                None => Ok(()),
            },
            // A letter or a message that its writer knows to be sent would be refused after it.
            Body::Epoch(epoch) => match epoch.prev {
                Some(last) if epochs::close(tx, last).await? => return Ok(Found::WaitsItsTurn),
                _ => Ok(()),
            },
            // The team that takes it could neither decide the one nor read the other.
            Body::Arrangement(next)
                if next.prior.is_some() && moves::is_held_up(tx, next.arrangement).await? =>
            {
                return Ok(Found::WaitsItsTurn);
            }
            Body::Submit(submit) => files::check_submit(tx, id, submit).await?,
            Body::Decision(decision) => files::check_decision(tx, id, decision).await?,
            Body::Reseal(reseal) => files::check_reseal(tx, id, reseal, &ledger).await?,
            _ => Ok(()),
        };
        if let Err(unfit) = fits {
            return Ok(Found::Unsound(unfit.code()));
        }
        // Otherwise nobody could check the checkpoint that this worker would sign.
        match ledger.agency() {
            Some((_, named)) if named.log_key != agency.log_key.public_key() => {
                Ok(Found::OtherKey(named.log_key))
            }
            _ => Ok(Found::Sound(Box::new(ledger))),
        }
    }
}

/// What follows from a statement that is named and not logged: it is waited for if it waits
/// itself, however long the worker was away, and otherwise it is missing.
fn unresolved(named: &[StatementId], near: &[statements::Statement]) -> Option<Found> {
    let mut waits = false;
    for reference in named {
        match near.iter().find(|one| one.id == *reference).map(|one| &one.verdict) {
            Some(Verdict::Logged { .. }) => {}
            Some(Verdict::Waiting) => waits = true,
            _ => return Some(Found::Unsound(Refusal::MissingStatement.code())),
        }
    }
    waits.then_some(Found::Waits)
}

/// When to look at the second half of a replacement again, if this is too early: there must be time
/// to object, and whoever has the old keys must have been told where news has reached them so far.
async fn not_before(
    tx: &mut Tx,
    rules: &Rules,
    member: &Member,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let Some(first) = member.prior else { return Ok(None) };
    let Some(logged_at) = verdicts::find_logged_at(tx, first).await? else { return Ok(None) };
    let ends = logged_at + rules.policy.notices.recovery(member.met);
    if ends > now {
        return Ok(Some(ends));
    }
    let key = notices::Event::ResetAsked.key(first);
    let unsent = store::notices::is_waiting(tx, member.membership, &key).await?;
    Ok(unsent.then(|| now + SignedDuration::from_hours(1)))
}
