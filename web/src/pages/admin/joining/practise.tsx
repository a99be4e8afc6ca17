/** The words are typed once before anything rests on them. */

import { useState } from "preact/hooks";
import { Button } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { Inset, P, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "../../staff/people/errors.tsx";
import { useHeading } from "../../staff/people/focus.ts";
import { Trouble } from "../../staff/people/trouble.tsx";
import { firstWrong } from "./compare.ts";
import { tooOften } from "./too_often.ts";

interface PractiseProps {
  readonly words: readonly string[];
  readonly onShow: () => void;
  readonly onMatch: () => Promise<void>;
}

export function Practise({ words, onShow, onMatch }: PractiseProps) {
  const [typed, setTyped] = useState("");
  const errors = useErrors();
  useHeading();
  const check = useAction(async () => {
    const wrong = firstWrong(words, typed);
    const isRight = errors.show(
      wrong === null ? [] : [{ field: "practise", message: t("people.words.wrong", { n: wrong }) }],
    );
    if (isRight) await onMatch();
  });
  const wait = tooOften(check.problem);
  return (
    <Form onSubmit={check.run}>
      <P>{t("people.words.try")}</P>
      <Input
        id="practise"
        label={t("people.words.label")}
        hint={t("people.words.hint")}
        secret
        value={typed}
        onInput={setTyped}
        error={errors.of("practise")}
      />
      {wait === null ? (
        <Trouble of={check.problem} again={check.run} />
      ) : (
        <div role="alert">
          <Inset>{wait}</Inset>
        </div>
      )}
      <Status text={check.busy ? t("people.words.making") : ""} />
      <div class="govuk-button-group">
        <Button type="submit" busy={check.busy}>
          {t("people.words.check")}
        </Button>
        <Button kind="secondary" onClick={onShow}>
          {t("people.words.again")}
        </Button>
      </div>
    </Form>
  );
}
