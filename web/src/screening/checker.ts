/** What a checker looks at: the writer's rules, the protected terms, and what only a checker should weigh. */

import { harm } from "./harm.ts";
import { apply, type Flag, type RuleName, tidy } from "./rule.ts";
import { protectedFlags } from "./terms.ts";
import { forEverybody } from "./writer.ts";

export function flagsForChecker(text: string, protectedTerms: readonly string[]): Flag[] {
  return tidy<RuleName>([
    ...apply<RuleName>([...forEverybody, ...harm], text),
    ...protectedFlags(text, protectedTerms),
  ]);
}
