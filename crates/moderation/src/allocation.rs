//! Who is to check a letter: somebody of its team who has not had their say, with fewest open
//! letters.

use domain::id::{PersonId, StaffId, StatementId};
use seal::ledger::Ledger;
use store::allocations::Candidate;

/// What a letter is given out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A first check.
    Check,
    /// A second person's decision on a delivery.
    Agree,
    /// Whether to keep a letter, or another look at a decision: a manager's, if there is one.
    Manage,
}

/// The candidate to give a letter to; none if everybody has had their say. `candidates` come with
/// fewest open letters first, so that equal ones have one order.
pub(crate) fn choose(
    candidates: &[Candidate],
    had_their_say: &[PersonId],
    purpose: Purpose,
) -> Option<StaffId> {
    let wants_lead = purpose == Purpose::Manage;
    let free = || candidates.iter().filter(|one| !had_their_say.contains(&one.person));
    let chosen = free().find(|one| one.lead == wants_lead).or_else(|| free().next());
    chosen.map(|one| one.staff)
}

/// Everybody who has signed a decision on a revision.
pub(crate) fn had_their_say(ledger: &Ledger, submit: StatementId) -> Vec<PersonId> {
    let chain = ledger.decision_chain(submit);
    let signers = chain.iter().filter_map(|(id, _)| ledger.statement(*id)?.signer);
    signers.filter_map(|id| Some(ledger.certificate(id)?.staff()?.person)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(n: u8, lead: bool, open: u64) -> Candidate {
        Candidate {
            staff: StaffId::from_bytes([n; 16]),
            person: PersonId::from_bytes([n; 16]),
            lead,
            open,
        }
    }

    fn staff(n: u8) -> StaffId {
        StaffId::from_bytes([n; 16])
    }

    #[test]
    fn the_coordinator_with_fewest_letters_checks_and_a_manager_only_in_their_place() {
        let team = [candidate(3, true, 0), candidate(1, false, 2), candidate(2, false, 5)];
        let gone: Vec<_> = team.iter().filter(|one| !one.lead).map(|one| one.person).collect();
        assert_eq!(choose(&team, &[], Purpose::Check), Some(staff(1)));
        assert_eq!(choose(&team, &gone[..1], Purpose::Check), Some(staff(2)));
        assert_eq!(choose(&team, &gone, Purpose::Check), Some(staff(3)));
        assert_eq!(choose(&[], &[], Purpose::Check), None);
    }

    #[test]
    fn keeping_and_looking_again_go_to_a_manager_who_has_not_decided() {
        let team = [candidate(1, false, 0), candidate(3, true, 1), candidate(4, true, 9)];
        let decided = [team[1].person];
        assert_eq!(choose(&team, &[], Purpose::Manage), Some(staff(3)));
        assert_eq!(choose(&team, &decided, Purpose::Manage), Some(staff(4)));
        assert_eq!(choose(&team[..2], &decided, Purpose::Manage), Some(staff(1)));
    }

    #[test]
    fn nobody_is_given_a_letter_they_have_decided_on() {
        let team = [candidate(1, false, 0)];
        assert_eq!(choose(&team, &[team[0].person], Purpose::Agree), None);
    }
}
