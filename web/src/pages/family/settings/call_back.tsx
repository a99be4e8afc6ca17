/** “Tell us when it is safe to ring.” */

import { useState } from "preact/hooks";
import { tellTeam } from "../../../acts/letters.ts";
import { letterboxes } from "../../../acts/letterbox.ts";
import type { Keys } from "../../../keys.ts";
import { Button } from "../../../parts/button.tsx";
import { Form, TextArea } from "../../../parts/form.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { P, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";

const FIELD = "safe";

export function CallBack({ keys }: { readonly keys: Keys }) {
  const boxes = useLoad(() => letterboxes(keys), [keys]);
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<string>();
  const [sent, setSent] = useState("");
  const box = boxes.state === "here" ? boxes.data[0] : undefined;
  const ask = useAction(async () => {
    const isEmpty = typed.trim() === "";
    setError(isEmpty ? t("settings.help.safe.empty") : undefined);
    if (isEmpty) return document.getElementById(FIELD)?.focus();
    if (box === undefined) return;
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
              error={error}
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
