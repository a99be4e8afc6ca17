/** Why, in words for the writer: the list of `crates/domain/src/decision.rs`. */

import { t } from "../../../words.ts";

const REASONS = [
  "fits-plan",
  "contact-details",
  "names",
  "places",
  "photo",
  "promise",
  "hard-news",
  "plan",
  "hurtful",
  "unreadable",
  "risk",
  "not-allowed",
  "reader-asked",
  "other",
] as const;

/** A reason that this version does not know is explained by the worker's own words. */
export function reasonWords(reason: string): string {
  return t(`letters.reason.${REASONS.find((each) => each === reason) ?? "other"}`);
}
