/** Why, in words for the writer: the list of `crates/domain/src/decision.rs`. */

import { t, tKnown } from "../../../words.ts";

/** A reason that this version does not know is explained by the worker's own words. */
export function reasonWords(reason: string): string {
  return tKnown(`letters.reason.${reason}`) ?? t("letters.reason.other");
}
