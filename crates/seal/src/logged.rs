//! Holding a proof against the log: everything in it was logged, in this order, and the log goes on
//! from where it was seen last.
//!
//! A signature shows who said something, the fold who might say it; that it was said while they
//! might is shown by its place in the log alone. So a reader takes the order of a proof from the
//! places, and a place from the tree under a checkpoint that the log's key has signed.

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::id::StatementId;
use serde::{Deserialize, Serialize};

use crate::{
    bundle::Pins,
    checkpoint::Checkpoint,
    ledger::{Ledger, Proof, Refusal},
    tree::{self, Hash, NodeId},
};

/// Where a statement stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its leaf, from 0.
    pub index: u64,
    /// The salt of the leaf.
    #[serde(with = "lowercase")]
    pub salt: [u8; 16],
}

/// What holds a proof's statements in the log, all at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logged {
    /// The newest checkpoint, a C2SP signed note.
    pub note: String,
    /// One a statement, in their order; none while it is not logged.
    pub places: Vec<Option<Place>>,
    /// What [`tree::roots`] takes, one after another, in padded base64.
    pub hashes: String,
}

impl Logged {
    /// Holds these places in the tree of `size` leaves, which extends the one of `seen` (as far as
    /// that is smaller); none if a place is outside or the lookup lacks a node.
    pub fn new(
        note: String,
        size: u64,
        places: Vec<Option<Place>>,
        seen: u64,
        node: impl FnMut(NodeId) -> Option<Hash>,
    ) -> Option<Self> {
        let mut indexes: Vec<_> = places.iter().flatten().map(|place| place.index).collect();
        indexes.sort_unstable();
        let hashes = tree::together(&indexes, if seen > size { 0 } else { seen }, size, node)?;
        Some(Self { note, places, hashes: BASE64_STANDARD.encode(hashes.as_flattened()) })
    }
}

/// Holds a folded proof against the log, and gives the checkpoint to be pinned:
///
/// - the agency's newest statement is the one that was `seen`, or came after it: a log key that was
///   replaced signs nothing any more for whoever knows of the new one;
/// - the checkpoint is signed by the log key that the newest one names: a proof holds it in the log
///   like all else, so it is among the checkpoint's own entries;
/// - the log has grown from what was `seen` before, without a change to it;
/// - every statement is in it, at ascending places. Only what the reader has signed under
///   `own` themselves may still wait, after all others.
pub fn hold(
    proof: &Proof,
    ledger: &Ledger,
    seen: &Pins,
    own: Option<StatementId>,
) -> Result<Checkpoint, Refusal> {
    let logged = proof.log.as_ref().ok_or(Refusal::NotLogged)?;
    let (_, agency) = ledger.agency().ok_or(Refusal::NoAgency)?;
    if seen.agency.is_some_and(|id| ledger.statement(id).is_none()) {
        return Err(Refusal::OlderAgency);
    }
    let checkpoint = Checkpoint::verify(&logged.note, ledger.realm(), &agency.log_key)?;
    let seen = &seen.log;
    if checkpoint.size < seen.size {
        return Err(Refusal::OlderLog);
    }
    let leaves = leaves(ledger, &logged.places, own)?;
    let bytes = BASE64_STANDARD.decode(&logged.hashes).map_err(|_| Refusal::Malformed)?;
    let (hashes, rest) = bytes.as_chunks();
    let found = tree::roots(&leaves, seen.size, checkpoint.size, hashes);
    let (now, before) = found.filter(|_| rest.is_empty()).ok_or(Refusal::NotInLog)?;
    if now != checkpoint.root {
        return Err(Refusal::NotInLog);
    }
    if seen.size > 0 && hex::encode(before) != seen.root {
        return Err(Refusal::OtherLog);
    }
    Ok(checkpoint)
}

/// The statements' leaves at the places that are given for them.
fn leaves(
    ledger: &Ledger,
    places: &[Option<Place>],
    own: Option<StatementId>,
) -> Result<Vec<(u64, Hash)>, Refusal> {
    if places.len() != ledger.len() {
        return Err(Refusal::Malformed);
    }
    let mut leaves: Vec<(u64, Hash)> = Vec::with_capacity(places.len());
    let mut waiting = false;
    for (&id, place) in ledger.ids().iter().zip(places) {
        let Some(Place { index, salt }) = place else {
            let signer = ledger.statement(id).and_then(|statement| statement.signer);
            if signer.is_none() || signer != own {
                return Err(Refusal::NotLogged);
            }
            waiting = true;
            continue;
        };
        if waiting || leaves.last().is_some_and(|(before, _)| before >= index) {
            return Err(Refusal::WrongPlace);
        }
        leaves.push((*index, tree::leaf(salt, id)));
    }
    Ok(leaves)
}

/// A salt as lowercase hex.
mod lowercase {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(salt: &[u8; 16], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(salt))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 16], D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut salt = [0; 16];
        hex::decode_to_slice(&text, &mut salt).map_err(D::Error::custom)?;
        Ok(salt)
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
