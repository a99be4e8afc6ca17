use std::collections::HashSet;

use super::{
    samples::{envelope, malformed, samples},
    *,
};
use crate::envelope::Envelope;

#[test]
fn every_kind_has_a_sample_and_reads_back() {
    let samples = samples();
    let kinds: HashSet<_> = samples.iter().map(|(statement, _)| statement.kind()).collect();
    assert_eq!(kinds.len(), Kind::ALL.len());
    for (statement, _) in &samples {
        let bytes = statement.to_bytes();
        assert_eq!(Statement::parse(statement.kind(), &bytes).as_ref(), Ok(statement));
        assert_eq!(statement.id(), id(statement.kind(), &bytes));
    }
}

#[test]
fn no_body_is_of_two_kinds() {
    for (statement, _) in samples() {
        let bytes = statement.to_bytes();
        for &kind in Kind::ALL.iter().filter(|&&kind| kind != statement.kind()) {
            let relabelled = Statement::parse(kind, &bytes);
            assert_eq!(relabelled, Err(Refusal::Malformed), "{} as {kind}", statement.kind());
        }
    }
}

#[test]
fn references_are_all_the_statements_a_body_names() {
    for (statement, _) in samples() {
        let text = String::from_utf8(statement.to_bytes()).expect("ASCII");
        let named = references(&statement);
        for id in &named {
            assert!(text.contains(&id.to_string()), "{} names {id}", statement.kind());
        }
        // Whatever field is called `…_id`, `prev`, `prior`, `replaces` or `signer` is one of them.
        for field in ["_id\":\"", "prev\":\"", "prior\":\"", "replaces\":\"", "signer\":\""] {
            for value in text.split(field).skip(1) {
                let value = value.split('"').next().expect("a value");
                let counted = named.iter().any(|id| id.to_string() == value);
                assert!(value.is_empty() || counted, "{} in {}", value, statement.kind());
            }
        }
    }
}

#[test]
fn every_other_spelling_has_its_refusal() {
    for (name, envelope, refusal) in malformed() {
        assert_eq!(Envelope::parse(envelope.as_bytes()).err(), Some(refusal), "{name}");
    }
}

#[derive(serde::Deserialize)]
struct Document {
    statement: Envelope,
}

#[test]
fn an_envelope_is_read_back_from_its_exact_bytes_and_from_a_larger_document() {
    for sample in samples() {
        let envelope = envelope(&sample);
        assert_eq!(Envelope::parse(&envelope.to_json()).as_ref(), Ok(&envelope));
        let document =
            format!("{{ \"statement\" : {} }}", String::from_utf8_lossy(&envelope.to_json()));
        let document: Document = serde_json::from_str(&document).expect("a document");
        assert_eq!(document.statement, envelope);
    }
}

#[test]
fn refusals_have_distinct_codes() {
    let codes: HashSet<_> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(codes.len(), Refusal::ALL.len());
    for refusal in Refusal::ALL {
        assert!(refusal.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
        assert!(refusal.explanation().ends_with('.'));
    }
}
