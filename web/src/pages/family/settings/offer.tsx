/** After the second opening with words: easier ways, once on each device. */

import { useEffect } from "preact/hooks";
import type { Keys } from "../../../keys.ts";
import { Button } from "../../../parts/button.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { PhoneLock, ThisPhone } from "./easier.tsx";

/** The letterbox is as good as open: nobody may find it so later. */
const PATIENCE = 120_000;

interface Props {
  readonly keys: Keys;
  readonly canLock: boolean;
  readonly onDone: () => Promise<void>;
  /** Nobody answered. */
  readonly onAway: () => void;
}

export function Offer({ keys, canLock, onDone, onAway }: Props) {
  useEffect(() => {
    const timer = setTimeout(onAway, PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  const done = useAction(onDone);
  return (
    <Screen title={t("settings.offer.title")}>
      <P>{t("settings.offer.text")}</P>
      {canLock ? (
        <>
          <H2>{t("settings.lock")}</H2>
          <PhoneLock keys={keys} isOn={false} onChange={done.run} />
        </>
      ) : null}
      <H2>{t("settings.device")}</H2>
      <ThisPhone keys={keys} isOn={false} onChange={done.run} />
      <Problem of={done.problem} again={done.run} />
      <Button onClick={done.run} busy={done.busy}>{t("settings.offer.no")}</Button>
    </Screen>
  );
}
