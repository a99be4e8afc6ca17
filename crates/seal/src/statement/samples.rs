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

mod malformed;

pub(crate) use malformed::malformed;

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
#[expect(clippy::too_many_lines, reason = "a table")]
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
        met: false,
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
        Member { met: true, replaces: Some(id(0x19)), prior: Some(id(0x3c)), ..certificate }.into(),
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
        reseal.into(),
        Reseal { grant_hash: Some(file(0x3e)), prior: Some(id(0x3f)), ..reseal }.into(),
        Contact { membership: member(0x12), n: 1, sealed_hash: file(0x40), channel: Channel::Post }
            .into(),
        Receipt { submit_id: id(0x2b), phrase: Phrase::Thanks }.into(),
        Receipt { submit_id: id(0x2b), phrase: Phrase::WillWrite }.into(),
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
