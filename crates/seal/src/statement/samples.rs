//! One statement of every kind and variant, with fixed ids: for tests and vectors of the form,
//! not of a history.

use domain::{
    id::{
        ArrangementId, FileHash, InviteId, KeyHash, LetterId, MembershipId, MessageId, PersonId,
        Realm, StaffId, StatementId, TeamId,
    },
    role::Role,
};
use jiff::civil::date;

use super::*;
use crate::{
    envelope::Envelope,
    key::{HybridIdentity, SigningKey, X25519Identity},
    testing::Seeded,
};

fn id(n: u8) -> StatementId {
    StatementId::from_bytes([n; 32])
}

fn file(n: u8) -> FileHash {
    FileHash::from_bytes([n; 32])
}

fn letter_key(n: u8) -> KeyHash {
    KeyHash::from_bytes([n; 32])
}

fn member(n: u8) -> MembershipId {
    MembershipId::from_bytes([n; 16])
}

fn seed(n: u8) -> [u8; 32] {
    [n; 32]
}

fn public(n: u8) -> crate::key::PublicKey {
    SigningKey::from_seed(&seed(n)).public_key()
}

/// Every kind at least once, each with the seeds of the keys that sign it.
pub(crate) fn samples() -> Vec<(Statement, Vec<[u8; 32]>)> {
    let mut rng = Seeded::new(7);
    let seal_key = SealKey::from(&HybridIdentity::generate(&mut rng).recipient());
    let notifier_key = NotifierKey::from(&X25519Identity::generate(&mut rng).recipient());
    let (team, arrangement) = (TeamId::from_bytes([4; 16]), ArrangementId::from_bytes([5; 16]));
    let staff = Staff {
        staff: StaffId::from_bytes([6; 16]),
        person: PersonId::from_bytes([7; 16]),
        enrol_id: id(8),
        sign_key: public(9),
        seal_key: seal_key.clone(),
        roles: vec![Role::Coordinator, Role::Lead],
        teams: vec![team, TeamId::from_bytes([0x10; 16])],
        from: 1_795_251_600,
        until: 0,
        prior: None,
    };
    let family = Invite {
        invite: InviteId::from_bytes([0x11; 16]),
        membership: Some(member(0x12)),
        arrangement: Some(arrangement),
        role: Role::BirthParent,
        card_hash: Some(file(0x13)),
        invite_key: public(0x14),
        root_tag: [0x15; 32],
        until: 1_796_461_200,
    };
    let for_staff = Invite {
        membership: None,
        arrangement: None,
        role: Role::Administrator,
        card_hash: None,
        ..family.clone()
    };
    let certificate = Member {
        membership: member(0x12),
        arrangement,
        role: Role::BirthParent,
        enrol_id: id(0x16),
        sign_key: public(0x17),
        seal_key: seal_key.clone(),
        card_hash: file(0x18),
        until: 0,
        replaces: None,
        prior: None,
    };
    let entry = |n: u8, side: &str, cert_id: Option<StatementId>| ArrangementMember {
        membership: member(n),
        side: side.parse().expect("a side"),
        cert_id,
        read: true,
        write: cert_id.is_some(),
    };
    let version = Arrangement {
        arrangement,
        n: 1,
        prev: None,
        team,
        reviewers: 2,
        members: vec![entry(0x12, "a", Some(id(0x19))), entry(0x1a, "b", None)],
        plan_hash: file(0x1b),
        notes_hash: file(0x1c),
        prior: None,
    };
    let epoch = Epoch {
        team,
        n: 1,
        review_key: seal_key.clone(),
        archive_key: seal_key.clone(),
        prev: None,
        prev_secret_hash: None,
    };
    let letter = Submit {
        letter: LetterId::from_bytes([0x1d; 16]),
        rev: 1,
        prev: None,
        arrangement,
        arrangement_id: id(0x1e),
        author: member(0x12),
        to: vec![member(0x1a), member(0x1f)],
        ct_hash: file(0x20),
        ct_len: 16_584,
        key_hash: letter_key(0x21),
        team,
        epoch_id: id(0x22),
        grant_hash: file(0x23),
        archive_grant_hash: file(0x24),
        self_grant_hash: file(0x25),
        day: date(2026, 11, 21),
    };
    let attached = |kind: AttachmentKind, reader: bool| Attachment {
        kind,
        membership: reader.then(|| member(0x12)),
        cert_id: reader.then(|| id(0x19)),
        ct_hash: file(0x26),
        ct_len: 16_584,
        key_hash: letter_key(0x27),
        grant_hash: reader.then(|| file(0x28)),
        review_grant_hash: file(0x29),
        archive_grant_hash: file(0x2a),
    };
    let decision = |outcome: Outcome, step: u64| Decision {
        submit_id: id(0x2b),
        arrangement_id: id(0x1e),
        outcome,
        step,
        prior: (step > 1).then(|| id(0x2c)),
        grants: Vec::new(),
        attached: Vec::new(),
        log_size: 77,
        log_root: [0x2d; 32],
        time: 1_795_255_200,
    };
    let grant = GrantEntry { membership: member(0x1a), cert_id: id(0x2e), grant_hash: file(0x2f) };
    let message = Message {
        message: MessageId::from_bytes([0x30; 16]),
        arrangement,
        about: About::Look,
        subject_id: Some(id(0x31)),
        ct_hash: file(0x32),
        ct_len: 262_392,
        key_hash: letter_key(0x33),
        epoch_id: id(0x22),
        grant_hash: file(0x34),
        archive_grant_hash: file(0x35),
        day: date(2024, 2, 29),
    };
    let reseal = Reseal {
        decision_id: id(0x36),
        membership: member(0x1a),
        cert_id: id(0x37),
        grant_hash: None,
        reason: Reason::Replaced,
        prior: None,
    };
    let mut all = Vec::new();
    let mut root = |body: Body| {
        all.push((Statement::new(Realm::from_bytes([1; 32]), None, body), vec![seed(1)]));
    };
    let agency = Agency {
        n: 1,
        prev: None,
        log_key: public(2),
        notifier_key,
        archive_key: seal_key.clone(),
        from: 1_795_251_600,
    };
    root(agency.clone().into());
    root(Agency { n: 2, prev: Some(id(3)), ..agency }.into());
    root(staff.clone().into());
    root(for_staff.into());
    root(Revoke { target_id: id(0x38), reason: Reason::Left }.into());
    let enrol = Enrol { invite_id: id(0x39), sign_key: public(0x17), seal_key: seal_key.clone() };
    let enrol = Statement::new(Realm::from_bytes([1; 32]), Some(id(0x39)), enrol);
    all.push((enrol, vec![seed(0x14), seed(0x17)]));
    let signed: Vec<Body> = vec![
        Staff { roles: vec![Role::Records], teams: Vec::new(), ..staff.clone() }.into(),
        Staff { prior: Some(id(0x3a)), until: 1_796_461_200, ..staff }.into(),
        epoch.clone().into(),
        Epoch { n: 2, prev: Some(id(0x22)), prev_secret_hash: Some(file(0x3b)), ..epoch }.into(),
        family.into(),
        certificate.clone().into(),
        Member { replaces: Some(id(0x19)), prior: Some(id(0x3c)), ..certificate }.into(),
        version.clone().into(),
        Arrangement { n: 2, prev: Some(id(0x1e)), prior: Some(id(0x3d)), ..version }.into(),
        letter.clone().into(),
        Submit { rev: 2, prev: Some(id(0x2b)), ..letter }.into(),
        Withdraw { letter: LetterId::from_bytes([0x1d; 16]), submit_id: id(0x2b) }.into(),
        Decision {
            grants: vec![grant],
            attached: vec![
                attached(AttachmentKind::Comment, true),
                attached(AttachmentKind::Note, true),
                attached(AttachmentKind::Team, false),
            ],
            ..decision(Outcome::Deliver, 2)
        }
        .into(),
        decision(Outcome::Change, 1).into(),
        decision(Outcome::Keep, 1).into(),
        message.clone().into(),
        Message { about: About::Help, subject_id: None, ..message }.into(),
        reseal.clone().into(),
        Reseal { grant_hash: Some(file(0x3e)), prior: Some(id(0x3f)), ..reseal }.into(),
        Contact { membership: member(0x12), n: 1, sealed_hash: file(0x40), channel: Channel::Post }
            .into(),
    ];
    for body in signed {
        let statement = Statement::new(Realm::from_bytes([1; 32]), Some(id(2)), body);
        all.push((statement, vec![seed(0x41)]));
    }
    all
}

/// A sample's envelope.
pub(crate) fn envelope((statement, seeds): &(Statement, Vec<[u8; 32]>)) -> Envelope {
    let keys: Vec<_> = seeds.iter().map(SigningKey::from_seed).collect();
    match &keys[..] {
        [key] => Envelope::sign(statement.clone(), key),
        [invite, new] => Envelope::sign_enrol(statement.clone(), invite, new),
        _ => unreachable!("one key or two"),
    }
}

/// Spellings that are no envelopes, each with the refusal it meets.
pub(crate) fn malformed() -> Vec<(String, String, Refusal)> {
    use base64::{Engine, prelude::BASE64_STANDARD};
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
