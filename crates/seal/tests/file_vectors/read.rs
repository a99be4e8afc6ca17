//! Every entry of both sides opens, and to what it says.

use std::str::FromStr;

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::id::{MembershipId, StaffId};
use seal::{
    account::AccountKey,
    bundle, contact, document, draft, epoch, file,
    gate::{GateKey, Output, Request},
    grant,
    invite::Code,
    key::{HybridIdentity, X25519Identity},
    letter::{self, Author, Context, Kind},
    proof,
    random::System,
    words::Words,
    wrap,
};

use super::{each, schema};

fn base64(text: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(text).expect("padded base64")
}

fn parse<T: FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text} is of its type"))
}

fn hex<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).expect("hex").try_into().expect("of this length")
}

fn account_key(text: &str) -> AccountKey {
    AccountKey::from_bytes(hex(text))
}

pub fn context_of(context: &Context) -> schema::Context {
    schema::Context {
        realm: context.realm.to_string(),
        letter: context.letter.to_string(),
        rev: context.rev,
        kind: context.kind.as_str().to_owned(),
        arrangement: context.arrangement.to_string(),
        author: match context.author {
            Author::Member(membership) => membership.to_string(),
            Author::Staff(staff) => staff.to_string(),
        },
        to: context.to.iter().map(ToString::to_string).collect(),
    }
}

fn context(entry: &schema::Context) -> Context {
    let (kind, member) = match entry.kind.as_str() {
        "letter" => (Kind::Letter, true),
        "message" => (Kind::Message, true),
        "comment" => (Kind::Comment, false),
        "note" => (Kind::Note, false),
        "team" => (Kind::Team, false),
        other => panic!("{other} is no kind of letter"),
    };
    Context {
        realm: parse(&entry.realm),
        letter: parse(&entry.letter),
        rev: entry.rev,
        kind,
        arrangement: parse(&entry.arrangement),
        author: if member {
            Author::Member(parse::<MembershipId>(&entry.author))
        } else {
            Author::Staff(parse::<StaffId>(&entry.author))
        },
        to: entry.to.iter().map(|membership| parse(membership)).collect(),
    }
}

/// What the gate gives for words, both of its sides played here.
pub fn gate_output(words: &Words, key: &GateKey) -> Output {
    let request = Request::new(words, &mut System).expect("blinds");
    let evaluated = key.evaluate(request.blinded()).expect("evaluates");
    request.finish(&evaluated).expect("finishes")
}

#[test]
fn letters_open() {
    each("letters", |entry: schema::Letter| {
        let key: X25519Identity = parse(&entry.identity);
        let opened = letter::open(&base64(&entry.file), &key, &context(&entry.context));
        let opened = opened.expect("the letter opens");
        assert_eq!(opened.len(), entry.parts.len());
        for (part, expected) in opened.iter().zip(&entry.parts) {
            assert_eq!(part.media_type.as_str(), expected.media_type);
            assert_eq!(*part.bytes, base64(&expected.base64));
        }
        assert_eq!(key.recipient().key_hash().to_string(), entry.key_hash);
    });
}

#[test]
fn grants_open() {
    each("grants", |entry: schema::Grant| {
        let grant = grant::Grant {
            realm: parse(&entry.realm),
            letter: parse(&entry.letter),
            rev: entry.rev,
            grantee: parse(&entry.grantee),
        };
        let key: X25519Identity = parse(&entry.key);
        let identity: HybridIdentity = parse(&entry.identity);
        let opened = grant
            .open(&base64(&entry.file), &identity, &key.recipient().key_hash())
            .expect("the grant opens");
        assert_eq!(*opened.to_text(), entry.key);
        // 1,883 bytes for a member and a revision of one digit; every character counts once.
        let length = 1850 + entry.rev.to_string().len() + entry.grantee.len();
        assert_eq!(base64(&entry.file).len(), length);
    });
}

#[test]
fn documents_open() {
    use document::{Document, Subject};

    each("documents", |entry: schema::Document| {
        let subject = match entry.kind.as_str() {
            "card" => Subject::Card(parse(&entry.subject)),
            "plan" => Subject::Plan(parse(&entry.subject)),
            "notes" => Subject::Notes(parse(&entry.subject)),
            other => panic!("{other} is no kind of document"),
        };
        let document = Document { realm: parse(&entry.realm), subject, n: entry.n };
        let sealed = base64(&entry.file);
        document::check_form(&sealed).expect("the form of a document");
        let stanzas = file::inspect(&sealed).expect("an age file").stanzas;
        assert_eq!(stanzas, file::Stanzas::Hybrid(entry.identities.len()));
        for identity in &entry.identities {
            let opened = document.open(&sealed, &parse(identity)).expect("the document opens");
            assert_eq!(*opened, entry.body);
        }
    });
}

#[test]
fn contacts_open() {
    each("contacts", |entry: schema::SealedContact| {
        let sealed = base64(&entry.file);
        contact::check_form(&sealed).expect("the form of a contact point");
        let opened = contact::Contact::open(&sealed, &parse(&entry.identity));
        assert_eq!(opened.expect("the contact point opens"), entry.contact);
    });
}

#[test]
fn epoch_wraps_open() {
    each("epoch_wraps", |entry: schema::EpochWrap| {
        let epoch =
            epoch::Epoch { realm: parse(&entry.realm), team: parse(&entry.team), n: entry.n };
        let secret: HybridIdentity = parse(&entry.secret);
        let identity: HybridIdentity = parse(&entry.identity);
        let opened = epoch.open(&base64(&entry.file), &identity, &secret.recipient());
        assert_eq!(*opened.expect("the wrap opens").to_text(), entry.secret);
    });
}

#[test]
fn bundles_open() {
    each("bundles", |entry: schema::Bundle| {
        let (key, account) = (account_key(&entry.key), parse(&entry.account));
        let sealed = base64(&entry.sealed);
        let opened = bundle::Bundle::open(&key, account, entry.version, &sealed);
        let opened = serde_json::to_string(&opened.expect("the bundle opens")).expect("JSON");
        assert_eq!(opened, entry.plain);
    });
}

#[test]
fn drafts_open() {
    each("drafts", |entry: schema::Draft| {
        let key = account_key(&entry.key);
        let opened = draft::open(&key, parse(&entry.letter), &base64(&entry.sealed));
        assert_eq!(*opened.expect("the draft opens"), entry.plain.as_bytes());
    });
}

#[test]
fn wraps_open() {
    each("wraps", |entry: schema::Wrap| {
        let words = Words::from_typed(&entry.words).expect("words");
        let gate_key = GateKey::from_bytes(1, &hex(&entry.gate_key)).expect("a gate key");
        let sealed = base64(&entry.sealed);
        wrap::check_form(&sealed).expect("the form of a wrap");
        let opened = wrap::open(&sealed, &words, &gate_output(&words, &gate_key));
        assert!(opened.expect("the wrap opens") == account_key(&entry.key));
    });
}

#[test]
fn invites_derive_the_same_keys() {
    each("invites", |entry: schema::Invite| {
        let keys = parse::<Code>(&entry.code).keys();
        assert_eq!(keys.locator.to_string(), entry.locator);
        assert_eq!(hex::encode(*keys.sign.seed()), entry.sign_seed);
        assert_eq!(keys.sign.public_key().to_string(), entry.public);
        let root = parse(&entry.root_key);
        assert_eq!(hex::encode(keys.root_tag(&root)), entry.root_tag);
        assert!(keys.is_root(&root, &hex::<32>(&entry.root_tag)));
    });
}

#[test]
fn proof_keys_answer_alike() {
    each("proof_keys", |entry: schema::ProofKey| {
        let account = parse(&entry.account);
        let key = proof::key(&account_key(&entry.key), account);
        assert_eq!(key.public_key().to_string(), entry.public);
        let challenge = hex(&entry.challenge);
        let answer = proof::answer(&key, account, &challenge);
        assert_eq!(answer.to_string(), entry.signature);
        assert!(proof::verify(&key.public_key(), account, &challenge, &answer).is_ok());
    });
}
