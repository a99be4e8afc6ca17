/** Certifying: the person reads out the eight digits on their screen, on a line that is known to be theirs. */

import { useState } from "preact/hooks";
import { Button } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { P, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "./errors.tsx";
import { Trouble } from "./trouble.tsx";

interface CertifyProps {
  /** Tells the fields of several apart. */
  readonly id: string;
  readonly name: string;
  /** Empty when it is not known here. */
  readonly phone: string;
  /** Throws WrongDigits. */
  readonly onDigits: (digits: string) => Promise<void>;
}

export function Certify({ id, name, phone, onDigits }: CertifyProps) {
  const [typed, setTyped] = useState("");
  const errors = useErrors();
  const field = `digits-${id}`;
  const certify = useAction(async () => {
    const digits = typed.replace(/[\s-]/g, "");
    const isComplete = /^\d{8}$/.test(digits);
    if (!errors.show(isComplete ? [] : [{ field, message: t("people.certify.error") }])) return;
    await onDigits(digits);
  });
  return (
    <div class="p-card">
      <P>{phone === "" ? t("people.certify.ring", { name }) : t("people.certify.ring.on", { name, phone })}</P>
      <P>{t("people.certify.ask")}</P>
      <Form onSubmit={certify.run}>
        <Input
          id={field}
          label={t("people.certify.digits")}
          hint={t("people.certify.hint")}
          inputMode="numeric"
          width={10}
          value={typed}
          onInput={setTyped}
          error={errors.of(field)}
        />
        <Trouble of={certify.problem} />
        <Status text={certify.busy ? t("people.certify.busy") : ""} />
        <Button type="submit" busy={certify.busy}>
          {t("people.certify")}
        </Button>
      </Form>
    </div>
  );
}
