/** What Home shows: one thing, the most pressing, and letters that are late. No screen, no words. */

import type { Draft, Reading } from "../../../acts/drafts.ts";
import type { Letter } from "../../../acts/letters.ts";
import type { Letterbox } from "../../../acts/letterbox.ts";
import { addDays, addWorkingDays, turnaround } from "../working_days.ts";
import { isKept, readingOf } from "./placed.ts";

export interface Found {
  readonly boxes: readonly Letterbox[];
  readonly letters: readonly Letter[];
  readonly drafts: readonly Draft[];
  readonly readings: readonly Reading[];
  /** A day in London. */
  readonly today: string;
}

export type Card =
  | { readonly kind: "change" | "new"; readonly letter: string; readonly more: number }
  | { readonly kind: "draft"; readonly draft: Draft; readonly more: number }
  | { readonly kind: "due"; readonly month: number; readonly more: number }
  /** `month` of the next letter, either way; null when the plans have none. */
  | { readonly kind: "nothing"; readonly month: number | null };

/** Days before a month from which its letter may be written. */
const EARLY = 14;

export function cardOf(found: Found): Card {
  const back = found.letters.filter(
    ({ direction, state }) => direction === "sent" && ["needs_change", "send_again"].includes(state),
  );
  const fresh = found.letters.filter((letter) => isNew(letter, found.readings, found.today));
  // A draft of a letter that was sent back is that letter's own.
  const drafts = found.drafts.filter(({ letter }) => !back.some((each) => each.letter === letter));
  const due = found.boxes.flatMap((box) => dueMonth(box, found) ?? []);
  const all = back.length + fresh.length + drafts.length;
  const [first, unread, draft, month] = [back[0], fresh[0], drafts[0], due[0]];
  if (first !== undefined) return { kind: "change", letter: first.letter, more: all - 1 };
  if (unread !== undefined) return { kind: "new", letter: unread.letter, more: all - 1 };
  if (draft !== undefined) return { kind: "draft", draft, more: all - 1 };
  if (month !== undefined) return { kind: "due", month, more: 0 };
  return { kind: "nothing", month: nextMonth(found) };
}

/** Received, and neither opened nor kept for later. */
export function isNew(letter: Letter, readings: readonly Reading[], today: string): boolean {
  if (letter.direction !== "received" || letter.state !== "passed_on") return false;
  const reading = readingOf(readings, letter.letter);
  if (isKept(reading, today)) return false;
  // What was kept until a day comes back on it, read or not.
  return !reading.seen || reading.until !== "";
}

function dueMonth(box: Letterbox, { letters, drafts, today }: Found): number | null {
  const mayWrite =
    box.standing.members.find(({ membership }) => membership === box.membership)?.write === true;
  if (!mayWrite || drafts.some(({ arrangement }) => arrangement === box.arrangement)) return null;
  for (const first of [firstOf(today), firstOf(addDays(today, EARLY))]) {
    if (isPlanned(box, box.side, first) && !isDone(box, box.side, first, letters))
      return Number(first.slice(5, 7));
  }
  return null;
}

function nextMonth({ boxes, letters, today }: Found): number | null {
  let first = firstOf(today);
  for (let ahead = 0; ahead <= 12; ahead++, first = firstOf(addDays(first, 31))) {
    const planned = boxes.flatMap((box) => Object.keys(box.plan.months).map((side) => ({ box, side })));
    const open = planned.some(
      ({ box, side }) => isPlanned(box, side, first) && !isDone(box, side, first, letters),
    );
    if (open) return Number(first.slice(5, 7));
  }
  return null;
}

export interface Late {
  readonly box: Letterbox;
  /** When the agency says more; null when that day is past. */
  readonly by: string | null;
}

/** Letters that another side planned for one of the two months before this one, and that did not come. */
export function lateOnes(found: Found, policy: Readonly<Record<string, unknown>>): Late[] {
  return found.boxes.flatMap((box) => {
    const mayRead =
      box.standing.members.find(({ membership }) => membership === box.membership)?.read === true;
    const sides = Object.keys(box.plan.months).filter((side) => side !== box.side);
    const late = mayRead ? sides.flatMap((side) => lateMonth(box, side, found) ?? []) : [];
    const newest = late.sort().reverse()[0];
    if (newest === undefined) return [];
    const by = addWorkingDays(firstOf(addDays(newest, 31)), turnaround(policy), policy);
    return [{ box, by: by >= found.today ? by : null }];
  });
}

function lateMonth(box: Letterbox, side: string, { letters, today }: Found): string | null {
  const thisMonth = firstOf(today);
  const before = firstOf(addDays(thisMonth, -1));
  for (const first of [before, firstOf(addDays(before, -1))]) {
    // What was agreed after a month says nothing about that month.
    const isAgreed = box.plan.reviewed_on < first;
    if (isAgreed && isPlanned(box, side, first) && !isDone(box, side, first, letters)) return first;
  }
  return null;
}

const firstOf = (day: string): string => `${day.slice(0, 7)}-01`;

function isPlanned({ plan }: Letterbox, side: string, first: string): boolean {
  return plan.months[side]?.includes(Number(first.slice(5, 7))) === true;
}

/** Whether a side's letter of a month was sent, or has come, since shortly before it. */
function isDone(box: Letterbox, side: string, first: string, letters: readonly Letter[]): boolean {
  const since = addDays(first, -EARLY);
  return letters.some((letter) => {
    if (letter.arrangement !== box.arrangement || letter.state === "withdrawn") return false;
    const isMine = letter.direction === "sent";
    if (isMine !== (side === box.side)) return false;
    const author = box.plan.people.find(({ membership }) => membership === letter.author);
    const isOther = !isMine && author !== undefined && author.side !== side;
    const at = isMine ? letter.submitted_at : (letter.released_at ?? "");
    return !isOther && at.slice(0, 10) >= since;
  });
}
