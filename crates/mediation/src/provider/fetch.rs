//! Asking a provider: where to, how long, how much.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, reqwest};
use url::Url;

use crate::config::is_loopback;

/// The whole of one request.
const TIMEOUT: Duration = Duration::from_secs(10);
/// More than any discovery document, key set or token answer.
const MOST_BYTES: usize = 512 * 1024;

/// The one way out to a provider: https (or this machine, for a provider on it), no redirects,
/// bounded in time and size.
pub struct Fetch {
    client: reqwest::Client,
    loopback: bool,
}

/// Why the provider could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not https, or this machine's business.
    #[error("refused to ask {0}")]
    NotAllowed(String),
    /// Longer than anything a provider has to say.
    #[error("the answer is too long")]
    TooLong,
    /// The connection; how it failed.
    #[error("{0}")]
    Transport(&'static str),
}

impl Fetch {
    /// For one issuer, and the addresses its metadata names.
    pub fn new(issuer: &Url) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            // A redirect would let the provider's host name choose what this process fetches.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(TIMEOUT / 2)
            .timeout(TIMEOUT)
            .build()?;
        Ok(Self { client, loopback: is_loopback(issuer) })
    }

    /// Refuses an address that is not https, or crosses between this machine and the world.
    pub fn permit(&self, url: &Url) -> Result<(), FetchError> {
        let on_this_machine = is_loopback(url);
        let fine = if self.loopback {
            on_this_machine
        } else {
            !on_this_machine && url.scheme() == "https"
        };
        if fine {
            Ok(())
        } else {
            Err(FetchError::NotAllowed(url.host_str().unwrap_or_default().to_owned()))
        }
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        let request = reqwest::Request::try_from(request)
            .map_err(|_| FetchError::Transport("not a request"))?;
        self.permit(request.url())?;
        let mut response = self.client.execute(request).await.map_err(|error| {
            // The library's own text quotes the URL; the kind of failure is enough.
            FetchError::Transport(if error.is_timeout() {
                "timed out"
            } else if error.is_connect() {
                "cannot connect"
            } else {
                "broken off"
            })
        })?;
        let mut answer = axum::http::Response::builder().status(response.status());
        if let Some(headers) = answer.headers_mut() {
            *headers = response.headers().clone();
        }
        let mut body = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|_| FetchError::Transport("broken off"))?
        {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(FetchError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        answer.body(body).map_err(|_| FetchError::Transport("not an answer"))
    }
}

impl<'c> AsyncHttpClient<'c> for Fetch {
    type Error = FetchError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}
