/** Stopping somebody's keys at once, when others may have their words. A team manager's to do. */

import { useState } from "preact/hooks";
import { type Reason, revoke } from "../../../acts/staffing.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Radios } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { Details, P, Status, Warning } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { followed } from "./following.ts";
import type { Known } from "./person.ts";
import { isStopped } from "./renewal.ts";
import { Trouble } from "./trouble.tsx";
import { until } from "./until.ts";

interface StopKeysProps {
  readonly known: Known;
  readonly again: () => void;
}

export function StopKeys({ known, again }: StopKeysProps) {
  const keys = useKeys();
  const { name, place, self, opened } = known;
  const [why, setWhy] = useState<Reason>("compromised");
  const stop = useAction(async () => {
    await revoke(keys, place.certificate, why);
    await until(async () => isStopped(place.membership, await followed()));
    again();
  });
  const mayStop = self?.roles.includes("lead") && self.teams.includes(opened.standing.team);
  if (!mayStop) return <P>{t("people.stop.leads")}</P>;
  return (
    <Details summary={t("people.stop", { name })}>
      <Warning>{t("people.stop.text", { name })}</Warning>
      <Radios<Reason>
        id="why"
        legend={t("people.staff.why")}
        options={[
          { value: "compromised", label: t("people.staff.why.compromised") },
          { value: "lost", label: t("people.staff.why.lost") },
          { value: "left", label: t("people.staff.why.left") },
        ]}
        value={why}
        onChange={setWhy}
      />
      <Trouble of={stop.problem} again={stop.run} />
      <Status text={stop.busy ? t("people.saving") : ""} />
      <Button kind="warning" onClick={stop.run} busy={stop.busy}>
        {t("people.stop.do")}
      </Button>
    </Details>
  );
}
