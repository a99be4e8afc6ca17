/** The letterboxes of a person: one for each place in an arrangement, verified and pinned. */

import type { Keys } from "../keys.ts";
import type { Plan } from "./plan.ts";
import type { Standing } from "./standing.ts";

export interface Letterbox {
  readonly membership: string;
  readonly arrangement: string;
  readonly certificate: string;
  readonly role: string;
  readonly side: string;
  readonly standing: Standing;
  readonly plan: Plan;
}

/**
 * Those that are ready to write and read in. A place that was certified but is not yet in the
 * arrangement's governing version is not among them.
 */
export function letterboxes(_keys: Keys): Promise<Letterbox[]> { throw new Error("soon"); }
