/** What is inside a draft: one JSON object that says what kind it is. */

import type { Keys } from "../keys.ts";
import { text as readText, utf8 } from "../seal/index.ts";
import { type Of, type Shape, integer, list, matching, object, oneOf } from "../seal/shape.ts";
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
}

const id = matching(/^[0-9a-f]{32}$/);
const words = matching(/^[^]*$/);
const isBefore = object({ letter: id, rev: integer(1), statement: matching(/^[0-9a-f]{64}$/) });
const isBeforeOrNull: Shape<Before | null> = (value): value is Before | null => value === null || isBefore(value);

const isLetter = object({
  v: oneOf(1),
  kind: oneOf("letter"),
  arrangement: id,
  membership: id,
  text: words,
  before: isBeforeOrNull,
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
export type Content = LetterContent | Of<typeof isMessages>;

export function sealContent(keys: Keys, draft: string, content: Content): Promise<Uint8Array<ArrayBuffer>> {
  return keys.sealDraft(draft, utf8(JSON.stringify(content)));
}

export async function openContent(keys: Keys, draft: string, sealed: Uint8Array): Promise<Content> {
  return readContent(readText(await opened(keys.openDraft(draft, sealed))));
}

export function readContent(json: string): Content {
  const value: unknown = JSON.parse(json);
  if (isLetter(value) || isMessages(value)) return value;
  throw new Untrusted("draft");
}
