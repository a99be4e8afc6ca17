/** Six words: shown, written down, practised; only then does the account get its keys. */

import { useState } from "preact/hooks";
import { makeKeys, makeWords } from "../../../acts/opening.ts";
import { ApiProblem } from "../../../api.ts";
import { useApp } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Load, useLoad } from "../../../parts/load.tsx";
import type { Session } from "../../../acts/session.ts";
import { Practise } from "./practise.tsx";
import { ShowWords } from "./show_words.tsx";

interface MakeWordsProps {
  readonly session: Session;
  readonly onKeys: (keys: Keys) => Promise<void>;
}

export function MakeWords({ session, onKeys }: MakeWordsProps) {
  const { refreshSession } = useApp();
  const words = useLoad(() => makeWords(6), []);
  const [isWritten, setIsWritten] = useState(false);
  const use = async (own: readonly string[]) => {
    let keys: Keys;
    try {
      keys = await makeKeys(session, own);
    } catch (error) {
      // The answer was lost on the way: the keys are there, and these words open them.
      if (!(error instanceof ApiProblem && error.status === 409)) throw error;
      await refreshSession();
      return;
    }
    await onKeys(keys);
  };
  return (
    <Load of={words}>
      {(own) =>
        isWritten ? (
          <Practise words={own} onShow={() => setIsWritten(false)} onMatch={() => use(own)} />
        ) : (
          <ShowWords words={own} onWritten={() => setIsWritten(true)} onOthers={words.again} />
        )
      }
    </Load>
  );
}
