/** The operator's one-time token and the agency's name; then root, archive and words are made. */

import { useState } from "preact/hooks";
import { checkToken, type Prepared, prepareFounding } from "../../../acts/ceremony.ts";
import { ApiProblem } from "../../../api.ts";
import { Button } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "../../staff/people/errors.tsx";
import { Trouble } from "../../staff/people/trouble.tsx";

export interface Start {
  readonly token: string;
  readonly name: string;
}

export function TokenForm({ onReady }: { readonly onReady: (start: Start, prepared: Prepared) => void }) {
  const [token, setToken] = useState("");
  const [name, setName] = useState("");
  const errors = useErrors();
  const begin = useAction(async () => {
    const wrong: FieldError[] = [];
    if (token.trim() === "") wrong.push({ field: "token", message: t("people.setup.token.empty") });
    if (name.trim() === "") wrong.push({ field: "name", message: t("people.setup.name.empty") });
    if (!errors.show(wrong)) return;
    try {
      await checkToken(token.trim());
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 404)) throw error;
      errors.show([{ field: "token", message: t("people.setup.token.wrong") }]);
      return;
    }
    onReady({ token: token.trim(), name: name.trim() }, await prepareFounding());
  });
  return (
    <Form onSubmit={begin.run}>
      <Input
        id="token"
        label={t("people.setup.token")}
        hint={t("people.setup.token.hint")}
        value={token}
        onInput={setToken}
        error={errors.of("token")}
        secret
      />
      <Input
        id="name"
        label={t("people.setup.name")}
        hint={t("people.setup.name.hint")}
        value={name}
        onInput={setName}
        error={errors.of("name")}
        spellcheck
      />
      <Trouble of={begin.problem} again={begin.run} />
      <Status text={begin.busy ? t("people.setup.making") : ""} />
      <Button type="submit" busy={begin.busy}>
        {t("people.setup.begin")}
      </Button>
    </Form>
  );
}
