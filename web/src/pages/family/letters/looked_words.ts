/** Why somebody of the staff opened a letter, in words. */

import { t, tKnown } from "../../../words.ts";

/** `who` as a sentence begins: "Priya, letterbox worker,". */
export function lookedAt(why: string, who: string, isMine: boolean): string {
  const area = isMine ? "letters.looked" : "letters.looked.to";
  return tKnown(`${area}.${why}`, { who }) ?? t(`${area}.check`, { who });
}
