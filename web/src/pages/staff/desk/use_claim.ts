/** Keeps claims from lapsing while somebody is at the desk, and notices when one is lost. */

import { useEffect, useState } from "preact/hooks";
import { queue, renew } from "../../../acts/checking.ts";
import { ApiProblem } from "../../../api.ts";

const EVERY = 3 * 60_000;
const SIGNS = ["pointerdown", "keydown", "scroll"] as const;

/** A claim that is no longer this person's: who has the letter now, if anybody has. */
export interface Lost {
  readonly letter: string;
  readonly name: string | null;
  /** Null when nobody has it. */
  readonly holder: string | null;
}

/** `claimed`: everything to be kept; `shown`: the letter whose loss is told. */
export function useClaim(shown: string, claimed: () => readonly string[]): Lost | null {
  const [lost, setLost] = useState<Lost | null>(null);
  useEffect(() => {
    setLost(null);
    let isActive = false;
    let isWanted = true;
    const sign = () => {
      isActive = true;
    };
    const keep = async () => {
      // Nobody there: after a quarter of an hour the letter goes back to the queue by itself.
      if (!isActive) return;
      isActive = false;
      for (const letter of new Set([shown, ...claimed()])) {
        const isMine = await renewed(letter);
        if (isMine || letter !== shown) continue;
        const holder = await holderOf(letter);
        if (isWanted) setLost(holder);
      }
    };
    const timer = setInterval(() => void keep(), EVERY);
    for (const kind of SIGNS) addEventListener(kind, sign, { passive: true, capture: true });
    return () => {
      isWanted = false;
      clearInterval(timer);
      for (const kind of SIGNS) removeEventListener(kind, sign, { capture: true });
    };
  }, [shown]);
  return lost?.letter === shown ? lost : null;
}

/** Only a clear answer counts: a bad connection loses no claim. */
async function renewed(letter: string): Promise<boolean> {
  try {
    await renew(letter);
    return true;
  } catch (problem) {
    return !(problem instanceof ApiProblem && (problem.status === 409 || problem.status === 404));
  }
}

export async function holderOf(letter: string): Promise<Lost> {
  const waiting = await queue().catch(() => []);
  const claim = waiting.find((it) => it.letter === letter)?.claim;
  const named: { readonly name?: string | null } = claim ?? {};
  return { letter, name: named.name ?? null, holder: claim?.staff ?? null };
}
