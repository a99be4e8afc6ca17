//! Auditing a whole log: every leaf, every checkpoint, and every statement folded from the pinned
//! realm, in order, from the first.
//!
//! What a reader holds in the log is what concerns them; this holds everything. It needs nothing
//! but what an export of the log holds, so whoever has one can do it, at any later time.

use domain::id::Realm;

use crate::{
    checkpoint::Checkpoint,
    envelope::Envelope,
    key::PublicKey,
    ledger::{Ledger, Refusal},
    statement::Body,
    tree::{self, Hash, Tree},
};

/// One entry of the log.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The statement as it was signed.
    pub statement: &'a Envelope,
    /// The leaf's salt; none once the statement was purged.
    pub salt: Option<[u8; 16]>,
    /// The leaf.
    pub leaf: Hash,
    /// The checkpoint that was signed with it.
    pub note: &'a str,
}

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The fold refuses the statement.
    #[error("its statement is refused ({0}): {explanation}", explanation = .0.explanation())]
    Statement(Refusal),
    /// The leaf is not SHA-256(00 ‖ salt ‖ statement id).
    #[error("its leaf is not that of its statement and salt")]
    Leaf,
    /// The checkpoint is not one that the log's key has signed.
    #[error("its checkpoint is refused ({0}): {explanation}", explanation = .0.explanation())]
    Checkpoint(Refusal),
    /// The checkpoint is signed, and of another tree.
    #[error("its checkpoint is not that of the entries up to here")]
    OtherTree,
    /// A decision names a checkpoint that this log never had: its signer saw another log.
    #[error("the decision names a checkpoint that this log never had; its signer saw another log")]
    OtherSeen,
    /// Something stands there that is no entry in its one spelling.
    #[error("it cannot be read")]
    Malformed,
    /// An entry with another number stands there.
    #[error("another entry stands in its place")]
    OtherEntry,
    /// The log ends before the checkpoint that it goes by.
    #[error("it is not there, and a signed checkpoint says that it was")]
    Missing,
    /// The log goes on after the checkpoint that it goes by.
    #[error("no checkpoint says that it is there")]
    Extra,
}

impl Fault {
    /// The stable name, in kebab-case; that of the refusal where the fold refuses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Statement(refusal) => refusal.code(),
            Self::Leaf => "other-leaf",
            Self::Checkpoint(_) => "bad-checkpoint",
            Self::OtherTree => "other-tree",
            Self::OtherSeen => "other-seen",
            Self::Malformed => "malformed",
            Self::OtherEntry => "other-entry",
            Self::Missing => "missing-entry",
            Self::Extra => "extra-entry",
        }
    }
}

/// An audit under way.
#[derive(Clone, Debug)]
pub struct Audit {
    ledger: Ledger,
    tree: Tree,
    purged: Vec<u64>,
}

impl Audit {
    /// Begins with nothing; [`Refusal::WrongRealm`] if the root key is not the realm's.
    pub fn new(realm: Realm, root: PublicKey) -> Result<Self, Refusal> {
        Ok(Self { ledger: Ledger::new(realm, root)?, tree: Tree::new(), purged: Vec::new() })
    }

    /// Takes the next entry. After a fault there is no going on.
    pub fn add(&mut self, entry: &Entry<'_>) -> Result<(), Fault> {
        let id = self.ledger.admit(entry.statement, None).map_err(Fault::Statement)?;
        match entry.salt {
            Some(salt) if tree::leaf(&salt, id) != entry.leaf => return Err(Fault::Leaf),
            Some(_) => {}
            None => self.purged.push(self.tree.size()),
        }
        if let Body::Decision(decision) = &entry.statement.unverified().body
            && self.tree.root_of(decision.log_size) != Some(decision.log_root)
        {
            return Err(Fault::OtherSeen);
        }
        self.tree.push(entry.leaf);
        let (_, agency) = self.ledger.agency().ok_or(Fault::Checkpoint(Refusal::NoAgency))?;
        let signed = Checkpoint::verify(entry.note, self.ledger.realm(), &agency.log_key)
            .map_err(Fault::Checkpoint)?;
        if signed == self.checkpoint() { Ok(()) } else { Err(Fault::OtherTree) }
    }

    /// The log so far.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint { size: self.tree.size(), root: self.tree.root() }
    }

    /// What its statements say together.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The tree so far.
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The numbers of the entries that were purged: their statements are folded, but nothing ties
    /// them to their leaves any more.
    pub fn purged(&self) -> &[u64] {
        &self.purged
    }
}

#[cfg(test)]
mod tests;
