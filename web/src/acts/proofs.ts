/** Proofs that the server sends with no answer of its own: staff may ask for that of any statement. */

import { get } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import type { Ledger, Proof } from "../seal/index.ts";
import { trust, verified } from "./statements.ts";

/** What was signed a moment ago waits for the worker: asked again after this many milliseconds. */
const PAUSE = 500;
const MOST_TRIES = 20;

/** A proof of these statements and all they rest on, held in the log. */
export async function proved(
  keys: Keys,
  ids: readonly string[],
): Promise<{ readonly ledger: Ledger; readonly proof: Proof }> {
  for (let tries = 1; ; tries += 1) {
    const { log } = keys.pins;
    const proof = await get<Api.Proof>(`/api/proof?of=${ids.join(",")}&seen=${log.size}`);
    const waits = proof.log?.places.includes(null);
    if (waits && tries < MOST_TRIES) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      continue;
    }
    const { ledger } = verified(keys, proof, log);
    trust(
      ids.every((id) => ledger.statement(id) !== undefined),
      "missing-statement",
    );
    return { ledger, proof };
  }
}

/** The ledger of these statements and all they rest on, held in the log. */
export async function ledgerOf(keys: Keys, ids: readonly string[]): Promise<Ledger> {
  return (await proved(keys, ids)).ledger;
}
