/**
 * The arrangement's protected terms (a surname, a school, a town), found however they are spelled:
 * case, accents and spaces do not matter, a long term may have one slip, and Welsh may change how a
 * term begins. Only checkers have the terms, so only their browsers look for them.
 */

import type { Flag } from "./rule.ts";

/** From this many letters on, one letter may be wrong, missing, extra or swapped with the next. */
const LONG = 5;

/** How the first letters of a word change in Welsh: soft, aspirate and nasal mutation. */
const MUTATIONS: readonly (readonly [string, readonly string[]])[] = [
  ["ll", ["l"]],
  ["rh", ["r"]],
  ["c", ["g", "ch", "ngh"]],
  ["p", ["b", "ph", "mh"]],
  ["t", ["d", "th", "nh"]],
  ["g", ["", "ng"]],
  ["b", ["f", "m"]],
  ["d", ["dd", "n"]],
  ["m", ["f"]],
];

interface Token {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Letters and digits alone, lower case, without accents. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

function tokens(text: string): Token[] {
  return [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*/gu)].map((match) => ({
    word: plain(match[0].replace(/['’]s$/, "")),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** A term and the shapes a Welsh sentence gives it. */
function shapes(term: string): string[] {
  const own = plain(term);
  const [from, to] = MUTATIONS.find(([first]) => own.startsWith(first)) ?? ["", []];
  const mutated = to.map((first) => first + own.slice(from.length));
  // A short word with another beginning is another word.
  return own.length < LONG ? [own] : [own, ...mutated];
}

export function protectedFlags(text: string, terms: readonly string[]): Flag[] {
  const words = tokens(text);
  return terms.flatMap((term) => {
    const wanted = shapes(term).filter((shape) => shape !== "");
    const longest = Math.max(0, ...wanted.map(({ length }) => length)) + 1;
    return words.flatMap((_, at) => {
      const flag = best(words, at, wanted, longest);
      return flag === null ? [] : [flag];
    });
  });
}

/** The term, if it begins at one of the words; across words, as "Hill side" for "Hillside". */
function best(words: readonly Token[], at: number, wanted: readonly string[], longest: number): Flag | null {
  let joined = "";
  let found: Flag | null = null;
  const start = words[at]?.start ?? 0;
  for (let next = at; next < words.length; next++) {
    const { word, end } = words[next] ?? { word: "", end: start };
    joined += word;
    if (joined.length > longest) break;
    if (wanted.includes(joined)) return { rule: "term", start, end, severity: "strong" };
    const isNear = wanted.some((shape) => shape.length >= LONG && isOneSlip(joined, shape));
    if (isNear && found === null) found = { rule: "term", start, end, severity: "gentle" };
  }
  return found;
}

/** Whether two different words are one letter or one swap apart. */
function isOneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  const [restA, restB] = [a.slice(from), b.slice(from)];
  if (a.length > b.length) return restA.slice(1) === restB;
  if (a.length < b.length) return restA === restB.slice(1);
  const isSwap = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return restA.slice(1) === restB.slice(1) || isSwap;
}
