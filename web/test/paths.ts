/** Proof paths straight from RFC 6962 §2.1.1 and §2.1.2, to hold the verifiers against. */

import { treeRoot } from "../src/seal/tree.ts";

const largestBelow = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

export function inclusionPath(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = largestBelow(leaves.length);
  return m < k
    ? [...inclusionPath(m, leaves.slice(0, k)), treeRoot(leaves.slice(k))]
    : [...inclusionPath(m - k, leaves.slice(k)), treeRoot(leaves.slice(0, k))];
}

export function consistencyPath(m: number, leaves: readonly Uint8Array[], whole = true): Uint8Array[] {
  if (m === leaves.length) return whole ? [] : [treeRoot(leaves)];
  const k = largestBelow(leaves.length);
  return m <= k
    ? [...consistencyPath(m, leaves.slice(0, k), whole), treeRoot(leaves.slice(k))]
    : [...consistencyPath(m - k, leaves.slice(k), false), treeRoot(leaves.slice(0, k))];
}
