//! An agency whose statements are stored, logged and projected, and people signed in to it.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use domain::id::{AccountId, AgencyId, LetterId, StaffId, StatementId};
use jiff::SignedDuration;
use jiff::civil::date;
use mediation::config::Audience;
use mediation::{AppState, Config, Service, Site, SiteConfig};
use seal::checkpoint::Checkpoint;
use seal::envelope::Envelope;
use seal::key::{PublicKey, SigningKey};
use seal::random::{System, bytes};
use seal::statement::{Body, Member, references};
use seal::testing::{Letterbox, Signatory};
use seal::tree::{self, Tree};
use sha2::{Digest as _, Sha256};
use store::accounts::Subject;
use store::invites::NewInvite;
use store::log::{NewLeaf, Node};
use store::sessions::NewSession;
use store::statements::NewStatement;
use store::testing::TestDatabase;
use store::{Actor, Clock, Role, Store, Tx};

use crate::person::{Person, origin};

pub const AGENCY: AgencyId = AgencyId::from_bytes([0xa9; 16]);
pub const TOKEN: &str = "bootstrap-token";

const OTHER_AGENCY: AgencyId = AgencyId::from_bytes([0xb9; 16]);

pub struct World {
    // Dropped with the last world in it.
    pub database: Arc<TestDatabase>,
    agency: AgencyId,
    pub clock: Clock,
    pub letterbox: Letterbox,
    pub family: Router,
    pub staff: Router,
    pub api: Store,
    pub worker: Store,
    accounts: HashMap<[u8; 32], AccountId>,
    /// The log's tree.
    pub log: Tree,
}

impl World {
    /// The usual setting of `seal::testing`, all of it logged.
    pub async fn new() -> Self {
        Self::empty().await.settled_in().await
    }

    /// Another agency in the same database, at the same addresses.
    pub async fn beside(&self) -> Self {
        Self::of(self.database.clone(), OTHER_AGENCY, 8).await.settled_in().await
    }

    /// The operator makes a new log key and starts the API again; the staff's site knows it.
    pub fn configured_anew(&mut self) -> PublicKey {
        let mut letterbox = self.letterbox.clone();
        letterbox.log_key = SigningKey::from_seed(&[9; 32]);
        let service = Arc::new(service(&letterbox, self.api.clone(), &self.clock));
        let site = Site::new(&site_config(Audience::Staff, self.agency)).expect("a site");
        self.staff = mediation::router(AppState::new(service, site));
        letterbox.log_key.public_key()
    }

    async fn settled_in(self) -> Self {
        let mut world = self;
        let statements = std::mem::take(&mut world.letterbox.agency.statements);
        let (team, other) = (world.letterbox.team, world.letterbox.other_team);
        let mut tx = world.begin_api(Actor::Nobody).await;
        let root = world.letterbox.root.public_key();
        let now = world.clock.now();
        store::agencies::insert(&mut tx, root.as_bytes(), root.realm(), "Northmoor", now)
            .await
            .expect("an agency");
        store::teams::insert(&mut tx, team, "North").await.expect("a team");
        store::teams::insert(&mut tx, other, "South").await.expect("a team");
        tx.commit().await.expect("commits");
        for envelope in &statements {
            world.store(envelope).await;
            world.log(envelope).await;
        }
        world.letterbox.agency.statements = statements;
        world
    }

    /// The two sites over an empty database; the setting's statements are not stored.
    pub async fn empty() -> Self {
        Self::of(Arc::new(TestDatabase::create().await), AGENCY, 7).await
    }

    async fn of(database: Arc<TestDatabase>, agency: AgencyId, seed: u64) -> Self {
        let (api, worker) = (database.store(Role::Api).await, database.store(Role::Worker).await);
        let clock = Clock::settable("2026-11-23T10:00:00Z".parse().expect("a time"));
        let letterbox = Letterbox::new(seed);
        let service = Arc::new(service(&letterbox, api.clone(), &clock));
        let site = |audience| {
            let site = Site::new(&site_config(audience, agency)).expect("a site");
            mediation::router(AppState::new(service.clone(), site))
        };
        let (family, staff) = (site(Audience::Family), site(Audience::Staff));
        let accounts = HashMap::new();
        let log = Tree::new();
        Self { database, agency, clock, letterbox, family, staff, api, worker, accounts, log }
    }

    pub async fn begin_api(&self, actor: Actor) -> Tx {
        self.api.begin(self.agency, actor).await.expect("begins")
    }

    /// Stores a statement as the API would.
    async fn store(&mut self, envelope: &Envelope) {
        let (json, named) = (envelope.to_json(), references(envelope.unverified()));
        let now = self.clock.now();
        let mut new = NewStatement {
            id: envelope.id(),
            kind: envelope.kind().as_str(),
            envelope: &json,
            account: None,
            refers_to: &named,
            ends: match &envelope.unverified().body {
                Body::Revoke(revoke) => Some(revoke.target_id),
                Body::Member(member) => member.replaces,
                _ => None,
            },
            received_at: now,
        };
        match &envelope.unverified().body {
            Body::Invite(invite) => {
                let mut tx = self.begin_api(Actor::Nobody).await;
                let invite = NewInvite {
                    statement: new,
                    invite: invite.invite,
                    membership: invite.membership.zip(invite.arrangement),
                    role: invite.role.as_str(),
                    card: None,
                    expires_at: now + SignedDuration::from_hours(24),
                };
                store::invites::insert(&mut tx, &invite).await.expect("an invitation");
                tx.commit().await.expect("commits");
            }
            Body::Enrol(enrol) => {
                let is_staff = self.is_staff(enrol.invite_id);
                let account = self.account(&enrol.sign_key, is_staff).await;
                let invite = self.letterbox.ledger.statement(enrol.invite_id).expect("an invite");
                let Body::Invite(invite) = &invite.body else { panic!("no invite") };
                let invite = invite.invite;
                new.account = Some(account);
                let mut tx = self.begin_api(Actor::Account(account)).await;
                assert!(
                    store::invites::enrol(&mut tx, invite, account, &new).await.expect("enrols")
                );
                tx.commit().await.expect("commits");
            }
            _ => {
                let mut tx = self.begin_api(Actor::Nobody).await;
                store::statements::insert(&mut tx, &new).await.expect("a statement");
                tx.commit().await.expect("commits");
            }
        }
    }

    fn is_staff(&self, invite: StatementId) -> bool {
        let Some(statement) = self.letterbox.ledger.statement(invite) else { return false };
        matches!(&statement.body, Body::Invite(invite) if invite.role.is_staff())
    }

    /// Stores and logs what the setting has come to say since it had so many statements.
    pub async fn catch_up(&mut self, since: usize) {
        let said = self.letterbox.agency.statements[since..].to_vec();
        for envelope in &said {
            self.store(envelope).await;
            self.log(envelope).await;
        }
    }

    /// Logs a stored statement and projects it, as the worker would once it verified.
    pub async fn log(&mut self, envelope: &Envelope) {
        self.logging(envelope).await.commit().await.expect("commits");
    }

    /// The same, up to the commit.
    pub async fn logging(&mut self, envelope: &Envelope) -> Tx {
        let (now, id) = (self.clock.now(), envelope.id());
        let mut tx = self.worker.begin(self.agency, Actor::Nobody).await.expect("begins");
        let salt = [1; 16];
        let nodes =
            tree::append(self.log.size(), tree::leaf(&salt, id), |node| self.log.node(node));
        let nodes: Vec<_> = nodes
            .expect("a whole tree")
            .into_iter()
            .map(|(node, hash)| Node { level: node.level, index: node.index, hash })
            .collect();
        self.log.push(nodes[0].hash);
        let checkpoint = Checkpoint { size: self.log.size(), root: self.log.root() };
        let note = checkpoint.sign(self.letterbox.realm, &self.letterbox.log_key);
        let root = checkpoint.root;
        let leaf = NewLeaf { statement: id, salt, nodes: &nodes, root, note: &note };
        store::log::append(&mut tx, &leaf, now).await.expect("appends");
        let done = id_is_complete(&self.letterbox, id);
        crate::sealed::project(&mut tx, id, &envelope.unverified().body, done, now).await;
        tx
    }

    /// The ledger admits a statement that was posted, and the worker logs it.
    pub async fn verified(&mut self, envelope: &Envelope) {
        self.letterbox.agency.log(envelope.clone());
        self.log(envelope).await;
    }

    /// What the worker does with a letter it verified: it is due, and in the queue.
    pub async fn allocated(&mut self, letter: LetterId, head: StatementId) {
        let mut tx = self.worker.begin(self.agency, Actor::Nobody).await.expect("begins");
        store::allocations::allocate(&mut tx, letter, head, date(2026, 12, 7), None)
            .await
            .expect("allocates");
        tx.commit().await.expect("commits");
    }

    /// Begins every count anew: for tests of who may, and not of how often.
    pub async fn forget_limits(&self) {
        let mut tx = self.begin_api(Actor::Nobody).await;
        tx.attempt("delete from limits").await.expect("may");
        tx.commit().await.expect("commits");
    }

    async fn account(&mut self, key: &PublicKey, is_staff: bool) -> AccountId {
        if let Some(account) = self.accounts.get(key.as_bytes()) {
            return *account;
        }
        let audience = if is_staff { Audience::Staff } else { Audience::Family };
        let account = self.new_account(&hex::encode(key.as_bytes()), audience).await;
        self.accounts.insert(*key.as_bytes(), account);
        account
    }

    pub async fn new_account(&self, subject: &str, audience: Audience) -> AccountId {
        let mut tx = self.begin_api(Actor::Nobody).await;
        let fresh = AccountId::from_bytes(bytes(&mut System));
        let (issuer, subject) = ("https://issuer".to_owned(), subject.to_owned());
        let subject = Subject { audience, issuer, subject };
        let now = self.clock.now();
        let account = store::accounts::find_or_insert(&mut tx, fresh, &subject, now)
            .await
            .expect("an account");
        tx.commit().await.expect("commits");
        account
    }

    /// A browser of somebody of the setting, their keys opened.
    pub async fn person(&mut self, somebody: &Signatory) -> Person {
        let key = somebody.sign.public_key();
        let certificate = self.letterbox.ledger.certificate(somebody.id);
        let is_staff = certificate.is_some_and(|it| it.staff().is_some());
        let account = self.account(&key, is_staff).await;
        self.sign_in(account, is_staff).await
    }

    pub async fn sign_in(&self, account: AccountId, is_staff: bool) -> Person {
        let now = self.clock.now();
        let (before, cookie): ([u8; 32], [u8; 32]) = (bytes(&mut System), bytes(&mut System));
        let hash = Sha256::digest(cookie).into();
        let mut tx = self.begin_api(Actor::Account(account)).await;
        let session = NewSession {
            hash: before,
            account,
            expires_at: now + SignedDuration::from_hours(12),
            auth_time: now,
            issuer_sid: None,
            replaces: None,
        };
        store::sessions::insert(&mut tx, &session, now).await.expect("a session");
        store::sessions::set_challenge(&mut tx, &before, &[4; 32]).await.expect("a challenge");
        store::sessions::prove(&mut tx, &before, &hash, now).await.expect("proves");
        tx.commit().await.expect("commits");
        let router = if is_staff { self.staff.clone() } else { self.family.clone() };
        Person { router, is_staff, cookie: Some(hex::encode(cookie)) }
    }

    /// A browser nobody has signed in to.
    pub fn visitor(&self) -> Person {
        Person { router: self.family.clone(), is_staff: false, cookie: None }
    }
}

/// Whether the ledger took a statement as a certificate or version that stands.
fn id_is_complete(letterbox: &Letterbox, id: StatementId) -> bool {
    letterbox.ledger.certificate(id).is_some()
}

fn site_config(audience: Audience, agency: AgencyId) -> SiteConfig {
    SiteConfig {
        audience,
        origin: origin(audience == Audience::Staff).into(),
        listen: "127.0.0.1:0".parse().expect("an address"),
        agency,
        issuer: "https://issuer.test".into(),
        client_id: "postern".into(),
        client_secret_file: None,
        client_folder: None,
    }
}

fn service(letterbox: &Letterbox, store: Store, clock: &Clock) -> Service {
    let folder = tempfile::tempdir().expect("a folder");
    let (gate_key_file, token) = (folder.path().join("gate"), folder.path().join("token"));
    std::fs::write(&gate_key_file, format!("1 {}\n", "5a".repeat(32))).expect("a file");
    std::fs::write(&token, TOKEN).expect("a file");
    let config = Config {
        database_url: String::new(),
        gate_key_file,
        bootstrap_token_file: Some(token),
        log_key: hex::encode(letterbox.log_key.public_key().as_bytes()),
        notifier_key: letterbox.notifier.recipient().to_string(),
        trusted_proxies: Vec::new(),
        sign_ins_per_network: 300,
        sites: vec![site_config(Audience::Family, AGENCY), site_config(Audience::Staff, AGENCY)],
    };
    Service::new(&config, store, clock.clone()).expect("starts")
}

impl World {
    /// Stores a statement as the API would, and logs it as the worker would.
    pub async fn store_and_verify(&mut self, envelope: &Envelope) {
        self.store(envelope).await;
        self.verified(envelope).await;
    }

    /// What the worker does once a decision is final.
    pub async fn settled(
        &mut self,
        letter: LetterId,
        head: StatementId,
        decision: StatementId,
        outcome: seal::statement::Outcome,
    ) {
        use seal::statement::Outcome;
        use store::allocations::{Settled, judge_decision, settle};
        let now = self.clock.now();
        let mut tx = self.worker.begin(self.agency, Actor::Nobody).await.expect("begins");
        judge_decision(&mut tx, decision, "final").await.expect("judges");
        let settled = match outcome {
            Outcome::Deliver => Settled::PassingOn(now),
            Outcome::Change => Settled::NeedsChange,
            Outcome::Keep => Settled::Kept,
        };
        settle(&mut tx, letter, head, settled, now).await.expect("settles");
        tx.commit().await.expect("commits");
    }

    /// What the worker does when the hour of a delivery has come.
    pub async fn released(&mut self, letter: LetterId, head: StatementId, decision: StatementId) {
        let now = self.clock.now();
        let reader = self.letterbox.adopter_membership;
        let mut tx = self.worker.begin(self.agency, Actor::Nobody).await.expect("begins");
        store::deliveries::insert(&mut tx, letter, head, decision, &[reader], now)
            .await
            .expect("delivers");
        store::releases::pass_on(&mut tx, letter, head, now).await.expect("passes on");
        tx.commit().await.expect("commits");
    }
}

impl World {
    /// What the worker does with a step that is not the last.
    pub async fn counted(&mut self, decision: StatementId) {
        let mut tx = self.worker.begin(self.agency, Actor::Nobody).await.expect("begins");
        store::allocations::judge_decision(&mut tx, decision, "counted").await.expect("judges");
        tx.commit().await.expect("commits");
    }
}

impl World {
    /// Stores a statement that the ledger has admitted already.
    pub async fn store_only(&mut self, envelope: &Envelope) {
        self.store(envelope).await;
    }
}

impl World {
    /// The worker gives a letter in the queue to somebody.
    pub async fn given_to(&self, letter: LetterId, head: StatementId, staff: StaffId) {
        let mut tx = self.worker.begin(self.agency, Actor::Nobody).await.expect("begins");
        store::allocations::allocate(&mut tx, letter, head, date(2026, 12, 7), Some(staff))
            .await
            .expect("allocates");
        tx.commit().await.expect("commits");
    }

    /// The worker refuses a statement.
    pub async fn refused(&self, statement: StatementId, reason: &str) {
        let now = self.clock.now();
        let mut tx = self.worker.begin(self.agency, Actor::Nobody).await.expect("begins");
        store::verdicts::quarantine(&mut tx, statement, reason, now).await.expect("refuses");
        tx.commit().await.expect("commits");
    }

    /// The worker ends a certificate that was revoked or replaced.
    pub async fn ended(&self, certificate: StatementId) {
        let now = self.clock.now();
        let mut tx = self.worker.begin(self.agency, Actor::Nobody).await.expect("begins");
        store::certificates::end(&mut tx, certificate, now).await.expect("ends");
        tx.commit().await.expect("commits");
    }
}

impl World {
    /// What the worker finds about a receipt: the ledger admits it, and its writer may see it.
    pub async fn answered(&mut self, receipt: &Envelope) {
        self.verified(receipt).await;
        self.judged(receipt.id(), "logged").await;
    }

    /// The worker's finding about a receipt, in its row.
    pub async fn judged(&self, receipt: StatementId, verdict: &str) {
        let mut tx = self.worker.begin(self.agency, Actor::Nobody).await.expect("begins");
        store::receipts::judge(&mut tx, receipt, verdict).await.expect("judges");
        tx.commit().await.expect("commits");
    }
}

impl World {
    /// Somebody lost everything and is certified anew by both coordinators; all of it logged.
    pub async fn replaced(
        &mut self,
        role: seal::statement::Role,
        membership: domain::id::MembershipId,
    ) -> Signatory {
        let (one, two) =
            (self.letterbox.coordinator.clone(), self.letterbox.second_coordinator.clone());
        let (place, before) =
            ((membership, self.letterbox.arrangement), self.letterbox.statements.len());
        let new = self.letterbox.replace((&one, &two), role, place);
        self.catch_up(before).await;
        new
    }

    /// New keys are asked for in the birth mother's name: the first half of what would end hers.
    pub async fn asked_for_new_keys(&mut self) -> Envelope {
        let role = seal::statement::Role::BirthParent;
        let (mother, by) = (self.letterbox.mother.id, self.letterbox.coordinator.clone());
        let place = (self.letterbox.mother_membership, self.letterbox.arrangement);
        let since = self.letterbox.statements.len();
        let enrolled = self.letterbox.enrol(Some(&by), role, Some(place));
        self.catch_up(since).await;
        let body = self.letterbox.member_body(&enrolled, role, place);
        let half = self.letterbox.sign(&by, Member { replaces: Some(mother), ..body });
        self.store_and_verify(&half).await;
        half
    }

    /// New keys in the birth mother's place, certified by two, under another sign-in.
    pub async fn given_new_keys(&mut self) {
        let role = seal::statement::Role::BirthParent;
        let (first, second) = (self.letterbox.coordinator.clone(), self.letterbox.lead.clone());
        let place = (self.letterbox.mother_membership, self.letterbox.arrangement);
        let since = self.letterbox.statements.len();
        self.letterbox.replace((&first, &second), role, place);
        self.catch_up(since).await;
    }

    /// What the worker finds about a reseal: the ledger admits it, and so its row says.
    pub async fn given_back(&mut self, reseal: &Envelope) {
        self.verified(reseal).await;
        let mut tx = self.worker.begin(AGENCY, Actor::Nobody).await.expect("begins");
        store::reseals::judge(&mut tx, reseal.id(), "logged").await.expect("judges");
        tx.commit().await.expect("commits");
    }
}

impl World {
    /// Their account has keys, as everybody's has who ever opened a letterbox.
    pub async fn with_keys(&mut self, somebody: &Signatory) {
        let public = somebody.sign.public_key();
        let account = self.account(&public, false).await;
        let wrap = store::wraps::NewWrap {
            id: domain::id::WrapId::from_bytes(bytes(&mut System)),
            kind: store::wraps::WrapKind::Passkey,
            sealed: vec![7; 64],
            gate_version: None,
        };
        let (now, bundle) = (self.clock.now(), [7; 64]);
        let mut tx = self.begin_api(Actor::Account(account)).await;
        store::accounts::open(&mut tx, account, public.as_bytes(), &bundle, &[wrap], now)
            .await
            .expect("keys");
        tx.commit().await.expect("commits");
    }
}
