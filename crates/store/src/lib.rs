//! Every SQL statement of Postern: plain async functions over [`Tx`], one module per table or few.
//! Sole owner of sqlx; queries are checked at compile time against the migrations.
//!
//! Absent from this crate: decisions of any kind (those are `domain`'s), keys and signatures
//! (`seal`'s; what is stored here is opaque), HTTP, randomness, and any way to reach a row outside
//! a transaction that carries its role, its agency and its actor. No pool or connection leaves it.

pub mod accounts;
pub mod agencies;
pub mod allocations;
pub mod arrangements;
pub mod audit;
pub mod bundles;
pub mod certificates;
pub mod checks;
mod clock;
pub mod contacts;
mod convert;
pub mod decisions;
pub mod deliveries;
pub mod drafts;
pub mod epochs;
mod error;
pub mod gates;
pub mod grants;
pub mod invites;
pub mod jobs;
mod keyset;
pub mod letters;
pub mod limits;
pub mod log;
pub mod logouts;
pub mod memberships;
pub mod messages;
pub mod migrate;
pub mod moves;
pub mod notices;
pub mod openings;
pub mod receipts;
pub mod releases;
pub mod reseals;
pub mod sessions;
pub mod sign_ins;
pub mod statements;
pub mod submissions;
pub mod teams;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
pub mod verdicts;
mod wake;
pub mod words_requests;
pub mod wraps;

pub use clock::Clock;
pub use error::StoreError;
pub use tx::{Actor, Role, Store, Tx};
pub use wake::Wake;
