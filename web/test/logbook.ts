/** A log in memory: what a server would send to hold a proof's statements in it. */

import { base64, concat, hex, unhex } from "../src/seal/bytes.ts";
import { type Checkpoint, originOf, signCheckpoint } from "../src/seal/checkpoint.ts";
import type { SigningKey } from "../src/seal/key.ts";
import type { Logged } from "../src/seal/logged.ts";
import { statementLeaf, treeRoot } from "../src/seal/tree.ts";

export const saltOf = (index: number): string => index.toString(16).padStart(32, "0");

/** The hashes of the stretches without a leaf, straight from RFC 6962 §2.1. */
export function stretches(
  leaves: readonly Uint8Array[],
  places: readonly number[],
  old: number,
  start = 0,
): Uint8Array[] {
  const end = start + leaves.length;
  const isHeld = places.some((place) => place >= start && place < end);
  if (!isHeld && !(start < old && old < end)) return [treeRoot(leaves)];
  if (leaves.length === 1) return [];
  const middle = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return [
    ...stretches(leaves.slice(0, middle), places, old, start),
    ...stretches(leaves.slice(middle), places, old, start + middle),
  ];
}

export class Logbook {
  private readonly leaves: Uint8Array[];

  constructor(
    readonly realm: string,
    readonly key: SigningKey,
    /** Statement ids, in order. */
    readonly ids: readonly string[],
  ) {
    this.leaves = ids.map((id, index) => statementLeaf(unhex(saltOf(index)), unhex(id)));
  }

  checkpoint(size = this.ids.length): Checkpoint {
    return { size, root: hex(treeRoot(this.leaves.slice(0, size))) };
  }

  sign(checkpoint = this.checkpoint(), realm = this.realm, key = this.key): string {
    return signCheckpoint(originOf(realm), checkpoint, key);
  }

  /** Holds these statements; what is not in the log waits. */
  hold(ids: readonly string[], seen = 0): Logged {
    const places = ids.map((id) => this.ids.indexOf(id));
    const known = places.filter((place) => place >= 0);
    return {
      note: this.sign(),
      places: places.map((index) => (index < 0 ? null : { index, salt: saltOf(index) })),
      hashes: base64(concat(...stretches(this.leaves, known, seen > this.ids.length ? 0 : seen))),
    };
  }
}
