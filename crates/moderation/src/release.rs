//! Passing a letter on: everything is verified once more from the pinned realm, the grants are
//! rehashed, and the readers come from the final decision, which only the ledger can make.

use domain::{
    arrangement::ArrangementState, calendar, decision::Outcome, id::LetterId, policy::Policy,
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
        match to_pass_on(&mut tx, &ledger, letter, &row).await? {
            Ok(decision) => {
                if row.release_at.is_some_and(|at| at > now) {
                    releases::bring_forward(&mut tx, letter, now).await?;
                }
                let recipients = pass_on(&mut tx, &ledger, &decision, now).await?;
                tracing::info!(
                    agency = %job.agency, %letter, submit = %row.head, recipients, "passed on",
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
/// worker may have been away), or during a break. The hour that was found when it was decided is not
/// asked: by a clock that goes on as it should, no hour from now on comes before it, and one that was
/// found by a clock that ran ahead is too late.
fn not_yet(row: &Letter, policy: &Policy, now: Timestamp) -> Option<Timestamp> {
    let state = row.arrangement_state.parse::<ArrangementState>();
    if state.is_ok_and(ArrangementState::passes_letters_on) {
        return Some(calendar::next_release(now, policy)).filter(|at| *at > now);
    }
    // Kept safe until the break is over; looked at once a day.
    Some(calendar::next_release(now + SignedDuration::from_hours(24), policy))
}

/// The verified decision that passes the letter on to somebody, or why there is none.
async fn to_pass_on(
    tx: &mut Tx,
    ledger: &Ledger,
    letter: LetterId,
    row: &Letter,
) -> Result<Result<FinalDecision, &'static str>, Error> {
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
    if ledger.recipients(&decision).is_empty() {
        return Ok(Err("no-reader-left"));
    }
    Ok(Ok(decision))
}

/// Passes it on, and gives how many receive it. Who lost their keys since it was written receives it
/// too, so that it can be given back to their new ones; they are told when it has been.
async fn pass_on(
    tx: &mut Tx,
    ledger: &Ledger,
    decision: &FinalDecision,
    now: Timestamp,
) -> Result<usize, Error> {
    let (letter, submit) = (decision.letter(), decision.submit_id());
    let recipients = ledger.recipients(decision);
    releases::pass_on(tx, letter, submit, now).await?;
    deliveries::insert(tx, letter, submit, decision.decision_id(), &recipients, now).await?;
    let readable = decision.grants().iter().filter(|grant| ledger.is_in_force(grant.cert_id));
    for reader in readable.map(|grant| grant.membership).filter(|it| recipients.contains(it)) {
        tell(tx, reader, Event::LetterForYou, submit, now).await?;
    }
    tell(tx, decision.author(), Event::PassedOn, submit, now).await?;
    Ok(recipients.len())
}
