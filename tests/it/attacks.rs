//! People who may use the API, and want more than is theirs: with valid sessions and keys, and
//! programs of their own.

mod decisions;
mod door;
mod letters;
mod people;
mod teams;
