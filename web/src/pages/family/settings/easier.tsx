/** Easier ways than words: the phone's own lock, and a phone that remembers. Always besides words. */

import { useState } from "preact/hooks";
import {
  addPasskey,
  forgetDevice,
  PasskeyRefused,
  rememberDevice,
  removePasskeys,
} from "../../../acts/opening.ts";
import type { Keys } from "../../../keys.ts";
import { Button } from "../../../parts/button.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import { Inset, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";

interface Props {
  readonly keys: Keys;
  /** Whether this way is in use. */
  readonly isOn: boolean;
  readonly onChange: () => void;
}

export function PhoneLock({ keys, isOn, onChange }: Props) {
  const act = useAction(async () => {
    await (isOn ? removePasskeys() : addPasskey(keys, t("common.service")));
    onChange();
  });
  return (
    <>
      {isOn ? <P>{t("settings.lock.on")}</P> : null}
      {act.problem instanceof PasskeyRefused ? (
        <div role="alert">
          <Inset>{t("settings.lock.refused")}</Inset>
        </div>
      ) : (
        <Problem of={act.problem} again={act.run} />
      )}
      <Button kind="secondary" onClick={act.run} busy={act.busy}>
        {t(isOn ? "settings.lock.stop" : "settings.lock.use")}
      </Button>
    </>
  );
}

export function ThisPhone({ keys, isOn, onChange }: Props) {
  const [isRefused, setIsRefused] = useState(false);
  const act = useAction(async () => {
    if (isOn) await forgetDevice();
    const isKept = isOn || (await rememberDevice(keys));
    setIsRefused(!isKept);
    if (isKept) onChange();
  });
  return (
    <>
      <P>{t(isOn ? "settings.device.on" : "settings.device.shared")}</P>
      {isRefused ? (
        <div role="alert">
          <Inset>{t("settings.cannot")}</Inset>
        </div>
      ) : null}
      <Problem of={act.problem} again={act.run} />
      <Button kind="secondary" onClick={act.run} busy={act.busy}>
        {t(isOn ? "settings.device.stop" : "settings.device.use")}
      </Button>
    </>
  );
}
