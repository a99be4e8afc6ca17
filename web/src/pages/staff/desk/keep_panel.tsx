/** C6: kept safe on file, which takes two people. */

import { useState } from "preact/hooks";
import type { Remarked } from "../../../acts/checking.ts";
import { Button } from "../../../parts/button.tsx";
import { Form, Radios, TextArea } from "../../../parts/form.tsx";
import { Problem, type Action } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { Inset, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { Panel } from "./panel.tsx";
import { KEEP_REASONS, choices, type Reason } from "./reasons.ts";
import type { AtWork } from "./use_work.ts";

interface KeepPanelProps {
  readonly at: AtWork;
  readonly close: () => void;
  readonly decide: (reason: Reason, remarks: readonly Remarked[]) => void;
  readonly deciding: Action;
  readonly isPaused: boolean;
  readonly setErrors: (errors: readonly FieldError[]) => void;
}

export function KeepPanel({ at, close, decide, deciding, isPaused, setErrors }: KeepPanelProps) {
  const [wrong, setWrong] = useState<readonly FieldError[]>([]);
  const { keepReason: reason, forColleague } = at.work;
  const errorOf = (field: string) => wrong.find((each) => each.field === field)?.message;
  const submit = () => {
    const found: FieldError[] = [];
    if (reason === null) found.push({ field: "keep-reason", message: t("desk.reason.missing") });
    if (forColleague.trim() === "") found.push({ field: "for-colleague", message: t("desk.keep.words.missing") });
    setWrong(found);
    setErrors(found);
    if (found.length > 0 || reason === null) return;
    decide(reason, [{ kind: "team", to: null, text: forColleague.trim() }]);
  };
  return (
    <Panel title={t("desk.keep.title")} close={close}>
      <P>{t("desk.keep.two")}</P>
      <Inset>{t("desk.feelings")}</Inset>
      <Form onSubmit={submit}>
        <Radios
          id="keep-reason"
          legend={t("desk.reason")}
          error={errorOf("keep-reason")}
          options={choices(KEEP_REASONS)}
          value={KEEP_REASONS.find((each) => each === reason) ?? null}
          onChange={(keepReason) => at.change({ keepReason })}
        />
        <TextArea
          id="for-colleague"
          label={t("desk.keep.words")}
          hint={t("desk.keep.words.hint")}
          error={errorOf("for-colleague")}
          rows={4}
          value={forColleague}
          onInput={(words) => at.change({ forColleague: words })}
        />
        <Problem of={deciding.problem} />
        <Button type="submit" busy={deciding.busy} disabled={isPaused}>
          {t("desk.keep.send")}
        </Button>
      </Form>
    </Panel>
  );
}
