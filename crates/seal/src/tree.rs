//! The log's tree (RFC 6962, section 2.1): leaves, roots, proofs of inclusion and of consistency,
//! and appending from stored nodes.
//!
//! A leaf is SHA-256(00 ‖ 16-byte salt ‖ statement id), so a deleted salt unlinks a statement and
//! leaves the tree whole. Only complete subtrees are stored, each once and for ever; every root
//! and proof of any size is made of them. Functions that read nodes take a lookup, so that the
//! crate needs no storage: [`nodes_for`] tells beforehand what they will ask for.

use std::collections::HashMap;

use domain::id::StatementId;
use sha2::{Digest, Sha256};

mod together;

pub use together::{roots, together};

/// SHA-256 output: a leaf, a node or a root.
pub type Hash = [u8; 32];

/// A complete subtree: leaves `index << level` to `(index + 1) << level`, the end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// Height above the leaves.
    pub level: u8,
    /// Place from the left at this height.
    pub index: u64,
}

/// The hash of a leaf's data: SHA-256(00 ‖ data).
fn hash_leaf(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

fn hash_node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A statement's leaf.
pub fn leaf(salt: &[u8; 16], statement: StatementId) -> Hash {
    let mut data = [0; 48];
    data[..16].copy_from_slice(salt);
    data[16..].copy_from_slice(statement.as_bytes());
    hash_leaf(&data)
}

/// The root of the empty tree: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The complete subtrees that make up leaves `start` to `end`, left to right. `start` must be a
/// multiple of the smallest power of two that is at least `end - start`.
fn subtrees(start: u64, end: u64) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    let mut at = start;
    while at < end {
        let fits = (end - at).ilog2();
        let level = if at == 0 { fits } else { fits.min(at.trailing_zeros()) };
        nodes.push(NodeId { level: u8::try_from(level).expect("below 64"), index: at >> level });
        at += 1 << level;
    }
    nodes
}

/// The hash over leaves `start` to `end`: RFC 6962's MTH of that stretch.
fn range(start: u64, end: u64, node: &mut impl FnMut(NodeId) -> Option<Hash>) -> Option<Hash> {
    let hashes: Option<Vec<Hash>> = subtrees(start, end).into_iter().map(node).collect();
    let mut hashes = hashes?.into_iter().rev();
    let last = hashes.next()?;
    Some(hashes.fold(last, |right, left| hash_node(&left, &right)))
}

/// The root of the tree of `size` leaves; none if the lookup lacks a node.
pub fn root(size: u64, mut node: impl FnMut(NodeId) -> Option<Hash>) -> Option<Hash> {
    if size == 0 { Some(empty_root()) } else { range(0, size, &mut node) }
}

/// The nodes to store when `leaf` is appended to a tree of `size` leaves, the leaf itself first;
/// none if the lookup lacks a node.
pub fn append(
    size: u64,
    leaf: Hash,
    mut node: impl FnMut(NodeId) -> Option<Hash>,
) -> Option<Vec<(NodeId, Hash)>> {
    let mut at = NodeId { level: 0, index: size };
    let mut new = vec![(at, leaf)];
    let mut hash = leaf;
    // Every right child completes its parent.
    while at.index % 2 == 1 {
        let left = node(NodeId { level: at.level, index: at.index - 1 })?;
        hash = hash_node(&left, &hash);
        at = NodeId { level: at.level + 1, index: at.index / 2 };
        new.push((at, hash));
    }
    Some(new)
}

/// The largest power of two below `n`, which is at least 2.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The audit path of leaf `index` in the tree of `size` leaves, from the leaf up (RFC 6962,
/// section 2.1.1); none if there is no such leaf or the lookup lacks a node.
pub fn inclusion(
    index: u64,
    size: u64,
    mut node: impl FnMut(NodeId) -> Option<Hash>,
) -> Option<Vec<Hash>> {
    if index >= size {
        return None;
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(range(middle, end, &mut node)?);
            end = middle;
        } else {
            path.push(range(start, middle, &mut node)?);
            start = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// The proof that the tree of `new` leaves extends the tree of `old` (RFC 6962, section 2.1.2);
/// none if `old` is 0 or larger than `new`, or the lookup lacks a node.
pub fn consistency(
    old: u64,
    new: u64,
    mut node: impl FnMut(NodeId) -> Option<Hash>,
) -> Option<Vec<Hash>> {
    if old == 0 || old > new {
        return None;
    }
    let (mut start, mut end) = (0, new);
    let mut path = Vec::new();
    // Down to the subtree that ends where the old tree ends.
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(range(middle, end, &mut node)?);
            end = middle;
        } else {
            path.push(range(start, middle, &mut node)?);
            start = middle;
        }
    }
    // The whole old tree needs no mention: the verifier has its root.
    if start != 0 {
        path.push(range(start, end, &mut node)?);
    }
    path.reverse();
    Some(path)
}

/// The nodes an operation will look up, so that they can be fetched in one query:
/// `nodes_for(|node| inclusion(index, size, node))`.
pub fn nodes_for<T>(
    operation: impl FnOnce(&mut dyn FnMut(NodeId) -> Option<Hash>) -> T,
) -> Vec<NodeId> {
    let mut wanted = Vec::new();
    operation(&mut |id| {
        wanted.push(id);
        Some([0; 32])
    });
    wanted
}

/// Checks an audit path (RFC 9162, section 2.1.3.2).
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            hash = hash_node(sibling, &hash);
            while at % 2 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = hash_node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Checks that the tree of `new` leaves extends the tree of `old` (RFC 9162, section 2.1.4.2).
/// Every tree extends the empty one, with an empty path.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    path: &[Hash],
) -> bool {
    if old > new {
        return false;
    }
    if old == new {
        return path.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return path.is_empty() && *old_root == empty_root();
    }
    let (mut at, mut last) = (old - 1, new - 1);
    while at % 2 == 1 {
        at >>= 1;
        last >>= 1;
    }
    // An old tree that is itself a complete subtree is left out of the path.
    let (start, rest) = if at == 0 {
        (old_root, path)
    } else {
        match path.split_first() {
            Some(split) => split,
            None => return false,
        }
    };
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            old_hash = hash_node(sibling, &old_hash);
            new_hash = hash_node(sibling, &new_hash);
            while at % 2 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = hash_node(&new_hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old_root && new_hash == *new_root
}

/// A whole tree in memory: for verifying a log offline, and for tests.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    size: u64,
    nodes: HashMap<NodeId, Hash>,
}

impl Tree {
    /// An empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves there are.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf.
    ///
    /// # Panics
    ///
    /// Never: every node that an append reads was stored by an earlier one.
    pub fn push(&mut self, leaf: Hash) {
        let new = append(self.size, leaf, |id| self.node(id)).expect("a whole tree");
        self.nodes.extend(new);
        self.size += 1;
    }

    /// A stored node.
    pub fn node(&self, id: NodeId) -> Option<Hash> {
        self.nodes.get(&id).copied()
    }

    /// The root now.
    ///
    /// # Panics
    ///
    /// Never: every complete subtree is stored.
    pub fn root(&self) -> Hash {
        root(self.size, |id| self.node(id)).expect("a whole tree")
    }

    /// The root when there were `size` leaves; none if there are fewer.
    pub fn root_of(&self, size: u64) -> Option<Hash> {
        if size > self.size { None } else { root(size, |id| self.node(id)) }
    }
}

#[cfg(test)]
mod tests;
