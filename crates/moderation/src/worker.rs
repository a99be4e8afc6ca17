//! Leasing jobs and doing them, agency by agency, until asked to stop.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::id::{AgencyId, LetterId, Realm, StatementId};
use jiff::{SignedDuration, Timestamp};
use seal::{key::SigningKey, random};
use store::{
    Actor, Clock, Role, Store, StoreError,
    jobs::{self, Job, Queue},
};
use tokio::task::JoinSet;

use crate::{Config, Error, verify::OTHER_KEY};

/// How long a job is ours. Far longer than any takes, far shorter than anybody waits for a letter.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// Jobs leased at a time.
const BATCH: u16 = 32;
/// How often a job looks again for what it waits for. What was waited for wakes it sooner.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(5);
/// Done jobs are forgotten after this time, so that their keys may come again.
const REMEMBER_DONE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// An agency the worker serves.
#[derive(Clone, Debug)]
pub struct Agency {
    /// The tenant.
    pub id: AgencyId,
    /// The pinned realm.
    pub realm: Realm,
    /// Signs the log's checkpoints.
    pub log_key: SigningKey,
}

/// What a handler says about its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// Done; the handler completed it in its own transaction.
    Committed,
    /// Not its moment: again at this time, without counting an attempt.
    NotBefore(Timestamp),
    /// Something else must happen first; again when it has, without counting an attempt.
    Waits(&'static str),
}

/// The worker. Clones share everything.
#[derive(Clone, Debug)]
pub struct Worker {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    agencies: Arc<HashMap<AgencyId, Arc<Agency>>>,
    stopping: Arc<AtomicBool>,
}

/// Runs until `shutdown` resolves; the jobs in hand are finished first.
pub async fn run(
    config: Config,
    clock: Clock,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    config.validate()?;
    let agencies = config
        .agency
        .iter()
        .map(|one| Ok(Agency { id: one.agency, realm: one.realm, log_key: one.log_key()? }))
        .collect::<Result<Vec<_>, Error>>()?;
    let store = Store::connect(&config.database_url, Role::Worker).await?;
    let worker = Worker::new(store, clock, agencies);
    let poll = Duration::from_secs(config.poll_seconds);
    let mut verify = worker.store.listen(Queue::Verify).await?;
    let mut release = worker.store.listen(Queue::Release).await?;
    let mut swept = None;
    tokio::pin!(shutdown);
    tracing::info!(agencies = worker.agencies.len(), "the moderation worker runs");
    if let Err(error) = worker.try_again_with_this_key().await {
        tracing::warn!(%error, "what waits for a log key looks again by itself later");
    }
    loop {
        worker.sweep_hourly(&mut swept).await;
        let work = worker.drain();
        tokio::pin!(work);
        let (done, stop) = tokio::select! {
            done = &mut work => (done, false),
            () = &mut shutdown => {
                worker.stopping.store(true, Ordering::Relaxed);
                (work.await, true)
            }
        };
        if let Err(error) = &done {
            tracing::error!(%error, code = error.code(), "cannot look for work");
        }
        if stop {
            break;
        }
        tokio::select! {
            () = &mut shutdown => break,
            () = verify.wait(poll) => {}
            () = release.wait(poll) => {}
        }
    }
    // Closing waits for every connection, the listeners' too.
    drop((verify, release));
    worker.store.close().await;
    Ok(())
}

impl Worker {
    /// A worker over a store of the role `worker`.
    pub fn new(store: Store, clock: Clock, agencies: impl IntoIterator<Item = Agency>) -> Self {
        let agencies = agencies.into_iter().map(|one| (one.id, Arc::new(one))).collect();
        Self { store, clock, agencies: Arc::new(agencies), stopping: Arc::default() }
    }

    /// Lets what waited for another log key look at this worker's.
    pub async fn try_again_with_this_key(&self) -> Result<(), Error> {
        for agency in self.agencies.keys() {
            let mut tx = self.store.begin(*agency, Actor::Nobody).await?;
            jobs::wake(&mut tx, Queue::Verify, OTHER_KEY, self.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Does all the work that is ready now, and what follows from it; how many jobs that were.
    /// One that fails is left for its next time and does not stop the others.
    pub async fn drain(&self) -> Result<usize, Error> {
        let mut total = 0;
        loop {
            let mut leased = self.lease(Queue::Verify).await?;
            leased.extend(self.lease(Queue::Release).await?);
            if leased.is_empty() {
                return Ok(total);
            }
            total += leased.len();
            // Side by side for different agencies, in order within one: its log is one line.
            let mut lines: HashMap<AgencyId, Vec<Job>> = HashMap::new();
            for job in leased {
                lines.entry(job.agency).or_default().push(job);
            }
            let mut working = JoinSet::new();
            for jobs in lines.into_values() {
                let worker = self.clone();
                working.spawn(async move {
                    for job in jobs {
                        worker.attempt(job).await;
                    }
                });
            }
            working.join_all().await;
        }
    }

    async fn lease(&self, queue: Queue) -> Result<Vec<Job>, Error> {
        if self.stopping.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        let token = random::bytes(&mut random::System);
        let mut tx = self.store.begin_queues().await?;
        let leased = jobs::lease(&mut tx, queue, self.clock.now(), LEASE, BATCH, token).await?;
        tx.commit().await?;
        Ok(leased)
    }

    /// One job, to whatever end, which is never the end of the jobs after it.
    async fn attempt(&self, job: Job) {
        let (worker, one) = (self.clone(), job.clone());
        if !alone(async move { worker.deal_with(&one).await }).await {
            tracing::error!(
                agency = %job.agency, queue = %job.queue, subject = job.subject,
                attempt = job.attempts, "a job panicked",
            );
            let failed = self.fail(&job, "panicked").await;
            written_down(&job, failed);
        }
    }

    /// Does a job; an error is logged here and nowhere else.
    async fn deal_with(&self, job: &Job) {
        let Some(agency) = self.agencies.get(&job.agency).cloned() else {
            let later = self.clock.now() + SignedDuration::from_mins(1);
            tracing::warn!(agency = %job.agency, "a job of an agency that this worker does not serve");
            self.report(job, Ok(Done::NotBefore(later))).await;
            return;
        };
        let result = match (
            job.queue,
            job.subject.parse::<StatementId>(),
            job.subject.parse::<LetterId>(),
        ) {
            (Queue::Verify, Ok(statement), _) => self.verify(&agency, job, statement).await,
            (Queue::Release, _, Ok(letter)) => self.release(&agency, job, letter).await,
            _ => Err(StoreError::Corrupt("job subject").into()),
        };
        self.report(job, result).await;
    }

    async fn report(&self, job: &Job, result: Result<Done, Error>) {
        let reported = match result {
            Ok(Done::Committed) => return,
            Ok(Done::NotBefore(at)) => self.give_back(job, at).await,
            Ok(Done::Waits(what)) => self.wait(job, what).await,
            Err(error) => {
                tracing::error!(
                    agency = %job.agency, queue = %job.queue, subject = job.subject,
                    attempt = job.attempts, code = error.code(), %error, "a job failed",
                );
                self.fail(job, error.code()).await
            }
        };
        written_down(job, reported);
    }

    async fn wait(&self, job: &Job, what: &str) -> Result<(), Error> {
        let later = self.clock.now() + LOOK_AGAIN;
        let mut tx = self.store.begin(job.agency, Actor::Nobody).await?;
        jobs::wait(&mut tx, job, what, later).await?;
        Ok(tx.commit().await?)
    }

    async fn give_back(&self, job: &Job, at: Timestamp) -> Result<(), Error> {
        let mut tx = self.store.begin(job.agency, Actor::Nobody).await?;
        jobs::postpone(&mut tx, job, at).await?;
        Ok(tx.commit().await?)
    }

    async fn fail(&self, job: &Job, code: &str) -> Result<(), Error> {
        let jitter = f64::from(random::bytes::<1>(&mut random::System)[0]) / 255.0;
        let mut tx = self.store.begin(job.agency, Actor::Nobody).await?;
        jobs::fail(&mut tx, job, code, self.clock.now(), jitter).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets what has run out, once an hour.
    async fn sweep_hourly(&self, swept: &mut Option<Timestamp>) {
        let now = self.clock.now();
        if swept.is_some_and(|last| now.duration_since(last).abs() < SignedDuration::from_hours(1))
        {
            return;
        }
        *swept = Some(now);
        if let Err(error) = self.sweep(now).await {
            tracing::warn!(%error, "what has run out could not be forgotten");
        }
    }

    async fn sweep(&self, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.store.begin_queues().await?;
        jobs::forget_done(&mut tx, now - REMEMBER_DONE).await?;
        tx.commit().await?;
        for agency in self.agencies.keys() {
            let mut tx = self.store.begin(*agency, Actor::Nobody).await?;
            store::verdicts::forget_expired(&mut tx, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

fn written_down(job: &Job, reported: Result<(), Error>) {
    if let Err(error) = reported {
        // Its lease will run out; then it is taken over.
        tracing::warn!(agency = %job.agency, %error, "a job's end could not be written down");
    }
}

/// Runs work on a task of its own; whether it ended without a panic.
async fn alone(work: impl Future<Output = ()> + Send + 'static) -> bool {
    let mut task = JoinSet::new();
    task.spawn(work);
    task.join_next().await.is_some_and(|ended| ended.is_ok())
}

#[cfg(test)]
mod tests {
    use super::alone;

    #[tokio::test]
    async fn a_job_that_panics_ends_alone() {
        assert!(alone(async {}).await);
        assert!(!alone(async { panic!("a fault of ours") }).await);
    }
}
