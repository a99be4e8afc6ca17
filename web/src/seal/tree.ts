/** The log's RFC 6962 tree: leaves, roots, and proofs of inclusion and of consistency. */

import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, equal } from "./bytes.ts";
import { ensure } from "./refusal.ts";

/** SHA-256(00 ‖ data): RFC 6962's leaf hash. */
export function leafHash(data: Uint8Array): Bytes {
  return sha256(concat(Uint8Array.of(0), data));
}

/** A statement's leaf: its data is a 16-byte salt and the raw id. */
export function statementLeaf(salt: Uint8Array, id: Uint8Array): Bytes {
  return leafHash(concat(salt, id));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  return sha256(concat(Uint8Array.of(1), left, right));
}

/** Root of the whole list of leaf hashes. */
export function treeRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array());
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const split = largestPowerBelow(leaves.length);
  return nodeHash(treeRoot(leaves.slice(0, split)), treeRoot(leaves.slice(split)));
}

/** Largest power of two strictly below `n`. */
function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/** A leaf's place and hash. */
export type Leaf = readonly [number, Bytes];

/**
 * The root of the tree of `size` leaves, given some (ascending) and the hashes of all stretches
 * without any, left to right; and the root it had at the size `old`, which says nothing while that
 * is 0. The walk follows RFC 6962 §2.1, and splits what reaches over the end of the older tree.
 * `not-in-log` if the hashes are too few or too many, or a place is outside.
 */
export function rootsOf(
  leaves: readonly Leaf[],
  old: number,
  size: number,
  hashes: readonly Bytes[],
): readonly [Bytes, Bytes] {
  let [leaf, hash] = [0, 0];
  const walk = (start: number, end: number): readonly [Bytes, Bytes] => {
    const [place, own] = leaves[leaf] ?? [size];
    if (place >= end && !(start < old && old < end)) {
      const given = hashes[hash++];
      ensure(given !== undefined, "not-in-log");
      return [given, given];
    }
    if (end - start === 1) {
      ensure(place === start && own !== undefined, "not-in-log");
      leaf += 1;
      return [own, own];
    }
    const middle = start + largestPowerBelow(end - start);
    const [left, oldLeft] = walk(start, middle);
    const [right, oldRight] = walk(middle, end);
    return [nodeHash(left, right), old <= middle ? oldLeft : nodeHash(oldLeft, oldRight)];
  };
  ensure(size > 0 && old <= size, "not-in-log");
  const found = walk(0, size);
  ensure(leaf === leaves.length && hash === hashes.length, "not-in-log");
  return found;
}

/** RFC 9162 §2.1.3.2, with arithmetic instead of shifts because sizes may pass 2^31. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equal(hash, root);
}

/** RFC 9162 §2.1.4.2: the tree of `newSize` extends the tree of `oldSize`. */
export function verifyConsistency(
  oldSize: number,
  newSize: number,
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
  path: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize) || oldSize < 0 || oldSize > newSize)
    return false;
  if (oldSize === newSize) return path.length === 0 && equal(oldRoot, newRoot);
  if (oldSize === 0) return path.length === 0 && equal(oldRoot, treeRoot([]));
  let at = oldSize - 1;
  let last = newSize - 1;
  while (at % 2 === 1) {
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  // A complete old tree is itself the first node, and the proof leaves it out.
  const [start, ...rest] = at === 0 ? [oldRoot, ...path] : path;
  if (start === undefined) return false;
  let oldHash = start;
  let newHash = start;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equal(oldHash, oldRoot) && equal(newHash, newRoot);
}
