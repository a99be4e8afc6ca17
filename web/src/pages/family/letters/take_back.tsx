/** Taking a letter back, until somebody has opened it. Asked twice: it leaves the queue. */

import { useState } from "preact/hooks";
import { ApiProblem } from "../../../api.ts";
import { withdraw } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import { Inset, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import type { Placed } from "./placed.ts";

interface TakeBackProps {
  readonly at: Placed;
  /** It was taken back, or could not be any more: what to say. */
  readonly done: (said: string) => void;
}

export function TakeBack({ at: { letter, box }, done }: TakeBackProps) {
  const keys = useKeys();
  const [isAsking, setIsAsking] = useState(false);
  const take = useAction(async () => {
    try {
      await withdraw(keys, box, letter);
      done(t("letters.back.done"));
    } catch (problem) {
      if (!(problem instanceof ApiProblem && problem.status === 409)) throw problem;
      done(t("letters.back.late"));
    }
  });
  if (!isAsking) {
    return (
      <Button kind="secondary" onClick={() => setIsAsking(true)}>
        {t("letters.back")}
      </Button>
    );
  }
  return (
    <Inset>
      <P>{t("letters.back.sure")}</P>
      <Problem of={take.problem} again={take.run} />
      <div class="govuk-button-group">
        <Button kind="warning" onClick={take.run} busy={take.busy}>
          {t("letters.back")}
        </Button>
        <Button kind="secondary" onClick={() => setIsAsking(false)}>
          {t("letters.back.leave")}
        </Button>
      </div>
    </Inset>
  );
}
