//! Behind the scene: the database as its superuser sees it, past every policy, and what a thief,
//! an intruder or the passing of time would do there.

use std::time::Instant;

use store::{Role, Store, StoreError, Tx};
use xtask::seed::pause;
use xtask::stack::Stack;

/// The superuser's way in.
pub struct Behind(Store);

/// Jobs that somebody still has to do, or has given up. One that failed is not done, though its
/// next try may be some time away; one for another day has never been tried.
const UNDONE: &str = "select count(*) from jobs where state in ('leased', 'dead')
    or state = 'ready' and (run_at <= now() or attempts > 0)";

impl Behind {
    /// The database of a stack.
    pub async fn of(stack: &Stack) -> Self {
        let url = stack.database_url("postgres");
        Self(Store::connect(&url, Role::Records).await.expect("the superuser may enter"))
    }

    /// A transaction that may do anything; it happens when it is committed.
    pub async fn begin(&self) -> Tx {
        let mut tx = self.0.begin_queues().await.expect("the database answers");
        tx.attempt("set local role none").await.expect("back to the superuser");
        tx
    }

    /// Does something, and says to how many rows.
    pub async fn execute(&self, sql: &str) -> u64 {
        let mut tx = self.begin().await;
        let rows = tx.attempt(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        tx.commit().await.expect("commits");
        rows
    }

    /// The same among processes at work, however often another transaction is in the way.
    pub async fn execute_among_others(&self, sql: &str) {
        self.change_among_others(sql, "select '[]'::jsonb").await;
    }

    /// The same, and the texts that a query gives before it is committed.
    pub async fn change_among_others(&self, sql: &str, which: &str) -> Vec<String> {
        loop {
            let mut tx = self.begin().await;
            match tx.attempt(sql).await {
                Ok(_) => {
                    let json = tx.json(which).await.expect("texts");
                    tx.commit().await.expect("commits");
                    return serde_json::from_str(&json).expect("texts");
                }
                Err(StoreError::Conflict) => {}
                Err(error) => panic!("{sql}: {error:?}"),
            }
        }
    }

    /// The texts that a query gives as one JSON value.
    pub async fn strings(&self, sql: &str) -> Vec<String> {
        serde_json::from_str(&self.json(sql).await).expect("texts")
    }

    /// The one number that a query gives.
    pub async fn number(&self, sql: &str) -> i64 {
        let mut tx = self.begin().await;
        tx.number(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    }

    /// The one JSON value that a query gives, as text.
    pub async fn json(&self, sql: &str) -> String {
        let mut tx = self.begin().await;
        tx.json(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    }

    /// Waits until a query gives a number other than 0.
    pub async fn wait_for(&self, what: &str, sql: &str) {
        let started = Instant::now();
        while self.number(sql).await == 0 {
            pause(started, || what.to_owned()).await.unwrap();
        }
    }

    /// Waits until every job is done. Each test ends with this: one that leaves work undone fails.
    pub async fn drained(&self) {
        let started = Instant::now();
        while self.number(UNDONE).await > 0 {
            pause(started, || "every job to be done".to_owned()).await.unwrap();
        }
    }
}
