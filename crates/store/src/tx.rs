//! Pools and transactions. A [`Tx`] is the only way to the database, and begins by saying, in one
//! round trip, which role, agency and actor it works for.

use std::{fmt, str::FromStr, time::Duration};

use domain::id::{AccountId, AgencyId};
use sqlx::{
    AssertSqlSafe, PgConnection, PgPool, Postgres,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    StoreError,
    jobs::Queue,
    wake::{Wake, Waker},
};

/// A service's role in the database. Each logs in as `<role>_login`, which can do nothing until
/// a transaction sets the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The mediation API.
    Api,
    /// The moderation worker.
    Worker,
    /// The notification service.
    Notifier,
    /// Reads everything but sealed content.
    Auditor,
    /// May delete purged ciphertexts and the salts of their leaves.
    Records,
    /// Reads what the log is made of.
    Verifier,
}

impl Role {
    /// Every role of a service.
    pub const ALL: [Self; 6] =
        [Self::Api, Self::Worker, Self::Notifier, Self::Auditor, Self::Records, Self::Verifier];

    /// The role's name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Worker => "worker",
            Self::Notifier => "notifier",
            Self::Auditor => "auditor",
            Self::Records => "records",
            Self::Verifier => "verifier",
        }
    }

    /// The name it logs in by.
    pub fn login(self) -> String {
        format!("{self}_login")
    }

    /// Beyond 8 to 16 clients PostgreSQL gets slower on the machines we measured.
    const fn connections(self) -> u32 {
        match self {
            Self::Api => 12,
            Self::Worker | Self::Notifier => 6,
            Self::Auditor | Self::Records | Self::Verifier => 2,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// For whom a transaction works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody that is known yet, or a service by itself.
    Nobody,
    /// A signed-in account. The `authenticate` function of the database sets the same, and more,
    /// from a session.
    Account(AccountId),
}

/// The database, as one role sees it.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
    role: Role,
    waker: Waker,
}

impl Store {
    /// Connects as a role, and fails early if the database cannot be reached.
    pub async fn connect(url: &str, role: Role) -> Result<Self, StoreError> {
        Self::connect_with(PgConnectOptions::from_str(url)?, role).await
    }

    pub(crate) async fn connect_with(
        options: PgConnectOptions,
        role: Role,
    ) -> Result<Self, StoreError> {
        let options = options
            .application_name(&format!("postern {role}"))
            .statement_cache_capacity(500)
            .options([
                ("search_path", "pg_catalog,public"),
                ("statement_timeout", "15s"),
                ("lock_timeout", "5s"),
                ("idle_in_transaction_session_timeout", "60s"),
            ]);
        // The API's statements are few, all by index, and planned with the policies of every table
        // they touch: planning a page took longer than reading it.
        let options = match role {
            Role::Api => options.options([("plan_cache_mode", "force_generic_plan")]),
            _ => options,
        };
        let pool = PgPoolOptions::new()
            .max_connections(role.connections())
            .acquire_timeout(Duration::from_secs(5))
            // Saves a round trip; `begin` tries once more when a kept connection has died.
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        Ok(Self { waker: Waker::start(&pool), pool, role })
    }

    /// The role this store works as.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Begins a transaction for an agency and an actor: one round trip.
    pub async fn begin(&self, agency: AgencyId, actor: Actor) -> Result<Tx, StoreError> {
        self.begin_for("begin", Some(agency), actor).await
    }

    /// Begins a transaction that reads one moment of an agency's rows, however long it takes, and
    /// can write nothing.
    pub async fn begin_snapshot(&self, agency: AgencyId) -> Result<Tx, StoreError> {
        let begin = "begin isolation level repeatable read, read only";
        self.begin_for(begin, Some(agency), Actor::Nobody).await
    }

    /// Begins a transaction outside any agency: it reaches the queues of its role and nothing
    /// else. For the worker and the notifier, which serve several agencies.
    pub async fn begin_queues(&self) -> Result<Tx, StoreError> {
        self.begin_for("begin", None, Actor::Nobody).await
    }

    async fn begin_for(
        &self,
        begin: &str,
        agency: Option<AgencyId>,
        actor: Actor,
    ) -> Result<Tx, StoreError> {
        // Ids and a fixed word only: their Display is hexadecimal, nothing can be injected.
        let statement = format!(
            "{begin}; select set_config('role', '{}', true), set_config('app.agency', '{}', true), \
             set_config('app.actor', '{}', true)",
            self.role,
            agency.map(|id| id.to_string()).unwrap_or_default(),
            match actor {
                Actor::Nobody => String::new(),
                Actor::Account(id) => format!("account:{id}"),
            },
        );
        // A kept connection may have died: nothing has been done yet, so trying again is safe, and
        // in the worst case every kept one is dead.
        let mut dead = 0;
        let inner = loop {
            match self.pool.begin_with(AssertSqlSafe(statement.clone())).await {
                Err(error) if died(&error) && dead <= self.role.connections() => dead += 1,
                begun => break begun?,
            }
        };
        Ok(Tx { inner, agency, round_trips: 1, waking: Vec::new(), waker: self.waker.clone() })
    }

    /// Answers whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.begin_queues().await?.commit().await
    }

    /// Listens for new jobs of a queue. Takes one connection of the pool for as long as it lives.
    pub async fn listen(&self, queue: Queue) -> Result<Wake, StoreError> {
        Wake::listen(&self.pool, queue).await
    }

    /// Closes every connection once its transaction has ended.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Whether the connection was gone, rather than the statement wrong. 57P01: the server was told to
/// end it.
fn died(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => error.code().as_deref() == Some("57P01"),
        _ => false,
    }
}

/// A transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
#[must_use = "a transaction that is not committed never happened"]
pub struct Tx {
    inner: sqlx::Transaction<'static, Postgres>,
    agency: Option<AgencyId>,
    round_trips: u32,
    waking: Vec<Queue>,
    waker: Waker,
}

impl Tx {
    /// The agency this transaction works for; the first parameter of every query.
    ///
    /// # Panics
    ///
    /// In a transaction of [`Store::begin_queues`], which has none.
    pub fn agency(&self) -> AgencyId {
        self.agency.expect("this transaction was begun for an agency")
    }

    /// The connection, for one statement: each call counts as a round trip.
    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        self.round_trips += 1;
        &mut self.inner
    }

    /// Round trips so far, `begin` included and `commit` not.
    pub fn round_trips(&self) -> u32 {
        self.round_trips
    }

    /// After the commit, tells those who listen that the queue has new jobs.
    pub(crate) fn wake(&mut self, queue: Queue) {
        if !self.waking.contains(&queue) {
            self.waking.push(queue);
        }
    }

    /// Makes it all happen.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await?;
        tracing::trace!(round_trips = self.round_trips + 1, "committed");
        for queue in self.waking {
            self.waker.wake(queue);
        }
        Ok(())
    }

    /// Undoes it all; dropping does the same, only later.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.inner.rollback().await?)
    }
}
