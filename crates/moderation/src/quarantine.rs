//! What follows from a statement that does not verify. Nothing it claims is believed: which letter
//! it belongs to comes from the row it arrived with.

use domain::{id::StatementId, policy::Policy};
use jiff::Timestamp;
use seal::{
    ledger::Ledger,
    statement::{Body, Refusal, Statement},
};
use store::{Tx, allocations, certificates, receipts, reseals};

use crate::{
    Error,
    allocation::{self, Purpose},
    projection::give_out,
};

/// A statement that does not verify.
pub(crate) struct Case<'a> {
    pub(crate) id: StatementId,
    pub(crate) reason: &'static str,
    pub(crate) kind: &'a str,
    /// What it claims, if it can be read at all.
    pub(crate) statement: Option<&'a Statement>,
    /// What stood before it, if that was looked at.
    pub(crate) ledger: Option<&'a Ledger>,
}

/// Refusals of a decision that say that the world moved on while somebody was deciding, and
/// nothing about the letter: somebody checks it anew.
const OVERTAKEN: [Refusal; 7] = [
    Refusal::StaleArrangement,
    Refusal::WrongStep,
    Refusal::SamePerson,
    Refusal::Revoked,
    Refusal::Expired,
    // A certificate ended that was in force when they were sealed.
    Refusal::WrongGrants,
    Refusal::WrongAttachment,
];

/// Refusals of a decision on a letter that has gone its way already.
const TOO_LATE: [Refusal; 3] = [Refusal::AlreadyFinal, Refusal::NotHead, Refusal::Withdrawn];

/// Marks what rests on the statement.
pub(crate) async fn apply(
    tx: &mut Tx,
    policy: &Policy,
    case: &Case<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    match case.kind {
        "submit" => {
            if let Some(letter) = allocations::find_by_head(tx, case.id).await? {
                allocations::quarantine(tx, letter, case.id, now).await?;
            }
            Ok(())
        }
        "decision" => decision(tx, policy, case, now).await,
        "withdraw" => withdraw(tx, policy, case, now).await,
        "contact" => Ok(certificates::quarantine_contact(tx, case.id).await?),
        "receipt" => Ok(receipts::judge(tx, case.id, "quarantined").await?),
        "reseal" => Ok(reseals::judge(tx, case.id, "quarantined").await?),
        _ => Ok(()),
    }
}

async fn decision(
    tx: &mut Tx,
    policy: &Policy,
    case: &Case<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    let Some((letter, submit)) = allocations::find_by_decision(tx, case.id).await? else {
        return Ok(());
    };
    allocations::judge_decision(tx, case.id, "quarantined").await?;
    let is_one_of = |refusals: &[Refusal]| refusals.iter().any(|it| it.code() == case.reason);
    if is_one_of(&TOO_LATE) {
        return Ok(());
    }
    let row = allocations::lock(tx, letter).await?;
    let open = row.filter(|row| {
        row.head == submit && matches!(row.state.as_str(), "with_agency" | "being_checked")
    });
    match (open, case.ledger) {
        (Some(row), Some(ledger)) if is_one_of(&OVERTAKEN) => {
            allocations::end_checks(tx, letter, now).await?;
            let said = allocation::had_their_say(ledger, submit);
            let place = (letter, submit);
            give_out(tx, policy, place, &said, Purpose::Check, row.submitted_at, now).await
        }
        (Some(_), _) => Ok(allocations::quarantine(tx, letter, submit, now).await?),
        (None, _) => Ok(()),
    }
}

/// The letter was marked as taken back when the statement came: it is not.
async fn withdraw(
    tx: &mut Tx,
    policy: &Policy,
    case: &Case<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(Body::Withdraw(claim)) = case.statement.map(|statement| &statement.body) else {
        return Ok(());
    };
    if !allocations::restore(tx, claim.letter, claim.submit_id).await? {
        return Ok(());
    }
    let Some(row) = allocations::lock(tx, claim.letter).await? else { return Ok(()) };
    let logged = store::verdicts::find_logged_at(tx, claim.submit_id).await?;
    if logged.is_none() {
        // Its own verification gives it out.
        return Ok(());
    }
    let place = (claim.letter, claim.submit_id);
    give_out(tx, policy, place, &[], Purpose::Check, row.submitted_at, now).await
}
