/** Wrong words since the page was loaded, and how long to wait after five of them. */

import { ApiProblem } from "../../../api.ts";

const MOST = 5;
const WAIT_MS = 60_000;

let wrong = 0;
let until = 0;

export function wasWrong(): void {
  wrong += 1;
  if (wrong % MOST === 0) until = Date.now() + WAIT_MS;
}

/** The server counts too, over every device, and says when to come back. */
export function wasRefused({ retryAfter = 60 }: ApiProblem): void {
  until = Date.now() + retryAfter * 1_000;
}

export function wasRight(): void {
  wrong = 0;
  until = 0;
}

/** Milliseconds still to wait. */
export function toWait(): number {
  return Math.max(0, until - Date.now());
}
