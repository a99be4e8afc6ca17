//! What follows in the tables from a statement that was verified. Every value written here comes
//! from the ledger or the statement; rows say only where a letter stands now.

use domain::{
    arrangement::first_review,
    calendar,
    decision::Outcome,
    id::{LetterId, MembershipId, StatementId},
    policy::Policy,
};
use jiff::Timestamp;
use seal::{
    ledger::{Certificate, Holder as CertificateHolder, Ledger},
    statement::{
        About, Body, Contact, Decision, Member, Message, Receipt, Refusal, Reseal, Statement,
        Submit, Withdraw,
    },
};
use store::{
    Tx,
    allocations::{self, Settled},
    certificates::{self, ArrangementMember, Holder, NewArrangement, NewCertificate},
    jobs::{self, NewJob, Queue},
    moves::{self, Move},
    receipts, reseals,
};

use crate::{
    Error,
    allocation::{self, Purpose},
    notices::{Event, tell},
};

/// Carries out an admitted statement.
pub(crate) async fn apply(
    tx: &mut Tx,
    policy: &Policy,
    ledger: &Ledger,
    id: StatementId,
    statement: &Statement,
    now: Timestamp,
) -> Result<(), Error> {
    let step = Step { policy, ledger, id, now };
    match &statement.body {
        Body::Staff(staff) => step.certify(tx, staff.enrol_id, None).await,
        Body::Member(member) => step.member(tx, member).await,
        Body::Arrangement(arrangement) => step.arrangement(tx, arrangement).await,
        Body::Epoch(epoch) => {
            let (n, key) = (narrow(epoch.n)?, epoch.review_key.as_str());
            Ok(certificates::start_epoch(tx, id, epoch.team, n, key, now).await?)
        }
        Body::Submit(submit) => step.submit(tx, submit).await,
        Body::Withdraw(withdraw) => step.withdraw(tx, withdraw).await,
        Body::Decision(decision) => step.decision(tx, decision).await,
        Body::Message(message) => step.message(tx, message).await,
        Body::Revoke(revoke) => Ok(certificates::end(tx, revoke.target_id, now).await?),
        Body::Contact(contact) => step.contact(tx, contact).await,
        Body::Receipt(receipt) => step.receipt(tx, receipt).await,
        Body::Reseal(reseal) => step.reseal(tx, reseal).await,
        Body::Agency(_) | Body::Invite(_) | Body::Enrol(_) => Ok(()),
    }
}

/// One statement being carried out.
struct Step<'a> {
    policy: &'a Policy,
    ledger: &'a Ledger,
    id: StatementId,
    now: Timestamp,
}

impl Step<'_> {
    /// Puts the certificate in force that this statement completes; nothing for a first half.
    async fn certify(
        &self,
        tx: &mut Tx,
        enrol: StatementId,
        replaces: Option<StatementId>,
    ) -> Result<(), Error> {
        let Some(certificate) = self.ledger.certificate(self.id) else { return Ok(()) };
        let (holder, roles) = match &certificate.holder {
            CertificateHolder::Staff(staff) => (
                Holder::Staff { staff: staff.staff, person: staff.person, teams: &staff.teams },
                staff.roles.iter().map(ToString::to_string).collect(),
            ),
            CertificateHolder::Member(member) => (
                Holder::Member { membership: member.membership, arrangement: member.arrangement },
                vec![member.role.to_string()],
            ),
        };
        let new = NewCertificate {
            id: self.id,
            holder,
            enrol,
            sign_key: certificate.sign_key.to_bytes(),
            seal_key: certificate.seal_key.as_str(),
            roles,
            until: until(certificate),
            replaces,
        };
        Ok(certificates::certify(tx, &new, self.now).await?)
    }

    async fn member(&self, tx: &mut Tx, member: &Member) -> Result<(), Error> {
        if self.ledger.certificate(self.id).is_none() {
            // Somebody asks for new keys in this person's name: they hear of it where news has
            // reached them so far, with time to object.
            return tell(tx, member.membership, Event::ResetAsked, self.id, self.now).await;
        }
        self.certify(tx, member.enrol_id, member.replaces).await
    }

    async fn arrangement(
        &self,
        tx: &mut Tx,
        version: &seal::statement::Arrangement,
    ) -> Result<(), Error> {
        let governing = self.ledger.governing_arrangement(version.arrangement);
        let Some((id, now_governing)) = governing else { return Ok(()) };
        if id != self.id {
            // The first half of a move: a lead of the other team takes it, or nobody does.
            let offer = Move {
                statement: self.id,
                arrangement: version.arrangement,
                from: now_governing.team,
                to: version.team,
                offered_at: self.now,
            };
            return Ok(moves::insert(tx, &offer, id).await?);
        }
        let members: Vec<_> = version
            .members
            .iter()
            .map(|entry| ArrangementMember {
                membership: entry.membership,
                side: entry.side.to_string(),
                read: entry.read,
                write: entry.write,
                certificate: entry.cert_id,
            })
            .collect();
        let new = NewArrangement {
            id: version.arrangement,
            statement: self.id,
            n: narrow(version.n)?,
            team: version.team,
            reviewers: i16::try_from(version.reviewers).map_err(|_| Error::TooLarge)?,
            members: &members,
            next_review_on: first_review(calendar::day(self.now)),
        };
        Ok(certificates::arrange(tx, &new).await?)
    }

    async fn submit(&self, tx: &mut Tx, submit: &Submit) -> Result<(), Error> {
        let letter = allocations::lock(tx, submit.letter).await?;
        // Taken back before it was verified: it rests.
        let Some(letter) = letter.filter(|it| it.head == self.id && it.state == "with_agency")
        else {
            return Ok(());
        };
        self.give_out(tx, submit.letter, self.id, Purpose::Check, letter.submitted_at).await
    }

    /// Puts a letter in the queue of its team, due a turnaround after `since`.
    async fn give_out(
        &self,
        tx: &mut Tx,
        letter: LetterId,
        head: StatementId,
        purpose: Purpose,
        since: Timestamp,
    ) -> Result<(), Error> {
        let said = allocation::had_their_say(self.ledger, head);
        give_out(tx, self.policy, (letter, head), &said, purpose, since, self.now).await
    }

    /// A revision that an admitted statement names; the ledger has it.
    fn revision(&self, id: StatementId) -> Result<&Submit, Error> {
        let missing = Error::History { statement: id, refusal: Refusal::MissingStatement };
        self.ledger.submit(id).ok_or(missing)
    }

    async fn withdraw(&self, tx: &mut Tx, withdraw: &Withdraw) -> Result<(), Error> {
        Ok(allocations::withdraw(tx, withdraw.letter, withdraw.submit_id, self.now).await?)
    }

    async fn decision(&self, tx: &mut Tx, decision: &Decision) -> Result<(), Error> {
        let submit = self.revision(decision.submit_id)?;
        let (letter, author) = (submit.letter, submit.author);
        let settled = self
            .ledger
            .final_decision(decision.submit_id)
            .filter(|settled| settled.decision_id() == self.id);
        let Some(settled) = settled else {
            allocations::judge_decision(tx, self.id, "counted").await?;
            allocations::end_checks(tx, letter, self.now).await?;
            let row = allocations::lock(tx, letter).await?.ok_or(store::StoreError::Stale)?;
            let purpose = match decision.outcome {
                Outcome::Keep => Purpose::Manage,
                _ => Purpose::Agree,
            };
            return self.give_out(tx, letter, decision.submit_id, purpose, row.submitted_at).await;
        };
        allocations::judge_decision(tx, self.id, "final").await?;
        let now = self.now;
        match settled.outcome() {
            Outcome::Deliver => {
                let at = calendar::next_release(now, self.policy);
                self.settle(tx, letter, decision, Settled::PassingOn(at)).await?;
                let (subject, key) = (letter.to_string(), decision.submit_id.to_string());
                let job = NewJob {
                    queue: Queue::Release,
                    subject: &subject,
                    run_at: at,
                    dedupe_key: &key,
                };
                Ok(jobs::enqueue(tx, &job, now).await?)
            }
            Outcome::Change => {
                self.settle(tx, letter, decision, Settled::NeedsChange).await?;
                tell(tx, author, Event::NeedsChange, self.id, now).await
            }
            Outcome::Keep => {
                self.settle(tx, letter, decision, Settled::Kept).await?;
                tell(tx, author, Event::Kept, self.id, now).await
            }
        }
    }

    async fn settle(
        &self,
        tx: &mut Tx,
        letter: LetterId,
        decision: &Decision,
        settled: Settled,
    ) -> Result<(), Error> {
        Ok(allocations::settle(tx, letter, decision.submit_id, settled, self.now).await?)
    }

    /// Another look puts a letter back in the queue, for a manager who has not decided on it.
    async fn message(&self, tx: &mut Tx, message: &Message) -> Result<(), Error> {
        let subject = message.subject_id.and_then(|id| self.ledger.statement(id));
        let (About::Look, Some(Body::Decision(decision))) =
            (message.about, subject.map(|subject| &subject.body))
        else {
            return Ok(());
        };
        let head = decision.submit_id;
        let submit = self.revision(head)?;
        self.give_out(tx, submit.letter, head, Purpose::Manage, self.now).await
    }

    /// The writer is told that there is something, and finds the answer with their letter.
    async fn receipt(&self, tx: &mut Tx, receipt: &Receipt) -> Result<(), Error> {
        let author = self.revision(receipt.submit_id)?.author;
        receipts::judge(tx, self.id, "logged").await?;
        tell(tx, author, Event::Answered, self.id, self.now).await
    }

    /// With both statements in the log the grant counts; whoever it is for finds the letter again.
    async fn reseal(&self, tx: &mut Tx, reseal: &Reseal) -> Result<(), Error> {
        reseals::judge(tx, self.id, "logged").await?;
        if reseal.prior.is_none() {
            return Ok(());
        }
        tell(tx, reseal.membership, Event::GivenBack, self.id, self.now).await
    }

    async fn contact(&self, tx: &mut Tx, contact: &Contact) -> Result<(), Error> {
        let membership: MembershipId = contact.membership;
        if certificates::use_contact(tx, membership, self.id).await? {
            tell(tx, membership, Event::ContactChanged(contact.n), self.id, self.now).await?;
        }
        Ok(())
    }
}

/// Puts a letter in the queue of its team, due a turnaround after `since`, and gives it to
/// somebody who has not had their say.
pub(crate) async fn give_out(
    tx: &mut Tx,
    policy: &Policy,
    (letter, head): (LetterId, StatementId),
    had_their_say: &[domain::id::PersonId],
    purpose: Purpose,
    since: Timestamp,
    now: Timestamp,
) -> Result<(), Error> {
    let row = allocations::lock(tx, letter).await?.ok_or(store::StoreError::Stale)?;
    let candidates = allocations::list_candidates(tx, row.team, now).await?;
    let to = allocation::choose(&candidates, had_their_say, purpose);
    let due_on = calendar::due_on(since, policy);
    Ok(allocations::allocate(tx, letter, head, due_on, to).await?)
}

/// None for no end, and for one that no calendar reaches.
fn until(certificate: &Certificate) -> Option<Timestamp> {
    let seconds = i64::try_from(certificate.until).ok().filter(|seconds| *seconds != 0)?;
    Timestamp::from_second(seconds).ok()
}

fn narrow(n: u64) -> Result<i32, Error> {
    i32::try_from(n).map_err(|_| Error::TooLarge)
}
