//! Signing in at a provider that takes a `login_hint` for an answer, as the development one does.

use reqwest::Method;
use serde::Deserialize;
use url::Url;

use crate::api::{Api, Error, location};

/// More steps than any provider takes for one sign-in.
const MOST_PAGES: usize = 10;

/// What the server says of this session.
#[derive(Clone, Debug, Deserialize)]
pub struct Session {
    /// The account, which belongs to one agency.
    pub account: domain::id::AccountId,
    /// The agency of the site.
    pub agency: domain::id::AgencyId,
    /// True until the key challenge is signed.
    pub restricted: bool,
    /// True until the account has keys.
    pub new: bool,
    /// The certificates in force.
    pub certificates: Vec<Certificate>,
}

/// A certificate of the account.
#[derive(Clone, Debug, Deserialize)]
pub struct Certificate {
    /// The statement id of the certificate.
    pub certificate: domain::id::StatementId,
    /// For staff, who.
    #[serde(default)]
    pub staff: Option<domain::id::StaffId>,
    /// For a member, which membership.
    #[serde(default)]
    pub membership: Option<domain::id::MembershipId>,
    /// For a member, in which arrangement.
    #[serde(default)]
    pub arrangement: Option<domain::id::ArrangementId>,
    /// What the certificate lets its holder do.
    pub roles: Vec<String>,
    /// The teams of a member of staff.
    #[serde(default)]
    pub teams: Vec<domain::id::TeamId>,
}

impl Api {
    /// Signs in as `name` and returns the session. The provider must accept `login_hint`.
    pub async fn sign_in(&self, name: &str) -> Result<Session, Error> {
        let provider = self.start_sign_in().await?;
        let callback = self.at_provider(provider, name).await?;
        self.finish_sign_in(callback).await?;
        self.session().await
    }

    /// Starts a sign-in; returns the provider's address with its parameters.
    pub async fn start_sign_in(&self) -> Result<Url, Error> {
        let page = location(&self.send(self.request(Method::GET, "/api/sign-in")).await?)?;
        signed_nobody_in(&page).map_or(Ok(page), Err)
    }

    /// Says who this is at the provider and walks its pages, as a browser does; returns the
    /// address that leads back.
    pub async fn at_provider(&self, mut page: Url, name: &str) -> Result<Url, Error> {
        page.query_pairs_mut().append_pair("login_hint", name);
        let there = self.at(page.clone());
        for _ in 0..MOST_PAGES {
            let next = location(&there.send(there.request(Method::GET, page.as_str())).await?)?;
            if next.origin() != there.origin().origin() {
                return Ok(next);
            }
            page = next;
        }
        Err(Error::SignIn("the provider does not lead back".to_owned()))
    }

    /// Comes back from the provider.
    pub async fn finish_sign_in(&self, callback: Url) -> Result<(), Error> {
        if callback.origin() != self.origin().origin() {
            return Err(Error::SignIn("the provider led to another site".to_owned()));
        }
        let path = format!("{}?{}", callback.path(), callback.query().unwrap_or_default());
        let page = location(&self.send(self.request(Method::GET, &path)).await?)?;
        signed_nobody_in(&page).map_or(Ok(()), Err)
    }

    /// What the server says of this session.
    pub async fn session(&self) -> Result<Session, Error> {
        self.get("/api/session").await
    }

    /// Ends the session.
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.post("/api/sign-out", &serde_json::json!({})).await
    }
}

/// Why nobody was signed in: a word for the front page, which says it in its own.
fn signed_nobody_in(page: &Url) -> Option<Error> {
    let (_, outcome) = page.query_pairs().find(|(key, _)| key == "sign-in")?;
    Some(Error::SignIn(outcome.into_owned()))
}
