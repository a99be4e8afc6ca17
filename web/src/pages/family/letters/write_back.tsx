/** Begins an answer, or goes on with the one that was begun. */

import type { Letterbox } from "../../../acts/letterbox.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import { t } from "../../../words.ts";
import { startOrGoOn } from "../write/starting.ts";

export function WriteBack({ box }: { readonly box: Letterbox }) {
  const keys = useKeys();
  const { go } = useApp();
  const begin = useAction(async () => go(`/write/${await startOrGoOn(keys, box)}`));
  return (
    <>
      <Button onClick={begin.run} busy={begin.busy}>
        {t("letters.read.back")}
      </Button>
      <Problem of={begin.problem} again={begin.run} />
    </>
  );
}
