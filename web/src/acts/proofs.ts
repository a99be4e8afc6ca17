/** Proofs that the server sends with no answer of its own: staff may ask for that of any statement. */

import { get } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { type Envelope, Ledger, type Proof, type Seen } from "../seal/index.ts";
import { trust, trusted, verified } from "./statements.ts";

/** What was signed a moment ago waits for the worker: asked again after this many milliseconds. */
const PAUSE = 500;
const MOST_TRIES = 20;

/** The most statements that one proof is asked for by name. */
const MOST_AT_ONCE = 64;

interface Proved {
  readonly ledger: Ledger;
  readonly proof: Proof;
  /** The log and the agency as they were seen. */
  readonly seen: Seen;
}

/** A proof of up to 64 statements and all they rest on, held in the log and to what was seen of it. */
export async function proved(keys: Keys, ids: readonly string[], seen: Seen = keys.pins): Promise<Proved> {
  for (let tries = 1; ; tries += 1) {
    const proof = await get<Api.Proof>(`/api/proof?of=${ids.join(",")}&seen=${seen.log.size}`);
    const waits = proof.log?.places.includes(null);
    if (waits && tries < MOST_TRIES) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      continue;
    }
    const { ledger, log } = verified(keys, proof, seen);
    trust(
      ids.every((id) => ledger.statement(id) !== undefined),
      "missing-statement",
    );
    return { ledger, proof, seen: log.now };
  }
}

/** The ledger of these statements and all they rest on, held in the log. */
export async function ledgerOf(keys: Keys, ids: readonly string[]): Promise<Ledger> {
  let part = await proved(keys, ids.slice(0, MOST_AT_ONCE));
  const proofs = [part.proof];
  for (let next = MOST_AT_ONCE; next < ids.length; next += MOST_AT_ONCE) {
    // Held to the log of the part before: all are of one log, in which each has its place.
    part = await proved(keys, ids.slice(next, next + MOST_AT_ONCE), part.seen);
    proofs.push(part.proof);
  }
  return proofs.length === 1 ? part.ledger : trusted(() => Ledger.fold(keys.realm, together(proofs)));
}

/** What several proofs hold, in the order of the log. */
function together(proofs: readonly Proof[]): Proof {
  const byPlace = new Map<number, Envelope>();
  for (const { statements, log } of proofs) {
    for (const [i, envelope] of statements.entries()) {
      const place = log?.places[i];
      if (place) byPlace.set(place.index, envelope);
    }
  }
  const ordered = [...byPlace].sort(([one], [other]) => one - other);
  return { root: proofs[0]?.root ?? "", statements: ordered.map(([, envelope]) => envelope), log: null };
}
