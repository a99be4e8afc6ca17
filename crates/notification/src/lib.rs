//! The notification service: opens contact points, words notices, delivers them.
//!
//! A notice says that there is something new, in fixed words, and nothing else. This process holds
//! one key, the notifier's, which opens contact points and nothing besides; it believes a contact
//! point only after following its signatures to the pinned realm.
//!
//! Absent from this crate: letters and any key that opens one, SQL (that is `store`), names of
//! people, links to anything but the front door, tracking of any kind, addresses in logs, errors
//! or the database.

mod calendar;
mod config;
mod contact;
mod error;
mod message;
mod notice;
mod outbox;
mod post;
mod service;
pub mod smtp;
mod wire;
mod wording;

pub use config::{Agency as AgencyConfig, Config, ConfigError, Smtp as SmtpConfig, Tls};
pub use error::Error;
pub use service::{Notifier, run};
