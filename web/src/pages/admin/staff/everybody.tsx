/** Everybody with a certificate in force, and removing one of them. */

import { useState } from "preact/hooks";
import type { Colleague } from "../../../acts/staffing.ts";
import { Tag } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { nameOf } from "../../staff/people/colleagues.ts";
import { useFocusKept } from "../../staff/people/focus.ts";
import { rolesName } from "../../staff/people/roles.ts";
import type { RootHolder } from "../root_holder.ts";
import type { Known } from "../staff.tsx";
import { Remove } from "./remove.tsx";

interface EverybodyProps {
  readonly known: Known;
  readonly holder: RootHolder;
  readonly again: () => void;
}

export function Everybody({ known, holder, again }: EverybodyProps) {
  const { self, staff, all } = known;
  const [leaving, setLeaving] = useState<string | null>(null);
  const teamsOf = ({ teams }: Colleague) =>
    all
      .filter(({ team }) => teams.includes(team))
      .map(({ name }) => name)
      .join(", ");
  const isManager = self.roles.includes("lead") || self.roles.includes("administrator");
  // Nobody removes the keys that they work with; whoever came back, those from before.
  const isStaying = ({ staff, certificate, isReplaced }: Colleague) =>
    certificate === self.certificate || (staff === self.staff && !isReplaced);
  useFocusKept(leaving);
  const chosen = staff.find(({ certificate }) => certificate === leaving);
  return (
    <>
      <div class="p-scroll" tabIndex={0} role="region" aria-label={t("people.staff.everybody")}>
        <table class="govuk-table">
          <thead>
            <tr>
              <th scope="col" class="govuk-table__header">{t("people.staff.name")}</th>
              <th scope="col" class="govuk-table__header">{t("people.staff.role")}</th>
              <th scope="col" class="govuk-table__header">{t("people.staff.teams")}</th>
              {isManager ? <th scope="col" class="govuk-table__header">{t("people.staff.do")}</th> : null}
            </tr>
          </thead>
          <tbody>
            {staff.map((each) => (
              <tr class="govuk-table__row" key={each.certificate}>
                <th scope="row" class="govuk-table__header">
                  {nameOf(each)} {each.staff === self.staff ? <Tag tone="blue">{t("people.staff.you")}</Tag> : null}
                </th>
                <td class="govuk-table__cell">{rolesName(each.roles)}</td>
                <td class="govuk-table__cell">{teamsOf(each)}</td>
                {isManager ? (
                  <td class="govuk-table__cell">
                    {isStaying(each) ? null : (
                      <button class="p-link" type="button" onClick={() => setLeaving(each.certificate)}>
                        {t("people.staff.remove", { name: nameOf(each) })}
                      </button>
                    )}
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {chosen === undefined ? null : (
        <Remove
          self={self}
          who={chosen}
          holder={holder}
          onCancel={() => setLeaving(null)}
          onRemoved={() => {
            setLeaving(null);
            again();
          }}
          key={chosen.certificate}
        />
      )}
    </>
  );
}
