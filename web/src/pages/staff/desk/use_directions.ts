/** Fills in the directions of a list, one letter after the other, while the list is already shown. */

import { useEffect, useState } from "preact/hooks";
import type { WaitingLetter } from "../../../acts/checking.ts";
import { useKeys } from "../../../app.tsx";
import { directionOf, openedOnce } from "./direction.ts";

/** By letter; null where it cannot be told. */
export type Directions = ReadonlyMap<string, string | null>;

export function useDirections(letters: readonly WaitingLetter[]): Directions {
  const keys = useKeys();
  const [directions, setDirections] = useState<Directions>(new Map());
  useEffect(() => {
    let isWanted = true;
    const open = openedOnce(keys);
    const fill = async () => {
      for (const letter of letters) {
        const direction = await directionOf(open, letter);
        if (!isWanted) return;
        setDirections((known) => new Map([...known, [letter.letter, direction]]));
      }
    };
    void fill();
    return () => {
      isWanted = false;
    };
  }, [letters]);
  return directions;
}
