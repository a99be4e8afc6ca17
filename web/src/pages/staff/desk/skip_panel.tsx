/** Passing a letter over, with a reason: it goes back to the queue. */

import { useState } from "preact/hooks";
import { Button } from "../../../parts/button.tsx";
import { Form, Radios } from "../../../parts/form.tsx";
import { Problem, type Action } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { t } from "../../../words.ts";
import { Panel } from "./panel.tsx";
import type { AtWork } from "./use_work.ts";

const REASONS = ["known", "later", "language", "unsure"] as const;

interface SkipPanelProps {
  readonly at: AtWork;
  readonly close: () => void;
  readonly giveBack: () => void;
  readonly givingBack: Action;
  readonly setErrors: (errors: readonly FieldError[]) => void;
}

export function SkipPanel({ at, close, giveBack, givingBack, setErrors }: SkipPanelProps) {
  const [wrong, setWrong] = useState<readonly FieldError[]>([]);
  const reason = REASONS.find((each) => each === at.work.skipped) ?? null;
  const submit = () => {
    const found = reason === null ? [{ field: "skip-reason", message: t("desk.reason.missing") }] : [];
    setWrong(found);
    setErrors(found);
    if (reason !== null) giveBack();
  };
  return (
    <Panel title={t("desk.skip.title")} close={close}>
      <Form onSubmit={submit}>
        <Radios
          id="skip-reason"
          legend={t("desk.skip.why")}
          hint={t("desk.skip.hint")}
          error={wrong[0]?.message}
          options={REASONS.map((value) => ({ value, label: t(`desk.skip.${value}`) }))}
          value={reason}
          onChange={(skipped) => at.change({ skipped })}
        />
        <Problem of={givingBack.problem} />
        <Button type="submit" busy={givingBack.busy}>
          {t("desk.skip.send")}
        </Button>
      </Form>
    </Panel>
  );
}
