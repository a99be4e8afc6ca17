//! What anybody may ask a site.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;
use url::Url;

use crate::log::Stop;
use crate::with_causes;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// No answer that is asked for is longer, in bytes.
const LONGEST: usize = 256 << 10;

/// A site.
pub struct Site {
    url: Url,
    http: reqwest::Client,
}

impl Site {
    pub fn new(url: &Url) -> Result<Self, Stop> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build();
        let http = http.map_err(|error| Stop::Unread(with_causes(&error)))?;
        Ok(Self { url: url.clone(), http })
    }

    /// An answer in JSON; none if there is no such thing.
    pub async fn get(&self, path: &str) -> Result<Option<Value>, Stop> {
        let url = self.url.join(path).map_err(|error| self.trouble(path, &error.to_string()))?;
        let lost = |error: reqwest::Error| self.trouble(path, &with_causes(&error));
        let mut answer = self.http.get(url).send().await.map_err(lost)?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(None),
            status => return Err(self.trouble(path, &format!("answered {status}"))),
        }
        let mut bytes = Vec::new();
        while let Some(more) = answer.chunk().await.map_err(lost)? {
            bytes.extend_from_slice(&more);
            if bytes.len() > LONGEST {
                return Err(self.trouble(path, "answered more than any site of Postern does"));
            }
        }
        let value = serde_json::from_slice(&bytes);
        value.map(Some).map_err(|_| self.trouble(path, "answered no JSON"))
    }

    /// It has nothing to show.
    pub fn silent(&self, what: &str) -> Stop {
        let next = "check --url: an agency that has begun its log shows both to everybody";
        Stop::Unread(format!("{} shows {what}\n  next: {next}", self.url))
    }

    fn trouble(&self, path: &str, why: &str) -> Stop {
        let next = "check --url and the way there, and look again: nothing was changed";
        Stop::Unread(format!("{path} of {}: {why}\n  next: {next}", self.url))
    }
}
