/**
 * What in a letter somebody may want to look at again: advice with a reason and a place, found in the
 * browser alone. It never says that a letter is safe, and a sad letter is no reason for a flag.
 */

import { contact } from "./contact.ts";
import { harm } from "./harm.ts";
import { meeting } from "./meeting.ts";
import { places } from "./places.ts";
import { apply, tidy, type Flag, type RuleName, type WriterRule } from "./rule.ts";
import { protectedFlags } from "./terms.ts";

export type { Flag, RuleName, Severity, WriterRule } from "./rule.ts";

const forEverybody = [...contact, ...places, ...meeting];

/** What a writer may want to change before handing in. They can leave all of it. */
export function flagsForWriter(text: string): Flag<WriterRule>[] {
  return apply(forEverybody, text);
}

/** The same, the arrangement's protected terms, and what only a checker should weigh. */
export function flagsForChecker(text: string, protectedTerms: readonly string[]): Flag[] {
  return tidy<RuleName>([...apply<RuleName>([...forEverybody, ...harm], text), ...protectedFlags(text, protectedTerms)]);
}
