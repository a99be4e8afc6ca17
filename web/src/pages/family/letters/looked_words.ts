/** Why somebody of the staff opened a letter, in words. */

import { t } from "../../../words.ts";

const WHYS = ["check", "second-decision", "another-look", "sample", "worry", "reseal"] as const;

/** `who` as a sentence begins: "Priya, letterbox worker,". */
export function lookedAt(why: string, who: string, isMine: boolean): string {
  const known = WHYS.find((each) => each === why) ?? "check";
  return t(isMine ? `letters.looked.${known}` : `letters.looked.to.${known}`, { who });
}
