/** Six words; once they are practised the account gets its keys. */

import { makeKeys } from "../../../acts/opening.ts";
import { ApiProblem } from "../../../api.ts";
import { useApp } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import type { Session } from "../../../acts/session.ts";
import { t } from "../../../words.ts";
import { CardWords } from "./card_words.tsx";

interface MakeWordsProps {
  readonly session: Session;
  readonly onKeys: (keys: Keys) => Promise<void>;
}

export function MakeWords({ session, onKeys }: MakeWordsProps) {
  const { refreshSession } = useApp();
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
  return <CardWords intro={t("people.words.private")} use={use} />;
}
