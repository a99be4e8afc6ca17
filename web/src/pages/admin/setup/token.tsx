/** The operator's one-time token and the agency's name; then root, archive and words are made. */

import { useState } from "preact/hooks";
import { checkToken, type Prepared, prepareFounding } from "../../../acts/ceremony.ts";
import { ApiProblem } from "../../../api.ts";
import { Button } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { Trouble } from "../../staff/people/trouble.tsx";

export interface Start {
  readonly token: string;
  readonly name: string;
}

export function TokenForm({ onReady }: { readonly onReady: (start: Start, prepared: Prepared) => void }) {
  const [token, setToken] = useState("");
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState<{ readonly token?: string; readonly name?: string }>({});
  const begin = useAction(async () => {
    const found = {
      ...(token.trim() === "" ? { token: t("people.setup.token.empty") } : {}),
      ...(name.trim() === "" ? { name: t("people.setup.name.empty") } : {}),
    };
    setWrong(found);
    const [first] = Object.keys(found);
    if (first !== undefined) {
      document.getElementById(first)?.focus();
      return;
    }
    try {
      await checkToken(token.trim());
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 404)) throw error;
      setWrong({ token: t("people.setup.token.wrong") });
      document.getElementById("token")?.focus();
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
        error={wrong.token}
        secret
      />
      <Input
        id="name"
        label={t("people.setup.name")}
        hint={t("people.setup.name.hint")}
        value={name}
        onInput={setName}
        error={wrong.name}
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
