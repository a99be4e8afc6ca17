//! What the demo and the integration tests share: a private PostgreSQL, a development OpenID
//! Connect provider, the roles of `postern` as separate processes, and the whole of it as one
//! [`stack::Stack`].
//!
//! Absent from this crate: SQL, anything that runs in production. `postern` never depends on it.

pub mod clocks;
pub mod folder;
pub mod independent;
pub mod loopback;
pub mod outbox;
pub mod postgres;
pub mod provider;
pub mod seed;
pub mod services;
pub mod stack;
