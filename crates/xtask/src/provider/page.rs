//! The sign-in page: a name is all it asks.

use std::fmt::Write;

/// Links for the known names and a field for any other, each repeating the request it came with.
pub(super) fn sign_in(query: &str, names: &[String]) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\">\
         <title>Sign in (development)</title>\
         <h1>Sign in (development)</h1><p>This stands in for a real sign-in service. Choose who to be.</p><ul>",
    );
    for name in names {
        let hint: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let link = escape(&format!("/authorize?{query}&login_hint={hint}"));
        let _ = write!(page, "<li><a href=\"{link}\">{}</a></li>", escape(name));
    }
    page.push_str("</ul><form action=\"/authorize\">");
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if name != "login_hint" {
            let (name, value) = (escape(&name), escape(&value));
            let _ = write!(page, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        }
    }
    let cancel = escape(&format!("/authorize?{query}&cancel=yes"));
    let _ = write!(
        page,
        "<label>Another name <input name=\"login_hint\" required></label> <button>Sign in</button></form>\
         <p><a href=\"{cancel}\">Cancel</a></p></html>"
    );
    page
}

/// Text as HTML shows it.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
