//! One site's OpenID Connect provider: found when first needed, kept for an hour, never trusted
//! with more than a subject.
//!
//! The one module that speaks `openidconnect`. Discovery is lazy and tried again, so a provider
//! that is away stops neither the start nor the letters of those already signed in.

mod fetch;
mod logout;
mod shape;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use openidconnect::core::{CoreAuthenticationFlow, CoreJsonWebKeySet, CoreJwsSigningAlgorithm};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    SignatureVerificationError, TokenResponse as _,
};
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use self::fetch::Fetch;
pub use self::logout::LogoutToken;
#[cfg(any(test, feature = "testing"))]
pub use self::logout::hostile;
use self::shape::{SiteClient, SiteMetadata, Tokens};
use crate::config::{Audience, SiteConfig};
use crate::state::StartError;

/// How long a provider's metadata and keys are used before they are fetched again.
const KEEP: Duration = Duration::from_hours(1);
/// How soon after a failure, or another look for new keys, the provider may be asked again.
const PAUSE: Duration = Duration::from_secs(5);

/// How long ago staff may have proved to the provider who they are when they sign in: as long as a
/// session may lie idle. Otherwise the provider's own session would let them in again unasked.
const STAFF_AGE: Duration = Duration::from_mins(30);

/// What a provider may be slow by, from the proof to the token.
const LEEWAY: Duration = Duration::from_mins(2);

/// Signature algorithms accepted on an ID token, whatever the provider advertises.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// A site's provider.
pub struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    redirect: RedirectUrl,
    /// How long ago people may have proved who they are; none where the provider may choose.
    most_age: Option<Duration>,
    fetch: Fetch,
    known: Mutex<Known>,
}

/// Where to send the browser.
#[derive(Debug)]
pub struct Secrets {
    /// Ties the answer to the browser.
    pub state: String,
    /// Ties the ID token to this sign-in.
    pub nonce: String,
    /// Ties the code to this sign-in.
    pub pkce_verifier: String,
}

/// Who the provider says this is.
#[derive(Debug)]
pub struct Identity {
    /// Stable and opaque; unique within the issuer.
    pub subject: String,
    /// When the person proved who they are; absent when the provider does not say.
    pub auth_time: Option<Timestamp>,
    /// The provider's session, where it names one.
    pub sid: Option<String>,
}

/// Why nobody was signed in. The text is for the log and holds no token.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The provider does not answer, or not as one.
    #[error("provider away: {0}")]
    Away(String),
    /// The answer came from another issuer than was asked (RFC 9207).
    #[error("the answer names another issuer")]
    MixedUp,
    /// The code was not accepted.
    #[error("code refused: {0}")]
    CodeRefused(String),
    /// The ID token does not prove anything.
    #[error("ID token refused: {0}")]
    TokenRefused(String),
}

#[derive(Default)]
struct Known {
    found: Option<Arc<Found>>,
    /// The last time it was asked although it was known.
    asked_again_at: Option<Instant>,
    /// The last time it was asked in vain while it was not known.
    failed_at: Option<Instant>,
}

struct Found {
    client: SiteClient,
    keys: CoreJsonWebKeySet,
    /// RFC 9207: the provider promised to name itself in every answer.
    names_itself: bool,
    fetched_at: Instant,
}

impl Provider {
    /// Prepares to ask; asks nothing yet.
    pub fn new(site: &SiteConfig, secret: Option<String>) -> Result<Self, StartError> {
        let bad = |reason: &str| {
            StartError::Config(crate::config::ConfigError(format!("{}: {reason}", site.origin)))
        };
        let issuer = IssuerUrl::new(site.issuer.clone()).map_err(|_| bad("issuer is not a URL"))?;
        let redirect = RedirectUrl::new(format!("{}/api/sign-in/callback", site.origin))
            .map_err(|_| bad("origin is not a URL"))?;
        let fetch = Fetch::new(issuer.url()).map_err(|_| bad("no TLS roots for the issuer"))?;
        Ok(Self {
            issuer,
            client_id: ClientId::new(site.client_id.clone()),
            client_secret: secret.map(ClientSecret::new),
            redirect,
            most_age: (site.audience == Audience::Staff).then_some(STAFF_AGE),
            fetch,
            known: Mutex::default(),
        })
    }

    /// The issuer, exactly as configured: half of an account's outer name.
    pub fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    /// The address that begins a sign-in with these secrets.
    pub async fn authorize_url(&self, secrets: &Secrets) -> Result<Url, ProviderError> {
        let found = self.find(false).await?;
        let verifier = PkceCodeVerifier::new(secrets.pkce_verifier.clone());
        let (state, nonce) = (secrets.state.clone(), secrets.nonce.clone());
        let mut question = found
            .client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state.clone()),
                move || Nonce::new(nonce.clone()),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if let Some(age) = self.most_age {
            question = question.set_max_age(age);
        }
        Ok(question.url().0)
    }

    /// Exchanges the code and checks what comes back: issuer, algorithm, signature, audience,
    /// expiry, nonce and the access token's hash.
    pub async fn identify(
        &self,
        code: String,
        named_issuer: Option<&str>,
        nonce: String,
        pkce_verifier: String,
    ) -> Result<Identity, ProviderError> {
        let found = self.find(false).await?;
        match named_issuer {
            Some(named) if named != self.issuer.as_str() => return Err(ProviderError::MixedUp),
            None if found.names_itself => return Err(ProviderError::MixedUp),
            _ => {}
        }
        let tokens = found
            .client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| ProviderError::Away("no token endpoint".into()))?
            .set_pkce_verifier(PkceCodeVerifier::new(pkce_verifier))
            .request_async(&self.fetch)
            .await
            .map_err(|error| match error {
                openidconnect::RequestTokenError::Request(error) => {
                    ProviderError::Away(error.to_string())
                }
                // The error code only: a description may quote what was sent.
                openidconnect::RequestTokenError::ServerResponse(answer) => {
                    ProviderError::CodeRefused(answer.error().as_ref().to_owned())
                }
                _ => ProviderError::CodeRefused("not a token answer".into()),
            })?;
        let nonce = Nonce::new(nonce);
        self.judge(found, |found| check(found, &tokens, &nonce, self.most_age)).await
    }

    /// Judges a logout token: algorithm, signature, issuer, audience, age, event and whom it names.
    /// Whether it was seen before is the caller's to know.
    pub async fn logout(&self, token: &str, now: Timestamp) -> Result<LogoutToken, ProviderError> {
        let found = self.find(false).await?;
        let us = (self.issuer.as_str(), self.client_id.as_str());
        self.judge(found, |found| logout::judge(token, &found.keys, us, now)).await
    }

    /// Judges by the keys as known, and once more by fresh ones: the provider may have changed them
    /// within the hour.
    async fn judge<T>(
        &self,
        found: Arc<Found>,
        judge: impl Fn(&Found) -> Result<T, TokenFault>,
    ) -> Result<T, ProviderError> {
        match judge(&found) {
            Err(TokenFault { unknown_key: true, .. }) => judge(&*self.find(true).await?),
            verdict => verdict,
        }
        .map_err(|fault| ProviderError::TokenRefused(fault.reason))
    }

    /// The provider as known, or found anew: when it was never found, when that is long ago, or
    /// when `unknown_key` shows that its keys have changed.
    async fn find(&self, unknown_key: bool) -> Result<Arc<Found>, ProviderError> {
        // Held while asking: one request finds the provider for everybody who waits.
        let mut known = self.known.lock().await;
        let recently = |at: Option<Instant>| at.is_some_and(|at| at.elapsed() < PAUSE);
        if let Some(found) = &known.found {
            let is_fresh = found.fetched_at.elapsed() < KEEP;
            if (is_fresh && !unknown_key) || recently(known.asked_again_at) {
                return Ok(found.clone());
            }
            known.asked_again_at = Some(Instant::now());
        } else if recently(known.failed_at) {
            return Err(ProviderError::Away("asked a moment ago".into()));
        }
        match (self.discover().await, &known.found) {
            (Ok(found), _) => {
                let found = Arc::new(found);
                known.found = Some(found.clone());
                Ok(found)
            }
            // Yesterday's keys are still the provider's until it says otherwise.
            (Err(_), Some(found)) => Ok(found.clone()),
            (Err(error), None) => {
                known.failed_at = Some(Instant::now());
                Err(error)
            }
        }
    }

    async fn discover(&self) -> Result<Found, ProviderError> {
        let metadata = SiteMetadata::discover_async(self.issuer.clone(), &self.fetch)
            .await
            .map_err(|error| ProviderError::Away(error.to_string()))?;
        let names_itself = metadata
            .additional_metadata()
            .authorization_response_iss_parameter_supported
            .unwrap_or(false);
        // The browser is sent to one of these and the code to the other.
        let endpoints = [
            Some(metadata.authorization_endpoint().url()),
            metadata.token_endpoint().map(openidconnect::TokenUrl::url),
        ];
        for endpoint in endpoints.into_iter().flatten() {
            self.fetch.permit(endpoint).map_err(|error| ProviderError::Away(error.to_string()))?;
        }
        let keys = metadata.jwks().clone();
        let client = SiteClient::from_provider_metadata(
            metadata,
            self.client_id.clone(),
            self.client_secret.clone(),
        )
        .set_redirect_uri(self.redirect.clone());
        Ok(Found { client, keys, names_itself, fetched_at: Instant::now() })
    }
}

struct TokenFault {
    unknown_key: bool,
    reason: String,
}

impl From<&str> for TokenFault {
    fn from(reason: &str) -> Self {
        Self { unknown_key: false, reason: reason.to_owned() }
    }
}

fn check(
    found: &Found,
    tokens: &Tokens,
    nonce: &Nonce,
    most_age: Option<Duration>,
) -> Result<Identity, TokenFault> {
    let token = tokens.id_token().ok_or("no ID token")?;
    let verifier = found.client.id_token_verifier().set_allowed_algs(ALGORITHMS);
    let claims = token.claims(&verifier, nonce).map_err(|error| TokenFault {
        unknown_key: matches!(
            error,
            ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey
            )
        ),
        reason: fault(&error).to_owned(),
    })?;
    if let Some(hash) = claims.access_token_hash() {
        let alg = token.signing_alg().map_err(|_| "no algorithm")?;
        let key = token.signing_key(&verifier).map_err(|_| "no signing key")?;
        let actual = AccessTokenHash::from_token(tokens.access_token(), alg, key)
            .map_err(|_| "at_hash cannot be computed")?;
        if actual != *hash {
            return Err("at_hash differs".into());
        }
    }
    if let Some(most) = most_age {
        // Both times are the provider's own, so no two clocks are compared. One that was asked and
        // says nothing keeps no such time: the operator chose it (deploy/README.md).
        let age = claims.auth_time().map(|proved| claims.issue_time() - proved);
        if age.is_some_and(|age| age.to_std().is_ok_and(|age| age > most + LEEWAY)) {
            return Err("proved too long ago".into());
        }
    }
    let subject = claims.subject().as_str();
    // OpenID Connect Core 2: at most 255 ASCII characters.
    if subject.is_empty() || subject.len() > 255 || !subject.is_ascii() {
        return Err("subject out of bounds".into());
    }
    Ok(Identity {
        subject: subject.to_owned(),
        auth_time: claims
            .auth_time()
            .and_then(|time| Timestamp::from_second(time.timestamp()).ok()),
        sid: claims.additional_claims().sid.clone(),
    })
}

/// What failed, without the values in the library's own messages.
fn fault(error: &ClaimsVerificationError) -> &'static str {
    use SignatureVerificationError as S;
    match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "another audience",
        ClaimsVerificationError::InvalidIssuer(_) => "another issuer",
        ClaimsVerificationError::InvalidNonce(_) => "another nonce",
        ClaimsVerificationError::SignatureVerification(S::NoSignature) => "not signed",
        ClaimsVerificationError::SignatureVerification(
            S::DisallowedAlg(_) | S::UnsupportedAlg(_),
        ) => "algorithm not allowed",
        ClaimsVerificationError::SignatureVerification(S::NoMatchingKey) => "unknown key",
        ClaimsVerificationError::SignatureVerification(_) => "bad signature",
        _ => "malformed",
    }
}
