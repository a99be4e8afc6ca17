//! The API's own door: sign-in, sessions, accounts, the gate and what guards them, against a real
//! database under the API's own role. One binary, because linking is what costs.

mod account;
mod away;
mod door;
mod gate;
mod provider;
mod scene;
mod sign_in;
