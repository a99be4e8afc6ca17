/** Letting this very computer open one's desk, and taking that back. Not for shared ones. */

import { useState } from "preact/hooks";
import { forgetDevice, rememberDevice, waysToOpen } from "../../../acts/opening.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { useAction } from "../../../parts/load.tsx";
import { H2, Inset, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useSteadyLoad } from "../../staff/people/focus.ts";
import { Trouble } from "../../staff/people/trouble.tsx";

export function ThisDevice() {
  const keys = useKeys();
  const ways = useSteadyLoad(waysToOpen, []);
  const [isRefused, setIsRefused] = useState(false);
  const isKept = ways.state === "here" && ways.data.device;
  const change = useAction(async () => {
    setIsRefused(false);
    if (isKept) await forgetDevice();
    else setIsRefused(!(await rememberDevice(keys)));
    ways.again();
  });
  if (ways.state !== "here") return null;
  return (
    <>
      <H2>{t("people.device")}</H2>
      <P>{t(isKept ? "people.device.kept" : "people.device.text")}</P>
      {isRefused ? <Inset>{t("people.device.refused")}</Inset> : null}
      <Trouble of={change.problem} again={change.run} />
      <Button kind="secondary" onClick={change.run} busy={change.busy}>
        {t(isKept ? "people.device.forget" : "people.device.remember")}
      </Button>
    </>
  );
}
