/**
 * C5: a question to a colleague. In the protocol words travel beside a decision alone, so the
 * question is asked by voice, and the letter waits in the queue with the note on it.
 */

import { useState } from "preact/hooks";
import { useApp, useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Form, TextArea } from "../../../parts/form.tsx";
import { Problem, useLoad, type Action } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { dayLong, t } from "../../../words.ts";
import { colleagues, leadsOf } from "./colleagues.ts";
import { Panel } from "./panel.tsx";
import type { Ready } from "./ready.ts";
import type { AtWork } from "./use_work.ts";

interface AskPanelProps {
  readonly ready: Ready;
  readonly at: AtWork;
  readonly close: () => void;
  readonly giveBack: () => void;
  readonly givingBack: Action;
  readonly setErrors: (errors: readonly FieldError[]) => void;
}

export function AskPanel({ ready, at, close, giveBack, givingBack, setErrors }: AskPanelProps) {
  const keys = useKeys();
  const { phone } = useApp();
  const they = useLoad(() => colleagues(keys), [keys]);
  const [wrong, setWrong] = useState<readonly FieldError[]>([]);
  const leads = they.state === "here" ? leadsOf(they.data.all, ready.desk.team) : [];
  const due = ready.waiting.due_on;
  const submit = () => {
    const isEmpty = at.work.question.trim() === "";
    const found = isEmpty ? [{ field: "question", message: t("desk.ask.missing") }] : [];
    setWrong(found);
    setErrors(found);
    if (!isEmpty) giveBack();
  };
  return (
    <Panel title={t("desk.ask.title")} close={close}>
      <P>{t("desk.ask.how")}</P>
      {leads.length === 0 ? null : <P>{t("desk.ask.leads", { names: leads.join(", ") })}</P>}
      {phone === "" ? null : <P>{t("desk.ask.phone", { phone })}</P>}
      <Form onSubmit={submit}>
        <TextArea
          id="question"
          label={t("desk.ask.label")}
          hint={t("desk.ask.hint")}
          error={wrong[0]?.message}
          rows={3}
          value={at.work.question}
          onInput={(question) => at.change({ question })}
        />
        {due ? <P>{t("desk.ask.date", { day: dayLong(due) })}</P> : null}
        <Problem of={givingBack.problem} />
        <Button type="submit" busy={givingBack.busy}>
          {t("desk.ask.send")}
        </Button>
      </Form>
    </Panel>
  );
}
