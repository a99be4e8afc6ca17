//! Many leaves and an older root, proved together: the fewest hashes from which a verifier computes
//! the root of the tree, with every leaf at its place, and the root that it had at an older size.
//!
//! The tree of RFC 6962 is walked from its root, left half first. A stretch that holds none of the
//! leaves and does not reach over the end of the older tree is one hash of the proof; every other
//! stretch is split as section 2.1 splits it. So the verifier rebuilds the very shape of the tree,
//! which binds each leaf to its place, and a bundle of paths shares what the paths have in common.

use super::{Hash, NodeId, hash_node, range, split};

/// The hashes that [`roots`] takes for these places, ascending, in the tree of `size` leaves, and
/// the older tree of `old`; none if a place is outside, or the lookup lacks a node.
pub fn together(
    places: &[u64],
    old: u64,
    size: u64,
    mut node: impl FnMut(NodeId) -> Option<Hash>,
) -> Option<Vec<Hash>> {
    if old > size || places.last().is_some_and(|last| *last >= size) {
        return None;
    }
    let mut hashes = Vec::new();
    if size > 0 {
        gather((0, size), old, places, &mut node, &mut hashes)?;
    }
    Some(hashes)
}

fn gather(
    (start, end): (u64, u64),
    old: u64,
    places: &[u64],
    node: &mut impl FnMut(NodeId) -> Option<Hash>,
    hashes: &mut Vec<Hash>,
) -> Option<()> {
    if places.is_empty() && !reaches_over(start, end, old) {
        hashes.push(range(start, end, node)?);
    } else if end - start > 1 {
        let middle = start + split(end - start);
        let (left, right) = places.split_at(places.partition_point(|place| *place < middle));
        gather((start, middle), old, left, node, hashes)?;
        gather((middle, end), old, right, node, hashes)?;
    }
    Some(())
}

/// Whether the older tree ends inside a stretch.
const fn reaches_over(start: u64, end: u64, old: u64) -> bool {
    start < old && old < end
}

/// The root of the tree of `size` leaves with these leaves (place and hash, ascending) in it, and
/// the root it had at the size `old`, which says nothing while that is 0. None if the hashes are
/// too few or too many, or a place is outside.
pub fn roots(leaves: &[(u64, Hash)], old: u64, size: u64, hashes: &[Hash]) -> Option<(Hash, Hash)> {
    if size == 0 || old > size {
        return None;
    }
    let mut walk = Walk { leaves, hashes, old };
    let found = walk.stretch(0, size)?;
    (walk.leaves.is_empty() && walk.hashes.is_empty()).then_some(found)
}

/// What is left of a proof while it is walked.
struct Walk<'a> {
    leaves: &'a [(u64, Hash)],
    hashes: &'a [Hash],
    old: u64,
}

impl Walk<'_> {
    /// The hash of a stretch now, and of as much of it as the older tree held.
    fn stretch(&mut self, start: u64, end: u64) -> Option<(Hash, Hash)> {
        let leaf = self.leaves.first().filter(|(place, _)| *place < end).copied();
        if leaf.is_none() && !reaches_over(start, end, self.old) {
            let (hash, rest) = self.hashes.split_first()?;
            self.hashes = rest;
            return Some((*hash, *hash));
        }
        if end - start == 1 {
            let (_, hash) = leaf.filter(|(place, _)| *place == start)?;
            self.leaves = &self.leaves[1..];
            return Some((hash, hash));
        }
        let middle = start + split(end - start);
        let (left, old_left) = self.stretch(start, middle)?;
        let (right, old_right) = self.stretch(middle, end)?;
        let before = if self.old <= middle { old_left } else { hash_node(&old_left, &old_right) };
        Some((hash_node(&left, &right), before))
    }
}
