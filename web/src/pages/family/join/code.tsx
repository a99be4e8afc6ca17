/** F3: the code from the posted sheet. Nothing about anybody is shown yet. */

import { useState } from "preact/hooks";
import { readCode } from "../../../acts/joining.ts";
import { useApp } from "../../../app.tsx";
import { Button, Link } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import { type FieldError, Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { codeTrouble, find, hasRunOut, heldCode, holdCode, inBlocks } from "./held.ts";

const FIELD = "code";

export function Code() {
  const { session, keys, go, phone } = useApp();
  const [typed, setTyped] = useState(fromSheet);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [isOld, setIsOld] = useState(false);
  const refuse = (message: string) => setErrors([{ field: FIELD, message }]);
  const look = useAction(async () => {
    setErrors([]);
    setIsOld(false);
    const code = readCode(typed);
    if (code === null) return refuse(t("join.code.wrong"));
    try {
      await find(code);
    } catch (error) {
      const trouble = codeTrouble(error, phone);
      if (trouble === null) throw error;
      setIsOld(hasRunOut(error));
      return refuse(trouble);
    }
    holdCode(code);
    if (session === null) go("/join/account");
    else go(keys === null && (session.new || session.restricted) ? "/join/words" : "/join/add");
  });
  return (
    <Screen title={t("join.code.title")} errors={errors} back="/">
      <Form onSubmit={look.run}>
        <Input
          id={FIELD}
          label={t("join.code.label")}
          hint={t("join.code.hint")}
          error={errors[0]?.message}
          value={typed}
          onInput={setTyped}
          width={20}
        />
        {isOld ? (
          <P>
            <Link to="/help">{t("join.code.new")}</Link>
          </P>
        ) : null}
        <Problem of={look.problem} again={look.run} />
        <Button type="submit" busy={look.busy}>
          {t("join.continue")}
        </Button>
      </Form>
    </Screen>
  );
}

/** What the sheet's QR code brought, or what was typed before. */
function fromSheet(): string {
  const held = heldCode() ?? "";
  const code = readCode(held);
  return code === null ? held : inBlocks(code);
}
