/** What was signed counts once the worker has verified it: waiting for that. */

import { useEffect } from "preact/hooks";
import { verdict } from "../../../acts/staffing.ts";

/** The worker refused what was signed. `reason` is a code, and only team managers are told it. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(readonly reason: string | null) {
    super(reason ?? "refused");
  }
}

/** The worker has not got to it yet. Nothing is lost: the page takes up from there. */
export class NotYet extends Error {
  override readonly name = "NotYet";
}

const PAUSE = 1_000;
const PATIENCE = 60_000;

/** Asks again and again until `isDone`. Throws NotYet when that takes longer than a minute. */
export async function until(isDone: () => Promise<boolean>): Promise<void> {
  const over = Date.now() + PATIENCE;
  while (!(await isDone())) {
    if (Date.now() > over) throw new NotYet();
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** Waits until a statement is in the log. Throws Refused or NotYet. */
export async function verified(statement: string): Promise<void> {
  await until(async () => {
    const found = await verdict(statement);
    if (found !== null && !found.logged) throw new Refused(found.reason);
    return found !== null;
  });
}

/** Calls `look` every few seconds while the page is shown and `isOn`. A failed look is tried again. */
export function useLooking(look: () => Promise<void>, isOn: boolean, seconds = 5): void {
  useEffect(() => {
    if (!isOn) return undefined;
    let isBusy = false;
    const timer = setInterval(() => {
      if (isBusy) return;
      isBusy = true;
      look()
        .catch(() => undefined)
        .finally(() => {
          isBusy = false;
        });
    }, seconds * 1_000);
    return () => clearInterval(timer);
  });
}
