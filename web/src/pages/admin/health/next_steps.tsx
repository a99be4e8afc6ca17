/** What to do next while the agency is new, in order. */

import type { Colleague, Team } from "../../../acts/staffing.ts";
import { Link } from "../../../parts/button.tsx";
import { H2, Tag } from "../../../parts/text.tsx";
import { t, type Key } from "../../../words.ts";

interface Step {
  readonly key: Key;
  readonly to: string;
  readonly isDone: boolean;
}

interface Facts {
  readonly phone: string;
  readonly staff: readonly Colleague[];
  readonly all: readonly Team[];
}

/**
 * A team comes before its leads: a lead's certificate names their teams. Whether there is an
 * arrangement yet is the team's to know; the list ends with a team that could make one.
 */
export function stepsOf({ phone, staff, all }: Facts): readonly Step[] {
  const having = (role: string) => staff.filter(({ roles }) => roles.includes(role));
  const leads = having("lead").filter(({ teams }) => teams.length > 0);
  return [
    { key: "people.next.phone", to: "/admin", isDone: phone !== "" },
    { key: "people.next.team", to: "/admin/staff", isDone: all.length > 0 },
    { key: "people.next.leads", to: "/admin/staff", isDone: leads.length >= 2 },
    { key: "people.next.coordinators", to: "/admin/staff", isDone: having("coordinator").length > 0 },
    { key: "people.next.key", to: "/team/key", isDone: all.some(({ epoch }) => (epoch ?? "") !== "") },
  ];
}

export function NextSteps({ steps }: { readonly steps: readonly Step[] }) {
  const next = steps.findIndex(({ isDone }) => !isDone);
  return (
    <>
      <H2>{t("people.next")}</H2>
      <ol class="govuk-list govuk-list--number">
        {steps.map(({ key, to, isDone }, at) => (
          <li key={key}>
            {at === next ? <Link to={to}>{t(key)}</Link> : t(key)}{" "}
            {isDone ? <Tag tone="green">{t("people.next.done")}</Tag> : null}
          </li>
        ))}
        <li>{t("people.next.arrangement")}</li>
      </ol>
    </>
  );
}
