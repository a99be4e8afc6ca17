/**
 * A letter that rests with its writer. Taken back: its words become a new draft. Come too late for a
 * change: the same letter goes again, sealed for what stands now.
 */

import { readLetter } from "../../../acts/letters.ts";
import { handIn } from "../../../acts/writing.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import { t } from "../../../words.ts";
import { start } from "../write/starting.ts";
import type { Placed } from "./placed.ts";

interface StartAgainProps {
  readonly at: Placed;
  /** It was sent: what to say. */
  readonly done: (said: string) => void;
}

export function StartAgain({ at: { letter, box }, done }: StartAgainProps) {
  const keys = useKeys();
  const { go } = useApp();
  const isBack = letter.state === "withdrawn";
  const again = useAction(async () => {
    const { text, prev } = await readLetter(keys, box, letter.letter);
    if (isBack) return go(`/write/${await start(keys, box, { text })}`);
    const before = prev ? { letter: letter.letter, rev: letter.rev - 1, statement: prev } : null;
    await handIn(keys, box, { letter: letter.letter, text, before });
    done(t("letters.time.sent.again"));
  });
  return (
    <>
      <Button onClick={again.run} busy={again.busy}>
        {t(isBack ? "letters.back.again" : "write.check.send")}
      </Button>
      <Problem of={again.problem} again={again.run} />
    </>
  );
}
