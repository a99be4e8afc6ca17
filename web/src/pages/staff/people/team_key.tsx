/** T7: the team's key: who has it, when to change it, and changing it. */

import { changeTeamKey, me, teams } from "../../../acts/staffing.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Load, useAction } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, Inset, P, Status, SummaryList, Warning } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { nameOf } from "./colleagues.ts";
import { useSteadyLoad } from "./focus.ts";
import { type KeyState, keyState } from "./key_holders.ts";
import { Trouble } from "./trouble.tsx";
import { until } from "./until.ts";

/** With one holder alone, one lost key would close every letter. */
const LEAST = 2;

export function TeamKey() {
  const keys = useKeys();
  const known = useSteadyLoad(async () => {
    const [self, all] = await Promise.all([me(keys), teams()]);
    const own = all.filter(({ team }) => self?.teams.includes(team));
    const isLead = self?.roles.includes("lead") ?? false;
    const checks = isLead || (self?.roles.includes("coordinator") ?? false);
    const states = checks ? await Promise.all(own.map((team) => keyState(keys, team))) : [];
    return { isLead, states };
  }, []);
  return (
    <Screen title={t("people.key")} back="/team">
      <P>{t("people.key.text")}</P>
      <Load of={known}>
        {({ isLead, states }) =>
          states.length === 0 ? (
            <P>{t("people.team.none")}</P>
          ) : (
            states.map((state) => <One state={state} isLead={isLead} again={known.again} key={state.team.team} />)
          )
        }
      </Load>
    </Screen>
  );
}

interface OneProps {
  readonly state: KeyState;
  readonly isLead: boolean;
  readonly again: () => void;
}

function One({ state, isLead, again }: OneProps) {
  const keys = useKeys();
  const { team, n, isMine, holders, later } = state;
  const next = holders.length + later.length;
  const change = useAction(async () => {
    await changeTeamKey(keys, team.team);
    await until(async () => ((await keyState(keys, team)).n ?? 0) > (n ?? 0));
    // Known once the new key itself is in the log.
    await until(async () => (await keyState(keys, team)).holders.length >= next);
    again();
  });
  const list = (people: KeyState["holders"]) => people.map(nameOf).join(", ") || t("people.key.nobody");
  return (
    <>
      <H2>{team.name}</H2>
      <SummaryList
        rows={[
          { key: t("people.key.n"), value: n === null ? t("people.key.none") : String(n) },
          { key: t("people.key.holders"), value: list(holders) },
          ...(later.length === 0 ? [] : [{ key: t("people.key.later"), value: list(later) }]),
        ]}
      />
      {team.key_due_since === null ? null : <Warning>{t("people.key.due")}</Warning>}
      {n !== null && !isMine ? <Inset>{t("people.key.notMine")}</Inset> : null}
      {n !== null && later.length > 0 ? <Warning>{t("people.key.change.later")}</Warning> : null}
      {isLead && next < LEAST ? <Warning>{t("people.key.least")}</Warning> : null}
      {isLead ? null : <P>{t("people.key.leads")}</P>}
      {isLead && next >= LEAST ? (
        <>
          <P>{t("people.key.when")}</P>
          <Trouble of={change.problem} again={change.run} />
          <Status text={change.busy ? t("people.key.busy") : ""} />
          <Button onClick={change.run} busy={change.busy}>
            {t(n === null ? "people.key.first" : "people.key.change")}
          </Button>
        </>
      ) : null}
    </>
  );
}
