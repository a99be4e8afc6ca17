/** Drafts: sealed, kept on the device at once and on the server as soon as it can be reached. */

import type { Keys } from "../keys.ts";
import type { MessagesChoice } from "./contacts.ts";
import type { Before } from "./writing.ts";

export type { MessagesChoice } from "./contacts.ts";

export interface Draft {
  readonly letter: string;
  readonly arrangement: string;
  readonly membership: string;
  readonly text: string;
  readonly before: Before | null;
  /** Timestamp. */
  readonly savedAt: string;
}

/** Another device, or another tab, has saved a newer version meanwhile. */
export class Elsewhere extends Error {
  override readonly name = "Elsewhere";

  constructor(readonly theirs: Draft | null) {
    super("saved elsewhere");
  }
}

/** A fresh id for a new letter. */
export function newLetter(): string { throw new Error("soon"); }
/** Newest first; those only on this device too. */
export function listDrafts(_keys: Keys): Promise<Draft[]> { throw new Error("soon"); }
/** Where it is kept now. Throws Elsewhere; after it, saving again is over theirs. */
export function saveDraft(_keys: Keys, _draft: Draft): Promise<"server" | "device" | "memory"> { throw new Error("soon"); }
export function deleteDraft(_keys: Keys, _letter: string): Promise<void> { throw new Error("soon"); }
export function keepMessages(_keys: Keys, _choice: MessagesChoice): Promise<"server" | "device" | "memory"> { throw new Error("soon"); }
export function keptMessages(_keys: Keys): Promise<MessagesChoice | null> { throw new Error("soon"); }
/** Once there is a certificate: sets the kept choice as the contact point, and forgets it. */
export function forgetMessages(_keys: Keys): Promise<void> { throw new Error("soon"); }
