/** A letter made ready for its checker: claimed, opened, and what is known beside it. */

import { ApiProblem } from "../../../api.ts";
import { openArrangement, type OpenedArrangement } from "../../../acts/arranging.ts";
import { claim, openOnDesk, type Claim, type OnDesk, type WaitingLetter } from "../../../acts/checking.ts";
import { decisions, type Decision } from "../../../acts/letters.ts";
import { trust } from "../../../acts/statements.ts";
import type { Keys } from "../../../keys.ts";

export interface Ready {
  readonly waiting: WaitingLetter;
  readonly claim: Claim;
  readonly desk: OnDesk;
  /** Plan and notes, from the arrangement as it governs now; null once another team has it. */
  readonly beside: OpenedArrangement | null;
  /** What was decided so far, in words and names; `desk.decided` is what was verified. */
  readonly told: readonly Decision[];
}

/**
 * Claims first: a letter that a colleague has is never opened. The arrangement comes before the
 * letter: what it pins, the letter's history is held to.
 */
export async function prepare(keys: Keys, waiting: WaitingLetter): Promise<Ready> {
  const mine = await claim(waiting.letter);
  const beside = await unlessMoved(openArrangement(keys, waiting.arrangement));
  const [desk, told] = await Promise.all([
    openOnDesk(keys, waiting.letter, waiting.steps > 0 ? "second-decision" : "check"),
    waiting.steps > 0 ? decisions(waiting.letter) : [],
  ]);
  // The queue is the server's word: another family's plan beside the letter would mislead.
  trust(desk.arrangement === waiting.arrangement, "other-arrangement");
  // So is that there is no plan, but for one that the log says another team has.
  trust(beside !== null || desk.hasMoved, "other-arrangement");
  return { waiting, claim: mine, desk, beside, told };
}

async function unlessMoved(opening: Promise<OpenedArrangement>): Promise<OpenedArrangement | null> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  }
}

/** Words that must not get through, as far as they are known here. */
export function protectedTerms({ beside }: Ready): readonly string[] {
  return beside?.notes.protected ?? [];
}
