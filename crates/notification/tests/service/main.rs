//! The notification service against a real database, sending into a folder, to a scripted mail
//! server and to a real one.

mod clock;
mod contacts;
mod days;
mod exim;
mod mail;
mod running;
mod scene;
