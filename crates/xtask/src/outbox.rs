//! The folder in which the notification service leaves its mails where there is no mail server: as
//! a list, and as a page to look at.

mod page;

use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

pub use page::show;

/// One mail, as its reader sees it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Mail {
    /// To whom.
    pub to: String,
    /// What a list of mails shows.
    pub subject: String,
    /// When it was sent, as the mail says.
    pub date: String,
    /// `en` or `cy`.
    pub language: String,
    /// Its plain text.
    pub text: String,
}

/// Every mail in the folder, newest first.
pub fn mails(folder: &Path) -> io::Result<Vec<Mail>> {
    let mut found: Vec<(SystemTime, Mail)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|kind| kind == "eml") {
            let mail = Mail::parse(&fs::read_to_string(entry.path())?);
            found.push((entry.metadata()?.modified()?, mail));
        }
    }
    found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(found.into_iter().map(|(_, mail)| mail).collect())
}

impl Mail {
    /// Reads what this project's own notifier writes: headers, then a part of plain text.
    fn parse(raw: &str) -> Self {
        let raw = raw.replace("\r\n", "\n");
        let (head, body) = raw.split_once("\n\n").unwrap_or((&raw, ""));
        let named = |name| header(head, name).unwrap_or_default();
        Self {
            to: named("To"),
            subject: named("Subject"),
            date: named("Date"),
            language: named("Content-Language"),
            text: plain_text(head, body),
        }
    }
}

/// A header's value, folded lines joined.
fn header(head: &str, name: &str) -> Option<String> {
    let unfolded = head.replace("\n ", " ").replace("\n\t", " ");
    unfolded.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// The first part of plain text, decoded.
fn plain_text(head: &str, body: &str) -> String {
    let kind = header(head, "Content-Type").unwrap_or_default();
    let Some((_, boundary)) = kind.split_once("boundary=") else {
        return decoded(head, body);
    };
    let boundary = format!("--{}", boundary.trim_matches('"'));
    let parts = body.split(boundary.as_str()).filter_map(|part| part.split_once("\n\n"));
    let plain = parts.map(|(head, body)| (head.trim_start(), body)).find(|(head, _)| {
        header(head, "Content-Type").is_some_and(|kind| kind.starts_with("text/plain"))
    });
    plain.map_or_else(String::new, |(head, body)| decoded(head, body))
}

fn decoded(head: &str, body: &str) -> String {
    let encoding = header(head, "Content-Transfer-Encoding").unwrap_or_default();
    let bytes = match encoding.to_ascii_lowercase().as_str() {
        "base64" => {
            STANDARD.decode(body.split_whitespace().collect::<String>()).unwrap_or_default()
        }
        "quoted-printable" => unquoted(body),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8_lossy(&bytes).trim().replace("\r\n", "\n")
}

/// Quoted-printable (RFC 2045): `=` and two digits, or the end of a line that goes on.
fn unquoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).filter(|_| *first == b'=');
        if let Some(byte) = digits.and_then(|digits| hex::decode(digits).ok()) {
            bytes.extend(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = "Message-ID: <1@postern.example>\r\nDate: Thu, 01 Jan 2026 10:00:00 +0000\r\n\
        From: Postern <news@postern.example>\r\nTo: kerry@example.org\r\nSubject: Postern\r\n\
        Content-Language: en\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n \
        boundary=\"abc\"\r\n\r\n--abc\r\nContent-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\nYou have some=\r\nthing new =E2=80=93 \
        sign in.\r\n\r\n--abc\r\nContent-Type: text/html\r\n\r\n<p>no</p>\r\n--abc--\r\n";

    #[test]
    fn a_notice_is_shown_as_its_reader_sees_it() {
        let mail = Mail::parse(RAW);
        assert_eq!(mail.to, "kerry@example.org");
        assert_eq!(mail.subject, "Postern");
        assert_eq!(mail.language, "en");
        assert_eq!(mail.text, "You have something new \u{2013} sign in.");
    }

    #[test]
    fn a_mail_of_one_part_is_its_text() {
        let mail = Mail::parse("To: a@b\nContent-Transfer-Encoding: base64\n\naGVs\nbG8=\n");
        assert_eq!((mail.to.as_str(), mail.text.as_str()), ("a@b", "hello"));
    }
}
