//! Passing a letter on: everything is verified once more from the pinned realm, the grants are
//! rehashed, and the readers come from the final decision, which only the ledger can make.

use domain::{
    arrangement::ArrangementState,
    calendar,
    decision::Outcome,
    id::{LetterId, MembershipId},
    policy::Policy,
};
use jiff::{SignedDuration, Timestamp};
use seal::{
    ledger::{FinalDecision, Ledger},
    statement::Body,
};
use store::{
    Actor, Tx,
    allocations::{self, Letter},
    deliveries,
    jobs::{self, Job},
    releases,
    verdicts::Subjects,
};

use crate::{
    Agency, Error, Worker, files, history,
    notices::{Event, tell},
    worker::Done,
};

impl Worker {
    pub(crate) async fn release(
        &self,
        agency: &Agency,
        job: &Job,
        letter: LetterId,
    ) -> Result<Done, Error> {
        let now = self.clock.now();
        let mut tx = self.store.begin(job.agency, Actor::Nobody).await?;
        // A revocation is logged either before this letter is passed on or after it.
        store::log::lock(&mut tx).await?;
        let row = allocations::lock(&mut tx, letter).await?;
        let Some(row) = row.filter(|row| row.state == "passing_on") else {
            jobs::complete(&mut tx, job).await?;
            tx.commit().await?;
            return Ok(Done::Committed);
        };
        let rules = history::rules(&mut tx, agency).await?;
        if let Some(at) = not_yet(&row, &rules.policy, now) {
            return Ok(Done::NotBefore(at));
        }
        let about = Subjects {
            arrangement: Some(row.arrangement),
            letter: Some(letter),
            ..Subjects::default()
        };
        let ledger = history::fold(&mut tx, agency, rules.root, &about, &[row.head]).await?;
        match readers(&mut tx, &ledger, letter, &row).await? {
            Ok((decision, readers)) => {
                pass_on(&mut tx, &decision, &readers, now).await?;
                tracing::info!(
                    agency = %job.agency, %letter, submit = %row.head, readers = readers.len(),
                    "passed on",
                );
            }
            Err(reason) => {
                allocations::quarantine(&mut tx, letter, row.head, now).await?;
                tracing::error!(agency = %job.agency, %letter, reason, "not passed on");
            }
        }
        jobs::complete(&mut tx, job).await?;
        tx.commit().await?;
        Ok(Done::Committed)
    }
}

/// When to come back, if this is not the moment: before the hour, after the last one of the day (the
/// worker may have been away), or during a break.
fn not_yet(row: &Letter, policy: &Policy, now: Timestamp) -> Option<Timestamp> {
    if let Some(at) = row.release_at
        && at > now
    {
        return Some(at);
    }
    let state = row.arrangement_state.parse::<ArrangementState>();
    if state.is_ok_and(ArrangementState::passes_letters_on) {
        return Some(calendar::next_release(now, policy)).filter(|at| *at > now);
    }
    // Kept safe until the break is over; looked at once a day.
    Some(calendar::next_release(now + SignedDuration::from_hours(24), policy))
}

/// The verified decision and who receives the letter by it, or why nobody may.
async fn readers(
    tx: &mut Tx,
    ledger: &Ledger,
    letter: LetterId,
    row: &Letter,
) -> Result<Result<(FinalDecision, Vec<MembershipId>), &'static str>, Error> {
    if ledger.is_withdrawn(letter) || ledger.head(letter).is_none_or(|(id, _)| id != row.head) {
        return Ok(Err("not-head"));
    }
    let Some(decision) = ledger.final_decision(row.head) else {
        return Ok(Err("not-decided"));
    };
    let statement = ledger.statement(decision.decision_id()).map(|found| &found.body);
    let (Outcome::Deliver, Some(Body::Decision(body))) = (decision.outcome(), statement) else {
        return Ok(Err("not-to-deliver"));
    };
    if let Err(unfit) = files::check_decision(tx, decision.decision_id(), body).await? {
        return Ok(Err(unfit.code()));
    }
    // A reader whose certificate was revoked since the decision receives nothing.
    let grants = decision.grants().iter().filter(|grant| ledger.is_in_force(grant.cert_id));
    let readers: Vec<_> = grants.map(|grant| grant.membership).collect();
    if readers.is_empty() && !decision.grants().is_empty() {
        return Ok(Err("no-reader-left"));
    }
    Ok(Ok((decision, readers)))
}

async fn pass_on(
    tx: &mut Tx,
    decision: &FinalDecision,
    readers: &[MembershipId],
    now: Timestamp,
) -> Result<(), Error> {
    let (letter, submit) = (decision.letter(), decision.submit_id());
    releases::pass_on(tx, letter, submit, now).await?;
    deliveries::insert(tx, letter, submit, decision.decision_id(), readers, now).await?;
    for reader in readers {
        tell(tx, *reader, Event::LetterForYou, submit, now).await?;
    }
    tell(tx, decision.author(), Event::PassedOn, submit, now).await
}
