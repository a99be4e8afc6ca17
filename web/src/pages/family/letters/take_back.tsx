/** Taking a letter back, until somebody has opened it. Asked twice: it leaves the queue. */

import { useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem } from "../../../api.ts";
import { withdraw } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import { toHeading } from "../../../parts/screen.tsx";
import { Inset } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import type { Placed } from "./placed.ts";

const BUTTON = "take-back";

interface TakeBackProps {
  readonly at: Placed;
  /** It was taken back, or could not be any more: what to say. */
  readonly done: (said: string) => void;
}

export function TakeBack({ at: { letter, box }, done }: TakeBackProps) {
  const keys = useKeys();
  const [isAsking, setIsAsking] = useState(false);
  const say = (words: string) => {
    toHeading();
    done(words);
  };
  const take = useAction(async () => {
    try {
      await withdraw(keys, box, letter);
      say(t("letters.back.done"));
    } catch (problem) {
      if (!(problem instanceof ApiProblem && problem.status === 409)) throw problem;
      say(t("letters.back.late"));
    }
  });
  // What was pressed is gone: the focus goes on to what took its place.
  const question = useRef<HTMLParagraphElement>(null);
  const wasAsking = useRef(false);
  useEffect(() => {
    if (isAsking) question.current?.focus();
    else if (wasAsking.current) document.getElementById(BUTTON)?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);
  if (!isAsking) {
    return (
      <Button id={BUTTON} kind="secondary" onClick={() => setIsAsking(true)}>
        {t("letters.back")}
      </Button>
    );
  }
  return (
    <Inset>
      <p class="govuk-body" tabIndex={-1} ref={question}>
        {t("letters.back.sure")}
      </p>
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
