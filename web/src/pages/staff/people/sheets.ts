/**
 * Codes of sheets made in this browser, until the letterbox is locked. They exist nowhere else: whoever
 * holds a code can join with it.
 */

import type { Sheet } from "../../../acts/staffing.ts";
import { beforeLock } from "../../../leaving.ts";

const made = new Map<string, Sheet>();
let isListening = false;

export function keepSheet(sheet: Sheet): void {
  made.set(sheet.invite, sheet);
  if (isListening) return;
  isListening = true;
  beforeLock(async () => made.clear());
}

/** The sheet of an invitation, if this browser made it since it was opened. */
export function sheetOf(invite: string): Sheet | null {
  return made.get(invite) ?? null;
}
