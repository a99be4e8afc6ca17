/** “Tell us when it is safe to ring.” */

import { useState } from "preact/hooks";
import { tellTeam } from "../../../acts/letters.ts";
import { letterboxes } from "../../../acts/letterbox.ts";
import type { Keys } from "../../../keys.ts";
import { Button } from "../../../parts/button.tsx";
import { Form, TextArea } from "../../../parts/form.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { P, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";

const FIELD = "safe";

interface Props {
  readonly keys: Keys;
  /** For the page to show on top. */
  readonly errors: readonly FieldError[];
  readonly onErrors: (errors: readonly FieldError[]) => void;
}

export function CallBack({ keys, errors, onErrors }: Props) {
  const boxes = useLoad(() => letterboxes(keys), [keys]);
  const [typed, setTyped] = useState("");
  const [sent, setSent] = useState("");
  const box = boxes.state === "here" ? boxes.data[0] : undefined;
  const ask = useAction(async () => {
    const isEmpty = typed.trim() === "";
    onErrors(isEmpty ? [{ field: FIELD, message: t("settings.help.safe.empty") }] : []);
    if (isEmpty || box === undefined) return;
    await tellTeam(keys, box, "help", null, typed.trim());
    setTyped("");
    setSent(t("settings.help.safe.sent"));
  });
  return (
    <Load of={boxes}>
      {([first]) =>
        first === undefined ? (
          <P>{t("settings.help.ask")}</P>
        ) : (
          <Form onSubmit={ask.run}>
            <TextArea
              id={FIELD}
              label={t("settings.help.safe")}
              hint={t("settings.help.safe.hint")}
              error={errors[0]?.message}
              value={typed}
              onInput={setTyped}
              rows={3}
            />
            <Problem of={ask.problem} again={ask.run} />
            <Button type="submit" busy={ask.busy}>
              {t("settings.help.safe.ask")}
            </Button>
            <Status text={sent} />
          </Form>
        )
      }
    </Load>
  );
}
