//! The moderation worker: verifies every statement against a pinned realm, keeps the log, gives
//! letters to checkers with a date, and passes them on when enough different people have agreed.
//!
//! It believes no row: what a statement says is taken from its envelope, whose signatures it
//! follows to the root that its own configuration pins; who receives a letter is taken from the
//! verified decision. Whatever does not verify is quarantined with a reason and never released.
//!
//! Absent from this crate: any key that opens a letter, addresses, HTTP, SQL (that is `store`),
//! and every judgement about what a letter says. "Moderation" is the name of the process only:
//! people check letters.

mod allocation;
mod config;
mod error;
mod files;
mod history;
mod log;
mod notices;
mod projection;
mod quarantine;
mod release;
mod verify;
mod worker;

pub use config::{AgencyConfig, Config, ConfigError};
pub use error::Error;
pub use worker::{Agency, Worker, run};
