//! The mediation API: what browsers and tools talk to. It signs people in, keeps limits, checks
//! structure and who may ask, stores what was signed and sealed exactly as it came, and hands the
//! rest to the moderation worker.
//!
//! Absent from this crate: any key that opens a letter or signs a statement, any release of a
//! letter, any address of a person, SQL, mail.
//!
//! # How a domain module joins in
//!
//! Each module has `pub fn routes() -> OpenApiRouter<AppState>`, built with
//! `OpenApiRouter::new().routes(routes!(list, insert))` from handlers that carry
//! `#[utoipa::path(get, path = "/api/letters", …)]`. One list gives both the router and the
//! OpenAPI document, so neither can forget the other. [`router`] merges them.
//! A handler takes `State<AppState>` if it needs it, one principal of [`principal`], then
//! [`json::Path`], [`json::Query`] and last [`json::Json`]; it returns `Result<_, Problem>` and
//! ends with `tx.commit()`. The body is already in memory when the transaction begins.

pub mod account;
pub mod administrators;
pub mod agency;
pub mod arrangements;
pub mod checks;
pub mod config;
pub mod contacts;
pub mod decisions;
pub mod drafts;
pub mod enrolments;
pub mod gate;
pub mod health;
pub mod invites;
pub mod json;
pub mod letters;
pub mod limits;
pub mod listen;
pub mod log;
pub mod log_key;
pub mod logout;
pub mod messages;
pub mod moves;
pub mod network;
pub mod openapi;
pub mod openings;
pub mod origin;
pub mod pages;
pub mod paging;
pub mod principal;
pub mod problem;
pub mod provider;
pub mod quarantine;
pub mod renewals;
pub mod replacements;
pub mod reseals;
pub mod sealed;
pub mod serve;
pub mod session;
pub mod sign_in;
pub mod staff;
pub mod state;
pub mod statements;
pub mod teams;
pub mod words_requests;

pub use config::{Config, SiteConfig};
pub use serve::{Error, router, run};
pub use state::{AppState, Service, Site};

use utoipa_axum::router::OpenApiRouter;

/// Every route of the API, with its description.
pub fn routes() -> OpenApiRouter<AppState> {
    modules().into_iter().fold(OpenApiRouter::new(), OpenApiRouter::merge)
}

fn modules() -> Vec<OpenApiRouter<AppState>> {
    vec![
        health::routes(),
        sign_in::routes(),
        logout::routes(),
        session::routes(),
        account::routes(),
        gate::routes(),
        renewals::routes(),
        replacements::routes(),
        words_requests::routes(),
        drafts::routes(),
        agency::routes(),
        administrators::routes(),
        teams::routes(),
        staff::routes(),
        invites::routes(),
        enrolments::routes(),
        arrangements::routes(),
        moves::routes(),
        letters::routes(),
        checks::routes(),
        decisions::routes(),
        openings::routes(),
        reseals::routes(),
        contacts::routes(),
        messages::routes(),
        statements::routes(),
        quarantine::routes(),
        log::routes(),
        log_key::routes(),
    ]
}
