/** Beginning to write: every letter is a draft from its first moment. */

import { type Draft, listDrafts, newLetter, saveDraft } from "../../../acts/drafts.ts";
import type { Letterbox } from "../../../acts/letterbox.ts";
import type { Before } from "../../../acts/writing.ts";
import type { Keys } from "../../../keys.ts";

/** A new letter; its id. */
export async function start(
  keys: Keys,
  { arrangement, membership }: Letterbox,
  { text = "" }: { readonly text?: string } = {},
): Promise<string> {
  const letter = newLetter();
  await saveDraft(keys, { letter, arrangement, membership, text, before: null, savedAt: now() });
  return letter;
}

/** The letter that was begun in this letterbox, or a new one. */
export async function startOrGoOn(keys: Keys, box: Letterbox): Promise<string> {
  const begun = draftsIn(await listDrafts(keys), box)[0];
  return begun?.letter ?? start(keys, box);
}

/** New letters that were begun in a letterbox, newest first. */
export function draftsIn(drafts: readonly Draft[], { arrangement }: Letterbox): Draft[] {
  return drafts.filter((draft) => draft.arrangement === arrangement && draft.before === null);
}

/** The next revision of a letter that was sent back, from its own words; or the one that was begun. */
export async function startChange(
  keys: Keys,
  { arrangement, membership }: Letterbox,
  before: Before,
  text: string,
): Promise<void> {
  const drafts = await listDrafts(keys);
  const isBegun = drafts.some(
    (draft) => draft.letter === before.letter && draft.before?.statement === before.statement,
  );
  if (!isBegun)
    await saveDraft(keys, { letter: before.letter, arrangement, membership, text, before, savedAt: now() });
}

const now = (): string => new Date().toISOString();
