/** Opening with passkey, words or this very device: the form that Unlock, Join and Setup share. */

import { useEffect, useState } from "preact/hooks";
import { openWithDevice, openWithPasskey, openWithWords, waysToOpen } from "../../../acts/opening.ts";
import { PasskeyRefused, WrongWords } from "../../../acts/errors.ts";
import type { Session } from "../../../acts/session.ts";
import type { Keys } from "../../../keys.ts";
import { Button } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { Load, useAction, useLoad, Waiting } from "../../../parts/load.tsx";
import { Details, Inset, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "../../staff/people/errors.tsx";
import { Trouble } from "../../staff/people/trouble.tsx";
import { tooOften } from "./too_often.ts";

interface OpenKeysProps {
  readonly session: Session;
  readonly onKeys: (keys: Keys) => Promise<void>;
}

/** Tries this device first, without a word. */
export function OpenKeys({ session, onKeys }: OpenKeysProps) {
  const [isTried, setIsTried] = useState(false);
  const ways = useLoad(waysToOpen, []);
  useEffect(() => {
    openWithDevice(session)
      .then(async (keys) => {
        if (keys !== null) await onKeys(keys);
        else setIsTried(true);
      })
      // A device that does not open it leaves the passkey and the words.
      .catch(() => setIsTried(true));
  }, []);
  if (!isTried) return <Waiting text={t("common.opening")} />;
  return (
    <Load of={ways}>
      {({ passkey }) =>
        passkey ? (
          <>
            <WithPasskey session={session} onKeys={onKeys} />
            <Details summary={t("people.unlock.words")}>
              <WithWords session={session} onKeys={onKeys} isFirst={false} />
            </Details>
          </>
        ) : (
          <WithWords session={session} onKeys={onKeys} isFirst />
        )
      }
    </Load>
  );
}

function WithPasskey({ session, onKeys }: OpenKeysProps) {
  const open = useAction(async () => onKeys(await openWithPasskey(session)));
  const isRefused = open.problem instanceof PasskeyRefused;
  return (
    <>
      {isRefused ? <Inset>{t("people.unlock.passkey.refused")}</Inset> : <Trouble of={open.problem} again={open.run} />}
      <Button onClick={open.run} busy={open.busy}>
        {t("people.unlock.passkey")}
      </Button>
    </>
  );
}

function WithWords({ session, onKeys, isFirst }: OpenKeysProps & { readonly isFirst: boolean }) {
  const [typed, setTyped] = useState("");
  const errors = useErrors();
  const refuse = (message: string) => errors.show([{ field: "words", message }]);
  const open = useAction(async () => {
    errors.show([]);
    try {
      await onKeys(await openWithWords(session, typed));
    } catch (problem) {
      const wait = tooOften(problem);
      if (problem instanceof WrongWords) refuse(t("people.unlock.wrong"));
      else if (wait !== null) refuse(wait);
      else throw problem;
    }
  });
  return (
    <Form onSubmit={open.run}>
      <Input
        id="words"
        label={t("people.unlock.label")}
        hint={t("people.words.hint")}
        secret
        value={typed}
        onInput={setTyped}
        error={errors.of("words")}
      />
      <Trouble of={open.problem} again={open.run} />
      <Status text={open.busy ? t("people.unlock.busy") : ""} />
      <Button type="submit" busy={open.busy} kind={isFirst ? "primary" : "secondary"}>
        {t("people.unlock.open")}
      </Button>
    </Form>
  );
}
