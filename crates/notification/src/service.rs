//! Leasing notices and sending them, several at once, until asked to stop.

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::id::{AgencyId, NoticeId, Realm};
use jiff::{SignedDuration, Timestamp};
use seal::{key::X25519Identity, random};
use store::{
    Actor, Clock, Role, Store, StoreError,
    jobs::{self, Fate, Job, Queue},
};
use tokio::task::JoinSet;

use crate::{Config, ConfigError, Error, post::Post, wording::Service};

/// How long a job is ours; longer than a whole sending may take.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Done jobs are forgotten after this time.
const REMEMBER_DONE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// An agency served.
#[derive(Clone, Debug)]
pub(crate) struct Agency {
    pub(crate) realm: Realm,
    pub(crate) service: Service,
}

/// The notification service. Clones share everything.
#[derive(Clone)]
pub struct Notifier {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Clock,
    key: X25519Identity,
    post: Post,
    agencies: HashMap<AgencyId, Agency>,
    at_once: u16,
    stopping: AtomicBool,
}

/// What a handler says about its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// Done; the handler completed or gave back the job in its own transaction.
    Committed,
    /// Not its moment: again at this time.
    NotBefore(Timestamp),
}

/// Runs until `shutdown` resolves; the notices in hand are finished first.
pub async fn run(
    config: Config,
    clock: Clock,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    let store = Store::connect(&config.database_url, Role::Notifier).await?;
    let poll = Duration::from_secs(config.poll_seconds);
    let notifier = Notifier::new(store, clock, &config)?;
    let mut wake = notifier.inner.store.listen(Queue::Notice).await?;
    let mut swept = None;
    tokio::pin!(shutdown);
    tracing::info!(agencies = notifier.inner.agencies.len(), "the notification service runs");
    loop {
        notifier.sweep_hourly(&mut swept).await;
        let work = notifier.drain();
        tokio::pin!(work);
        let (done, stop) = tokio::select! {
            done = &mut work => (done, false),
            // Not interrupted: a message handed over and not written down would be sent twice.
            () = &mut shutdown => {
                notifier.inner.stopping.store(true, Ordering::Relaxed);
                (work.await, true)
            }
        };
        if let Err(error) = &done {
            tracing::error!(%error, code = error.code(), "cannot look for notices");
        }
        if stop {
            break;
        }
        tokio::select! {
            () = &mut shutdown => break,
            () = wake.wait(poll) => {}
        }
    }
    // Closing waits for every connection, the listener's too.
    drop(wake);
    notifier.close().await;
    Ok(())
}

fn read_key(file: &Path) -> Result<X25519Identity, ConfigError> {
    let wrong = |what: &str| ConfigError(format!("{}: {what}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| wrong(&error.to_string()))?;
    text.trim()
        .parse()
        .map_err(|_| wrong("not an AGE-SECRET-KEY-1… key; make it with `postern keygen notifier`"))
}

impl Notifier {
    /// A notifier over a store of the role `notifier`. Reads the key file; connects to nothing.
    pub fn new(store: Store, clock: Clock, config: &Config) -> Result<Self, Error> {
        config.validate()?;
        let agencies = config.agency.iter().map(|one| {
            let service = Service {
                name: one.name.clone(),
                origin: one.family_origin.clone(),
                phone: one.phone.clone(),
            };
            (one.agency, Agency { realm: one.realm, service })
        });
        let inner = Inner {
            store,
            clock,
            key: read_key(&config.key_file)?,
            post: Post::open(config)?,
            agencies: agencies.collect(),
            at_once: u16::try_from(config.at_once).unwrap_or(u16::MAX),
            stopping: AtomicBool::new(false),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn key(&self) -> &X25519Identity {
        &self.inner.key
    }

    pub(crate) fn post(&self) -> &Post {
        &self.inner.post
    }

    /// Ends connections, to the mail server and the database.
    pub async fn close(&self) {
        self.inner.post.close().await;
        self.inner.store.close().await;
    }

    /// Deals with every notice that is due now; how many there were. One that fails is left for
    /// its next time and does not stop the others.
    pub async fn drain(&self) -> Result<usize, Error> {
        let mut total = 0;
        let mut working = JoinSet::new();
        loop {
            let free =
                self.inner.at_once.saturating_sub(u16::try_from(working.len()).unwrap_or(u16::MAX));
            let leased = if free == 0 { Vec::new() } else { self.lease(free).await? };
            let none = leased.is_empty();
            total += leased.len();
            for job in leased {
                let notifier = self.clone();
                working.spawn(async move { notifier.attempt(&job).await });
            }
            // When all hands are full or nothing is due: until one is done.
            if working.join_next().await.is_none() && none {
                return Ok(total);
            }
        }
    }

    async fn lease(&self, limit: u16) -> Result<Vec<Job>, Error> {
        if self.inner.stopping.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        let token = random::bytes(&mut random::System);
        let mut tx = self.inner.store.begin_queues().await?;
        let leased = jobs::lease(&mut tx, Queue::Notice, self.now(), LEASE, limit, token).await?;
        tx.commit().await?;
        Ok(leased)
    }

    async fn attempt(&self, job: &Job) {
        let result = match (self.inner.agencies.get(&job.agency), job.subject.parse::<NoticeId>()) {
            (Some(agency), Ok(notice)) => self.deal_with(agency, job, notice).await,
            (None, _) => {
                tracing::warn!(agency = %job.agency, "a notice of an agency that is not served here");
                Ok(Done::NotBefore(self.now() + SignedDuration::from_mins(1)))
            }
            (_, Err(_)) => Err(StoreError::Corrupt("job subject").into()),
        };
        let reported = match result {
            Ok(Done::Committed) => return,
            Ok(Done::NotBefore(at)) => self.give_back(job, at).await,
            Err(error) => {
                tracing::error!(
                    agency = %job.agency, notice = job.subject, attempt = job.attempts,
                    code = error.code(), %error, "a notice failed",
                );
                self.fail(job, error.code()).await
            }
        };
        if let Err(error) = reported {
            // Its lease will run out; then it is taken over.
            tracing::warn!(agency = %job.agency, %error, "a notice's end could not be written down");
        }
    }

    async fn give_back(&self, job: &Job, at: Timestamp) -> Result<(), Error> {
        let mut tx = self.inner.store.begin(job.agency, Actor::Nobody).await?;
        jobs::postpone(&mut tx, job, at).await?;
        Ok(tx.commit().await?)
    }

    async fn fail(&self, job: &Job, code: &str) -> Result<(), Error> {
        let jitter = f64::from(random::bytes::<1>(&mut random::System)[0]) / 255.0;
        let mut tx = self.inner.store.begin(job.agency, Actor::Nobody).await?;
        let fate = jobs::fail(&mut tx, job, code, self.now(), jitter).await?;
        if let (Fate::Dead, Ok(id)) = (fate, job.subject.parse()) {
            // So that it speaks for no other piece of news any more.
            if let Some(notice) = store::notices::find(&mut tx, id).await?
                && notice.state == "waiting"
            {
                store::notices::failed(&mut tx, &notice, code, true).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    async fn sweep_hourly(&self, swept: &mut Option<Timestamp>) {
        let now = self.now();
        if swept.is_some_and(|last| now.duration_since(last).abs() < SignedDuration::from_hours(1))
        {
            return;
        }
        *swept = Some(now);
        let forget = async {
            let mut tx = self.inner.store.begin_queues().await?;
            jobs::forget_done(&mut tx, now - REMEMBER_DONE).await?;
            tx.commit().await
        };
        if let Err(error) = forget.await {
            tracing::warn!(%error, "done notices could not be forgotten");
        }
    }
}
