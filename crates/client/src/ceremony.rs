//! The agency's first set-up, in the first administrator's browser: the root is made here, printed
//! for its two custodians, and never sent anywhere.

use domain::id::{AgencyId, PersonId, Realm, StaffId, StatementId};
use jiff::Timestamp;
use rand_core::CryptoRng;
use reqwest::Method;
use seal::bundle::Keys;
use seal::envelope::Envelope;
use seal::invite::Code;
use seal::key::{HybridIdentity, PublicKey, SigningKey};
use seal::random;
use seal::root;
use seal::statement::{Agency, Enrol, Invite, NotifierKey, Role, SealKey, Staff, Statement};
use seal::words::{self, Words};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::account::Account;
use crate::api::Error;

/// What the ceremony leaves on paper.
#[derive(Debug)]
pub struct Founding {
    /// What the operator pins in the worker's and the notifier's configuration.
    pub realm: Realm,
    /// The root, under both custodians' words.
    pub root_file: Vec<u8>,
    /// Each custodian's six words.
    pub custodians: [String; 2],
    /// The archive's identity: to the records office, and nowhere else.
    pub archive: Zeroizing<String>,
}

impl Founding {
    /// Opens the root with both custodians' words: for certifying leads and administrators.
    pub fn open_root(&self) -> Result<SigningKey, Error> {
        let [first, second] = &self.custodians;
        let words = |text| Words::from_typed(text).ok_or(Error::WrongWords);
        root::open(&self.root_file, &words(first)?, &words(second)?).map_err(|_| Error::WrongWords)
    }
}

/// The operator's public keys, which the root vouches for.
#[derive(Deserialize)]
struct Setup {
    agency: AgencyId,
    log_key: PublicKey,
    notifier_key: NotifierKey,
}

#[derive(Serialize)]
struct NewAgency<'a> {
    token: &'a str,
    name: &'a str,
    root: PublicKey,
    statements: [&'a Envelope; 4],
}

impl Account {
    /// Founds the agency with the operator's one-time token; this person is its first
    /// administrator. Needs an account with keys on the staff site.
    pub async fn found_agency(
        &mut self,
        token: &str,
        name: &str,
        now: Timestamp,
        rng: &mut impl CryptoRng,
    ) -> Result<(AgencyId, Founding), Error> {
        let request = self.api.request(Method::GET, "/api/agency/setup").bearer_auth(token);
        let answer = self.api.send(request).await?;
        let setup: Setup = answer.json().await?;
        let root = SigningKey::generate(rng);
        let archive = HybridIdentity::generate(rng);
        let realm = root.public_key().realm();
        let seconds = u64::try_from(now.as_second()).expect("after 1970");

        let agency = Agency {
            n: 1,
            prev: None,
            log_key: setup.log_key,
            notifier_key: setup.notifier_key,
            archive_key: SealKey::from(&archive.recipient()),
            from: seconds,
        };
        let agency = Envelope::sign(Statement::new(realm, None, agency), &root);
        // The same road as everybody after: an invitation, an enrolment, a certificate.
        let code = Code::generate(rng).keys();
        let invite = Invite {
            invite: code.locator,
            membership: None,
            arrangement: None,
            role: Role::Administrator,
            card_hash: None,
            invite_key: code.sign.public_key(),
            root_tag: code.root_tag(&root.public_key()),
            until: 0,
        };
        let invite = Envelope::sign(Statement::new(realm, None, invite), &root);
        let keys = Keys {
            id: StaffId::from_bytes(random::bytes(rng)),
            cert_id: None::<StatementId>,
            sign_seed: SigningKey::generate(rng),
            seal_identity: HybridIdentity::generate(rng),
        };
        let enrol = Enrol {
            invite_id: invite.id(),
            sign_key: keys.sign_seed.public_key(),
            seal_key: SealKey::from(&keys.seal_identity.recipient()),
        };
        let certified = Staff {
            staff: keys.id,
            person: PersonId::from_bytes(random::bytes(rng)),
            enrol_id: StatementId::from_bytes([0; 32]),
            sign_key: enrol.sign_key,
            seal_key: enrol.seal_key.clone(),
            roles: vec![Role::Administrator],
            teams: Vec::new(),
            from: seconds,
            until: 0,
            prior: None,
        };
        let enrol = Statement::new(realm, Some(invite.id()), enrol);
        let enrol = Envelope::sign_enrol(enrol, &code.sign, &keys.sign_seed);
        let certified = Staff { enrol_id: enrol.id(), ..certified };
        let certified = Envelope::sign(Statement::new(realm, None, certified), &root);

        // Sealed away before anything is sent, so that a lost answer loses nothing.
        let (root_key, cert_id) = (root.public_key(), certified.id());
        self.keep(
            |bundle| {
                bundle.root = Some(root_key);
                bundle.pins.agency = Some(agency.id());
                bundle.staff.push(Keys { cert_id: Some(cert_id), ..keys });
            },
            rng,
        )
        .await?;
        let custodians = [(); 2].map(|()| words::generate(words::STAFF, rng).join(" "));
        let [first, second] =
            custodians.each_ref().map(|text| Words::from_typed(text).expect("generated words"));
        let root_file = root::seal(&root, &first, &second);
        let statements = [&agency, &invite, &enrol, &certified];
        let new = NewAgency { token, name, root: root_key, statements };
        let _: serde_json::Value = self.api.post("/api/agency", &new).await?;
        Ok((setup.agency, Founding { realm, root_file, custodians, archive: archive.to_text() }))
    }
}

#[derive(Deserialize)]
struct LogKey {
    log_key: PublicKey,
}

#[derive(Serialize)]
struct NewStatement<'a> {
    statement: &'a Envelope,
}

impl Account {
    /// Has the root name the log key that the operator has configured; nothing else about the agency
    /// changes. Needs an administrator, and the opened root. It stands once the worker, which must
    /// have that key, has logged it.
    pub async fn replace_log_key(
        &self,
        root: &SigningKey,
        now: Timestamp,
    ) -> Result<StatementId, Error> {
        let LogKey { log_key } = self.api.get("/api/agency/log-key").await?;
        let ledger = self.everybody().await?;
        let (id, before) = ledger.agency().ok_or_else(|| Error::untrusted("no agency"))?;
        let agency = Agency {
            n: before.n + 1,
            prev: Some(id),
            log_key,
            from: u64::try_from(now.as_second()).expect("after 1970"),
            ..before.clone()
        };
        let statement = Envelope::sign(Statement::new(ledger.realm(), None, agency), root);
        let new = NewStatement { statement: &statement };
        let _: serde_json::Value = self.api.post("/api/agency/log-key", &new).await?;
        Ok(statement.id())
    }
}
