/**
 * From whom to whom a letter goes, for a list: read from its statement without its history, so it
 * is for display alone. Opening the letter verifies it.
 */

import { openArrangement, type OpenedArrangement } from "../../../acts/arranging.ts";
import type { WaitingLetter } from "../../../acts/checking.ts";
import { personOf } from "../../../acts/plan.ts";
import { bodyOf, statement } from "../../../acts/statements.ts";
import type { Keys } from "../../../keys.ts";
import { t } from "../../../words.ts";
import { roleName } from "./roles.ts";

export type Arrangements = (arrangement: string) => Promise<OpenedArrangement>;

/** Opens each arrangement once. */
export function openedOnce(keys: Keys): Arrangements {
  const opened = new Map<string, Promise<OpenedArrangement>>();
  return (arrangement) => {
    const known = opened.get(arrangement) ?? openArrangement(keys, arrangement);
    opened.set(arrangement, known);
    return known;
  };
}

/** Null when this person's keys do not open the arrangement. */
export async function directionOf(open: Arrangements, letter: WaitingLetter): Promise<string | null> {
  try {
    const [{ envelope }, { plan, cards }] = await Promise.all([
      statement(letter.statement),
      open(letter.arrangement),
    ]);
    const { author, to } = bodyOf(envelope, "submit").body;
    const named = (membership: string): string => {
      const person = personOf(plan, membership);
      const name = person?.name ?? cards.get(membership)?.name ?? t("desk.facts.unnamed");
      const role = person?.role ?? cards.get(membership)?.relationship;
      return role === undefined ? name : t("desk.person", { name, role: roleName(role) });
    };
    return t("desk.direction", { from: named(author), to: to.map(named).join(", ") });
  } catch {
    return null;
  }
}
