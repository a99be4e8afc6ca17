/** The words that somebody is writing down: made here, and nowhere else until they are practised. */

import { makeWords } from "../../../acts/opening.ts";

let card: { readonly account: string; readonly words: readonly string[] } | null = null;

/** The same words until they are used, so that Back and Forward do not change what is on a card. */
export async function cardFor(account: string): Promise<readonly string[]> {
  return wordsOf(account) ?? newCard(account);
}

/** Words made before on this page for this very account. */
export function wordsOf(account: string): readonly string[] | null {
  return card?.account === account ? card.words : null;
}

export async function newCard(account: string): Promise<readonly string[]> {
  const words = await makeWords(4);
  card = { account, words };
  return words;
}

export function dropCard(): void {
  card = null;
}

export type Trial = "same" | "too-many" | "empty" | { readonly word: number };

/** Compares what was typed with the card; the first word that differs, counted from 1. */
export function compare(typed: string, words: readonly string[]): Trial {
  // Letters alone count, as where words open a letterbox.
  const given = typed.toLowerCase().split(/[^a-z]+/).filter((word) => word !== "");
  if (given.length === 0) return "empty";
  if (given.join("") === words.join("")) return "same";
  const pieces = given.length === 1 ? cut(given[0] ?? "", words) : given;
  const wrong = words.findIndex((word, index) => word !== pieces[index]);
  return wrong === -1 ? "too-many" : { word: wrong + 1 };
}

/** Words typed without spaces, as far as they are those of the card. */
function cut(run: string, words: readonly string[]): string[] {
  const pieces: string[] = [];
  let rest = run;
  for (const word of words) {
    if (!rest.startsWith(word)) break;
    pieces.push(word);
    rest = rest.slice(word.length);
  }
  return pieces;
}
