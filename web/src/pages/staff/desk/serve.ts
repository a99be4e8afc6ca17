/** Which letters a checker is given, and in which order. */

import type { WaitingLetter } from "../../../acts/checking.ts";

/** Nobody else holds it, and it needs no second person: a first check. */
export function isForFirstCheck(letter: WaitingLetter, me: string): boolean {
  return letter.steps === 0 && (!letter.claim || letter.claim.staff === me);
}

/**
 * What was begun first, then what was given to this checker, then what nobody was given, then the
 * rest: by the day it was promised for, and by when it came in.
 */
export function serve(waiting: readonly WaitingLetter[], me: string): WaitingLetter[] {
  const rank = ({ claim, allocated_to }: WaitingLetter): number => {
    if (claim?.staff === me) return 0;
    if (allocated_to === me) return 1;
    return allocated_to ? 3 : 2;
  };
  const later = "9999-12-31";
  return waiting
    .filter((letter) => isForFirstCheck(letter, me))
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        compare(a.due_on ?? later, b.due_on ?? later) ||
        compare(a.submitted_at, b.submitted_at),
    );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
