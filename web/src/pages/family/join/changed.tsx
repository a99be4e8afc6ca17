/** Below the plan: something has changed, or it should be looked at together again. */

import { useState } from "preact/hooks";
import { tellTeam } from "../../../acts/letters.ts";
import type { Letterbox } from "../../../acts/letterbox.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Form, TextArea } from "../../../parts/form.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { Details, P, Status } from "../../../parts/text.tsx";
import { month, t } from "../../../words.ts";

interface Props {
  readonly box: Letterbox;
  /** With whom, where there is more than one plan. */
  readonly about: string | null;
  /** For the page to show on top. */
  readonly errors: readonly FieldError[];
  readonly onErrors: (errors: readonly FieldError[]) => void;
}

export function Changed({ box, about, errors, onErrors }: Props) {
  const keys = useKeys();
  const id = `changed-${box.membership}`;
  const [typed, setTyped] = useState("");
  const [sent, setSent] = useState("");
  const tell = useAction(async () => {
    const isEmpty = typed.trim() === "";
    onErrors(isEmpty ? [{ field: id, message: t("join.changed.empty") }] : []);
    if (isEmpty) return;
    await tellTeam(keys, box, "plan", null, typed.trim());
    setTyped("");
    setSent(t("join.changed.sent"));
  });
  const ask = useAction(async () => {
    await tellTeam(keys, box, "plan", null, t("join.again.message"));
    setSent(t("join.changed.sent"));
  });
  const [year = "", n = ""] = box.plan.reviewed_on.split("-");
  const suffix = about === null ? "" : ` (${about})`;
  return (
    <>
      <Details summary={t("join.changed.summary") + suffix}>
        <Form onSubmit={tell.run}>
          <TextArea
            id={id}
            label={t("join.changed.label")}
            hint={t("join.changed.hint")}
            error={errors.find(({ field }) => field === id)?.message}
            value={typed}
            onInput={setTyped}
          />
          <Problem of={tell.problem} again={tell.run} />
          <Button type="submit" kind="secondary" busy={tell.busy}>
            {t("join.changed.tell")}
          </Button>
        </Form>
      </Details>
      <P>{t("join.again.text", { month: `${month(Number(n))} ${year}` })}</P>
      <Problem of={ask.problem} again={ask.run} />
      <Button kind="secondary" onClick={ask.run} busy={ask.busy}>
        {t("join.again.ask") + suffix}
      </Button>
      <Status text={sent} />
    </>
  );
}
