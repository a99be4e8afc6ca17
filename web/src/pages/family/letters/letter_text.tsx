/** A letter's words as they were written: text and nothing else, in its own language and direction. */

import { languageOf } from "../../../screening/language.ts";

export interface Span {
  readonly start: number;
  readonly end: number;
}

interface LetterTextProps {
  readonly text: string;
  /** Passages to point out. */
  readonly marks?: readonly Span[];
}

export function LetterText({ text, marks = [] }: LetterTextProps) {
  return (
    <div class="p-letter" dir="auto" lang={languageOf(text)}>
      {cut(text, marks).map(({ words, isMarked }, index) =>
        isMarked ? (
          <mark class="p-flag" key={index}>
            {words}
          </mark>
        ) : (
          words
        ),
      )}
    </div>
  );
}

interface Piece {
  readonly words: string;
  readonly isMarked: boolean;
}

/** The text in pieces, marked and not; a mark that overlaps an earlier one begins where that one ends. */
export function cut(text: string, marks: readonly Span[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end } of [...marks].sort((a, b) => a.start - b.start)) {
    const from = Math.max(at, start);
    if (end <= from) continue;
    pieces.push(
      { words: text.slice(at, from), isMarked: false },
      { words: text.slice(from, end), isMarked: true },
    );
    at = end;
  }
  return [...pieces, { words: text.slice(at), isMarked: false }].filter(({ words }) => words !== "");
}
