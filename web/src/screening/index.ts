/**
 * What in a letter somebody may want to look at again: advice with a reason and a place, found in the
 * browser alone. It never says that a letter is safe, and a sad letter is no reason for a flag.
 *
 * The family site imports `writer.ts` itself, so that it carries none of the checkers' rules.
 */

export { flagsForChecker } from "./checker.ts";
export type { Flag, RuleName, Severity, WriterRule } from "./rule.ts";
export { flagsForWriter } from "./writer.ts";
