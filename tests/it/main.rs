//! The whole of Postern at work: real processes, real PostgreSQL, real sign-in, real sealing, and
//! people who only ever use the public API. What one crate can show by itself is tested there.
//!
//! `cargo xtask test` builds `postern` and names a PostgreSQL in `POSTERN_TEST_DATABASE_URL`. Most
//! tests share one agency, founded once ([`scene::shared`]); those that stop things or look at
//! files have a stack of their own.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene fails")]

mod archive;
mod attacks;
mod audit;
mod behind;
mod chance;
mod coming_back;
mod described;
mod faults;
mod forge;
mod independent;
mod liar;
mod lies;
mod log_key;
mod mail;
mod moves;
mod receipts;
mod restore;
mod scene;
mod search;
mod secrets;
mod staff_back;
