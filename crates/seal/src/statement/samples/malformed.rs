//! Spellings that are no envelopes.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{envelope, public, samples};
use crate::statement::{Kind, Refusal};

/// Spellings that are no envelopes, each with the refusal it meets.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(crate) fn malformed() -> Vec<(String, String, Refusal)> {
    let samples = samples();
    let of = |kind: Kind| samples.iter().find(|(one, _)| one.kind() == kind).expect("a sample");
    let json = |kind: Kind| String::from_utf8(envelope(of(kind)).to_json()).expect("ASCII");
    // A body changed by hand, in an otherwise fitting envelope.
    let rewrapped = |kind: Kind, from: &str, to: &str| {
        let body = String::from_utf8(of(kind).0.to_bytes()).expect("ASCII");
        assert!(body.contains(from), "{body} has no {from}");
        let changed = body.replacen(from, to, 1);
        json(kind).replace(&BASE64_STANDARD.encode(body), &BASE64_STANDARD.encode(changed))
    };
    let mut all = Vec::new();
    let mut push = |name: &str, envelope: String, refusal: Refusal| {
        all.push((name.to_owned(), envelope, refusal));
    };
    let withdraw = Kind::Withdraw;
    for (name, from, to) in [
        ("white space in the body", r#""v":1"#, r#""v": 1"#),
        ("another version", r#""v":1"#, r#""v":2"#),
        ("a version as a string", r#""v":1"#, r#""v":"1""#),
        ("a fraction", r#""v":1"#, r#""v":1.0"#),
        ("a duplicate key", r#"{"v":1,"#, r#"{"v":1,"v":1,"#),
        (
            "a duplicate field",
            r#""letter":"#,
            r#""letter":"1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d","letter":"#,
        ),
        ("an unknown field", r#""letter":"#, r#""note":"","letter":"#),
        ("a renamed field", r#""submit_id":"#, r#""submit":"#),
        ("an upper-case id", "1d1d", "1D1d"),
        ("a short id", "1d1d", "1d"),
        ("an escape", "1d1d", r"\u0031d1d"),
        ("a null", r#""2b2b2b2b"#, r#"null,"2b2b2b2b"#),
        ("text after the body", "}", "} "),
    ] {
        push(name, rewrapped(withdraw, from, to), Refusal::Malformed);
    }
    let body = String::from_utf8(of(withdraw).0.to_bytes()).expect("ASCII");
    let (head, submit_id) = body.split_once(r#","letter":"#).expect("a letter");
    let (letter, submit_id) = submit_id.split_once(',').expect("two fields");
    let swapped = format!(r#"{head},{},"letter":{letter}}}"#, submit_id.trim_end_matches('}'));
    let reordered =
        json(withdraw).replace(&BASE64_STANDARD.encode(&body), &BASE64_STANDARD.encode(swapped));
    push("fields in another order", reordered, Refusal::Malformed);
    for (name, kind, from, to) in [
        ("a version without the one before", Kind::Arrangement, r#""n":1,"#, r#""n":2,"#),
        ("version 0", Kind::Epoch, r#""n":1,"#, r#""n":0,"#),
        ("an integer of 2^53", Kind::Contact, r#""n":1,"#, r#""n":9007199254740992,"#),
        ("no reviewer", Kind::Arrangement, r#""reviewers":2"#, r#""reviewers":0"#),
        ("ten reviewers", Kind::Arrangement, r#""reviewers":2"#, r#""reviewers":10"#),
        ("a side beyond f", Kind::Arrangement, r#""side":"b""#, r#""side":"g""#),
        ("members out of order", Kind::Arrangement, r#""membership":"12"#, r#""membership":"ff"#),
        ("an addressee twice", Kind::Submit, &"1f".repeat(16), &"1a".repeat(16)),
        (
            "no addressee",
            Kind::Submit,
            &format!(r#"["{}","{}"]"#, "1a".repeat(16), "1f".repeat(16)),
            "[]",
        ),
        ("a length between the buckets", Kind::Submit, r#""ct_len":16584"#, r#""ct_len":16585"#),
        ("a day that is none", Kind::Submit, "2026-11-21", "2026-11-31"),
        ("a day before the common era", Kind::Submit, "2026-11-21", "0000-11-21"),
        (
            "a first revision with a predecessor",
            Kind::Submit,
            r#""prev":"""#,
            &format!(r#""prev":"{}""#, "2b".repeat(32)),
        ),
        ("step 0", Kind::Decision, r#""step":2"#, r#""step":0"#),
        ("an empty log", Kind::Decision, r#""log_size":77"#, r#""log_size":0"#),
        ("an unknown outcome", Kind::Decision, r#""deliver""#, r#""destroy""#),
        ("a team's line with a reader", Kind::Decision, r#""kind":"note""#, r#""kind":"team""#),
        ("a family role for staff", Kind::Staff, r#""lead""#, r#""sibling""#),
        (
            "roles out of order",
            Kind::Staff,
            r#"["coordinator","lead"]"#,
            r#"["lead","coordinator"]"#,
        ),
        ("no role", Kind::Staff, r#"["coordinator","lead"]"#, "[]"),
        ("a staff role for a member", Kind::Member, "birth-parent", "coordinator"),
        (
            "a second half without what it replaces",
            Kind::Member,
            r#""prior":"""#,
            &format!(r#""prior":"{}""#, "3c".repeat(32)),
        ),
        (
            "a first certificate that shortens a wait",
            Kind::Member,
            r#""met":false"#,
            r#""met":true"#,
        ),
        ("a staff invitation to a membership", Kind::Invite, "administrator", "sibling"),
        (
            "a key that is no point",
            Kind::Enrol,
            &public(0x17).to_string(),
            &format!("02{}", "00".repeat(31)),
        ),
        (
            "a key of small order",
            Kind::Enrol,
            &public(0x17).to_string(),
            &format!("01{}", "00".repeat(31)),
        ),
        ("a key with a torsion component", Kind::Enrol, &public(0x17).to_string(), &mixed_order()),
        ("a sealing key of the wrong kind", Kind::Enrol, "age1pq1", "age1pp1"),
        (
            "an enrolment signed for another invite",
            Kind::Enrol,
            r#""invite_id":"39"#,
            r#""invite_id":"38"#,
        ),
        (
            "another look at nothing",
            Kind::Message,
            &format!(r#""subject_id":"{}""#, "31".repeat(32)),
            r#""subject_id":"""#,
        ),
        (
            "a grant on the first half",
            Kind::Reseal,
            r#""grant_hash":"""#,
            &format!(r#""grant_hash":"{}""#, "3e".repeat(32)),
        ),
        ("an answer in one's own words", Kind::Receipt, "thanks", "thank you"),
        (
            "an answer to nothing",
            Kind::Receipt,
            &format!(r#""submit_id":"{}""#, "2b".repeat(32)),
            r#""submit_id":"""#,
        ),
        ("an unknown reason", Kind::Revoke, r#""left""#, r#""other""#),
    ] {
        push(name, rewrapped(kind, from, to), Refusal::Malformed);
    }
    let good = json(withdraw);
    for (name, from, to, refusal) in [
        ("an unknown kind", "vnd.postern.withdraw", "vnd.postern.destroy", Refusal::UnknownKind),
        ("another version of a kind", ".v1+json", ".v2+json", Refusal::UnknownKind),
        (
            "an unknown key in the envelope",
            r#"{"payloadType""#,
            r#"{"x":1,"payloadType""#,
            Refusal::Malformed,
        ),
        (
            "another certificate as the hint",
            r#""keyid":"02"#,
            r#""keyid":"03"#,
            Refusal::WrongKeyHint,
        ),
        (
            "no hint",
            &format!(r#""keyid":"{}""#, "02".repeat(32)),
            r#""keyid":"""#,
            Refusal::WrongKeyHint,
        ),
        ("a short signature", r#""sig":""#, r#""sig":"AAAA"#, Refusal::Malformed),
        ("padding left out", r#"=="}]"#, r#""}]"#, Refusal::Malformed),
    ] {
        assert!(good.contains(from), "{good} has no {from}");
        push(name, good.replacen(from, to, 1), refusal);
    }
    let (before, signature) = good.split_once(r#""signatures":["#).expect("signatures");
    let signature = signature.trim_end_matches("]}");
    push("no signature", format!(r#"{before}"signatures":[]}}"#), Refusal::Malformed);
    let two = format!(r#"{before}"signatures":[{signature},{signature}]}}"#);
    push("two signatures where one belongs", two, Refusal::Malformed);
    all
}

/// A public key outside the prime-order group: a good one plus a point of order 8.
fn mixed_order() -> String {
    use curve25519_dalek::{constants::EIGHT_TORSION, edwards::CompressedEdwardsY};
    let point = CompressedEdwardsY(public(0x17).to_bytes()).decompress().expect("a point");
    hex::encode((point + EIGHT_TORSION[1]).compress().as_bytes())
}
