/** What is agreed, and what only staff know. */

import type { OpenedArrangement } from "../../../acts/arranging.ts";
import { SummaryList, Tag } from "../../../parts/text.tsx";
import { dayYear, month, plural, t } from "../../../words.ts";
import { today } from "./days.ts";
import { sideName } from "./roles.ts";

export function PlanSummary({ opened: { plan, notes, standing } }: { readonly opened: OpenedArrangement }) {
  const sides = Object.keys(plan.months).sort();
  const due = plan.next_review_on <= today() ? <Tag tone="yellow">{t("people.review.due")}</Tag> : null;
  return (
    <SummaryList
      rows={[
        { key: t("people.plan.children"), value: plan.children.join(", ") || t("people.plan.children.none") },
        ...sides.map((side) => ({
          key: t("people.plan.months", { side: sideName(side) }),
          value: (plan.months[side] ?? []).map(month).join(", "),
        })),
        { key: t("people.plan.photos"), value: t(plan.photos ? "people.yes" : "people.no") },
        { key: t("people.plan.rules"), value: <Lines of={plan.rules} /> },
        { key: t("people.reviewers"), value: plural("people.reviewers.n", standing.reviewers) },
        { key: t("people.plan.reviewed"), value: dayYear(plan.reviewed_on) },
        {
          key: t("people.plan.next"),
          value: (
            <>
              {dayYear(plan.next_review_on)} {due}
            </>
          ),
        },
        { key: t("people.notes.protected"), value: <Lines of={notes.protected} /> },
      ]}
    />
  );
}

function Lines({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return <>–</>;
  return (
    <ul class="govuk-list">
      {of.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
