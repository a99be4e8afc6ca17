//! The worker against a real database, statements arriving as the API stores them.

mod accounts;
mod clock;
mod decisions;
mod faults;
mod keys;
mod letters;
mod log_key;
mod moves;
mod overtaken;
mod people;
mod receipts;
mod reseals;
mod running;
mod scene;
mod waiting;
