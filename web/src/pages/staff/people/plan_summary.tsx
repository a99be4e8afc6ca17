/** What is agreed, and what only staff know. */

import type { Notes, Plan } from "../../../acts/plan.ts";
import { P, SummaryList, Tag } from "../../../parts/text.tsx";
import { dayYear, month, plural, t } from "../../../words.ts";
import { today } from "./days.ts";
import { sideName } from "./roles.ts";

interface PlanSummaryProps {
  readonly plan: Plan;
  readonly notes: Notes;
  /** How many persons must agree to deliver. */
  readonly reviewers: number;
}

export function PlanSummary({ plan, notes, reviewers }: PlanSummaryProps) {
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
        { key: t("people.reviewers"), value: plural("people.reviewers.n", reviewers) },
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

export function History({ of: { history } }: { readonly of: Notes }) {
  if (history === "") return <P>{t("people.notes.history.none")}</P>;
  return <p class="govuk-body p-lines">{history}</p>;
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
