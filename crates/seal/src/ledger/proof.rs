//! Proofs: the statements somebody needs to see for themselves, oldest first.

use domain::id::{Realm, StatementId};
use serde::{Deserialize, Serialize};

use super::{Ledger, Refusal};
use crate::{envelope::Envelope, key::PublicKey, logged::Logged};

/// Statements in log order, with the root key they claim to come from.
///
/// Whoever sends a proof chooses what is in it; the reader brings the pinned realm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The root key; its hash must be the pinned realm.
    pub root: PublicKey,
    /// Oldest first.
    pub statements: Vec<Envelope>,
    /// Their places in the log; none before it has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Logged>,
}

/// Where a proof failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("statement {index}: {refusal}")]
pub struct RefusedAt {
    /// Place of the refused statement, from 0; 0 as well if the root key is not the realm's.
    pub index: usize,
    /// Why.
    pub refusal: Refusal,
}

impl Proof {
    /// Folds the whole proof, or says which statement failed.
    pub fn fold(&self, realm: Realm) -> Result<Ledger, RefusedAt> {
        let mut ledger =
            Ledger::new(realm, self.root).map_err(|refusal| RefusedAt { index: 0, refusal })?;
        for (index, envelope) in self.statements.iter().enumerate() {
            ledger.admit(envelope, None).map_err(|refusal| RefusedAt { index, refusal })?;
        }
        Ok(ledger)
    }

    /// The ids of its statements, recomputed from their bytes.
    pub fn ids(&self) -> Vec<StatementId> {
        self.statements.iter().map(Envelope::id).collect()
    }
}
