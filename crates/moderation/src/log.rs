//! Appending to an agency's log: leaf, nodes and a signed checkpoint, from a tree that is first
//! held against the checkpoint signed last.

use domain::id::StatementId;
use jiff::Timestamp;
use seal::{
    checkpoint::Checkpoint,
    key::PublicKey,
    ledger::Ledger,
    random,
    statement::{Body, Statement},
    tree::{self, NodeId},
};
use store::{
    Tx,
    log::{self, NewLeaf, Node},
};

use crate::{Agency, Error};

/// The key that signed the checkpoint before a statement: the one that the newest `agency` statement
/// before it names, which is another if this one replaces it. None before the first.
pub(crate) fn key_before(ledger: &Ledger, statement: &Statement) -> Option<PublicKey> {
    let Body::Agency(new) = &statement.body else {
        return ledger.agency().map(|(_, agency)| agency.log_key);
    };
    match &ledger.statement(new.prev?)?.body {
        Body::Agency(agency) => Some(agency.log_key),
        _ => None,
    }
}

/// Logs a verified statement and returns its place. The log so far was signed `by` its key. The
/// caller holds [`log::lock`].
pub(crate) async fn append(
    tx: &mut Tx,
    agency: &Agency,
    statement: StatementId,
    by: Option<PublicKey>,
    now: Timestamp,
) -> Result<u64, Error> {
    let before = log::find_checkpoint(tx).await?;
    let size = before.as_ref().map_or(0, |checkpoint| checkpoint.size);
    let mut wanted: Vec<NodeId> = tree::nodes_for(|node| tree::root(size, node));
    wanted.extend(tree::nodes_for(|node| tree::append(size, [0; 32], node)));
    let pairs: Vec<_> = wanted.iter().map(|node| (node.level, node.index)).collect();
    let mut known = log::nodes(tx, &pairs).await?;

    let stored = tree::root(size, |node| known.get(&(node.level, node.index)).copied());
    let stored = stored.ok_or(Error::LogDiffers)?;
    if let Some(before) = before {
        let key = by.ok_or(Error::LogDiffers)?;
        let signed =
            Checkpoint::verify(&before.note, agency.realm, &key).map_err(|_| Error::LogDiffers)?;
        if signed.size != size || signed.root != stored {
            return Err(Error::LogDiffers);
        }
    }

    let salt = random::bytes(&mut random::System);
    let leaf = tree::leaf(&salt, statement);
    let new = tree::append(size, leaf, |node| known.get(&(node.level, node.index)).copied())
        .ok_or(Error::LogDiffers)?;
    known.extend(new.iter().map(|(node, hash)| ((node.level, node.index), *hash)));
    let root = tree::root(size + 1, |node| known.get(&(node.level, node.index)).copied())
        .ok_or(Error::LogDiffers)?;
    let note = Checkpoint { size: size + 1, root }.sign(agency.realm, &agency.log_key);
    let nodes: Vec<_> = new
        .into_iter()
        .map(|(node, hash)| Node { level: node.level, index: node.index, hash })
        .collect();
    log::append(tx, &NewLeaf { statement, salt, nodes: &nodes, root, note: &note }, now).await?;
    Ok(size)
}
