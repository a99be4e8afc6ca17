/** Recording a review: the day it was held, what came of it, and the day of the next. */

import { useState } from "preact/hooks";
import { changePlan, openArrangement, type OpenedArrangement } from "../../../acts/arranging.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Form, Input, TextArea } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { P, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { isDay, today, yearsLater } from "./days.ts";
import { useErrors } from "./errors.tsx";
import { Trouble } from "./trouble.tsx";
import { until } from "./until.ts";

/** After the first year, then every three. */
const YEARS = 3;

export interface ChangeFormProps {
  readonly opened: OpenedArrangement;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
}

export function Review({ opened, onSaved, onCancel }: ChangeFormProps) {
  const keys = useKeys();
  const { plan, notes, standing } = opened;
  const [held, setHeld] = useState(today());
  const [next, setNext] = useState(yearsLater(today(), YEARS));
  const [outcome, setOutcome] = useState("");
  const errors = useErrors();
  const save = useAction(async () => {
    const wrong: FieldError[] = [];
    if (!isDay(held) || held > today()) wrong.push({ field: "held", message: t("people.review.held.error") });
    if (!isDay(next) || next <= held) wrong.push({ field: "next", message: t("people.review.next.error") });
    if (!errors.show(wrong)) return;
    const entry = outcome.trim() === "" ? held : `${held}: ${outcome.trim().normalize("NFC")}`;
    const history = [notes.history, t("people.review.entry", { entry })].filter((line) => line !== "").join("\n");
    await changePlan(keys, standing, {
      plan: { ...plan, reviewed_on: held, next_review_on: next },
      notes: { ...notes, history },
    });
    await until(async () => (await openArrangement(keys, standing.arrangement)).standing.n > standing.n);
    onSaved();
  });
  return (
    <Form onSubmit={save.run}>
      <P>{t("people.review.text")}</P>
      <Input
        id="held"
        type="date"
        label={t("people.review.held")}
        value={held}
        onInput={setHeld}
        error={errors.of("held")}
        width={10}
      />
      <TextArea
        id="outcome"
        label={t("people.review.outcome")}
        hint={t("people.notes.history.hint")}
        value={outcome}
        onInput={setOutcome}
      />
      <Input
        id="next"
        type="date"
        label={t("people.plan.next")}
        hint={t("people.plan.next.hint")}
        value={next}
        onInput={setNext}
        error={errors.of("next")}
        width={10}
      />
      <Trouble of={save.problem} again={save.run} />
      <Status text={save.busy ? t("people.saving") : ""} />
      <div class="govuk-button-group">
        <Button type="submit" busy={save.busy}>
          {t("people.review.record")}
        </Button>
        <Button kind="secondary" onClick={onCancel}>
          {t("people.cancel")}
        </Button>
      </div>
    </Form>
  );
}
