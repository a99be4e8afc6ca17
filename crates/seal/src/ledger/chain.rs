//! The decision chain of one revision: who has agreed to what, and whether that is final.

use domain::id::{PersonId, StatementId};

use super::Refusal;
use crate::statement::Outcome;

/// Every decision on one revision so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    /// All decisions, in log order.
    pub(super) steps: Vec<StatementId>,
    /// The latest of them.
    pub(super) head: Option<Head>,
    /// The message that asked for another look, until the next decision answers it.
    pub(super) reopened_by: Option<StatementId>,
    /// Who signed since the chain last started again.
    persons: Vec<PersonId>,
    /// Who signed at all.
    everyone: Vec<PersonId>,
    /// Who signed before another look: none of them may sign again.
    excluded: Vec<PersonId>,
}

/// The latest decision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) id: StatementId,
    pub(super) outcome: Outcome,
    pub(super) step: u64,
    pub(super) is_final: bool,
}

/// What the next decision on a revision has to say about its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// Its `step`.
    pub step: u64,
    /// Its `prior`.
    pub prior: Option<StatementId>,
    /// Whether it makes the chain final.
    pub is_final: bool,
}

/// How many distinct persons an outcome takes.
const fn persons_wanted(outcome: Outcome, reviewers: u64) -> u64 {
    match outcome {
        Outcome::Change => 1,
        Outcome::Keep => 2,
        Outcome::Deliver => reviewers,
    }
}

impl Chain {
    /// Whether the next decision continues the steps of the head, rather than starting again.
    fn continues(&self, outcome: Outcome) -> Option<&Head> {
        self.head.as_ref().filter(|head| self.reopened_by.is_none() && head.outcome == outcome)
    }

    /// The place of the next decision with this outcome, in an arrangement whose letters `reviewers`
    /// persons must agree to deliver.
    pub(super) fn next(&self, outcome: Outcome, reviewers: u64) -> Result<NextStep, Refusal> {
        if self.reopened_by.is_none() && self.head.is_some_and(|head| head.is_final) {
            return Err(Refusal::AlreadyFinal);
        }
        let (step, prior) = match self.continues(outcome) {
            Some(head) => (head.step + 1, Some(head.id)),
            // Another outcome or another look: the chain starts again.
            None => (1, self.reopened_by.or(self.head.map(|head| head.id))),
        };
        Ok(NextStep { step, prior, is_final: step >= persons_wanted(outcome, reviewers) })
    }

    /// Whether this person may sign the next decision: a new one within its steps, and nobody who
    /// signed before another look.
    pub(super) fn admits(&self, person: PersonId, outcome: Outcome) -> bool {
        let again = self.continues(outcome).is_some() && self.persons.contains(&person);
        !again && !self.excluded.contains(&person)
    }

    /// Adds a decision that [`Chain::next`] and [`Chain::admits`] have allowed.
    pub(super) fn push(&mut self, head: Head, person: PersonId) {
        if head.step == 1 {
            self.persons.clear();
        }
        self.persons.push(person);
        self.everyone.push(person);
        self.steps.push(head.id);
        self.head = Some(head);
        self.reopened_by = None;
    }

    /// Another look was asked for: the next decision starts again, by other persons.
    pub(super) fn reopen(&mut self, message: StatementId) {
        self.reopened_by = Some(message);
        self.excluded.clone_from(&self.everyone);
    }
}
