use proptest::prelude::*;

use super::*;

fn delivered() -> (Letterbox, StatementId) {
    let mut of = letterbox();
    let submit_id = of.letter();
    let coordinator = of.coordinator.clone();
    of.decide(&coordinator, submit_id, Outcome::Deliver);
    (of, submit_id)
}

#[test]
fn a_whole_log_folds_to_the_same_ledger() {
    let (of, submit_id) = delivered();
    let ledger = of.proof().fold(of.realm).expect("a good proof");
    assert_eq!(ledger.ids(), of.ledger.ids());
    assert_eq!(ledger.final_decision(submit_id), of.ledger.final_decision(submit_id));
}

#[test]
fn a_proof_is_told_from_its_json() {
    let (of, _) = delivered();
    let json = serde_json::to_vec(&of.proof()).expect("JSON");
    let read: Proof = serde_json::from_slice(&json).expect("a proof");
    assert_eq!(read, of.proof());
}

#[test]
fn a_proof_of_another_agency_is_refused() {
    let (of, other) = (letterbox(), Letterbox::new(2));
    assert_eq!(
        other.proof().fold(of.realm).err(),
        Some(RefusedAt { index: 0, refusal: Refusal::WrongRealm })
    );
}

#[test]
fn only_what_a_letter_rests_on_is_needed() {
    let (of, submit_id) = delivered();
    let proof = closure(&of, submit_id);
    assert!(proof.statements.len() < of.statements.len());
    let ledger = proof.fold(of.realm).expect("a good proof");
    assert_eq!(ledger.final_decision(submit_id), of.ledger.final_decision(submit_id));
}

/// The agency, the submit, its decisions and all they rest on, in log order.
fn closure(of: &Letterbox, submit_id: StatementId) -> Proof {
    let mut wanted: HashSet<StatementId> = [of.statements[0].id(), submit_id].into();
    wanted.extend(of.ledger.decision_chain(submit_id).into_iter().map(|(id, _)| id));
    // References point back in the log, so one pass from the end is enough.
    for envelope in of.statements.iter().rev() {
        if wanted.contains(&envelope.id()) {
            wanted.extend(references(envelope.unverified()));
        }
    }
    let statements = of.statements.iter().filter(|one| wanted.contains(&one.id())).cloned();
    of.proof_of(statements.collect(), 0)
}

#[test]
fn no_statement_can_be_left_out_of_a_proof() {
    let (of, submit_id) = delivered();
    let proof = closure(&of, submit_id);
    let last = proof.statements.len() - 1;
    for missing in 0..last {
        let mut lying = proof.clone();
        lying.statements.remove(missing);
        let folded = lying.fold(of.realm);
        let delivered = folded.is_ok_and(|ledger| ledger.final_decision(submit_id).is_some());
        assert!(!delivered, "without statement {missing}");
    }
}

#[test]
fn no_statement_of_a_proof_can_be_another_agencys() {
    let (of, submit_id) = delivered();
    let mut other = Letterbox::new(2);
    let other_submit = other.letter();
    let coordinator = other.coordinator.clone();
    other.decide(&coordinator, other_submit, Outcome::Deliver);
    let (proof, replacements) = (closure(&of, submit_id), closure(&other, other_submit));
    assert_eq!(proof.statements.len(), replacements.statements.len());
    for at in 0..proof.statements.len() {
        let mut lying = proof.clone();
        lying.statements[at] = replacements.statements[at].clone();
        assert!(lying.fold(of.realm).is_err(), "statement {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_proof_out_of_order_is_refused(first in 0_usize..20, second in 0_usize..20) {
        let (of, submit_id) = delivered();
        let proof = closure(&of, submit_id);
        let (first, second) = (first % proof.statements.len(), second % proof.statements.len());
        let mut shuffled = proof.clone();
        shuffled.statements.swap(first, second);
        // Neighbours that do not rest on each other may change places; the end stays the same.
        if let Ok(ledger) = shuffled.fold(of.realm) {
            prop_assert_eq!(
                ledger.final_decision(submit_id),
                of.ledger.final_decision(submit_id)
            );
        }
    }
}
