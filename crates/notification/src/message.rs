//! One notice as a mail message.

use std::time::SystemTime;

use domain::id::NoticeId;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};

use crate::wording::{Language, Words};

/// Headers that are always the same name and a plain ASCII value.
macro_rules! plain_header {
    ($name:ident, $header:literal) => {
        #[derive(Clone)]
        struct $name(&'static str);
        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($header)
            }
            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Err("written, never read".into())
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.to_owned())
            }
        }
    };
}

plain_header!(ContentLanguage, "Content-Language");
plain_header!(AutoSubmitted, "Auto-Submitted");
plain_header!(AutoResponseSuppress, "X-Auto-Response-Suppress");

/// A message that cannot be put together from these parts.
#[derive(Debug, thiserror::Error)]
#[error("the message could not be put together")]
pub struct Unbuildable;

/// Builds the message for one notice.
///
/// The `Message-ID` comes from the notice, so that a notice sent twice (the connection broke after
/// the server took it, before it said so) is one message to mail programs that look.
pub fn build(
    notice: NoticeId,
    words: &Words,
    language: Language,
    from: (&str, &Address),
    to: &Address,
    at: SystemTime,
) -> Result<Message, Unbuildable> {
    let (name, address) = from;
    Message::builder()
        .message_id(Some(format!("<{notice}@{}>", address.domain())))
        .date(at)
        .from(Mailbox::new(Some(name.to_owned()), address.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(&words.subject)
        .header(ContentLanguage(language.tag()))
        // RFC 3834: no "I am on holiday" back, which would tell when somebody is away.
        .header(AutoSubmitted("auto-generated"))
        .header(AutoResponseSuppress("All"))
        .multipart(MultiPart::alternative_plain_html(words.text.clone(), words.html.clone()))
        .map_err(|_| Unbuildable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::{Body, Service, words};

    #[test]
    fn a_message_has_both_parts_and_asks_for_no_answer() {
        let service = Service {
            name: "Postern".into(),
            origin: "https://postern.example".into(),
            phone: "1".into(),
        };
        let from: Address = "news@postern.example".parse().expect("valid");
        let to: Address = "someone@home.example".parse().expect("valid");
        let words = words(Body::News, Language::Welsh, &service);
        let notice = NoticeId::from_bytes([7; 16]);
        let message =
            build(notice, &words, Language::Welsh, ("Postern", &from), &to, SystemTime::UNIX_EPOCH)
                .expect("builds");
        let raw = String::from_utf8(message.formatted()).expect("ASCII");
        assert!(raw.is_ascii());
        for wanted in [
            "Message-ID: <07070707070707070707070707070707@postern.example>\r\n",
            "Subject: Postern\r\n",
            "To: someone@home.example\r\n",
            "Content-Language: cy\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "Mae gennych rywbeth newydd ar Postern.",
        ] {
            assert!(raw.contains(wanted), "missing {wanted:?} in\n{raw}");
        }
    }
}
