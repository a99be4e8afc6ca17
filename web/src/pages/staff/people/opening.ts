/** Opening many arrangements, a few at a time, as far as they are wanted. */

import { useEffect, useState } from "preact/hooks";
import { openArrangement, type OpenedArrangement } from "../../../acts/arranging.ts";
import type { Keys } from "../../../keys.ts";

const AT_ONCE = 4;

/** What came of opening one: null when it cannot be opened here. */
export type OpenedOrNot = OpenedArrangement | null;

/** Opens `ids` in their order; the map grows while it does. */
export function useOpenedArrangements(keys: Keys, ids: readonly string[]): ReadonlyMap<string, OpenedOrNot> {
  const [opened, setOpened] = useState<ReadonlyMap<string, OpenedOrNot>>(new Map());
  const missing = ids.filter((id) => !opened.has(id)).slice(0, AT_ONCE);
  useEffect(() => {
    if (missing.length === 0) return undefined;
    let isWanted = true;
    Promise.all(missing.map(async (id) => [id, await tried(keys, id)] as const)).then((found) => {
      if (isWanted) setOpened((before) => new Map([...before, ...found]));
    });
    return () => {
      isWanted = false;
    };
  }, [missing.join(" ")]);
  return opened;
}

/** One that does not open must not keep the others from being shown. */
async function tried(keys: Keys, id: string): Promise<OpenedOrNot> {
  try {
    return await openArrangement(keys, id);
  } catch {
    return null;
  }
}

/** "Beth, Tom – Kerry": each side's names. */
export function namesOf({ plan }: OpenedArrangement): string {
  const sides = [...new Set(plan.people.map(({ side }) => side))].sort();
  const names = (side: string) => plan.people.filter((each) => each.side === side).map(({ name }) => name);
  return sides.map((side) => names(side).join(", ")).join(" – ");
}
