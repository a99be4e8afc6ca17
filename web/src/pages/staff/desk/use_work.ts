/** A checker's work on the letter that is shown, and keeping what was typed. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { OnDesk } from "../../../acts/checking.ts";
import { useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { beforeLock } from "../../../leaving.ts";
import { forgetWork, isWorthKeeping, keepWork, keptWork, UNTOUCHED, type Work } from "./work.ts";

const PAUSE = 3_000;

/** Work on letters of this sitting, for a letter that is shown again: it goes with the keys. */
const inHand = new WeakMap<Keys, Map<string, Work>>();

function handOf(keys: Keys): Map<string, Work> {
  const hand = inHand.get(keys) ?? new Map<string, Work>();
  inHand.set(keys, hand);
  return hand;
}

/** The letter is decided: nothing of the work on it stays. */
export function letGo(keys: Keys, letter: string, statement: string): void {
  const work = handOf(keys).get(statement);
  handOf(keys).delete(statement);
  // A note that cannot be thrown away now is never shown again: its letter has left the queue.
  if (work !== undefined && isWorthKeeping(work)) forgetWork(letter).catch(() => undefined);
}

export interface AtWork {
  readonly work: Work;
  readonly change: (changed: Partial<Work>) => void;
}

export function useWork(desk: OnDesk): AtWork {
  const keys = useKeys();
  const hand = handOf(keys);
  const [work, setWork] = useState(() => hand.get(desk.statement) ?? UNTOUCHED);
  const newest = useRef(work);
  const isTouched = useRef(hand.has(desk.statement));
  const unkept = useRef(false);

  useEffect(() => {
    if (isTouched.current) return undefined;
    let isWanted = true;
    keptWork(keys, desk).then(
      (kept) => {
        if (kept === null || isTouched.current || !isWanted) return;
        newest.current = kept;
        setWork(kept);
      },
      // Notes that cannot be fetched now are not lost; a letter can be checked without them.
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [desk.statement]);

  const keep = async () => {
    if (!unkept.current) return;
    unkept.current = false;
    await keepWork(keys, desk, newest.current).catch(() => {
      unkept.current = true;
    });
  };

  useEffect(() => {
    const timer = setTimeout(() => void keep(), PAUSE);
    return () => clearTimeout(timer);
  }, [work]);
  useEffect(() => {
    const stay = beforeLock(keep);
    return () => {
      stay();
      void keep();
    };
  }, [desk.statement]);

  const change = (changed: Partial<Work>) => {
    const next = { ...newest.current, ...changed };
    newest.current = next;
    isTouched.current = true;
    hand.set(desk.statement, next);
    // Ticks alone are quick to make again and are not worth a trip.
    if (isWorthKeeping(next)) unkept.current = true;
    setWork(next);
  };
  return { work, change };
}
