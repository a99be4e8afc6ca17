/** Letters as their writers and readers have them. */

import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import type { Part } from "../seal/index.ts";
import type { Letterbox } from "./letterbox.ts";

export { CannotOpen } from "./errors.ts";

export interface Receipt {
  readonly phrase: "thanks" | "will-write";
  readonly at: string;
  readonly statement: string;
}

export type Letter = Api.Letter & { readonly receipt?: Receipt | null };
export type Decision = Api.Decision & { readonly name?: string | null };
export type Opening = Api.Opening & { readonly name?: string | null };
export type OpeningOfLetter = Opening & { readonly letter: string };

/** What staff wrote beside a decision, to this person. */
export interface Remark {
  readonly kind: "comment" | "note";
  /** The decision it came with. */
  readonly decision: string;
  readonly text: string;
}

/** A letter that passed every check. */
export interface Opened {
  readonly letter: Letter;
  readonly parts: readonly Part[];
  /** All its text. */
  readonly text: string;
  readonly remarks: readonly Remark[];
  readonly decisions: readonly Decision[];
}

export interface LetterMeta {
  readonly words: number;
  readonly photos: number;
  /** A note from staff to this reader. */
  readonly note: string | null;
}

/** Newest first, both directions, every letterbox. */
export function listLetters(): Promise<Letter[]> { throw new Error("soon"); }
/** One of them; ApiProblem 404 when it is not theirs. Nothing is opened. */
export function findLetter(_letter: string): Promise<Letter> { throw new Error("soon"); }
/** Throws CannotOpen. */
export function readLetter(_keys: Keys, _letterbox: Letterbox, _letter: string): Promise<Opened> { throw new Error("soon"); }
/** For the page before the letter: opened here, nothing of it shown. Throws CannotOpen. */
export function letterMeta(_keys: Keys, _letterbox: Letterbox, _letter: string): Promise<LetterMeta> { throw new Error("soon"); }
export function decisions(_letter: string): Promise<Decision[]> { throw new Error("soon"); }
export function openings(_letter: string): Promise<Opening[]> { throw new Error("soon"); }
/** Every opening of the person's letters, sent and received, newest first. */
export function allOpenings(): Promise<OpeningOfLetter[]> { throw new Error("soon"); }
/** Until it is opened for checking; ApiProblem 409 after. */
export function withdraw(_keys: Keys, _letterbox: Letterbox, _letter: Letter): Promise<void> { throw new Error("soon"); }
export function sendReceipt(_keys: Keys, _letterbox: Letterbox, _letter: Letter, _phrase: Receipt["phrase"]): Promise<void> { throw new Error("soon"); }
/** `subject`: the decision's statement for `look`, the submit's for `worry`, or null. */
export function tellTeam(_keys: Keys, _letterbox: Letterbox, _about: "worry" | "look" | "plan" | "help", _subject: string | null, _text: string): Promise<void> { throw new Error("soon"); }
/** A `help` message naming the check, never content. */
export function reportCannotOpen(_keys: Keys, _letterbox: Letterbox, _letter: string, _check: string, _code: string): Promise<void> { throw new Error("soon"); }
