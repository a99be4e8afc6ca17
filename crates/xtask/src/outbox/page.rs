//! The outbox as a page, newest mail first.

use std::fmt::Write;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::{Mail, mails};
use crate::loopback::Loopback;
use crate::provider::escape;

/// Shows a folder on a port of the system's choice.
pub fn show(folder: PathBuf) -> io::Result<Loopback> {
    let (_, listener) = Loopback::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    Loopback::serve(listener, Router::new().route("/", get(page)).with_state(folder))
}

async fn page(State(folder): State<PathBuf>) -> Response {
    match rendered(&folder) {
        Ok(page) => {
            let headers =
                [(CACHE_CONTROL, "no-store"), (CONTENT_SECURITY_POLICY, "default-src 'none'")];
            (headers, Html(page)).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn rendered(folder: &Path) -> io::Result<String> {
    let mails = mails(folder)?;
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"refresh\" content=\"5\"><title>Mail</title><h1>Mail</h1>\
         <p>What a mail server would have been given, newest first.</p>",
    );
    if mails.is_empty() {
        page.push_str("<p>Nothing yet.</p>");
    }
    for mail in &mails {
        write(&mut page, mail);
    }
    page.push_str("</html>");
    Ok(page)
}

fn write(page: &mut String, mail: &Mail) {
    let Mail { to, subject, date, language, text } = mail;
    let (to, subject, date) = (escape(to), escape(subject), escape(date));
    let (language, text) = (escape(language), escape(text));
    let _ = write!(
        page,
        "<hr><h2>{subject}</h2><p>To {to}<br>{date}</p><pre lang=\"{language}\">{text}</pre>"
    );
}
