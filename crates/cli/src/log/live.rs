//! Verifying the log in the database, and writing it to a file meanwhile: one moment of it, read by
//! a role that can read nothing else.

use std::path::Path;

use domain::id::{Realm, StatementId};
use seal::audit::{Audit, Fault};
use seal::envelope::Envelope;
use seal::export::{Head, Line, Mismatch, Verification};
use seal::key::PublicKey;
use seal::statement::{self, Refusal, Statement, references};
use seal::tree::{self, NodeId};
use store::audit::{Counts, Entry};
use store::{Role, Store, StoreError, Tx};

use super::whole::Whole;
use super::{Config, Stop, does_not_match, refused, unread};
use crate::with_causes;

/// Entries read at a time. The longest are 128 KiB, most are 2.
const PAGE: u16 = 200;

/// Verifies the log.
pub async fn verify(config: &Config, realm: Realm) -> Result<Audit, Stop> {
    walk(config, realm, &mut |_| Ok(())).await
}

/// Verifies the log and writes it to a file, which is there only if all of it matches.
pub async fn export(config: &Config, realm: Realm, path: &Path) -> Result<Audit, Stop> {
    let failed = |error: std::io::Error| {
        unread(path, &error, "name a file that is not there yet, where this account may write")
    };
    if path.exists() {
        return Err(failed(std::io::ErrorKind::AlreadyExists.into()));
    }
    let mut file = Whole::begin(path).map_err(failed)?;
    let audit = walk(config, realm, &mut |line| file.write(line).map_err(failed)).await?;
    file.keep_new().map_err(failed)?;
    Ok(audit)
}

/// Goes over the whole log, and hands on each line of its export once it was verified.
async fn walk(
    config: &Config,
    realm: Realm,
    out: &mut dyn FnMut(&[u8]) -> Result<(), Stop>,
) -> Result<Audit, Stop> {
    let store = Store::connect(&config.database_url, Role::Verifier).await.map_err(failed)?;
    let mut tx = store.begin_snapshot(config.agency).await.map_err(failed)?;
    let head = head(&mut tx, realm).await?;
    out(&head.to_line())?;
    let mut verification = Verification::new(head, realm).map_err(refused)?;
    loop {
        let from = verification.next();
        let page = store::audit::entries(&mut tx, from, PAGE).await.map_err(failed)?;
        if page.is_empty() {
            break;
        }
        let nodes = completed(from, page.len() as u64);
        let pairs: Vec<_> = nodes.iter().map(|node| (node.level, node.index)).collect();
        let kept = store::log::nodes(&mut tx, &pairs).await.map_err(failed)?;
        for entry in page {
            let at = verification.next();
            let (line, root) = line(at, entry)?;
            verification.take(&line)?;
            let tree = verification.audit().tree();
            if root != tree.root() {
                return Err(row(at, "other-root", "its checkpoint is kept beside another root"));
            }
            let is_kept =
                |node: &NodeId| kept.get(&(node.level, node.index)).copied() == tree.node(*node);
            if !completed(at, 1).iter().all(is_kept) {
                return Err(row(at, "other-node", "a node of the tree above it is another"));
            }
            out(&line.to_line())?;
        }
    }
    let counts = store::audit::counts(&mut tx).await.map_err(failed)?;
    let audit = verification.end()?;
    let size = audit.checkpoint().size;
    // Every right child completes a subtree above itself.
    let nodes = size - u64::from(size.count_ones());
    if counts != (Counts { checkpoints: size, verdicts: size, nodes }) {
        return Err(row(size, "extra-rows", "rows stand beside the log that belong to no entry"));
    }
    Ok(audit)
}

/// What the log says of itself.
async fn head(tx: &mut Tx, realm: Realm) -> Result<Head, Stop> {
    let root = store::audit::root_key(tx).await.map_err(failed)?.ok_or_else(|| {
        let next = "correct verify.agency; before the first ceremony there is nothing to verify";
        Stop::Unread(format!("the database has no such agency\n  next: {next}"))
    })?;
    let root = <[u8; 32]>::try_from(root).ok().and_then(|it| PublicKey::from_bytes(&it).ok());
    let root = root.ok_or_else(|| refused(Refusal::WrongRealm))?;
    let newest = store::log::find_checkpoint(tx).await.map_err(failed)?;
    Ok(Head::new(realm, root, newest.map(|newest| newest.note).unwrap_or_default()))
}

/// The nodes above the leaves that are whole once `count` entries follow the first `from`.
fn completed(from: u64, count: u64) -> Vec<NodeId> {
    let nodes = (from..from + count).flat_map(|entry| {
        let levels = u8::try_from(entry.trailing_ones()).expect("at most 64");
        (1..=levels).map(move |level| NodeId { level, index: entry >> level })
    });
    nodes.collect()
}

/// An entry as an export has it, and the root in its checkpoint's row.
fn line(at: u64, entry: Entry) -> Result<(Line, tree::Hash), Stop> {
    if entry.index != at {
        return Err(Mismatch { entry: Some(at), fault: Fault::Missing }.into());
    }
    let malformed = || Stop::from(Mismatch { entry: Some(at), fault: Fault::Malformed });
    let Some((envelope, kind)) = entry.envelope.zip(entry.kind) else {
        return Err(row(at, "no-statement", "its statement is not there"));
    };
    let statement = Envelope::parse(&envelope).map_err(|_| malformed())?;
    if statement.id().as_bytes().as_slice() != entry.statement || statement.kind().as_str() != kind
    {
        return Err(row(at, "other-statement", "another statement is kept under its id"));
    }
    if !is_indexed(statement.unverified(), entry.refers_to, &entry.ends) {
        return Err(row(at, "other-references", "proofs would lack something of what it rests on"));
    }
    if !entry.is_judged {
        return Err(row(at, "other-verdict", "its statement was not found good at this place"));
    }
    let Some((note, root)) = entry.note.zip(entry.root) else {
        return Err(row(at, "no-checkpoint", "its checkpoint is not there"));
    };
    let hash = |bytes: Vec<u8>| <tree::Hash>::try_from(bytes).map_err(|_| malformed());
    let salt = entry.salt.map(|salt| salt.try_into().map_err(|_| malformed())).transpose()?;
    Ok((Line { index: at, leaf: hash(entry.leaf)?, salt, note, statement }, hash(root)?))
}

/// Whether the rows by which proofs are gathered, revocations among them, say what the statement does.
fn is_indexed(statement: &Statement, mut refers_to: Vec<Vec<u8>>, ends: &[Vec<u8>]) -> bool {
    refers_to.sort_unstable();
    let bytes = |id: &StatementId| id.as_bytes().to_vec();
    let ended: Vec<_> = statement::ends(statement).iter().map(bytes).collect();
    refers_to == references(statement).iter().map(bytes).collect::<Vec<_>>() && ends == ended
}

/// What only the rows of a database can have wrong.
fn row(entry: u64, code: &str, why: &str) -> Stop {
    does_not_match(Some(entry), code, &why)
}

/// A row that no release of Postern can have written is a finding, all else is trouble.
#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over so")]
fn failed(error: StoreError) -> Stop {
    if let StoreError::Corrupt(_) = error {
        return does_not_match(None, "malformed", &error);
    }
    let next =
        "check verify.database_url, that PostgreSQL runs, and that `postern migrate` has run";
    Stop::Unread(format!("the database: {}\n  next: {next}", with_causes(&error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_is_completed_by_one_entry_and_there_are_as_many_as_counted() {
        for size in 0..130 {
            let nodes = completed(0, size);
            assert_eq!(nodes.len() as u64, size - u64::from(size.count_ones()), "{size}");
            let mut tree = tree::Tree::new();
            (0..size).for_each(|_| tree.push([7; 32]));
            assert!(nodes.iter().all(|node| tree.node(*node).is_some()), "{size}");
        }
        assert_eq!(completed(7, 1).len(), 3);
        assert!(completed(8, 1).is_empty());
    }
}
