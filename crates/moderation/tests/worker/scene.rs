//! A whole agency behind a real database: statements arrive as the API writes them, under the
//! API's own role, and the worker finds them in its queue.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};

use domain::{
    decision::Outcome,
    id::{AccountId, AgencyId, CheckId, LetterId, MembershipId, StaffId, StatementId},
};
use jiff::{SignedDuration, Timestamp};
use moderation::{Agency, Worker};
use seal::{
    envelope::Envelope,
    file,
    grant::{Grant, Grantee},
    key::{HybridRecipient, SigningKey},
    letter::{self, Author, Context, Kind, Part, SealedLetter},
    random,
    statement::{Body, Decision, Submit, references},
    testing::{Letterbox, NOW, Signatory},
};
use sqlx::{PgPool, Row, postgres::PgRow};
use store::{
    Actor, Clock, Role, Store, Tx,
    accounts::{self, Audience, Subject},
    agencies,
    checks::{self, Checker, Claimed},
    contacts,
    decisions::{self, MemberGrant, NewDecision},
    letters, messages,
    receipts::{self, NewReceipt},
    sessions::{self, NewSession, Session},
    statements::{self, NewStatement, Verdict},
    submissions::{self, File, NewSubmission},
    teams,
    testing::TestDatabase,
};

pub const AGENCY: AgencyId = AgencyId::from_bytes([0xa9; 16]);

/// The agency, its database and its worker.
pub struct Scene {
    pub letterbox: Box<Letterbox>,
    pub clock: Clock,
    pub worker: Worker,
    pub api: Store,
    /// A superuser's look behind the scene.
    pub behind: PgPool,
    pub database: TestDatabase,
    /// Enrolments that an account which is there already brings.
    pub brought_by: HashMap<StatementId, AccountId>,
    /// Statements of the letterbox that the API has.
    posted: usize,
}

impl Deref for Scene {
    type Target = Letterbox;
    fn deref(&self) -> &Letterbox {
        &self.letterbox
    }
}

impl DerefMut for Scene {
    fn deref_mut(&mut self) -> &mut Letterbox {
        &mut self.letterbox
    }
}

impl Scene {
    /// The agency is set up and its statements have arrived; the worker has not run yet.
    pub async fn new() -> Self {
        let letterbox = Box::new(Letterbox::new(7));
        let database = TestDatabase::create().await;
        let now = Timestamp::from_second(NOW.try_into().expect("small")).expect("a time");
        let clock = Clock::settable(now);
        let served =
            Agency { id: AGENCY, realm: letterbox.realm, log_key: letterbox.log_key.clone() };
        let worker = Worker::new(database.store(Role::Worker).await, clock.clone(), [served]);
        let (api, behind) = (database.store(Role::Api).await, database.superuser().await);
        let brought_by = HashMap::new();
        let mut scene =
            Self { letterbox, clock, worker, api, behind, database, brought_by, posted: 0 };
        scene.set_up().await;
        scene.post_all().await;
        scene
    }

    /// The same, with everything so far verified.
    pub async fn verified() -> Self {
        let scene = Self::new().await;
        scene.drain().await;
        scene
    }

    /// The same, with a letter that the coordinator has decided to deliver.
    pub async fn to_be_delivered() -> (Self, StatementId) {
        let mut scene = Self::verified().await;
        let submit = scene.write().await;
        scene.drain().await;
        let by = scene.coordinator.clone();
        scene.check(&by, submit, Outcome::Deliver).await;
        scene.drain().await;
        (scene, submit)
    }

    /// The old contact point is told of new keys, and the three days to object go by.
    pub async fn three_days_told(&self) {
        self.tamper(
            "update notices set state = 'sent', sent_at = created_at where body = 'security'",
        )
        .await;
        self.advance(SignedDuration::from_hours(72));
        self.drain().await;
    }

    async fn set_up(&self) {
        let now = self.clock.now();
        let mut tx = self.begin().await;
        let root = self.root.public_key().to_bytes();
        agencies::insert(&mut tx, &root, self.realm, "An agency", now).await.expect("inserts");
        // Here people do in an hour what they do in years.
        let policy = r#"{"statements_per_hour": 10000, "open_letters": 100}"#;
        tx.attempt(&format!("update agencies set policy = '{policy}'")).await.expect("may");
        teams::insert(&mut tx, self.team, "Team").await.expect("inserts");
        teams::insert(&mut tx, self.other_team, "Other team").await.expect("inserts");
        tx.commit().await.expect("commits");
    }

    pub async fn begin(&self) -> Tx {
        self.api.begin(AGENCY, Actor::Nobody).await.expect("begins")
    }

    /// A second worker over the same database.
    pub async fn another_worker(&self) -> Worker {
        let served = Agency { id: AGENCY, realm: self.realm, log_key: self.log_key.clone() };
        Worker::new(self.database.store(Role::Worker).await, self.clock.clone(), [served])
    }

    pub async fn drain(&self) -> usize {
        self.worker.drain().await.expect("drains")
    }

    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// Posts whatever the letterbox has logged in memory and the API does not have yet.
    pub async fn post_all(&mut self) {
        for at in self.posted..self.statements.len() {
            let envelope = self.statements[at].clone();
            self.post(&envelope).await;
        }
        self.posted = self.statements.len();
    }

    /// Stores a statement as the API does, nothing but itself.
    pub async fn post(&self, envelope: &Envelope) {
        let json = envelope.to_json();
        let named = references(envelope.unverified());
        let mut tx = self.begin().await;
        let account = match &envelope.unverified().body {
            Body::Enrol(enrol) => {
                let invite = self.ledger.statement(enrol.invite_id).map(|found| &found.body);
                let staff = matches!(invite, Some(Body::Invite(invite)) if invite.role.is_staff());
                let audience = if staff { Audience::Staff } else { Audience::Family };
                Some(self.account(&mut tx, envelope.id(), audience).await)
            }
            _ => None,
        };
        let new = NewStatement { account, ..self.new_statement(envelope, &json, &named) };
        statements::insert(&mut tx, &new).await.expect("inserts");
        tx.commit().await.expect("commits");
    }

    pub fn new_statement<'a>(
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

    /// The account of whoever enrolled so, made when it is not there.
    async fn account(&self, tx: &mut Tx, enrol: StatementId, audience: Audience) -> AccountId {
        if let Some(account) = self.brought_by.get(&enrol) {
            return *account;
        }
        let account = account_of_enrolment(enrol);
        let (issuer, subject) = ("https://id.example".into(), enrol.to_string());
        let subject = Subject { audience, issuer, subject };
        let found = accounts::find_or_insert(tx, account, &subject, self.clock.now()).await;
        found.expect("an account")
    }

    /// A transaction of the API for somebody signed in.
    pub async fn signed_in(&self, who: &Signatory, audience: Audience) -> Tx {
        self.session(who, audience).await.0
    }

    /// The same, and what their session may do.
    pub async fn session(&self, who: &Signatory, audience: Audience) -> (Tx, Session) {
        let statement = self.ledger.statement(who.id).expect("a certificate");
        let enrol = match &statement.body {
            Body::Staff(staff) => staff.enrol_id,
            Body::Member(member) => member.enrol_id,
            other => panic!("{} is no certificate", other.kind()),
        };
        let (now, hash) = (self.clock.now(), random::bytes(&mut random::System));
        let mut tx = self.begin().await;
        let account = self.account(&mut tx, enrol, audience).await;
        let session = NewSession {
            hash,
            account,
            expires_at: now + SignedDuration::from_hours(12),
            auth_time: now,
            issuer_sid: None,
            replaces: None,
        };
        sessions::insert(&mut tx, &session, now).await.expect("a session");
        let idle = SignedDuration::from_hours(1);
        let found = sessions::authenticate(&mut tx, &hash, idle, now).await.expect("answers");
        (tx, found.expect("the session is there"))
    }

    /// The mother writes to the adopter: sealed, posted, and not yet verified.
    pub async fn write(&mut self) -> StatementId {
        let (author, to) = (self.mother.clone(), self.adopter_membership);
        let body = self.agency.submit_body(&author, &[to]);
        self.hand_in(&author, body).await
    }

    /// Writes the next revision of a letter.
    pub async fn revise(&mut self, letter: LetterId) -> StatementId {
        let author = self.mother.clone();
        let body = self.agency.revise_body(&author, letter);
        self.hand_in(&author, body).await
    }

    async fn hand_in(&mut self, author: &Signatory, body: Submit) -> StatementId {
        let (body, sealed) = self.seal_letter(author, body);
        let envelope = self.sign(author, body.clone());
        self.letterbox.log(envelope.clone());
        self.posted = self.statements.len();
        assert!(self.post_submit(author, &envelope, &body, &sealed).await, "the API takes it");
        envelope.id()
    }

    /// Fills in a submit with real files.
    pub fn seal_letter(&mut self, author: &Signatory, mut body: Submit) -> (Submit, Sealed) {
        let context = Context {
            realm: self.realm,
            letter: body.letter,
            rev: body.rev,
            kind: Kind::Letter,
            arrangement: body.arrangement,
            author: Author::Member(body.author),
            to: body.to.clone(),
        };
        let text = Part::text("We planted the bulbs.");
        let letter = letter::seal(&context, &[text], &mut random::System).expect("seals");
        let epoch = self.epoch.recipient();
        let sealed = Sealed {
            epoch: self.seal_grant(&letter, &body, Grantee::Epoch(body.epoch_id), &epoch),
            archive: self.seal_grant(&letter, &body, Grantee::Archive, &self.archive.recipient()),
            own: self.seal_grant(
                &letter,
                &body,
                Grantee::Member(body.author),
                &author.seal.recipient(),
            ),
            letter,
        };
        body.ct_hash = sealed.letter.hash();
        body.key_hash = sealed.letter.key_hash();
        body.grant_hash = file::hash(&sealed.epoch);
        body.archive_grant_hash = file::hash(&sealed.archive);
        body.self_grant_hash = file::hash(&sealed.own);
        (body, sealed)
    }

    fn seal_grant(
        &self,
        letter: &SealedLetter,
        body: &Submit,
        grantee: Grantee,
        to: &HybridRecipient,
    ) -> Vec<u8> {
        let grant = Grant { realm: self.realm, letter: body.letter, rev: body.rev, grantee };
        grant.seal(&letter.key, to, &mut random::System)
    }

    /// Stores a submit as the API does; false if one of its guards held it back.
    pub async fn post_submit(
        &self,
        author: &Signatory,
        envelope: &Envelope,
        body: &Submit,
        sealed: &Sealed,
    ) -> bool {
        let json = envelope.to_json();
        let named = references(envelope.unverified());
        let new = NewSubmission {
            statement: self.new_statement(envelope, &json, &named),
            signer: author.id,
            realm: self.realm,
            letter: body.letter,
            rev: i32::try_from(body.rev).expect("small"),
            prev: body.prev,
            arrangement: body.arrangement,
            arrangement_version: body.arrangement_id,
            author: body.author,
            addressees: &body.to,
            team: body.team,
            epoch: body.epoch_id,
            ct_hash: body.ct_hash,
            key_hash: body.key_hash,
            day: body.day,
            ciphertext: &sealed.letter.file,
            epoch_grant: File { hash: file::hash(&sealed.epoch), sealed: &sealed.epoch },
            archive_grant: File { hash: file::hash(&sealed.archive), sealed: &sealed.archive },
            self_grant: File { hash: file::hash(&sealed.own), sealed: &sealed.own },
        };
        let mut tx = self.signed_in(author, Audience::Family).await;
        let stored = submissions::insert(&mut tx, &new).await.expect("inserts");
        tx.commit().await.expect("commits");
        stored
    }

    /// Somebody claims the letter and takes the next step in deciding; posted, not yet verified.
    pub async fn check(
        &mut self,
        by: &Signatory,
        submit: StatementId,
        outcome: Outcome,
    ) -> StatementId {
        let mut body = self.agency.decision_body(submit, outcome);
        let files = self.seal_to_readers(submit, &mut body);
        let envelope = self.sign(by, body.clone());
        self.letterbox.log(envelope.clone());
        self.posted = self.statements.len();
        self.claim(by, submit).await;
        assert!(self.post_decision(by, &envelope, &body, &files).await, "the API takes it");
        envelope.id()
    }

    /// Fills in a decision's grants with files that have the right form.
    pub fn seal_to_readers(&self, submit: StatementId, body: &mut Decision) -> Vec<Vec<u8>> {
        let of = self.ledger.submit(submit).expect("a revision").clone();
        let mut files = Vec::new();
        for entry in &mut body.grants {
            let certificate = self.ledger.certificate(entry.cert_id).expect("a certificate");
            let to = certificate.seal_key.recipient().expect("a key");
            let key = seal::key::X25519Identity::generate(&mut random::System);
            let grantee = Grantee::Member(entry.membership);
            let grant = Grant { realm: self.realm, letter: of.letter, rev: of.rev, grantee };
            let sealed = grant.seal(&key, &to, &mut random::System);
            entry.grant_hash = file::hash(&sealed);
            files.push(sealed);
        }
        files
    }

    pub fn staff_of(&self, by: &Signatory) -> StaffId {
        let certificate = self.ledger.certificate(by.id).expect("a certificate");
        certificate.staff().expect("of staff").staff
    }

    pub async fn claim(&self, by: &Signatory, submit: StatementId) {
        let letter = self.ledger.submit(submit).expect("a revision").letter;
        let (staff, teams) = (self.staff_of(by), [self.team]);
        let checker = Checker { staff, certificate: by.id, teams: &teams };
        let id = CheckId::from_bytes(random::bytes(&mut random::System));
        let mut tx = self.signed_in(by, Audience::Staff).await;
        let claimed = checks::claim(&mut tx, id, letter, &checker, self.clock.now()).await;
        assert!(matches!(claimed, Ok(Claimed::Yes(_))), "{claimed:?}");
        tx.commit().await.expect("commits");
    }

    /// Stores a decision as the API does; false if one of its guards held it back.
    pub async fn post_decision(
        &self,
        by: &Signatory,
        envelope: &Envelope,
        body: &Decision,
        files: &[Vec<u8>],
    ) -> bool {
        let json = envelope.to_json();
        let named = references(envelope.unverified());
        let grants: Vec<_> = body
            .grants
            .iter()
            .zip(files)
            .map(|(entry, sealed)| MemberGrant {
                membership: entry.membership,
                hash: file::hash(sealed),
                sealed,
            })
            .collect();
        let teams = [self.team];
        let new = NewDecision {
            statement: self.new_statement(envelope, &json, &named),
            realm: self.realm,
            letter: self.ledger.submit(body.submit_id).expect("a revision").letter,
            submit: body.submit_id,
            arrangement_version: body.arrangement_id,
            outcome: body.outcome.as_str(),
            step: i16::try_from(body.step).expect("small"),
            prior: body.prior,
            staff: self.staff_of(by),
            role: "coordinator",
            teams: &teams,
            reason: "other",
            grants: &grants,
            attached: &[],
        };
        let mut tx = self.signed_in(by, Audience::Staff).await;
        let stored = decisions::insert(&mut tx, &new).await.expect("inserts");
        tx.commit().await.expect("commits");
        stored
    }

    /// The mother takes a letter back, as the API stores it.
    pub async fn take_back(&self, envelope: &Envelope, submit: StatementId) {
        let json = envelope.to_json();
        let named = references(envelope.unverified());
        let memberships = [self.mother_membership];
        let new = letters::NewWithdrawal {
            statement: self.new_statement(envelope, &json, &named),
            realm: self.realm,
            letter: self.letter_of(submit),
            submit,
            memberships: &memberships,
        };
        let mut tx = self.signed_in(&self.mother.clone(), Audience::Family).await;
        assert!(letters::withdraw(&mut tx, &new).await.expect("answers"), "the API takes it");
        tx.commit().await.expect("commits");
    }

    /// The mother sends a message.
    pub async fn send_message(&self, envelope: &Envelope) {
        let mut tx = self.signed_in(&self.mother.clone(), Audience::Family).await;
        assert!(self.store_message(&mut tx, envelope).await, "the API takes it");
        tx.commit().await.expect("commits");
    }

    /// Stores the mother's message as the API does; false if a guard held it back.
    pub async fn store_message(&self, tx: &mut Tx, envelope: &Envelope) -> bool {
        let Body::Message(body) = &envelope.unverified().body else { panic!("a message") };
        let json = envelope.to_json();
        let named = references(envelope.unverified());
        let new = messages::NewMessage {
            statement: self.new_statement(envelope, &json, &named),
            message: body.message,
            arrangement: body.arrangement,
            membership: self.mother_membership,
            about: body.about.as_str(),
            subject: body.subject_id,
            epoch: body.epoch_id,
            sealed: b"sealed",
            grant: b"grant",
            archive_grant: b"grant",
        };
        messages::insert(tx, &new).await.expect("answers")
    }

    /// The mother gives a contact point.
    pub async fn give_contact(&self, envelope: &Envelope) {
        let Body::Contact(body) = &envelope.unverified().body else { panic!("a contact") };
        let json = envelope.to_json();
        let named = references(envelope.unverified());
        let new = contacts::NewContact {
            statement: self.new_statement(envelope, &json, &named),
            membership: body.membership,
            n: i32::try_from(body.n).expect("small"),
            channel: body.channel.as_str(),
            sealed: &[0; 1224],
        };
        let mut tx = self.signed_in(&self.mother.clone(), Audience::Family).await;
        contacts::insert(&mut tx, &new).await.expect("inserts");
        tx.commit().await.expect("commits");
    }

    /// A reader answers, as the API takes it; false if one of its guards held it back.
    pub async fn answer(&self, by: &Signatory, envelope: &Envelope) -> bool {
        let Body::Receipt(body) = &envelope.unverified().body else { panic!("a receipt") };
        let json = envelope.to_json();
        let named = references(envelope.unverified());
        let certificate = self.ledger.certificate(by.id).expect("a certificate");
        let new = NewReceipt {
            statement: self.new_statement(envelope, &json, &named),
            realm: self.realm,
            letter: self.letter_of(body.submit_id),
            submit: body.submit_id,
            membership: certificate.member().expect("of a member").membership,
            phrase: body.phrase.as_str(),
        };
        let mut tx = self.signed_in(by, Audience::Family).await;
        let stored = receipts::insert(&mut tx, &new).await.expect("answers");
        tx.commit().await.expect("commits");
        stored
    }

    pub fn letter_of(&self, submit: StatementId) -> LetterId {
        self.ledger.submit(submit).expect("a revision").letter
    }

    pub async fn verdict(&self, id: StatementId) -> Verdict {
        let mut tx = self.begin().await;
        statements::find(&mut tx, id).await.expect("answers").expect("is there").verdict
    }

    pub async fn is_logged(&self, id: StatementId) -> bool {
        matches!(self.verdict(id).await, Verdict::Logged { .. })
    }

    /// The reason a statement was quarantined for.
    pub async fn reason(&self, id: StatementId) -> String {
        match self.verdict(id).await {
            Verdict::Quarantined { reason } => reason,
            other => panic!("{other:?}"),
        }
    }

    /// Where the letter of a revision is.
    pub async fn state(&self, submit: StatementId) -> String {
        self.row(
            "select state from letters where letter_id = encode($1, 'hex')::uuid",
            self.letter_of(submit).as_bytes(),
        )
        .await
        .get(0)
    }

    /// Who is to check the letter, and whether it is due.
    pub async fn allocated(&self, submit: StatementId) -> Option<StaffId> {
        let row = self
            .row(
                "select allocated_to from letters where letter_id = encode($1, 'hex')::uuid",
                self.letter_of(submit).as_bytes(),
            )
            .await;
        row.get::<Option<sqlx::types::Uuid>, _>(0).map(|id| StaffId::from_bytes(id.into_bytes()))
    }

    /// The readers that a revision was passed on to.
    pub async fn delivered(&self, submit: StatementId) -> Vec<MembershipId> {
        let rows = sqlx::query(
            "select membership_id from deliveries where submit_id = $1 order by membership_id",
        )
        .bind(submit.as_bytes().as_slice())
        .fetch_all(&self.behind)
        .await
        .expect("answers");
        rows.iter()
            .map(|row| MembershipId::from_bytes(row.get::<sqlx::types::Uuid, _>(0).into_bytes()))
            .collect()
    }

    /// Every notice made so far: whom, and about what, sorted.
    pub async fn told(&self) -> Vec<(MembershipId, String)> {
        let rows =
            sqlx::query("select membership_id, event from notices order by event, membership_id")
                .fetch_all(&self.behind)
                .await
                .expect("answers");
        rows.iter()
            .map(|row| {
                let id = row.get::<sqlx::types::Uuid, _>(0).into_bytes();
                (MembershipId::from_bytes(id), row.get(1))
            })
            .collect()
    }

    pub async fn row(&self, query: &'static str, parameter: &[u8]) -> PgRow {
        sqlx::query(query).bind(parameter).fetch_one(&self.behind).await.expect("one row")
    }

    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.behind).await.expect("a number")
    }

    /// Does to the rows what no role may.
    pub async fn tamper(&self, statements: &'static str) {
        let mut conn = self.behind.acquire().await.expect("a connection");
        sqlx::raw_sql("set session_replication_role = replica")
            .execute(&mut *conn)
            .await
            .expect("works");
        sqlx::raw_sql(statements).execute(&mut *conn).await.expect("works");
        sqlx::raw_sql("reset session_replication_role").execute(&mut *conn).await.expect("works");
    }
}

/// The files of a letter.
pub struct Sealed {
    pub letter: SealedLetter,
    pub epoch: Vec<u8>,
    pub archive: Vec<u8>,
    pub own: Vec<u8>,
}

/// Another agency's root, and what an impostor would sign with it.
pub fn impostor() -> SigningKey {
    SigningKey::from_seed(&[0x66; 32])
}

pub fn account_of_enrolment(enrol: StatementId) -> AccountId {
    AccountId::from_bytes(enrol.as_bytes()[..16].try_into().expect("16 bytes"))
}
