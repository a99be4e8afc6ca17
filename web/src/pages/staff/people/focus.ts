/** One page with several steps: the focus is never left on what is gone. */

import { useEffect, useRef } from "preact/hooks";
import { type Load, useLoad } from "../../../parts/load.tsx";

function toHeading(): void {
  const heading = document.querySelector("h1");
  if (heading instanceof HTMLElement) heading.focus();
}

/** A step begins where a new page would: on the H1. */
export function useHeading(): void {
  useEffect(toHeading, []);
}

/** When `state` changed and what had the focus is gone with it, reading begins at the H1 again. */
export function useFocusKept(state: unknown): void {
  useEffect(() => {
    if (document.activeElement === document.body) toHeading();
  }, [state]);
}

/** As `useLoad`, but what is there stays on screen while it is fetched again. */
export function useSteadyLoad<T>(load: () => Promise<T>, deps: readonly unknown[]): Load<T> {
  const newest = useLoad(load, deps);
  const last = useRef<Load<T> | null>(null);
  if (newest.state === "here") last.current = newest;
  useFocusKept(newest.state === "here" ? newest.data : null);
  return newest.state === "waiting" ? (last.current ?? newest) : newest;
}
