/** F7: the words are practised, and only then does the account get its keys. */

import { makeKeys } from "../../../acts/opening.ts";
import { ApiProblem } from "../../../api.ts";
import { useApp } from "../../../app.tsx";
import { dropCard } from "./card.ts";
import { Practise } from "./practise.tsx";
import { useElsewhere } from "./words.tsx";

export function Try() {
  const { session, opened, refreshSession } = useApp();
  const next = useElsewhere();
  if (next !== null || session === null) return null;
  const use = async (words: readonly string[]) => {
    try {
      await opened(await makeKeys(session, words));
      dropCard();
    } catch (error) {
      // An answer that was lost on the way: the keys are there, and these words open them.
      if (!(error instanceof ApiProblem && error.status === 409)) throw error;
      await refreshSession();
    }
  };
  return <Practise account={session.account} show="/join/words" use={use} />;
}
