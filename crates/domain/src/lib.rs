//! The rules of letterbox contact: ids, states, transitions and policy; who may do what, when.
//!
//! Absent from this crate: input and output, clocks, randomness, encryption, SQL, HTTP. Time is
//! always an argument.

pub mod id;
