/** Whether the end of a letter and every photo have been on screen. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface Seen {
  /** For the element that ends the letter, and each photo. */
  readonly watch: (element: HTMLElement | null) => void;
  /** The names (`data-seen`) of all that was on screen. */
  readonly names: ReadonlySet<string>;
}

export const END = "end";
export const photoName = (index: number): string => `photo-${index}`;

/** Starts anew with each letter. */
export function useSeen(letter: string): Seen {
  const [names, setNames] = useState<ReadonlySet<string>>(new Set());
  const watched = useRef(new Set<HTMLElement>());
  const observer = useRef<IntersectionObserver | null>(null);

  useEffect(() => {
    setNames(new Set());
    const looking = new IntersectionObserver(
      (entries) => {
        const shown = entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target);
        const fresh = shown.flatMap((it) => (it instanceof HTMLElement ? [it.dataset["seen"] ?? ""] : []));
        if (fresh.length > 0) setNames((names) => new Set([...names, ...fresh]));
      },
      // Half of a photo is the photo; what is under the bar with the decisions is not on screen.
      { threshold: 0.5, rootMargin: "0px 0px -64px 0px" },
    );
    observer.current = looking;
    for (const element of watched.current) looking.observe(element);
    return () => looking.disconnect();
  }, [letter]);

  const watch = useCallback((element: HTMLElement | null) => {
    if (element === null || watched.current.has(element)) return;
    watched.current.add(element);
    observer.current?.observe(element);
  }, []);
  return { watch, names };
}
