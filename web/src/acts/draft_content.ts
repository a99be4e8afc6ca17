/** What is inside a draft: one JSON object that says what kind it is. */

import type { Keys } from "../keys.ts";
import { text as readText, utf8 } from "../seal/index.ts";
import { type Of, type Shape, boolean, integer, list, matching, object, oneOf } from "../seal/shape.ts";
import { Untrusted } from "./errors.ts";
import { opened } from "./statements.ts";
import type { Before } from "./writing.ts";

/** A letter being written. */
export interface Draft {
  readonly letter: string;
  readonly arrangement: string;
  readonly membership: string;
  readonly text: string;
  readonly before: Before | null;
  /** Timestamp. */
  readonly savedAt: string;
  /** Where in the text its writer stopped. */
  readonly cursor?: number;
}

/** What a reader has done with a letter, for themselves alone: no writer ever learns it. */
export interface Reading {
  readonly letter: string;
  /** It was opened to be read. */
  readonly seen: boolean;
  /** Kept for later: until a day, until they ask, or by the agency; "" when it is not. */
  readonly until: string;
  /** The check it failed, once the team was told; "" when it was not. */
  readonly told: string;
}

const id = matching(/^[0-9a-f]{32}$/);
const words = matching(/^[^]*$/);
const isBefore = object({ letter: id, rev: integer(1), statement: matching(/^[0-9a-f]{64}$/) });
const isBeforeOrNull: Shape<Before | null> = (value): value is Before | null =>
  value === null || isBefore(value);

const isLetter = object({
  v: oneOf(1),
  kind: oneOf("letter"),
  arrangement: id,
  membership: id,
  text: words,
  before: isBeforeOrNull,
  cursor: integer(0),
  saved_at: words,
});
export type LetterContent = Of<typeof isLetter>;

const isMessages = object({
  v: oneOf(1),
  kind: oneOf("messages"),
  channel: oneOf("email", "text", "post"),
  address: words,
  lang: oneOf("en", "cy"),
  avoid: list(words),
  saved_at: words,
});

/** One of these holds every letter that somebody has had: accounts have room for few drafts. */
const isLater = object({
  v: oneOf(1),
  kind: oneOf("later"),
  letters: list(object({ letter: id, seen: boolean, until: words, told: words })),
  saved_at: words,
});
export type Content = LetterContent | Of<typeof isMessages> | Of<typeof isLater>;

export function sealContent(keys: Keys, draft: string, content: Content): Promise<Uint8Array<ArrayBuffer>> {
  return keys.sealDraft(draft, utf8(JSON.stringify(content)));
}

export async function openContent(keys: Keys, draft: string, sealed: Uint8Array): Promise<Content> {
  return readContent(readText(await opened(keys.openDraft(draft, sealed))));
}

export function readContent(json: string): Content {
  const value: unknown = JSON.parse(json);
  if (isLetter(value) || isMessages(value) || isLater(value)) return value;
  throw new Untrusted("draft");
}
