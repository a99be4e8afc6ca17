//! The people of the demo and of the integration tests: an agency founded by its ceremony, its
//! staff, and families in arrangements. Everything is done through the public API with real keys,
//! as a browser does it.

mod again;
mod agency;
mod agreed;
mod letterbox;
mod letters;
mod other_team;

use std::time::{Duration, Instant};

use client::{Account, Api};
use domain::id::StatementId;
use jiff::Timestamp;
use seal::random::System;
use seal::words;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;
use url::Url;

use crate::stack::{self, Stack};

pub use agency::{Agency, Printed};
pub use agreed::{Agreed, Months};
pub use letterbox::{Guest, Invited, Letterbox, Member, Newcomer};
pub use letters::Decision;
pub use other_team::OtherTeam;

/// How long the worker may take over something. Far more than it needs.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two questions whether it is done.
const PAUSE: Duration = Duration::from_millis(25);

/// Why something could not be set up, or a letter not carried.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What a browser would have shown.
    #[error("{0}: {1}")]
    Client(String, #[source] client::Error),
    /// The running stack.
    #[error(transparent)]
    Stack(#[from] stack::Error),
    /// The worker refused a statement, and why.
    #[error("the worker refused {0}: {1}")]
    Refused(StatementId, String),
    /// It did not happen in time.
    #[error("waited a minute for {0}")]
    Late(String),
    /// What came out is not what went in.
    #[error("{0}")]
    Wrong(String),
    /// A file.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// What an earlier run left is damaged.
    #[error("what an earlier run left cannot be read ({0}); begin again with --fresh")]
    Notes(#[from] serde_json::Error),
}

/// Says which step a client's error belongs to.
pub trait During<T> {
    /// Names the step.
    fn during(self, step: &str) -> Result<T, Error>;
}

impl<T> During<T> for Result<T, client::Error> {
    fn during(self, step: &str) -> Result<T, Error> {
        self.map_err(|error| Error::Client(step.to_owned(), error))
    }
}

/// Somebody with an open letterbox, and what is needed to open it again.
#[derive(Debug)]
pub struct Person {
    /// How they sign in at the development provider.
    pub name: String,
    /// The words on their card.
    pub words: String,
    /// Their letterbox, open.
    pub account: Account,
}

/// What the demo remembers of somebody; a real card is paper.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Card {
    /// How they sign in.
    pub name: String,
    /// Their words.
    pub words: String,
}

impl Person {
    /// Signs in for the first time and gets words.
    pub async fn arrive(origin: &str, name: &str, count: usize) -> Result<Self, Error> {
        let api = Api::new(address(origin));
        api.sign_in(name).await.during(&format!("{name} signs in"))?;
        let made = Account::make(api, count, &mut System).await;
        let (account, words) = made.during(&format!("{name} gets words"))?;
        Ok(Self { name: name.to_owned(), words, account })
    }

    /// Somebody new on the families' site.
    pub async fn family(stack: &Stack, name: &str) -> Result<Self, Error> {
        Self::arrive(&stack.family().origin, name, words::FAMILY).await
    }

    /// Somebody new on the staff's site.
    pub async fn staff(stack: &Stack, name: &str) -> Result<Self, Error> {
        Self::arrive(&stack.staff().origin, name, words::STAFF).await
    }

    /// Comes back with the words on the card.
    pub async fn return_to(origin: &str, card: &Card) -> Result<Self, Error> {
        let api = Api::new(address(origin));
        api.sign_in(&card.name).await.during(&format!("{} signs in", card.name))?;
        let account = Account::unlock(api, &card.words, &mut System).await;
        let account = account.during(&format!("{} opens the letterbox", card.name))?;
        Ok(Self { name: card.name.clone(), words: card.words.clone(), account })
    }

    /// Their card.
    pub fn card(&self) -> Card {
        Card { name: self.name.clone(), words: self.words.clone() }
    }

    /// Waits until a certificate of theirs is in force, and keeps it.
    pub async fn become_certified(&mut self) -> Result<(), Error> {
        let (name, started) = (self.name.clone(), Instant::now());
        while !self.account.pick_up_certificates(&mut System).await.during(&name)? {
            pause(started, || format!("{name}'s certificate")).await?;
        }
        Ok(())
    }

    /// Waits until the worker has entered a statement in the log.
    pub async fn wait_for(&self, id: StatementId) -> Result<(), Error> {
        let started = Instant::now();
        loop {
            match self.account.verdict(id).await.during(&self.name)? {
                Some(Ok(())) => return Ok(()),
                Some(Err(reason)) => return Err(Error::Refused(id, reason)),
                None => pause(started, || format!("statement {id}")).await?,
            }
        }
    }
}

/// Waits a moment, unless the patience that began at `started` is over.
pub async fn pause(started: Instant, what: impl FnOnce() -> String) -> Result<(), Error> {
    if started.elapsed() > PATIENCE {
        return Err(Error::Late(what()));
    }
    sleep(PAUSE).await;
    Ok(())
}

/// The time now.
#[expect(clippy::disallowed_methods, reason = "the edge of this process")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

fn address(origin: &str) -> Url {
    Url::parse(origin).expect("the stack's own origins are addresses")
}
