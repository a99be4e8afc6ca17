/** The log's next key: the operator makes it, and it is the log's once the agency's root has named it. */

import { ApiProblem, get, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { type Envelope, type Ledger, Refusal, type Statement, VerifyingKey } from "../seal/index.ts";
import type { Root } from "./ceremony.ts";
import { seconds } from "./clock.ts";
import { pinLog, since, trust, trusted, verified } from "./statements.ts";

/** What somebody is shown, and what is signed then: never what the server says meanwhile. */
export interface NextLogKey {
  /** Ed25519, hex: for the operator to read out. */
  readonly logKey: string;
  /** The agency's newest statement, verified: all else in it stays. */
  readonly before: Statement<"agency">;
}

/**
 * How the key that the operator has configured stands: the root has named it and that is logged; the
 * root has named it, which counts once the worker is started with it; or it is new.
 */
export type LogKey =
  | { readonly at: "named" | "waiting"; readonly logKey: string }
  | { readonly at: "new"; readonly next: NextLogKey };

/** For an administrator. That the root has named a key is read from what it signed, never the server's word. */
export async function logKey(keys: Keys): Promise<LogKey> {
  // What waits is asked for first: logged in between, it is in the proof.
  const { log_key: logKey, waiting } = await get<Api.LogKey>("/api/agency/log-key");
  trusted(() => VerifyingKey.fromHex(logKey));
  const { pins } = keys;
  const { proof } = await get<Api.Everybody>(since(pins, "/api/staff"));
  const { ledger, log } = verified(keys, proof, pins);
  await pinLog(keys, log);
  const before = newest(ledger);
  if (before.body.log_key === logKey) return { at: "named", logKey };
  if (waiting && isNext(ledger, waiting) && newest(ledger).body.log_key === logKey) return { at: "waiting", logKey };
  return { at: "new", next: { logKey, before } };
}

function newest(ledger: Ledger): Statement<"agency"> {
  const agency = ledger.agency();
  trust(agency !== null, "no-agency");
  return agency;
}

/** Takes it into the ledger. What the worker would refuse names nothing. */
function isNext(ledger: Ledger, waiting: Envelope): boolean {
  try {
    ledger.admit(waiting);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** What is signed once, so that asking again after a lost answer sends the same. */
const signed = new WeakMap<NextLogKey, Envelope>();

/** Has the root name the key that was shown. It counts once the worker, which needs the key, has logged it. */
export async function nameLogKey(keys: Keys, root: Root, next: NextLogKey): Promise<void> {
  trust(root.public === keys.root, "wrong-realm");
  const statement = signed.get(next) ?? signNext(root, next);
  signed.set(next, statement);
  try {
    await post("/api/agency/log-key", { statement });
  } catch (error) {
    // Handed in already, or by somebody else: what the root has signed tells.
    const isRefused = error instanceof ApiProblem && (error.status === 409 || error.status === 422);
    if (!isRefused || !(await isNamed(keys, next.logKey))) throw error;
  }
}

async function isNamed(keys: Keys, key: string): Promise<boolean> {
  const now = await logKey(keys);
  return now.at !== "new" && now.logKey === key;
}

function signNext(root: Root, { logKey: log_key, before }: NextLogKey): Envelope {
  const { n, notifier_key, archive_key } = before.body;
  return root.sign("agency", { n: n + 1, prev: before.id, log_key, notifier_key, archive_key, from: seconds() });
}
