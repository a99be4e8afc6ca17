//! What follows from a statement that does not verify. Nothing it claims is believed: which letter
//! it belongs to comes from the row it arrived with.

use domain::{id::StatementId, policy::Policy};
use jiff::Timestamp;
use seal::statement::{Body, Refusal, Statement};
use store::{Tx, allocations, certificates, receipts, reseals};

use crate::{
    Error,
    allocation::Purpose,
    notices::{Event, tell},
    projection::give_out,
};

/// A statement that does not verify.
pub(crate) struct Case<'a> {
    pub(crate) id: StatementId,
    pub(crate) reason: &'static str,
    pub(crate) kind: &'a str,
    /// What it claims, if it can be read at all.
    pub(crate) statement: Option<&'a Statement>,
}

impl Case<'_> {
    fn is_one_of(&self, refusals: &[Refusal]) -> bool {
        refusals.iter().any(|refusal| refusal.code() == self.reason)
    }
}

/// Refusals of a letter that say that the world moved on while it waited to be verified. It is as
/// good as it was, and rests on what stands no more: its writer sends it again.
const TOO_LATE: [Refusal; 4] =
    [Refusal::StaleArrangement, Refusal::StaleEpoch, Refusal::Revoked, Refusal::Expired];

/// Refusals of a decision that say that the world moved on while somebody was deciding. Any other
/// says that a client or the database was tampered with, and somebody must look into that.
const OVERTAKEN: [Refusal; 11] = [
    Refusal::StaleArrangement,
    Refusal::NoWriteRight,
    Refusal::WrongStep,
    Refusal::SamePerson,
    Refusal::Revoked,
    Refusal::Expired,
    // A certificate ended that was in force when they were sealed.
    Refusal::WrongGrants,
    Refusal::WrongAttachment,
    // The letter has gone its way already.
    Refusal::AlreadyFinal,
    Refusal::NotHead,
    Refusal::Withdrawn,
];

/// Marks what rests on the statement.
pub(crate) async fn apply(
    tx: &mut Tx,
    policy: &Policy,
    case: &Case<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    match case.kind {
        "submit" => submit(tx, case, now).await,
        "decision" => decision(tx, policy, case, now).await,
        "withdraw" => withdraw(tx, policy, case, now).await,
        "contact" => Ok(certificates::quarantine_contact(tx, case.id).await?),
        "receipt" => Ok(receipts::judge(tx, case.id, "quarantined").await?),
        "reseal" => Ok(reseals::judge(tx, case.id, "quarantined").await?),
        _ => Ok(()),
    }
}

/// A letter that is not what its writer signed is stopped. One that came too late goes back to them.
async fn submit(tx: &mut Tx, case: &Case<'_>, now: Timestamp) -> Result<(), Error> {
    let Some(letter) = allocations::find_by_head(tx, case.id).await? else { return Ok(()) };
    if !case.is_one_of(&TOO_LATE) {
        return Ok(allocations::quarantine(tx, letter, case.id, now).await?);
    }
    match allocations::ask_again(tx, letter, case.id).await? {
        Some(author) => tell(tx, author, Event::SendAgain, case.id, now).await,
        None => Ok(()),
    }
}

/// It counts for nothing, and says nothing about the letter: that goes back to its team, for
/// somebody to check anew. The claim it was made under has ended.
async fn decision(
    tx: &mut Tx,
    policy: &Policy,
    case: &Case<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    let Some((letter, submit)) = allocations::find_by_decision(tx, case.id).await? else {
        return Ok(());
    };
    if !case.is_one_of(&OVERTAKEN) {
        tracing::error!(
            %letter, decision = %case.id, reason = case.reason,
            "a decision does not verify; its letter is checked anew",
        );
    }
    allocations::judge_decision(tx, case.id, "quarantined").await?;
    let row = allocations::lock(tx, letter).await?;
    let open = row.filter(|row| {
        row.head == submit && matches!(row.state.as_str(), "with_agency" | "being_checked")
    });
    let Some(row) = open else { return Ok(()) };
    allocations::end_checks(tx, letter, now).await?;
    let said = allocations::list_deciders(tx, submit).await?;
    give_out(tx, policy, (letter, submit), &said, Purpose::Check, row.submitted_at, now).await
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
