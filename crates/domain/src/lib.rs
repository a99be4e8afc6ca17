//! The rules of letterbox contact: ids, roles, outcomes and reasons, an agency's policy, and days.
//!
//! Absent from this crate: input and output, clocks, randomness, encryption, SQL, HTTP. Time is
//! always an argument.

mod words;

pub mod arrangement;
pub mod calendar;
pub mod decision;
pub mod id;
pub mod policy;
pub mod role;

pub use words::UnknownWord;
