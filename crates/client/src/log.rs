//! The log, held to what was seen of it before. What a server shows of it may only ever grow; the
//! sealed bundle remembers how far it was seen.

use domain::id::StatementId;
use rand_core::CryptoRng;
use seal::bundle::LogPin;
use seal::checkpoint::Checkpoint;
use seal::ledger::{Ledger, Proof};
use seal::logged;

use crate::account::Account;
use crate::api::Error;

/// A checkpoint, and the pin that it was shown to extend.
#[derive(Clone, Debug)]
pub struct Seen {
    before: LogPin,
    now: Checkpoint,
}

impl Seen {
    pub(crate) fn new(before: &LogPin, now: Checkpoint) -> Self {
        Self { before: before.clone(), now }
    }

    /// The log as it was seen.
    pub fn checkpoint(&self) -> Checkpoint {
        self.now
    }

    fn pin(&self) -> LogPin {
        LogPin { size: self.now.size, root: hex::encode(self.now.root) }
    }
}

impl Account {
    /// A path with what this person has seen of the log, to which the answer's proof is then held.
    pub(crate) fn since(&self, path: &str) -> String {
        format!("{path}?seen={}", self.bundle().pins.log.size)
    }

    /// Folds a proof to the pinned root and holds it against the log. What was signed under `own`
    /// may wait for its place.
    pub(crate) fn verified(
        &self,
        proof: &Proof,
        own: Option<StatementId>,
    ) -> Result<(Ledger, Seen), Error> {
        let ledger = proof.fold(self.root()?.realm()).map_err(Error::untrusted)?;
        let before = &self.bundle().pins.log;
        let now = logged::hold(proof, &ledger, before, own).map_err(Error::untrusted)?;
        Ok((ledger, Seen::new(before, now)))
    }

    /// Keeps how far the log was seen, so that no server can go back behind it. Forward only, and
    /// only from where it was seen to go on.
    pub async fn pin_log(&mut self, seen: &Seen, rng: &mut impl CryptoRng) -> Result<(), Error> {
        match self.newer(seen) {
            Some(pin) => self.keep(|bundle| bundle.pins.log = pin, rng).await,
            None => Ok(()),
        }
    }

    /// The pin that this makes, if it moves forward.
    pub(crate) fn newer(&self, seen: &Seen) -> Option<LogPin> {
        let kept = &self.bundle().pins.log;
        (*kept == seen.before && seen.now.size > kept.size).then(|| seen.pin())
    }
}
