/** The agency's teams, and making one. */

import { useState } from "preact/hooks";
import { type Colleague, makeTeam, type Team } from "../../../acts/staffing.ts";
import { Button } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { H2, P, SummaryList } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "../../staff/people/errors.tsx";
import { Trouble } from "../../staff/people/trouble.tsx";

interface TeamsProps {
  readonly self: Colleague;
  readonly all: readonly Team[];
  readonly again: () => void;
}

export function Teams({ self, all, again }: TeamsProps) {
  const [name, setName] = useState("");
  const errors = useErrors();
  const make = useAction(async () => {
    const isTaken = all.some((team) => team.name === name.trim());
    const wrong = name.trim() === "" ? t("people.teams.empty") : isTaken ? t("people.teams.taken") : null;
    if (!errors.show(wrong === null ? [] : [{ field: "team-name", message: wrong }])) return;
    await makeTeam(name.trim());
    again();
  });
  return (
    <>
      <H2>{t("people.teams")}</H2>
      {all.length === 0 ? (
        <P>{t("people.teams.none")}</P>
      ) : (
        <SummaryList
          rows={all.map((team) => ({
            key: team.name,
            value: t((team.epoch ?? "") === "" ? "people.teams.noKey" : "people.teams.key"),
          }))}
        />
      )}
      {self.roles.includes("administrator") ? (
        <Form onSubmit={make.run}>
          <Input
            id="team-name"
            label={t("people.teams.name")}
            value={name}
            onInput={setName}
            error={errors.of("team-name")}
            width={20}
            spellcheck
          />
          <Trouble of={make.problem} again={make.run} />
          <Button type="submit" kind="secondary" busy={make.busy}>
            {t("people.teams.make")}
          </Button>
        </Form>
      ) : null}
    </>
  );
}
