/** What is agreed and known, beside the letter: the plan, and the staff's own notes. */

import { personOf, type PlanPerson } from "../../../acts/plan.ts";
import { Details, H2, P, SummaryList, type Row } from "../../../parts/text.tsx";
import { dayYear, month, t } from "../../../words.ts";
import type { Ready } from "./ready.ts";
import { roleName } from "./roles.ts";

export function Facts({ ready }: { readonly ready: Ready }) {
  const { desk, beside } = ready;
  if (beside === null) return null;
  const { plan, notes, standing } = beside;
  const author = personOf(plan, desk.author);
  const rows: Row[] = [
    { key: t("desk.facts.from"), value: author === undefined ? t("desk.facts.unnamed") : called(author) },
    { key: t("desk.facts.to"), value: desk.to.map((to) => calledOf(plan.people, to)).join(", ") },
    { key: t("desk.facts.signs"), value: author?.signs ?? t("desk.facts.unnamed") },
    { key: t("desk.facts.months"), value: monthsOf(plan.months[author?.side ?? ""] ?? []) },
    { key: t("desk.facts.photos"), value: t(plan.photos ? "desk.facts.photos.yes" : "desk.facts.photos.no") },
    { key: t("desk.facts.children"), value: plan.children.join(", ") || t("desk.facts.none") },
    { key: t("desk.facts.written"), value: dayYear(desk.day) },
    { key: t("desk.facts.review"), value: dayYear(plan.next_review_on) },
  ];
  const unnamed = plan.children.filter((name) => !desk.text.includes(name));
  const isSiblings = plan.children.length > 1 && unnamed.length > 0;
  return (
    <>
      <H2>{t("desk.facts")}</H2>
      {standing.reviewers > 1 ? <P>{t("desk.facts.two")}</P> : null}
      <SummaryList rows={rows} />
      {isSiblings ? <P>{t("desk.facts.left", { names: unnamed.join(", ") })}</P> : null}
      {plan.rules.length === 0 ? null : (
        <ul class="govuk-list govuk-list--bullet">
          {plan.rules.map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ul>
      )}
      <H2>{t("desk.history")}</H2>
      <P>{notes.history === "" ? t("desk.history.none") : notes.history}</P>
      {notes.protected.length === 0 ? null : (
        <Details summary={t("desk.protected")}>{notes.protected.join(", ")}</Details>
      )}
    </>
  );
}

function called({ name, role }: PlanPerson): string {
  return t("desk.person", { name, role: roleName(role) });
}

function calledOf(people: readonly PlanPerson[], membership: string): string {
  const person = people.find((it) => it.membership === membership);
  return person === undefined ? t("desk.facts.unnamed") : called(person);
}

function monthsOf(months: readonly number[]): string {
  return months.map(month).join(", ") || t("desk.facts.none");
}
