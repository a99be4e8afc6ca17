/** A letter that was taken back: its words become a new draft. */

import { readLetter } from "../../../acts/letters.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import { t } from "../../../words.ts";
import { start } from "../write/starting.ts";
import type { Placed } from "./placed.ts";

export function StartAgain({ at: { letter, box } }: { readonly at: Placed }) {
  const keys = useKeys();
  const { go } = useApp();
  const again = useAction(async () => {
    const { text } = await readLetter(keys, box, letter.letter);
    go(`/write/${await start(keys, box, { text })}`);
  });
  return (
    <>
      <Button onClick={again.run} busy={again.busy}>
        {t("letters.back.again")}
      </Button>
      <Problem of={again.problem} again={again.run} />
    </>
  );
}
