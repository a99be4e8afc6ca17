//! Long lists, a page at a time: `?after=<cursor>&limit=<n>`, and a `Link: <…>; rel="next"` header
//! (RFC 8288) where there is more. A cursor is a place in an order, not a page number, so page one
//! thousand costs what page one costs.

use std::fmt::Display;
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use serde::Deserialize;

use crate::json::Json;
use crate::problem::Problem;

/// Which page.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// The cursor of a `Link` header; absent for the first page.
    after: Option<String>,
    /// Entries a page, 1 to 100.
    limit: Option<u16>,
}

/// A page of a list, with the link to the next one.
pub type Paged<T> = (HeaderMap, Json<Vec<T>>);

impl Page {
    /// The same page of a list whose entries are large.
    #[must_use]
    pub fn at_most(self, most: u16) -> Self {
        Self { limit: Some(self.limit.unwrap_or(most).min(most)), ..self }
    }

    /// Entries to a page.
    pub fn limit(&self, default: u16) -> i64 {
        self.limit.unwrap_or(default).clamp(1, 100).into()
    }

    /// The moment and id after which this page begins.
    pub fn moment<I: FromStr>(&self) -> Result<Option<(Timestamp, I)>, Problem> {
        let Some(after) = &self.after else { return Ok(None) };
        let bad = || Problem::malformed("`after` is no cursor of this list");
        let (micros, id) = after.split_once('.').ok_or_else(bad)?;
        let at = micros.parse().ok().and_then(|it| Timestamp::from_microsecond(it).ok());
        // Nothing is older; much older, and the database could not read it.
        let at = at.filter(|it| *it >= Timestamp::UNIX_EPOCH);
        Ok(Some((at.ok_or_else(bad)?, id.parse().map_err(|_| bad())?)))
    }

    /// The id after which this page begins.
    pub fn id<I: FromStr>(&self) -> Result<Option<I>, Problem> {
        let bad = |_| Problem::malformed("`after` is no cursor of this list");
        self.after.as_deref().map(|it| it.parse().map_err(bad)).transpose()
    }

    /// Answers with `entries`; `last` is the cursor of the last one, and a full page has a next.
    pub fn answer<T>(&self, entries: Vec<T>, default: u16, last: Option<String>) -> Paged<T> {
        let mut headers = HeaderMap::new();
        let limit = self.limit(default);
        if let Some(last) = last.filter(|_| i64::try_from(entries.len()) == Ok(limit)) {
            let link = format!("<?after={last}&limit={limit}>; rel=\"next\"");
            let link = HeaderValue::try_from(link).expect("digits, hex and fixed text");
            headers.insert(header::LINK, link);
        }
        (headers, Json(entries))
    }
}

/// The cursor of an entry in an order of moments.
pub fn cursor(at: Timestamp, id: impl Display) -> String {
    format!("{}.{id}", at.as_microsecond())
}

#[cfg(test)]
mod tests {
    use domain::id::LetterId;

    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_entry() {
        let at: Timestamp = "2026-11-23T10:00:00.123456Z".parse().expect("valid");
        let letter = LetterId::from_bytes([7; 16]);
        let page = Page { after: Some(cursor(at, letter)), limit: None };
        assert_eq!(page.moment().expect("a cursor"), Some((at, letter)));
    }

    #[test]
    fn only_a_full_page_has_a_next_one() {
        let page = Page { after: None, limit: Some(2) };
        let (headers, _) = page.answer(vec![1, 2], 50, Some("1.ab".to_owned()));
        assert_eq!(headers[header::LINK], "<?after=1.ab&limit=2>; rel=\"next\"");
        let (headers, _) = page.answer(vec![1], 50, Some("1.ab".to_owned()));
        assert!(headers.is_empty());
        for nonsense in ["x", ".", "-1.07070707070707070707070707070707", "1.07"] {
            let page = Page { after: Some(nonsense.to_owned()), limit: None };
            assert!(page.moment::<LetterId>().is_err(), "{nonsense}");
        }
    }
}
