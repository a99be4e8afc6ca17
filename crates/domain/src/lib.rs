//! The rules of letterbox contact: ids, states, transitions and policy; who may do what, when.
//!
//! Absent from this crate: input and output, clocks, randomness, encryption, SQL, HTTP. Time is
//! always an argument.

mod words;

pub mod arrangement;
pub mod calendar;
pub mod check;
pub mod decision;
pub mod id;
pub mod letter;
pub mod policy;
pub mod role;
pub mod window;

pub use words::UnknownWord;
