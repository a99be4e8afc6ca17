/** F9: the plan in plain words; the last step of joining, and “My plan” ever after. */

import { useState } from "preact/hooks";
import { type Letterbox, letterboxes } from "../../../acts/letterbox.ts";
import { type Plan as AgreedPlan, personOf, type PlanPerson } from "../../../acts/plan.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { type FieldError, Screen } from "../../../parts/screen.tsx";
import { H2, P, type Row, SummaryList } from "../../../parts/text.tsx";
import { dayYear, month, t } from "../../../words.ts";
import { Changed } from "./changed.tsx";
import { isJoining, setJoining } from "./held.ts";

export function Plan() {
  const keys = useKeys();
  const { go } = useApp();
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const load = useLoad(() => letterboxes(keys), [keys]);
  const agree = () => {
    const to = isJoining() ? "/join/done" : "/home";
    setJoining(false);
    go(to);
  };
  return (
    <Screen title={t("join.plan.title")} errors={errors}>
      <Load of={load}>
        {(boxes) =>
          boxes.length === 0 ? (
            <P>{t("join.plan.none")}</P>
          ) : (
            <>
              {boxes.map((box) => (
                <OnePlan box={box} isOnly={boxes.length === 1} key={box.membership} />
              ))}
              <Button onClick={agree}>{t("join.plan.right")}</Button>
              {boxes.map((box) => (
                <Changed
                  box={box}
                  about={boxes.length === 1 ? null : others(box)}
                  errors={errors}
                  onErrors={setErrors}
                  key={box.membership}
                />
              ))}
            </>
          )
        }
      </Load>
    </Screen>
  );
}

function OnePlan({ box, isOnly }: { readonly box: Letterbox; readonly isOnly: boolean }) {
  const { agency } = useApp();
  const { plan } = box;
  const me = personOf(plan, box.membership);
  const team = agency === null ? t("join.team") : t("join.plan.team", { agency: agency.name });
  const rows: Row[] = [
    { key: t("join.plan.who"), value: <Sides box={box} /> },
    ...(plan.children.length === 0 ? [] : [{ key: t("join.plan.children"), value: plan.children.join(", ") }]),
    { key: t("join.plan.photos"), value: t(plan.photos ? "join.plan.photos.yes" : "join.plan.photos.no") },
    { key: t("join.plan.signs"), value: <span dir="auto">{me?.signs ?? ""}</span> },
    { key: t("join.plan.checks"), value: team },
    ...(plan.rules.length === 0 ? [] : [{ key: t("join.plan.rules"), value: <Lines of={plan.rules} /> }]),
    { key: t("join.plan.last"), value: dayYear(plan.reviewed_on) },
    { key: t("join.plan.next"), value: dayYear(plan.next_review_on) },
  ];
  return (
    <>
      {isOnly ? null : <H2>{t("join.plan.with", { names: others(box) })}</H2>}
      <SummaryList rows={rows} />
    </>
  );
}

function Sides({ box: { plan, membership, side: mine } }: { readonly box: Letterbox }) {
  const theirs = plan.people.map(({ side }) => side).filter((side) => side !== mine);
  const sides = [mine, ...new Set(theirs)];
  const name = (person: PlanPerson) => (person.membership === membership ? t("join.plan.you") : person.name);
  return (
    <Lines
      of={sides.map((side) => {
        const names = plan.people.filter((person) => person.side === side).map(name).join(", ");
        return t("join.plan.side", { names, months: monthsOf(plan, side) });
      })}
    />
  );
}

function monthsOf(plan: AgreedPlan, side: string): string {
  const months = plan.months[side] ?? [];
  return months.length === 0 ? t("join.plan.any") : months.map(month).join(", ");
}

/** First names of everybody on the other sides. */
function others({ plan, side }: Letterbox): string {
  return plan.people
    .filter((person) => person.side !== side)
    .map(({ name }) => name)
    .join(", ");
}

function Lines({ of: lines }: { readonly of: readonly string[] }) {
  return (
    <ul class="govuk-list">
      {lines.map((line) => (
        <li key={line} dir="auto">
          {line}
        </li>
      ))}
    </ul>
  );
}
