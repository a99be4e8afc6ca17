/** What a rule is: where to look in a text, and when not to. Rules advise; people decide. */

/** What a writer may want to look at again; each name has its words in the areas `write` and `desk`. */
export type WriterRule =
  "postcode" | "phone" | "email" | "link" | "handle" | "number" | "place" | "routine" | "meeting" | "secret";
/** What a flag is about: the writer's, and what only a checker should weigh. */
export type RuleName = WriterRule | "term" | "promise" | "pressure" | "hard-news" | "danger";

/** `urgent` is for somebody's safety: it goes to a person at once. */
export type Severity = "gentle" | "strong" | "urgent";

export interface Flag<R extends RuleName = RuleName> {
  readonly rule: R;
  /** In UTF-16 units of the text, as `slice` counts. */
  readonly start: number;
  readonly end: number;
  readonly severity: Severity;
}

export interface Rule<R extends RuleName = RuleName> {
  readonly rule: R;
  readonly severity: Severity;
  /** Global; it begins where a word does. A group named `span` is what is flagged, or else the whole match. */
  readonly find: RegExp;
  /** What the match must be besides. */
  readonly when?: (found: string) => boolean;
  /** Said in the same sentence, it is nothing to look at. */
  readonly unless?: RegExp;
}

const RANK: Readonly<Record<Severity, number>> = { gentle: 0, strong: 1, urgent: 2 };

/** Every flag of some rules, in the order of the text; what lies within a graver or equal one is left out. */
export function apply<R extends RuleName>(rules: readonly Rule<R>[], text: string): Flag<R>[] {
  return tidy(rules.flatMap((rule) => [...found(rule, text)]));
}

/** In order, without those that another covers. */
export function tidy<R extends RuleName>(flags: readonly Flag<R>[]): Flag<R>[] {
  const ordered = [...flags].sort(
    (a, b) => a.start - b.start || b.end - a.end || RANK[b.severity] - RANK[a.severity],
  );
  return ordered.filter(
    (flag, at) => !ordered.some((other, there) => there !== at && covers(other, there, flag, at)),
  );
}

function covers(other: Flag, there: number, flag: Flag, at: number): boolean {
  if (other.start > flag.start || other.end < flag.end || RANK[other.severity] < RANK[flag.severity])
    return false;
  const isSame = other.start === flag.start && other.end === flag.end && other.severity === flag.severity;
  return !isSame || there < at;
}

function* found<R extends RuleName>(
  { rule, severity, find, when, unless }: Rule<R>,
  text: string,
): Generator<Flag<R>> {
  const finder = new RegExp(find);
  for (let match = finder.exec(text); match !== null; match = finder.exec(text)) {
    // Old phones have no lookbehind: what begins within a word is looked for again one further on.
    if (isWithinWord(text, match.index)) {
      finder.lastIndex = match.index + 1;
      continue;
    }
    const span = match.groups?.["span"] ?? match[0];
    const start = match.index + match[0].indexOf(span);
    const end = start + span.length;
    if (span === "" || (when !== undefined && !when(span))) continue;
    if (unless?.test(sentence(text, start, end))) continue;
    yield { rule, start, end, severity };
  }
}

/** Whether a letter or digit goes before and goes on at a place. */
function isWithinWord(text: string, at: number): boolean {
  return at > 0 && WORD.test(text.slice(at - 1, at)) && WORD.test(text.slice(at, at + 1));
}

const WORD = /[\p{L}\d]/u;

/** The sentence or sentences around a span. */
function sentence(text: string, start: number, end: number): string {
  const before = text.slice(0, start).search(/[^.!?\n]*$/);
  const rest = text.slice(end);
  const after = rest.search(/[.!?\n]/);
  return text.slice(before, after === -1 ? text.length : end + after + 1);
}
