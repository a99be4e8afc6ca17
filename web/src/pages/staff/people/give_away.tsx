/** Offering an arrangement to another team. */

import { useState } from "preact/hooks";
import { giveAway } from "../../../acts/moving.ts";
import type { Team } from "../../../acts/staffing.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Form, Radios } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { P, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "./errors.tsx";
import type { ChangeFormProps } from "./review.tsx";
import { Trouble } from "./trouble.tsx";
import { verified } from "./until.ts";

interface GiveAwayProps extends ChangeFormProps {
  readonly teams: readonly Team[];
}

export function GiveAway({ opened, teams, onSaved, onCancel }: GiveAwayProps) {
  const keys = useKeys();
  const [to, setTo] = useState("");
  const errors = useErrors();
  const others = teams.filter(({ team, epoch }) => team !== opened.standing.team && (epoch ?? "") !== "");
  const offer = useAction(async () => {
    if (!errors.show(to === "" ? [{ field: "to", message: t("people.move.to.error") }] : [])) return;
    await verified(await giveAway(keys, opened, to));
    onSaved();
  });
  return (
    <Form onSubmit={offer.run}>
      <P>{t("people.move.text")}</P>
      <P>{t("people.move.before")}</P>
      {others.length === 0 ? (
        <P>{t("people.move.nobody")}</P>
      ) : (
        <Radios
          id="to"
          legend={t("people.move.to")}
          options={others.map(({ team, name }) => ({ value: team, label: name }))}
          value={to}
          onChange={setTo}
          error={errors.of("to")}
        />
      )}
      <Trouble of={offer.problem} again={offer.run} />
      <Status text={offer.busy ? t("people.saving") : ""} />
      <div class="govuk-button-group">
        <Button type="submit" busy={offer.busy}>
          {t("people.move.offer")}
        </Button>
        <Button kind="secondary" onClick={onCancel}>
          {t("people.cancel")}
        </Button>
      </div>
    </Form>
  );
}
