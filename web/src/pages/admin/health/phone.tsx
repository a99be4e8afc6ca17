/** The number that families ring: on every sheet, and wherever something went wrong. */

import { useState } from "preact/hooks";
import { ApiProblem, put } from "../../../api.ts";
import { useApp } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "../../staff/people/errors.tsx";
import { Trouble } from "../../staff/people/trouble.tsx";

export function Phone() {
  const { agency, phone, refreshAgency } = useApp();
  const [typed, setTyped] = useState(phone);
  const errors = useErrors();
  const [isSaved, setIsSaved] = useState(false);
  const save = useAction(async () => {
    errors.show([]);
    setIsSaved(false);
    try {
      // The whole policy goes back as it came: only the number is another one.
      await put("/api/agency/policy", { ...agency?.policy, phone: typed.trim() });
    } catch (problem) {
      if (!(problem instanceof ApiProblem && problem.status === 422)) throw problem;
      errors.show([{ field: "phone", message: t("people.rules.phone.error") }]);
      return;
    }
    await refreshAgency();
    setIsSaved(true);
  });
  return (
    <Form onSubmit={save.run}>
      <Input
        id="phone"
        type="tel"
        label={t("people.rules.phone")}
        hint={t("people.rules.phone.hint")}
        value={typed}
        onInput={setTyped}
        error={errors.of("phone")}
        width={20}
      />
      <Trouble of={save.problem} again={save.run} />
      <Status text={isSaved ? t("people.saved") : ""} />
      <Button type="submit" kind="secondary" busy={save.busy}>
        {t("people.save")}
      </Button>
    </Form>
  );
}
