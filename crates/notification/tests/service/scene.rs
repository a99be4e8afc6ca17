//! An agency whose statements stand in a real database, as the worker leaves them, and a notifier
//! that sends into a folder.

use std::path::PathBuf;

use domain::id::{AgencyId, MembershipId, NoticeId, StatementId};
use jiff::{SignedDuration, Timestamp};
use notification::{AgencyConfig, Config, Notifier, SmtpConfig};
use seal::{
    contact::{Channel, Contact, Language},
    envelope::Envelope,
    file,
    key::X25519Recipient,
    statement::{Body, references},
    testing::{Letterbox, NOW, Signatory},
};
use sqlx::{PgPool, Row};
use store::{
    Actor, Clock, Role, Store, agencies, certificates, contacts,
    log::{self, NewLeaf, Node},
    notices::{self, NewNotice},
    statements::{self, NewStatement},
    testing::TestDatabase,
};
use tempfile::TempDir;

pub const AGENCY: AgencyId = AgencyId::from_bytes([0xa9; 16]);

pub struct Scene {
    pub letterbox: Box<Letterbox>,
    pub clock: Clock,
    pub behind: PgPool,
    pub folder: TempDir,
    api: Store,
    worker: Store,
    database: TestDatabase,
    posted: usize,
}

impl Scene {
    /// Monday 23 November 2026, ten o'clock.
    pub async fn new() -> Self {
        let database = TestDatabase::create().await;
        let clock = Clock::settable("2026-11-23T10:00:00Z".parse().expect("a moment"));
        assert!(
            clock.now() > Timestamp::from_second(NOW.try_into().expect("small")).expect("a time")
        );
        let mut scene = Self {
            letterbox: Box::new(Letterbox::new(7)),
            clock,
            behind: database.superuser().await,
            folder: TempDir::new().expect("a folder"),
            api: database.store(Role::Api).await,
            worker: database.store(Role::Worker).await,
            database,
            posted: 0,
        };
        let mut tx = scene.api.begin(AGENCY, Actor::Nobody).await.expect("begins");
        let root = scene.letterbox.root.public_key().to_bytes();
        let (realm, now) = (scene.letterbox.realm, scene.clock.now());
        agencies::insert(&mut tx, &root, realm, "An agency", now).await.expect("inserts");
        tx.commit().await.expect("commits");
        scene.post_all().await;
        scene
    }

    pub fn config(&self) -> Config {
        let key_file = self.folder.path().join("notifier.key");
        std::fs::write(&key_file, self.letterbox.notifier.to_text().as_bytes()).expect("writes");
        Config {
            database_url: self.database.url(Role::Notifier),
            key_file,
            poll_seconds: 1,
            at_once: 4,
            outbox: Some(self.outbox()),
            smtp: None,
            agency: vec![AgencyConfig {
                agency: AGENCY,
                realm: self.letterbox.realm,
                name: "Postern".into(),
                family_origin: "https://postern.example".into(),
                phone: "0300 000 0000".into(),
            }],
        }
    }

    pub fn outbox(&self) -> PathBuf {
        self.folder.path().join("outbox")
    }

    pub async fn notifier(&self) -> Notifier {
        self.notifier_with(self.config()).await
    }

    pub async fn notifier_with(&self, config: Config) -> Notifier {
        let store = self.database.store(Role::Notifier).await;
        Notifier::new(store, self.clock.clone(), &config).expect("a notifier")
    }

    pub async fn notifier_over(&self, smtp: SmtpConfig) -> Notifier {
        self.notifier_with(Config { outbox: None, smtp: Some(smtp), ..self.config() }).await
    }

    /// Everything the letterbox has logged stands in the database as logged.
    pub async fn post_all(&mut self) {
        for at in self.posted..self.letterbox.statements.len() {
            let envelope = self.letterbox.statements[at].clone();
            self.post(&envelope).await;
            self.mark_logged(envelope.id()).await;
        }
        self.posted = self.letterbox.statements.len();
    }

    pub async fn post(&self, envelope: &Envelope) {
        let (json, named) = (envelope.to_json(), references(envelope.unverified()));
        let new = self.new_statement(envelope, &json, &named);
        let mut tx = self.api.begin(AGENCY, Actor::Nobody).await.expect("begins");
        statements::insert(&mut tx, &new).await.expect("inserts");
        tx.commit().await.expect("commits");
    }

    fn new_statement<'a>(
        &self,
        envelope: &Envelope,
        json: &'a [u8],
        named: &'a [StatementId],
    ) -> NewStatement<'a> {
        let ends = match &envelope.unverified().body {
            Body::Revoke(revoke) => Some(revoke.target_id),
            Body::Member(member) => member.replaces,
            _ => None,
        };
        NewStatement {
            id: envelope.id(),
            kind: envelope.kind().as_str(),
            envelope: json,
            account: None,
            refers_to: named,
            ends,
            received_at: self.clock.now(),
        }
    }

    /// What the worker writes about a statement it has verified. Here nobody verifies.
    pub async fn mark_logged(&self, statement: StatementId) {
        let mut tx = self.worker.begin(AGENCY, Actor::Nobody).await.expect("begins");
        let size = log::find_checkpoint(&mut tx).await.expect("answers").map_or(0, |it| it.size);
        let nodes = [Node { level: 0, index: size, hash: [0; 32] }];
        let leaf =
            NewLeaf { statement, salt: [0; 16], nodes: &nodes, root: [0; 32], note: "a note" };
        log::append(&mut tx, &leaf, self.clock.now()).await.expect("appends");
        tx.commit().await.expect("commits");
    }

    /// Somebody gives their contact point, and it is put in use.
    pub async fn give_contact(&mut self, by: &Signatory, contact: Contact) -> StatementId {
        let to = self.letterbox.notifier.recipient();
        let (envelope, sealed) = self.contact_statement(by, &contact, &to);
        self.letterbox.log(envelope.clone());
        self.posted = self.letterbox.statements.len();
        self.store_contact(&envelope, &sealed).await;
        envelope.id()
    }

    pub fn contact_statement(
        &mut self,
        by: &Signatory,
        contact: &Contact,
        to: &X25519Recipient,
    ) -> (Envelope, Vec<u8>) {
        let sealed = contact.seal(to).expect("seals");
        let mut body = self.letterbox.contact_body(contact.membership, contact.n);
        body.sealed_hash = file::hash(&sealed);
        body.channel = contact.channel;
        (self.letterbox.sign(by, body), sealed)
    }

    /// Stores a contact point and puts it in use, whoever signed it.
    pub async fn store_contact(&self, envelope: &Envelope, sealed: &[u8]) {
        let Body::Contact(body) = envelope.unverified().body.clone() else { panic!("a contact") };
        let (json, named) = (envelope.to_json(), references(envelope.unverified()));
        let new = contacts::NewContact {
            statement: self.new_statement(envelope, &json, &named),
            membership: body.membership,
            n: i32::try_from(body.n).expect("small"),
            channel: body.channel.as_str(),
            sealed,
        };
        let mut tx = self.api.begin(AGENCY, Actor::Nobody).await.expect("begins");
        contacts::insert(&mut tx, &new).await.expect("inserts");
        tx.commit().await.expect("commits");
        self.mark_logged(envelope.id()).await;
        let mut tx = self.worker.begin(AGENCY, Actor::Nobody).await.expect("begins");
        certificates::use_contact(&mut tx, body.membership, envelope.id()).await.expect("in use");
        tx.commit().await.expect("commits");
    }

    /// Something happened that a member is to be told.
    pub async fn tell(&self, membership: MembershipId, body: &str, event: &str, key: &str) {
        let now = self.clock.now();
        let mut bytes = [0; 16];
        bytes
            .copy_from_slice(&file::hash(format!("{membership}{key}").as_bytes()).as_bytes()[..16]);
        let new = NewNotice {
            id: NoticeId::from_bytes(bytes),
            membership,
            body,
            event,
            event_key: key,
            for_day: domain::calendar::day(now),
            run_at: now,
        };
        let mut tx = self.worker.begin(AGENCY, Actor::Nobody).await.expect("begins");
        notices::insert(&mut tx, &new, now).await.expect("inserts");
        tx.commit().await.expect("commits");
    }

    pub async fn news(&self, membership: MembershipId, key: &str) {
        self.tell(membership, "news", "letter-for-you", key).await;
    }

    pub fn advance(&self, hours: i64) {
        self.clock.advance(SignedDuration::from_hours(hours));
    }

    pub fn email(&self, membership: MembershipId, n: u64, address: &str) -> Contact {
        Contact {
            realm: self.letterbox.realm,
            membership,
            n,
            channel: Channel::Email,
            address: address.into(),
            lang: Language::En,
            avoid: Vec::new(),
        }
    }

    /// The messages in the folder, in any order, with the line breaks of their encoding undone.
    pub fn messages(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(self.outbox()) else { return Vec::new() };
        folder
            .map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("text"))
            .map(|message| message.replace("=\r\n", ""))
            .collect()
    }

    /// State and error of every notice, oldest first.
    pub async fn notices(&self) -> Vec<(String, Option<String>)> {
        sqlx::query("select state, last_error from notices order by created_at, event_key")
            .fetch_all(&self.behind)
            .await
            .expect("answers")
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect()
    }

    pub async fn contact_states(&self) -> Vec<String> {
        sqlx::query_scalar("select state from contacts order by membership_id, n")
            .fetch_all(&self.behind)
            .await
            .expect("answers")
    }
}
