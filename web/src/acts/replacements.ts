/** New keys on their way in somebody's name, and how the old keys stop them. */

import { ApiProblem, get, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { bodyOf } from "./statements.ts";

/**
 * Objects to new keys for this person's places: whoever can open the old ones has not lost them. What
 * the server does not take now is tried again the next time.
 */
export async function objectToReplacements(keys: Keys): Promise<void> {
  const { memberships } = keys;
  if (memberships.length === 0) return;
  try {
    for (const { envelope } of await get<Api.Replacement[]>("/api/replacements")) {
      const { id, body } = bodyOf(envelope, "member");
      const place = memberships.find(({ certificate }) => certificate === body.replaces);
      if (place === undefined || body.replaces === "" || body.prior !== "") continue;
      const as = { membership: place.id };
      const statement = keys.sign(as, "revoke", { target_id: id, reason: "mistake" });
      await post("/api/replacements/objections", { statement });
    }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
  }
}
