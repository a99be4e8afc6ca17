/** The first name by which families know one. */

import { useState } from "preact/hooks";
import { type Colleague, setMyName } from "../../../acts/staffing.ts";
import { Button } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { H2 } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "../../staff/people/errors.tsx";
import { Trouble } from "../../staff/people/trouble.tsx";

const MOST = 40;

export function MyName({ self, again }: { readonly self: Colleague; readonly again: () => void }) {
  const [name, setName] = useState(self.name ?? "");
  const errors = useErrors();
  const save = useAction(async () => {
    const given = name.trim().normalize("NFC");
    const isGood = given !== "" && [...given].length <= MOST;
    if (!errors.show(isGood ? [] : [{ field: "my-name", message: t("people.name.error") }])) return;
    await setMyName(given);
    again();
  });
  return (
    <>
      <H2>{t("people.name")}</H2>
      <Form onSubmit={save.run}>
        <Input
          id="my-name"
          label={t("people.name.label")}
          hint={t("people.name.hint")}
          value={name}
          onInput={setName}
          error={errors.of("my-name")}
          width={20}
        />
        <Trouble of={save.problem} again={save.run} />
        <Button type="submit" kind="secondary" busy={save.busy}>
          {t("people.save")}
        </Button>
      </Form>
    </>
  );
}
