//! The log, held to what was seen of it before. What a server shows of it may only ever grow; the
//! sealed bundle remembers how far it was seen, and the agency's statement that names its key.

use domain::id::StatementId;
use rand_core::CryptoRng;
use seal::bundle::{LogPin, Pins};
use seal::checkpoint::Checkpoint;
use seal::ledger::{Ledger, Proof};
use seal::logged;

use crate::account::Account;
use crate::api::Error;

/// A checkpoint, the agency's newest statement in it, and the pin that both were shown to extend.
#[derive(Clone, Debug)]
pub struct Seen {
    before: LogPin,
    now: Checkpoint,
    agency: Option<StatementId>,
}

impl Seen {
    pub(crate) fn new(before: &Pins, now: Checkpoint, ledger: &Ledger) -> Self {
        let agency = ledger.agency().map(|(id, _)| id);
        Self { before: before.log.clone(), now, agency }
    }

    /// The log as it was seen.
    pub fn checkpoint(&self) -> Checkpoint {
        self.now
    }

    /// Pins it.
    pub(crate) fn pin_in(&self, pins: &mut Pins) {
        pins.agency = self.agency;
        pins.log = LogPin { size: self.now.size, root: hex::encode(self.now.root) };
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
        let before = &self.bundle().pins;
        let now = logged::hold(proof, &ledger, before, own).map_err(Error::untrusted)?;
        let seen = Seen::new(before, now, &ledger);
        Ok((ledger, seen))
    }

    /// Keeps how far the log was seen, so that no server can go back behind it. Forward only, and
    /// only from where it was seen to go on.
    pub async fn pin_log(&mut self, seen: &Seen, rng: &mut impl CryptoRng) -> Result<(), Error> {
        if self.is_newer(seen) {
            self.keep(|bundle| seen.pin_in(&mut bundle.pins), rng).await?;
        }
        Ok(())
    }

    /// Whether it moves the pin forward.
    pub(crate) fn is_newer(&self, seen: &Seen) -> bool {
        let kept = &self.bundle().pins.log;
        *kept == seen.before && seen.now.size > kept.size
    }
}
