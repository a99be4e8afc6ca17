//! The clock jumps a day ahead: seen from the processes, everything that was written down with a
//! time becomes a day older at once, leases in their hands included.
//!
//! The processes take the machine's clock and nothing else, which no test may move; so what is
//! moved is what they compare it with, in the queues and the notices. The other way, a standstill,
//! and the times of sessions are driven with an injected clock, in `moderation/tests/worker/clock.rs`,
//! `notification/tests/service/clock.rs` and `mediation/tests/api/clock.rs`.

use std::time::Instant;

use xtask::seed::pause;

use crate::behind::Behind;

/// Nobody has two pieces of news on one day, not even between two rows of one update: hence far
/// away and back.
const A_DAY_OLDER: &str = "
    update jobs set run_at = run_at - interval '1 day', created_at = created_at - interval '1 day',
        leased_until = leased_until - interval '1 day';
    update notices set created_at = created_at - interval '1 day',
        sent_at = sent_at - interval '1 day', for_day = for_day - 10000;
    update notices set for_day = for_day + 9999";
/// A notice that was not sent is tried again later.
const LATER_IS_NOW: &str = "update jobs set run_at = now() where state = 'ready'
    and (queue = 'notice' or attempts > 0)";
const UNSAID: &str = "select count(*) from notices where state = 'waiting'";

/// It is a day later.
pub async fn day_ahead(behind: &Behind) {
    behind.execute_among_others(A_DAY_OLDER).await;
}

/// The next day, when whatever waits for it is done: every notice goes out, and so does one that
/// was tried before.
pub async fn until_all_is_done(behind: &Behind) {
    day_ahead(behind).await;
    let started = Instant::now();
    while behind.number(UNSAID).await > 0 {
        behind.execute_among_others(LATER_IS_NOW).await;
        pause(started, || "every notice to be sent".to_owned()).await.unwrap();
    }
    behind.drained().await;
}
