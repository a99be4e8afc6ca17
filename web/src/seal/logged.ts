/**
 * Holding a proof against the log: everything in it was logged, in this order, and the log goes on
 * from where it was seen last. The codes are those of `crates/seal`, `logged.rs`.
 */

import type { Bundle } from "./bundle.ts";
import { type Bytes, hex, unbase64, unhex } from "./bytes.ts";
import { originOf, readCheckpoint } from "./checkpoint.ts";
import type { Ledger } from "./ledger.ts";
import { ensure, Refusal } from "./refusal.ts";
import { type Leaf, rootsOf, statementLeaf } from "./tree.ts";

/** What holds a proof's statements in the log, all at once. */
export interface Logged {
  /** The newest checkpoint, a C2SP signed note. */
  readonly note: string;
  /** One a statement, in their order; null while it is not logged. */
  readonly places: readonly ({ readonly index: number; readonly salt: string } | null)[];
  /** What `rootsOf` takes, one after another. */
  readonly hashes: string;
}

/** The log as it was seen last, size 0 for never, and the agency's newest statement, "" for never. */
export type Seen = Pick<Bundle["pins"], "agency" | "log">;

/**
 * What is to be pinned: the agency's newest statement, which is the one that was seen before or
 * came after it, and a checkpoint that the log key it names has signed, grown from what was seen
 * before. So a log key that was replaced signs nothing any more for whoever knows of it. Every statement is in it, at ascending places; only what was signed under `own`,
 * a certificate of the reader's, may still wait, after all others.
 */
export function requireLogged(
  ledger: Ledger,
  log: Logged | null | undefined,
  seen: Seen,
  own: string,
): Seen {
  const agency = ledger.agency();
  if (!log || agency === null) throw new Refusal(log ? "no-agency" : "not-logged");
  ensure(seen.agency === "" || ledger.statement(seen.agency) !== undefined, "older-agency");
  const checkpoint = readCheckpoint(log.note, originOf(ledger.realm), agency.body.log_key);
  const { size, root } = seen.log;
  ensure(checkpoint.size >= size, "older-log");
  const { ids } = ledger;
  ensure(log.places.length === ids.length, "malformed");
  const leaves: Leaf[] = [];
  let [last, isWaiting] = [-1, false];
  ids.forEach((id, at) => {
    const place = log.places[at];
    if (!place) {
      isWaiting = true;
      return ensure(own !== "" && ledger.statement(id)?.body.signer === own, "not-logged");
    }
    ensure(!isWaiting && Number.isSafeInteger(place.index) && place.index > last, "wrong-place");
    last = place.index;
    leaves.push([last, statementLeaf(unhex(place.salt, 16), unhex(id, 32))]);
  });
  const given = split(unbase64(log.hashes, "malformed"));
  const [now, before] = rootsOf(leaves, size, checkpoint.size, given);
  ensure(hex(now) === checkpoint.root, "not-in-log");
  ensure(size === 0 || hex(before) === root, "other-log");
  return { agency: agency.id, log: checkpoint };
}

/** Into hashes; a rest that is none makes one that fits nothing. */
function split(bytes: Bytes): Bytes[] {
  return Array.from({ length: Math.ceil(bytes.length / 32) }, (_, at) =>
    bytes.subarray(32 * at, 32 * at + 32),
  );
}
