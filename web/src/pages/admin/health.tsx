/** A1: how the agency stands, as far as somebody may know who sees no letters; and what to do next. */

import { logKey } from "../../acts/log_key.ts";
import { everybody, me, quarantine, teams } from "../../acts/staffing.ts";
import { unless } from "../../acts/session.ts";
import { get } from "../../api.ts";
import type * as Api from "../../api_types.ts";
import { useApp, useKeys } from "../../app.tsx";
import { ButtonLink, Link } from "../../parts/button.tsx";
import { Load, useLoad } from "../../parts/load.tsx";
import { H2, Inset, P, SummaryList } from "../../parts/text.tsx";
import { plural, rich, t } from "../../words.ts";
import { FormScreen } from "../staff/people/errors.tsx";
import { rolesName } from "../staff/people/roles.ts";
import { NextSteps, stepsOf } from "./health/next_steps.tsx";
import { Phone } from "./health/phone.tsx";
import { Rules } from "./health/rules.tsx";

export function Health() {
  const keys = useKeys();
  const { agency, phone } = useApp();
  const known = useLoad(async () => {
    const [self, staff, all, checkpoint] = await Promise.all([
      me(keys),
      everybody(keys),
      teams(),
      unless(404, get<Api.Checkpoint>("/api/log/checkpoint")),
    ]);
    const stopped = self?.roles.includes("lead") === true ? await quarantine() : null;
    const isAdministrator = self?.roles.includes("administrator") === true;
    const log = isAdministrator ? (await logKey(keys)).at : "named";
    return { self, staff, all, checkpoint, stopped, isAdministrator, log };
  }, []);
  return (
    <FormScreen title={t("people.health")}>
      <Load of={known}>
        {({ self, staff, all, checkpoint, stopped, isAdministrator, log }) => {
          const steps = stepsOf({ phone, staff, all });
          return (
            <>
              {self?.name === null ? (
                <Inset>{rich("people.name.missing", { a: (text) => <Link to="/admin/staff">{text}</Link> })}</Inset>
              ) : null}
              {log === "new" ? (
                <Inset>{rich("people.health.logKey", { a: (text) => <Link to="/admin/log-key">{text}</Link> })}</Inset>
              ) : null}
              {log === "waiting" ? (
                <Inset>{rich("people.health.logKey.waits", { a: (text) => <Link to="/admin/log-key">{text}</Link> })}</Inset>
              ) : null}
              {steps.every(({ isDone }) => isDone) ? null : <NextSteps steps={steps} />}
              <SummaryList
                rows={[
                  { key: t("people.health.agency"), value: agency?.name ?? "" },
                  { key: t("people.health.staff"), value: plural("people.health.staff.n", staff.length) },
                  { key: t("people.health.you"), value: rolesName(self?.roles ?? []) },
                  {
                    key: t("people.health.withKey"),
                    value: all.filter(({ epoch }) => (epoch ?? "") !== "").map(({ name }) => name).join(", ") || "–",
                  },
                  {
                    key: t("people.health.withoutKey"),
                    value: all.filter(({ epoch }) => (epoch ?? "") === "").map(({ name }) => name).join(", ") || "–",
                  },
                  {
                    key: t("people.health.log"),
                    value:
                      checkpoint === null ? t("people.health.log.none") : plural("people.health.log.n", checkpoint.size),
                  },
                  {
                    key: t("people.health.stopped"),
                    value:
                      stopped === null ? (
                        t("people.health.stopped.leads")
                      ) : stopped.length === 0 ? (
                        t("people.health.stopped.none")
                      ) : (
                        <Link to="/team/quarantine">{plural("people.health.stopped.n", stopped.length)}</Link>
                      ),
                  },
                  { key: t("people.health.realm"), value: <span class="p-code p-hex">{agency?.realm}</span> },
                ]}
              />
              <P>{t("people.health.noLetters")}</P>
              <ButtonLink to="/admin/staff">{t("people.staff")}</ButtonLink>
              <H2>{t("people.rules")}</H2>
              <Rules />
              {isAdministrator ? <Phone /> : null}
            </>
          );
        }}
      </Load>
    </FormScreen>
  );
}
