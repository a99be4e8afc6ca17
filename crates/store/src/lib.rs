//! Every SQL statement of Postern: plain async functions over [`Tx`], one module per table or few.
//! Sole owner of sqlx; queries are checked at compile time against the migrations.
//!
//! Absent from this crate: decisions of any kind (those are `domain`'s), keys and signatures
//! (`seal`'s; what is stored here is opaque), HTTP, randomness, and any way to reach a row outside
//! a transaction that carries its role, its agency and its actor. No pool or connection leaves it.

pub mod accounts;
pub mod agencies;
pub mod arrangements;
pub mod bundles;
mod clock;
mod convert;
mod error;
pub mod checks;
pub mod contacts;
pub mod decisions;
pub mod epochs;
pub mod grants;
pub mod invites;
pub mod allocations;
pub mod certificates;
pub mod deliveries;
pub mod log;
pub mod notices;
pub mod releases;
pub mod verdicts;
pub mod jobs;
pub mod letters;
pub mod memberships;
pub mod messages;
pub mod openings;
pub mod submissions;
pub mod teams;
pub mod migrate;
pub mod gates;
pub mod limits;
pub mod sessions;
pub mod sign_ins;
pub mod wraps;
pub mod statements;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod wake;

pub use clock::Clock;
pub use error::StoreError;
pub use tx::{Actor, Role, Store, Tx};
pub use wake::Wake;
