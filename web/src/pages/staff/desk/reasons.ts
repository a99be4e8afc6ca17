/** Why a letter is sent back or kept: the codes of the API, which families read in words. */

import { t } from "../../../words.ts";

export const CHANGE_REASONS = [
  "contact-details",
  "names",
  "places",
  "photo",
  "promise",
  "hard-news",
  "plan",
  "hurtful",
  "unreadable",
  "other",
] as const;

export const KEEP_REASONS = ["hard-news", "hurtful", "risk", "not-allowed", "reader-asked", "other"] as const;

export type Reason = (typeof CHANGE_REASONS)[number] | (typeof KEEP_REASONS)[number];

/** The reason of every delivery. */
export const FITS_PLAN = "fits-plan";

export function isReason(code: string): code is Reason {
  return [...CHANGE_REASONS, ...KEEP_REASONS].some((each) => each === code);
}

/** As a choice: the words begin a sentence there. */
export function choices<R extends Reason>(reasons: readonly R[]): { readonly value: R; readonly label: string }[] {
  return reasons.map((value) => {
    const words = t(`desk.reason.${value}`);
    return { value, label: words.charAt(0).toUpperCase() + words.slice(1) };
  });
}
