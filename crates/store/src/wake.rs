//! Waking the process that works on a queue, by LISTEN and NOTIFY.
//!
//! The NOTIFY is sent after the commit and not in it: PostgreSQL takes one lock for all notifying
//! commits and holds it through the flush, so that letters would be stored one at a time. A wake
//! that is lost with its process is made good by the listener's polling.

use std::time::Duration;

use sqlx::{PgPool, postgres::PgListener};
use tokio::sync::mpsc;

use crate::{StoreError, jobs::Queue};

const CHANNEL: &str = "postern_jobs";

/// Sends wakes, several at once when they come fast. Clones share one sender, which ends with them.
#[derive(Clone, Debug)]
pub(crate) struct Waker(mpsc::Sender<Queue>);

impl Waker {
    pub(crate) fn start(pool: &PgPool) -> Self {
        let (sender, mut receiver) = mpsc::channel::<Queue>(64);
        let pool = pool.clone();
        tokio::spawn(async move {
            while let Some(first) = receiver.recv().await {
                let mut queues = vec![first];
                while let Ok(next) = receiver.try_recv() {
                    if !queues.contains(&next) {
                        queues.push(next);
                    }
                }
                for queue in queues {
                    // Outside a transaction, as the bare login: NOTIFY needs no rights.
                    let sent = sqlx::query("select pg_notify($1, $2)")
                        .bind(CHANNEL)
                        .bind(queue.as_str())
                        .execute(&pool)
                        .await;
                    if let Err(error) = sent {
                        tracing::debug!(%queue, %error, "a wake was not sent; polling will do");
                    }
                }
            }
        });
        Self(sender)
    }

    /// Never waits: with 64 wakes on their way, one more tells nobody anything new.
    pub(crate) fn wake(&self, queue: Queue) {
        let _ = self.0.try_send(queue);
    }
}

/// Waits for new jobs of one queue.
#[derive(Debug)]
pub struct Wake {
    listener: PgListener,
    queue: Queue,
}

impl Wake {
    pub(crate) async fn listen(pool: &PgPool, queue: Queue) -> Result<Self, StoreError> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Self { listener, queue })
    }

    /// Returns when a job of the queue was enqueued, or after `at_most`, whichever is first; also
    /// when the database is away, for it to be tried again after `at_most`.
    pub async fn wait(&mut self, at_most: Duration) {
        let queue = self.queue;
        let woken = async {
            loop {
                match self.listener.recv().await {
                    Ok(notification) if notification.payload() == queue.as_str() => break,
                    Ok(_) => {}
                    Err(_) => std::future::pending::<()>().await,
                }
            }
        };
        // Elapsed and woken mean the same to the caller: look again.
        let _ = tokio::time::timeout(at_most, woken).await;
    }
}
