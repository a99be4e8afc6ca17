//! The sealing protocol: letters, grants, statements, bundles and log proofs, bytes in and bytes
//! out. Sole owner of age and of signatures. The protocol itself is `PROTOCOL.md` beside this
//! crate; the TypeScript in `web/src/seal/` follows the same page and the same vectors.
//!
//! Absent from this crate: input and output, clocks, SQL, HTTP, logging of any content, and any
//! key that stays in a process. Randomness and time are arguments, with one exception: age draws
//! its file keys, nonces, X25519 shares and scrypt salts from the operating system itself.

mod bech32;
mod hybrid;
mod lines;
mod secretbox;
mod x25519;

pub mod account;
pub mod audit;
pub mod bundle;
pub mod checkpoint;
pub mod contact;
pub mod document;
pub mod draft;
pub mod envelope;
pub mod epoch;
pub mod export;
pub mod file;
pub mod gate;
pub mod grant;
pub mod invite;
pub mod key;
pub mod ledger;
pub mod letter;
pub mod logged;
pub mod open;
pub mod proof;
pub mod random;
pub mod root;
pub mod statement;
pub mod strict;
pub mod tree;
pub mod words;
pub mod wrap;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
