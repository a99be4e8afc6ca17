use super::*;

/// Every root and proof again, straight from the recursive definitions of RFC 6962.
mod reference {
    use super::{Hash, empty_root, hash_node, split};

    pub fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = halves(leaves);
                hash_node(&root(left), &root(right))
            }
        }
    }

    fn halves(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
        let middle = split(leaves.len() as u64);
        leaves.split_at(usize::try_from(middle).expect("small"))
    }

    pub fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let (left, right) = halves(leaves);
        let (mut path, other) = if index < left.len() {
            (path(index, left), root(right))
        } else {
            (path(index - left.len(), right), root(left))
        };
        path.push(other);
        path
    }

    pub fn consistency(old: usize, leaves: &[Hash]) -> Vec<Hash> {
        subproof(old, leaves, true)
    }

    fn subproof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
        if old == leaves.len() {
            return if whole { Vec::new() } else { vec![root(leaves)] };
        }
        let (left, right) = halves(leaves);
        let (mut path, other) = if old <= left.len() {
            (subproof(old, left, whole), root(right))
        } else {
            (subproof(old - left.len(), right, false), root(left))
        };
        path.push(other);
        path
    }
}

fn tree_of(count: u64) -> (Tree, Vec<Hash>) {
    let mut tree = Tree::new();
    let leaves: Vec<_> = (0..count).map(|n| hash_leaf(&n.to_be_bytes())).collect();
    for &leaf in &leaves {
        tree.push(leaf);
    }
    (tree, leaves)
}

#[test]
fn roots_and_proofs_are_those_of_the_definitions() {
    let (tree, leaves) = tree_of(40);
    for size in 1..=40_u64 {
        let count = usize::try_from(size).expect("small");
        let root = reference::root(&leaves[..count]);
        assert_eq!(tree.root_of(size), Some(root));
        for index in 0..size {
            let at = usize::try_from(index).expect("small");
            let path = inclusion(index, size, |id| tree.node(id)).expect("a whole tree");
            assert_eq!(path, reference::path(at, &leaves[..count]));
            assert!(verify_inclusion(&leaves[at], index, size, &path, &root));
        }
        for old in 1..=size {
            let old_count = usize::try_from(old).expect("small");
            let path = consistency(old, size, |id| tree.node(id)).expect("a whole tree");
            assert_eq!(path, reference::consistency(old_count, &leaves[..count]));
            let old_root = reference::root(&leaves[..old_count]);
            assert!(verify_consistency(old, size, &old_root, &root, &path));
        }
    }
}

#[test]
fn a_wrong_proof_is_refused() {
    let (tree, leaves) = tree_of(13);
    let root = tree.root();
    let path = inclusion(5, 13, |id| tree.node(id)).expect("a whole tree");
    for (index, size) in [(4, 13), (5, 17), (5, 8), (13, 13), (0, 0)] {
        assert!(!verify_inclusion(&leaves[5], index, size, &path, &root), "{index} of {size}");
    }
    for at in 0..path.len() {
        let mut short = path.clone();
        short.remove(at);
        assert!(!verify_inclusion(&leaves[5], 5, 13, &short, &root));
        let mut changed = path.clone();
        changed[at][0] ^= 1;
        assert!(!verify_inclusion(&leaves[5], 5, 13, &changed, &root));
    }
    let mut long = path.clone();
    long.push([0; 32]);
    assert!(!verify_inclusion(&leaves[5], 5, 13, &long, &root));

    let old_root = tree.root_of(6).expect("a whole tree");
    let path = consistency(6, 13, |id| tree.node(id)).expect("a whole tree");
    assert!(verify_consistency(6, 13, &old_root, &root, &path));
    assert!(!verify_consistency(5, 13, &old_root, &root, &path));
    assert!(!verify_consistency(6, 8, &old_root, &root, &path));
    assert!(!verify_consistency(6, 13, &root, &old_root, &path));
    assert!(!verify_consistency(6, 13, &old_root, &root, &path[1..]));
    assert!(!verify_consistency(14, 13, &old_root, &root, &path));
    assert!(verify_consistency(0, 13, &empty_root(), &root, &[]));
    assert!(!verify_consistency(0, 13, &root, &root, &[]));
}

#[test]
fn the_nodes_an_operation_needs_are_told_beforehand() {
    let (tree, _) = tree_of(21);
    let wanted = nodes_for(|node| inclusion(9, 21, node));
    let path = inclusion(9, 21, |id| wanted.contains(&id).then(|| tree.node(id)).flatten());
    assert_eq!(path, inclusion(9, 21, |id| tree.node(id)));
    let wanted = nodes_for(|node| append(22, [0; 32], node));
    assert_eq!(wanted, [] as [NodeId; 0]);
    let wanted = nodes_for(|node| append(23, [0; 32], node));
    let ids: Vec<_> = wanted.iter().map(|id| (id.level, id.index)).collect();
    assert_eq!(ids, [(0, 22), (1, 10), (2, 4)]);
}

#[derive(serde::Deserialize)]
struct Reference {
    leaves: Vec<String>,
    roots: Vec<String>,
    inclusion: Vec<InclusionVector>,
    consistency: Vec<ConsistencyVector>,
}

#[derive(serde::Deserialize)]
struct InclusionVector {
    index: u64,
    size: u64,
    path: Vec<String>,
}

#[derive(serde::Deserialize)]
struct ConsistencyVector {
    old: u64,
    new: u64,
    path: Vec<String>,
}

/// `tests/vectors/rfc6962/`.
#[test]
fn the_reference_tree_of_certificate_transparency_is_reproduced() {
    let text = include_str!("../../../../tests/vectors/rfc6962/tree.json");
    let reference: Reference = serde_json::from_str(text).expect("the vectors");
    let mut tree = Tree::new();
    for leaf in &reference.leaves {
        tree.push(hash_leaf(&hex::decode(leaf).expect("hex")));
    }
    for (size, root) in (0..).zip(&reference.roots) {
        assert_eq!(tree.root_of(size).map(hex::encode).as_ref(), Some(root));
    }
    let texts = |path: Vec<Hash>| path.iter().map(hex::encode).collect::<Vec<_>>();
    for vector in reference.inclusion {
        let path = inclusion(vector.index, vector.size, |id| tree.node(id)).expect("a path");
        assert_eq!(texts(path), vector.path);
    }
    for vector in reference.consistency {
        let path = consistency(vector.old, vector.new, |id| tree.node(id)).expect("a path");
        assert_eq!(texts(path), vector.path);
    }
}

/// Every choice of leaves in a small tree, as places.
fn choices(size: u64) -> impl Iterator<Item = Vec<u64>> {
    (0..1_u64 << size).map(move |set| (0..size).filter(|at| set >> at & 1 == 1).collect())
}

#[test]
fn leaves_and_an_older_root_are_proved_together() {
    for size in 1..=9 {
        let (tree, leaves) = tree_of(size);
        for places in choices(size) {
            let chosen: Vec<_> =
                places.iter().map(|at| (*at, leaves[usize::try_from(*at).unwrap()])).collect();
            for old in 0..=size {
                let hashes = together(&places, old, size, |id| tree.node(id)).expect("a proof");
                let (now, before) = roots(&chosen, old, size, &hashes).expect("two roots");
                assert_eq!(now, tree.root(), "{places:?} in {size}");
                assert!(old == 0 || Some(before) == tree.root_of(old), "{old} of {size}");
            }
        }
    }
}

#[test]
fn nothing_else_is_proved_together() {
    let (tree, leaves) = tree_of(9);
    let of = |places: &[usize]| -> Vec<(u64, Hash)> {
        places.iter().map(|at| (*at as u64, leaves[*at])).collect()
    };
    let chosen = of(&[2, 3, 7]);
    let hashes = together(&[2, 3, 7], 6, 9, |id| tree.node(id)).expect("a proof");
    let good = (tree.root(), tree.root_of(6).expect("smaller"));
    assert_eq!(roots(&chosen, 6, 9, &hashes), Some(good));
    // Another leaf at its place, or the leaf at another place.
    for (at, other) in [(0, 1), (1, 2), (2, 8)] {
        let mut altered = chosen.clone();
        altered[at].1 = leaves[other];
        assert_ne!(roots(&altered, 6, 9, &hashes).map(|it| it.0), Some(good.0));
        let mut moved = chosen.clone();
        moved[at].0 += 1;
        assert_ne!(roots(&moved, 6, 9, &hashes).map(|it| it.0), Some(good.0));
    }
    // Out of order, twice, left out, or outside.
    for places in [&[3, 2, 7][..], &[2, 2, 7], &[2, 7], &[2, 3, 7, 7]] {
        assert_ne!(roots(&of(places), 6, 9, &hashes).map(|it| it.0), Some(good.0));
    }
    assert_eq!(roots(&[(9, leaves[0])], 0, 9, &hashes), None);
    // Another size, now or then; hashes too few, too many or altered.
    for (old, size) in [(6, 8), (5, 9), (7, 9), (10, 9)] {
        assert_ne!(roots(&chosen, old, size, &hashes), Some(good), "{old} of {size}");
    }
    assert_eq!(roots(&chosen, 6, 9, &hashes[1..]), None);
    assert_eq!(roots(&chosen, 6, 9, &[&hashes[..], &[good.0]].concat()), None);
    for at in 0..hashes.len() {
        let mut altered = hashes.clone();
        altered[at][0] ^= 1;
        assert_ne!(roots(&chosen, 6, 9, &altered), Some(good));
    }
    assert_eq!(together(&[9], 0, 9, |id| tree.node(id)), None);
    assert_eq!(together(&[], 10, 9, |id| tree.node(id)), None);
}
