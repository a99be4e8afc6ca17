/** What must happen when the page is left with a decision in the outbox. */

import { useEffect } from "preact/hooks";
import { outbox } from "./outbox.ts";

/** Sends what is held when another page is gone to; asks first when the site is left. */
export function useOutboxOnLeaving(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (outbox.items.some(({ state }) => state !== "refused")) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => {
      removeEventListener("beforeunload", ask);
      void outbox.flush();
    };
  }, []);
}
