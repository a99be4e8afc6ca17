/** One letter with the letterbox it belongs to, and what its reader has done with it. */

import { ApiProblem } from "../../../api.ts";
import { CannotOpen, findLetter, type Letter } from "../../../acts/letters.ts";
import { type Letterbox, letterboxes } from "../../../acts/letterbox.ts";
import { type Draft, keepReading, type Reading, readings } from "../../../acts/drafts.ts";
import { Missing } from "../../../acts/errors.ts";
import type { Keys } from "../../../keys.ts";

export interface Placed {
  readonly letter: Letter;
  readonly box: Letterbox;
}

/** `direction`: what the page is about; a letter of the other kind is not to be seen on it. */
export async function placed(keys: Keys, id: string, direction?: "sent" | "received"): Promise<Placed> {
  const [letter, boxes] = await Promise.all([findLetter(id), letterboxes(keys)]);
  if (direction !== undefined && letter.direction !== direction)
    throw new ApiProblem(404, "not-found", "", {});
  const box = boxOf(boxes, letter.arrangement);
  if (box === undefined) throw new Missing("the letterbox");
  return { letter, box };
}

export function boxOf(boxes: readonly Letterbox[], arrangement: string): Letterbox | undefined {
  return boxes.find((box) => box.arrangement === arrangement);
}

/** Whether the arrangement lets this person write. */
export function mayWrite({ standing, membership }: Letterbox): boolean {
  return standing.members.some((place) => place.membership === membership && place.write);
}

/** What `run` gives, or why the letter does not open. Other problems are thrown. */
export async function orUnopened<T>(run: () => Promise<T>): Promise<T | CannotOpen> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof CannotOpen) return error;
    throw error;
  }
}

/** Notes something about a letter for its reader alone, beside what was noted before. */
export async function note(
  keys: Keys,
  letter: string,
  change: Partial<Omit<Reading, "letter">>,
): Promise<void> {
  const before = readingOf(await readings(keys), letter);
  await keepReading(keys, { ...before, ...change });
}

export function readingOf(all: readonly Reading[], letter: string): Reading {
  return all.find((each) => each.letter === letter) ?? { letter, seen: false, until: "", told: "" };
}

/** Whether it is out of the way for now: until a day that is still to come, or until they ask. */
export function isKept({ until }: Reading, today: string): boolean {
  return until === "ask" || until === "agency" || (until !== "" && until > today);
}

/** Drafts that are still to be handed in: an answer that was lost may have left one behind. */
export function unsent(drafts: readonly Draft[], letters: readonly Letter[]): Draft[] {
  return drafts.filter(
    ({ letter, before }) => !letters.some((each) => each.letter === letter && each.rev > (before?.rev ?? 0)),
  );
}
