/** Removing somebody: a lead of all their teams, or the root. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type Colleague, everybody, type Reason, revoke } from "../../../acts/staffing.ts";
import { post } from "../../../api.ts";
import type { Root } from "../../../acts/ceremony.ts";
import { useKeys } from "../../../app.tsx";
import { Button, ButtonLink } from "../../../parts/button.tsx";
import { Radios } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { Status, Warning } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { nameOf } from "../../staff/people/colleagues.ts";
import { Trouble } from "../../staff/people/trouble.tsx";
import { until } from "../../staff/people/until.ts";
import type { RootHolder } from "../root_holder.ts";
import { OpenRoot } from "./open_root.tsx";

interface RemoveProps {
  readonly self: Colleague;
  readonly who: Colleague;
  readonly holder: RootHolder;
  readonly onCancel: () => void;
  readonly onRemoved: () => void;
}

export function Remove({ self, who, holder, onCancel, onRemoved }: RemoveProps) {
  const keys = useKeys();
  const name = nameOf(who);
  const [why, setWhy] = useState<Reason>(who.isReplaced ? "lost" : "left");
  const [isDone, setIsDone] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [isDone]);
  const mayAlone =
    self.roles.includes("lead") && who.teams.length > 0 && who.teams.every((team) => self.teams.includes(team));
  const remove = useAction(async () => {
    if (mayAlone) await revoke(keys, who.certificate, why);
    else if (holder.root !== null) await revokeByRoot(holder.root, who.certificate, why);
    await until(async () => !(await everybody(keys)).some(({ certificate }) => certificate === who.certificate));
    setIsDone(true);
  });
  return (
    <section class="p-card">
      <h3 class="govuk-heading-m" tabIndex={-1} ref={heading}>
        {t("people.staff.remove", { name })}
      </h3>
      {isDone ? (
        <>
          <Warning>{t("people.staff.removed", { name })}</Warning>
          <div class="govuk-button-group">
            <ButtonLink to="/team/key">{t("people.key.change")}</ButtonLink>
            <Button kind="secondary" onClick={onRemoved}>
              {t("people.close")}
            </Button>
          </div>
        </>
      ) : (
        <>
          <Warning>{t("people.staff.remove.text", { name })}</Warning>
          <Radios<Reason>
            id="why"
            legend={t("people.staff.why")}
            options={[
              { value: "left", label: t("people.staff.why.left") },
              { value: "lost", label: t("people.staff.why.lost") },
              { value: "compromised", label: t("people.staff.why.compromised") },
              { value: "mistake", label: t("people.staff.why.mistake") },
            ]}
            value={why}
            onChange={setWhy}
          />
          {mayAlone || holder.root !== null ? null : <OpenRoot id="remove" expected={keys.root} onOpen={holder.keep} />}
          <Trouble of={remove.problem} again={remove.run} />
          <Status text={remove.busy ? t("people.saving") : ""} />
          <div class="govuk-button-group">
            {mayAlone || holder.root !== null ? (
              <Button kind="warning" onClick={remove.run} busy={remove.busy}>
                {t("people.staff.remove", { name })}
              </Button>
            ) : null}
            <Button kind="secondary" onClick={onCancel}>
              {t("people.cancel")}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

async function revokeByRoot(root: Root, target: string, reason: Reason): Promise<void> {
  await post("/api/statements/revoke", { statement: root.sign("revoke", { target_id: target, reason }) });
}
