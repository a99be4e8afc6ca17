//! What a notice says. Two bodies, two languages, nothing about anybody.
//!
//! The words are the design's (experience.md §2, F8, and §4, "Forgot"): no name, no letter, no
//! agency, no picture, one link to the site's front door. The subject is the service's name alone.

/// Which of the fixed texts a notice carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Something new: one wording for every event.
    News,
    /// Somebody asked to start again with new words.
    Reset,
    /// Somebody changed where notices go.
    ContactChanged,
}

/// The languages notices exist in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English (`en-GB`).
    English,
    /// Welsh (`cy`).
    Welsh,
}

impl Language {
    /// The HTML and `Content-Language` tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::Welsh => "cy",
        }
    }
}

/// What the words are filled in with.
#[derive(Clone, Debug)]
pub struct Service {
    /// The service's name.
    pub name: String,
    /// Its front door, without the closing slash.
    pub origin: String,
    /// Whom to ring.
    pub phone: String,
}

/// A notice in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The subject line.
    pub subject: String,
    /// The plain body.
    pub text: String,
    /// The same body as HTML.
    pub html: String,
}

/// The one sentence or two of a notice.
pub fn sentence(body: Body, language: Language, service: &Service) -> String {
    let Service { name, phone, .. } = service;
    match (body, language) {
        (Body::News, Language::English) => {
            format!("You have something new on {name}. Sign in when you are ready.")
        }
        (Body::News, Language::Welsh) => {
            format!("Mae gennych rywbeth newydd ar {name}. Mewngofnodwch pan fyddwch yn barod.")
        }
        (Body::Reset, Language::English) => {
            format!("Someone asked to reset your {name}. Not you? Call {phone}.")
        }
        (Body::Reset, Language::Welsh) => {
            format!("Mae rhywun wedi gofyn am ailosod eich {name}. Nid chi? Ffoniwch {phone}.")
        }
        (Body::ContactChanged, Language::English) => {
            format!("Someone changed where we send your {name} messages. Not you? Call {phone}.")
        }
        (Body::ContactChanged, Language::Welsh) => format!(
            "Mae rhywun wedi newid lle rydym yn anfon eich negeseuon {name}. Nid chi? Ffoniwch {phone}."
        ),
    }
}

/// A whole notice: subject, plain and HTML body.
pub fn words(body: Body, language: Language, service: &Service) -> Words {
    let sentence = sentence(body, language, service);
    let door = format!("{}/", service.origin);
    Words {
        subject: service.name.clone(),
        text: format!("{sentence}\n\n{door}\n"),
        html: format!(
            "<!doctype html>\n<html lang=\"{tag}\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
             <body style=\"font-family:sans-serif;font-size:19px;line-height:1.4\">\n\
             <p>{sentence}</p>\n<p><a href=\"{door}\">{door}</a></p>\n</body></html>\n",
            tag = language.tag(),
            title = escape(&service.name),
            sentence = escape(&sentence),
            door = escape(&door),
        ),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service() -> Service {
        Service {
            name: "Postern".into(),
            origin: "https://postern.example".into(),
            phone: "0300 000 0000".into(),
        }
    }

    const ALL: [Body; 3] = [Body::News, Body::Reset, Body::ContactChanged];

    #[test]
    fn news_says_exactly_what_people_were_promised() {
        let words = words(Body::News, Language::English, &service());
        assert_eq!(words.subject, "Postern");
        assert_eq!(
            words.text,
            "You have something new on Postern. Sign in when you are ready.\n\nhttps://postern.example/\n"
        );
    }

    #[test]
    fn no_notice_tells_what_it_is_about() {
        for body in ALL {
            for language in [Language::English, Language::Welsh] {
                let words = words(body, language, &service());
                let all = format!("{}{}{}", words.subject, words.text, words.html).to_lowercase();
                for telling in [
                    "adopt",
                    "mabwys",
                    "letter",
                    "llythyr",
                    "child",
                    "plentyn",
                    "agency",
                    "asiantaeth",
                    "<img",
                    "?",
                ] {
                    // The one question mark allowed is "Not you?": no link carries a query.
                    let found = all.replace("not you?", "").replace("nid chi?", "");
                    assert!(!found.contains(telling), "{body:?} {language:?}: {telling}");
                }
            }
        }
    }

    #[test]
    fn every_notice_exists_in_both_languages() {
        for body in ALL {
            assert_ne!(
                sentence(body, Language::English, &service()),
                sentence(body, Language::Welsh, &service())
            );
        }
    }

    #[test]
    fn the_only_link_is_the_front_door() {
        let html = words(Body::Reset, Language::Welsh, &service()).html;
        assert_eq!(html.matches("href=").count(), 1);
        assert!(html.contains("href=\"https://postern.example/\""));
    }

    #[test]
    fn a_name_cannot_smuggle_markup_in() {
        let service = Service { name: "A<b>&\"".into(), ..service() };
        let html = words(Body::News, Language::English, &service).html;
        assert!(!html.contains("<b>"));
        assert!(html.contains("A&lt;b&gt;&amp;&quot;"));
    }
}
