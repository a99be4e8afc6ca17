/** A letter's text cut at its flags, so that each can be marked where it stands. */

/** A passage that somebody should look at. */
export interface Mark {
  /** Offsets in the text, the end left out. */
  readonly start: number;
  readonly end: number;
  /** Why, in words. */
  readonly why: string;
}

export interface Piece {
  readonly text: string;
  /** Which mark it belongs to; null for the words between. */
  readonly mark: number | null;
}

/** In the order of the text; a mark that overlaps an earlier one begins where that one ends. */
export function pieces(text: string, marks: readonly Mark[]): Piece[] {
  const cut: Piece[] = [];
  let at = 0;
  const push = (end: number, mark: number | null) => {
    if (end > at) cut.push({ text: text.slice(at, end), mark });
    at = Math.max(at, end);
  };
  for (const [index, mark] of marks.entries()) {
    push(Math.min(mark.start, text.length), null);
    push(Math.min(mark.end, text.length), index);
  }
  push(text.length, null);
  return cut;
}

/** The marks within one part of a letter, whose text begins at `offset` of the whole. */
export function within(marks: readonly Mark[], offset: number, length: number): (Mark & { readonly index: number })[] {
  return marks.flatMap((mark, index) => {
    const start = Math.max(mark.start - offset, 0);
    const end = Math.min(mark.end - offset, length);
    return start < end ? [{ ...mark, start, end, index }] : [];
  });
}
