//! The notification service: opens contact points, words notices, delivers them.
//!
//! A notice says that there is something new, in fixed words, and nothing else. This process holds
//! one key, the notifier's, which opens contact points and nothing besides; it believes a contact
//! point only after following its signatures to the pinned realm.
//!
//! Absent from this crate: letters and any key that opens one, SQL (that is `store`), names of
//! people, links to anything but the front door, tracking of any kind, addresses in logs, errors
//! or the database.

pub mod config;
pub mod message;
pub mod outbox;
pub mod smtp;
pub mod wire;
pub mod wording;

pub use config::{Config, ConfigError};
