//! Rust's own files. age draws its own randomness, so each run writes other files.

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::id::{
    AccountId, ArrangementId, LetterId, MembershipId, Realm, StaffId, StatementId, TeamId,
};
use seal::{
    account::AccountKey,
    bundle,
    contact::{Channel, Contact, Language},
    document, draft, epoch, gate, grant, invite,
    key::{HybridIdentity, SigningKey, X25519Identity},
    letter, proof,
    random::{self, System},
    words::{self, Words},
    wrap,
};

use super::{schema, write};

const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNoSHAAAAKEASFpy73iAAAAAElFTkSuQmCC";
const JPEG: &str = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAABAAEDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAA//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AJADI//Z";

fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

fn realm() -> Realm {
    Realm::from_bytes(random::bytes(&mut System))
}

#[test]
#[ignore = "writes the committed vectors anew"]
fn write_file_vectors() {
    letters();
    grants();
    documents();
    contacts();
    epoch_wraps();
    bundles_and_drafts();
    wraps();
    invites();
    proof_keys();
}

fn letters() {
    use letter::{Author, Context, Kind, MediaType, Part};

    let image = |media_type, text: &str| Part {
        media_type,
        bytes: BASE64_STANDARD.decode(text).expect("base64").into(),
    };
    let member = || Author::Member(MembershipId::from_bytes(random::bytes(&mut System)));
    let staff = || Author::Staff(StaffId::from_bytes(random::bytes(&mut System)));
    let entries: Vec<schema::Letter> = [
        (Kind::Letter, member(), 2, vec![Part::text("Dear Sam,\n\nAnnwyl Siân 👩‍👧 ❤️\n")]),
        (
            Kind::Letter,
            member(),
            1,
            vec![
                Part::text("Two pictures."),
                image(MediaType::Jpeg, JPEG),
                image(MediaType::Png, PNG),
            ],
        ),
        (Kind::Letter, member(), 1, vec![Part::text("")]),
        (Kind::Comment, staff(), 1, vec![Part::text("Could you leave out the name of the town?")]),
        (Kind::Note, staff(), 1, vec![Part::text("This letter mentions an illness.")]),
        (Kind::Team, staff(), 0, vec![Part::text("Please look at the second paragraph.")]),
        (Kind::Message, member(), 0, vec![Part::text("I am worried about a letter.")]),
    ]
    .into_iter()
    .map(|(kind, author, to, parts)| {
        let context = Context {
            realm: realm(),
            letter: LetterId::from_bytes(random::bytes(&mut System)),
            rev: 1,
            kind,
            arrangement: ArrangementId::from_bytes(random::bytes(&mut System)),
            author,
            to: (0..to).map(|_| MembershipId::from_bytes(random::bytes(&mut System))).collect(),
        };
        let sealed = letter::seal(&context, &parts, &mut System).expect("seals");
        schema::Letter {
            identity: sealed.key.to_text().to_string(),
            file: base64(&sealed.file),
            context: super::read::context_of(&context),
            parts: parts
                .iter()
                .map(|part| schema::Part {
                    media_type: part.media_type.as_str().to_owned(),
                    base64: base64(&part.bytes),
                })
                .collect(),
            key_hash: sealed.key_hash().to_string(),
        }
    })
    .collect();
    write("letters", &entries);
}

fn grants() {
    use grant::{Grant, Grantee};

    let entries: Vec<schema::Grant> = [
        (1, Grantee::Member(MembershipId::from_bytes(random::bytes(&mut System)))),
        (12, Grantee::Member(MembershipId::from_bytes(random::bytes(&mut System)))),
        (1, Grantee::Epoch(StatementId::from_bytes(random::bytes(&mut System)))),
        (1, Grantee::Archive),
    ]
    .into_iter()
    .map(|(rev, grantee)| {
        let letter = LetterId::from_bytes(random::bytes(&mut System));
        let grant = Grant { realm: realm(), letter, rev, grantee };
        let identity = HybridIdentity::generate(&mut System);
        let key = X25519Identity::generate(&mut System);
        let file = grant.seal(&key, &identity.recipient(), &mut System);
        schema::Grant {
            identity: identity.to_text().to_string(),
            file: base64(&file),
            realm: grant.realm.to_string(),
            letter: letter.to_string(),
            rev,
            grantee: grantee.to_string(),
            key: key.to_text().to_string(),
        }
    })
    .collect();
    write("grants", &entries);
}

fn documents() {
    use document::{Document, Subject};

    let arrangement = ArrangementId::from_bytes(random::bytes(&mut System));
    let membership = MembershipId::from_bytes(random::bytes(&mut System));
    let long = format!(r#"{{"history":"{}"}}"#, "Siân ".repeat(900));
    let entries: Vec<schema::Document> = [
        (1, 0, Subject::Card(membership), r#"{"name":"Siân","relationship":"grandparent"}"#),
        (5, 1, Subject::Plan(arrangement), r#"{"labels":{"a":"Sam’s family"}}"#),
        (2, 3, Subject::Notes(arrangement), long.as_str()),
    ]
    .into_iter()
    .map(|(recipients, n, subject, body)| {
        let document = Document { realm: realm(), subject, n };
        let keys: Vec<_> = (0..recipients).map(|_| HybridIdentity::generate(&mut System)).collect();
        let public: Vec<_> = keys.iter().map(HybridIdentity::recipient).collect();
        let public: Vec<_> = public.iter().collect();
        let file = document.seal(body, &public, &mut System).expect("seals");
        let subject_id = match subject {
            Subject::Card(membership) => membership.to_string(),
            Subject::Plan(arrangement) | Subject::Notes(arrangement) => arrangement.to_string(),
        };
        schema::Document {
            identities: keys.iter().map(|key| key.to_text().to_string()).collect(),
            file: base64(&file),
            realm: document.realm.to_string(),
            kind: subject.kind().to_owned(),
            subject: subject_id,
            n,
            body: body.to_owned(),
        }
    })
    .collect();
    write("documents", &entries);
}

fn contacts() {
    let entries: Vec<schema::SealedContact> = [
        (Channel::Email, "sian@example.org", Language::Cy, vec!["12-25", "2027-03-01"]),
        (Channel::Text, "+447700900123", Language::En, vec![]),
        (Channel::Post, "1 Stryd Fawr\n“Tŷ Gwyn”\nCaerdydd", Language::En, vec![]),
    ]
    .into_iter()
    .map(|(channel, address, lang, avoid)| {
        let contact = Contact {
            realm: realm(),
            membership: MembershipId::from_bytes(random::bytes(&mut System)),
            n: 1,
            channel,
            address: address.to_owned(),
            lang,
            avoid: avoid.into_iter().map(str::to_owned).collect(),
        };
        let identity = X25519Identity::generate(&mut System);
        let file = base64(&contact.seal(&identity.recipient()).expect("seals"));
        schema::SealedContact { identity: identity.to_text().to_string(), file, contact }
    })
    .collect();
    write("contacts", &entries);
}

fn epoch_wraps() {
    let entries: Vec<schema::EpochWrap> = [1, 10]
        .into_iter()
        .map(|n| {
            let team = TeamId::from_bytes(random::bytes(&mut System));
            let epoch = epoch::Epoch { realm: realm(), team, n };
            let identity = HybridIdentity::generate(&mut System);
            let secret = HybridIdentity::generate(&mut System);
            let file = epoch.seal(&secret, &identity.recipient(), &mut System);
            schema::EpochWrap {
                identity: identity.to_text().to_string(),
                file: base64(&file),
                realm: epoch.realm.to_string(),
                team: team.to_string(),
                n,
                secret: secret.to_text().to_string(),
            }
        })
        .collect();
    write("epoch_wraps", &entries);
}

fn bundles_and_drafts() {
    use bundle::{ArrangementPin, Bundle, Keys, LogPin};

    let account = AccountId::from_bytes(random::bytes(&mut System));
    let mut full = Bundle::new(account).next();
    full.root = Some(SigningKey::generate(&mut System).public_key());
    full.memberships.push(Keys {
        id: MembershipId::from_bytes(random::bytes(&mut System)),
        cert_id: Some(StatementId::from_bytes(random::bytes(&mut System))),
        sign_seed: SigningKey::generate(&mut System),
        seal_identity: HybridIdentity::generate(&mut System),
    });
    full.staff.push(Keys {
        id: StaffId::from_bytes(random::bytes(&mut System)),
        cert_id: None,
        sign_seed: SigningKey::generate(&mut System),
        seal_identity: HybridIdentity::generate(&mut System),
    });
    full.pins.agency = Some(StatementId::from_bytes(random::bytes(&mut System)));
    full.pins.arrangements.push(ArrangementPin {
        arrangement: ArrangementId::from_bytes(random::bytes(&mut System)),
        n: 2,
        statement: StatementId::from_bytes(random::bytes(&mut System)),
    });
    full.pins.log = LogPin { size: 7, root: hex::encode(random::bytes::<32>(&mut System)) };
    let entries: Vec<schema::Bundle> = [Bundle::new(account), full]
        .into_iter()
        .map(|bundle| {
            let key = AccountKey::generate(&mut System);
            schema::Bundle {
                key: hex::encode(key.as_bytes()),
                account: account.to_string(),
                version: bundle.version(),
                sealed: base64(&bundle.seal(&key, &mut System)),
                plain: serde_json::to_string(&bundle).expect("JSON"),
            }
        })
        .collect();
    write("bundles", &entries);

    let entries: Vec<schema::Draft> = ["", "Annwyl Siân,\n"]
        .into_iter()
        .map(|plain| {
            let key = AccountKey::generate(&mut System);
            let letter = LetterId::from_bytes(random::bytes(&mut System));
            let sealed = draft::seal(&key, letter, plain.as_bytes(), &mut System);
            schema::Draft {
                key: hex::encode(key.as_bytes()),
                letter: letter.to_string(),
                sealed: base64(&sealed),
                plain: plain.to_owned(),
            }
        })
        .collect();
    write("drafts", &entries);
}

fn wraps() {
    let entries: Vec<schema::Wrap> = [words::FAMILY, words::STAFF]
        .into_iter()
        .map(|count| {
            let words = words::generate(count, &mut System).join(" ");
            let words = Words::from_typed(&words).expect("words");
            let key = AccountKey::generate(&mut System);
            let gate_key = gate::GateKey::generate(1, &mut System);
            let output = super::read::gate_output(&words, &gate_key);
            schema::Wrap {
                words: words.as_str().to_owned(),
                gate_key: hex::encode(*gate_key.to_bytes()),
                sealed: base64(&wrap::seal(&key, &words, &output)),
                key: hex::encode(key.as_bytes()),
            }
        })
        .collect();
    write("wraps", &entries);
}

fn invites() {
    let entries: Vec<schema::Invite> = (0..3)
        .map(|_| {
            let code = invite::Code::generate(&mut System);
            let keys = code.keys();
            let root = SigningKey::generate(&mut System).public_key();
            schema::Invite {
                code: code.to_blocks().to_string(),
                locator: keys.locator.to_string(),
                sign_seed: hex::encode(*keys.sign.seed()),
                public: keys.sign.public_key().to_string(),
                root_key: root.to_string(),
                root_tag: hex::encode(keys.root_tag(&root)),
            }
        })
        .collect();
    write("invites", &entries);
}

fn proof_keys() {
    let key = AccountKey::generate(&mut System);
    let account = AccountId::from_bytes(random::bytes(&mut System));
    let challenge: proof::Challenge = random::bytes(&mut System);
    let proof_key = proof::key(&key, account);
    let entry = schema::ProofKey {
        key: hex::encode(key.as_bytes()),
        account: account.to_string(),
        public: proof_key.public_key().to_string(),
        challenge: hex::encode(challenge),
        signature: proof::answer(&proof_key, account, &challenge).to_string(),
    };
    write("proof_keys", &[entry]);
}
