/**
 * A proof gathered statement by statement, for what the server sends none with: staff may see any
 * statement. It follows every reference down to the root, and stands in log order.
 */

import { get } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { type Envelope, type Ledger, type Proof, readEnvelope, references } from "../seal/index.ts";
import { folded, statement, trust, trusted } from "./statements.ts";

interface Held {
  readonly envelope: Envelope;
  readonly references: readonly string[];
  /** Its place in the log; what waits comes last. */
  readonly index: number;
}

/** Logged statements never change. */
const logged = new Map<string, Held>();

/** A proof of these statements and all they rest on. Whether it folds is for the reader to see. */
export async function proofOf(keys: Keys, ids: readonly string[]): Promise<Proof> {
  const agency = await get<Api.Agency>("/api/agency");
  const found = new Map<string, Held>();
  let missing = [...new Set([agency.id, ...ids])];
  while (missing.length > 0) {
    const held = await Promise.all(missing.map(fetchOne));
    missing.forEach((id, at) => {
      const each = held[at];
      if (each !== undefined) found.set(id, each);
    });
    const named = held.flatMap((each) => each.references);
    missing = [...new Set(named)].filter((id) => !found.has(id));
  }
  return { root: keys.root, statements: inOrder(found).map(({ envelope }) => envelope) };
}

/** The ledger of these statements and all they rest on. */
export async function ledgerOf(keys: Keys, ids: readonly string[]): Promise<Ledger> {
  const ledger = folded(keys, await proofOf(keys, ids));
  trust(
    ids.every((id) => ledger.statement(id) !== undefined),
    "missing-statement",
  );
  return ledger;
}

async function fetchOne(id: string): Promise<Held> {
  const known = logged.get(id);
  if (known !== undefined) return known;
  const { envelope, held } = await statement(id);
  trust(held.verdict !== "quarantined", "quarantined");
  const { statement: read } = trusted(() => readEnvelope(envelope));
  const index = held.log_index ?? Number.POSITIVE_INFINITY;
  const one: Held = { envelope, references: references(read), index };
  if (Number.isFinite(index)) logged.set(id, one);
  return one;
}

/** By place in the log; what has none follows what it refers to. */
export function inOrder<T extends Pick<Held, "references" | "index">>(found: ReadonlyMap<string, T>): T[] {
  const ordered = new Set<T>();
  const visit = (id: string): void => {
    const each = found.get(id);
    if (each === undefined || ordered.has(each)) return;
    each.references.forEach(visit);
    ordered.add(each);
  };
  for (const id of found.keys()) visit(id);
  // Equal infinities have no difference to sort by.
  return [...ordered].sort((a, b) => (a.index === b.index ? 0 : a.index - b.index));
}
