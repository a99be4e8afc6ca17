/**
 * Generated words, from the EFF long list without its hyphenated entries. Loaded on its own,
 * because only the pages that make a card or help with typing need the 60 kB of list.
 */

import listText from "../../../crates/seal/src/words.txt";
import { random } from "./bytes.ts";

export const WORDS: readonly string[] = listText.trim().split("\n");

/** Words drawn uniformly and independently: four for family, six for staff and custodians. */
export function generateWords(count: number): string[] {
  return Array.from({ length: count }, () => WORDS[below(WORDS.length)] as string);
}

/** A uniform number below `limit` (at most 2^16), by rejection. */
function below(limit: number): number {
  const whole = 0x10000 - (0x10000 % limit);
  for (;;) {
    const [high = 0, low = 0] = random(2);
    const drawn = high * 256 + low;
    if (drawn < whole) return drawn % limit;
  }
}
