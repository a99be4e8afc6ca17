/** Six words of one's own: shown, written down, practised; only then does anything rest on them. */

import { useState } from "preact/hooks";
import { makeWords } from "../../../acts/opening.ts";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Practise } from "./practise.tsx";
import { ShowWords } from "./show_words.tsx";

interface CardWordsProps {
  /** Said above the words. */
  readonly intro: string;
  /** Runs once they were typed as they are on the card. */
  readonly use: (words: readonly string[]) => Promise<void>;
}

export function CardWords({ intro, use }: CardWordsProps) {
  const words = useLoad(() => makeWords(6), []);
  const [isWritten, setIsWritten] = useState(false);
  return (
    <Load of={words}>
      {(own) =>
        isWritten ? (
          <Practise words={own} onShow={() => setIsWritten(false)} onMatch={() => use(own)} />
        ) : (
          <ShowWords intro={intro} words={own} onWritten={() => setIsWritten(true)} onOthers={words.again} />
        )
      }
    </Load>
  );
}
