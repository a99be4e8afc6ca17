/** Typed words beside those on a card: spaces and capitals do not matter. */

export function wordsIn(typed: string): string[] {
  return typed
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
}

/** The number, from 1, of the first word that is not as on the card; null when all are. */
export function firstWrong(words: readonly string[], typed: string): number | null {
  const given = wordsIn(typed);
  const at = words.findIndex((word, n) => given[n] !== word);
  if (at !== -1) return at + 1;
  return given.length > words.length ? words.length : null;
}
