/** The words, and beside them what else opens it on this phone. */

import { useEffect, useState } from "preact/hooks";
import {
  openWithDevice,
  openWithPasskey,
  openWithWords,
  PasskeyRefused,
  WrongWords,
} from "../../../acts/opening.ts";
import type { Session } from "../../../acts/session.ts";
import { ApiProblem } from "../../../api.ts";
import type { Keys } from "../../../keys.ts";
import { Button, Link } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { Inset, P, Status } from "../../../parts/text.tsx";
import { plural, t } from "../../../words.ts";
import { toWait, wasRefused, wasWrong } from "./tries.ts";

const FIELD = "words";

interface Props {
  readonly session: Session;
  readonly ways: { readonly passkey: boolean; readonly device: boolean };
  /** For the page to show on top. */
  readonly errors: readonly FieldError[];
  readonly onErrors: (errors: readonly FieldError[]) => void;
  readonly byWords: (keys: Keys) => Promise<void>;
  readonly otherwise: (keys: Keys) => Promise<void>;
}

export function UnlockForm({ session, ways, errors, onErrors, byWords, otherwise }: Props) {
  const [typed, setTyped] = useState("");
  const [wait, setWait] = useState(toWait);
  const [isStopped, setIsStopped] = useState(false);
  useEffect(() => {
    if (wait === 0) return undefined;
    const timer = setInterval(() => setWait(toWait()), 1_000);
    return () => clearInterval(timer);
  }, [wait === 0]);

  const refuse = (message: string) => onErrors([{ field: FIELD, message }]);
  const open = useAction(async () => {
    onErrors([]);
    if (typed.trim() === "") return refuse(t("settings.unlock.empty"));
    if (toWait() > 0) return refuse(waitFor(toWait()));
    try {
      await byWords(await openWithWords(session, typed));
    } catch (error) {
      if (error instanceof WrongWords) {
        wasWrong();
        refuse(t("settings.unlock.wrong"));
      } else if (error instanceof ApiProblem && error.status === 429) {
        wasRefused(error);
        setIsStopped(error.code === "words-locked");
      } else throw error;
      setWait(toWait());
    }
  });
  const lock = useAction(async () => otherwise(await openWithPasskey(session)));
  const device = useAction(async () => {
    const keys = await openWithDevice(session);
    if (keys === null) return refuse(t("settings.cannot"));
    await otherwise(keys);
  });
  const isBusy = open.busy || lock.busy || device.busy;
  return (
    <>
      <Form onSubmit={open.run}>
        <Input
          id={FIELD}
          label={t("settings.unlock.label")}
          error={errors[0]?.message}
          value={typed}
          onInput={setTyped}
          autocomplete="current-password"
          secret
        />
        {wait > 0 ? (
          <div role="alert">
            <Inset>{isStopped ? t("settings.unlock.stopped") : waitFor(wait)}</Inset>
          </div>
        ) : null}
        <Problem of={open.problem} again={open.run} />
        <Button type="submit" busy={isBusy}>
          {t("settings.unlock.go")}
        </Button>
        <Status text={isBusy ? t("settings.unlock.opening") : ""} />
      </Form>
      {ways.passkey ? (
        <Button kind="secondary" onClick={lock.run} busy={isBusy}>
          {t("settings.unlock.lock")}
        </Button>
      ) : null}
      {lock.problem instanceof PasskeyRefused ? (
        <div role="alert">
          <Inset>{t("settings.unlock.lock.refused")}</Inset>
        </div>
      ) : (
        <Problem of={lock.problem} again={lock.run} />
      )}
      {ways.device ? (
        <Button kind="secondary" onClick={device.run} busy={isBusy}>
          {t("settings.unlock.device")}
        </Button>
      ) : null}
      <Problem of={device.problem} again={device.run} />
      <P>
        <Link to="/forgot">{t("settings.unlock.forgot")}</Link>
      </P>
    </>
  );
}

function waitFor(ms: number): string {
  return plural("settings.unlock.wait", Math.ceil(ms / 60_000));
}
