//! The API's own door: sign-in, sessions, accounts, the gate and what guards them, against a real
//! database under the API's own role. One binary, because linking is what costs.

mod account;
mod away;
mod clock;
mod door;
mod drafts;
mod gate;
mod headers;
mod limits;
mod listening;
mod logout;
mod logs;
mod malformed;
mod matrix;
mod provider;
mod scene;
mod serving;
mod sign_in;
mod words_requests;
