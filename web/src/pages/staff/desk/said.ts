/** What is announced when the next letter comes. */

import type { SealedDecision } from "../../../acts/checking.ts";
import { t } from "../../../words.ts";
import type { Done, Said } from "./sitting.ts";

export function said(what: Said): string {
  return what === null ? "" : t(`desk.said.${what}`);
}

/** A delivery or a letter kept on file is done only with its last step. */
export function doneBy({ outcome, isFinal }: SealedDecision): Done {
  if (outcome === "deliver" && !isFinal) return "first";
  if (outcome === "keep" && isFinal) return "kept";
  return outcome;
}
