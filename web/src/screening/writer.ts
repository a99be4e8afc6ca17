/** What a writer may want to look at again before handing in. They can leave all of it. */

import { contact } from "./contact.ts";
import { meeting } from "./meeting.ts";
import { places } from "./places.ts";
import { apply, type Flag, type WriterRule } from "./rule.ts";

/** What writers and checkers look at alike. */
export const forEverybody = [...contact, ...places, ...meeting];

export function flagsForWriter(text: string): Flag<WriterRule>[] {
  return apply(forEverybody, text);
}
