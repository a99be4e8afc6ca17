/** The letter: text and nothing else, with the passages to look at marked in it. */

import { pieces, within, type Mark } from "./pieces.ts";

interface LetterTextProps {
  readonly texts: readonly string[];
  readonly lang: string;
  readonly marks: readonly Mark[];
  /** The mark that was jumped to. */
  readonly current: number | null;
}

export function LetterText({ texts, lang, marks, current }: LetterTextProps) {
  let offset = 0;
  return (
    <>
      {texts.map((text, part) => {
        const here = within(marks, offset, text.length);
        offset += text.length;
        return (
          <div class="p-letter" dir="auto" lang={lang} key={part}>
            {pieces(text, here).map((piece, index) => {
              const mark = piece.mark === null ? undefined : here[piece.mark];
              if (mark === undefined) return piece.text;
              const isOn = mark.index === current;
              return (
                <mark
                  class={`p-flag${isOn ? " p-flag--on" : ""}`}
                  id={markId(mark.index)}
                  tabIndex={-1}
                  key={index}
                >
                  {piece.text}
                </mark>
              );
            })}
          </div>
        );
      })}
    </>
  );
}

export function markId(index: number): string {
  return `mark-${index}`;
}
