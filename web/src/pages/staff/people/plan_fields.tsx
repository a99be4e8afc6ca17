/** What is agreed, and what only staff know: the fields of a new and of a changed plan. */

import { Checkboxes, Input, Radios, TextArea } from "../../../parts/form.tsx";
import { H2 } from "../../../parts/text.tsx";
import { month, t } from "../../../words.ts";
import { useErrors } from "./errors.tsx";
import { sidesOf, type TypedPlan } from "./plan_form.ts";
import { sideName } from "./roles.ts";
import { RoleWarning } from "./sibling_warnings.tsx";

const MONTHS = Array.from({ length: 12 }, (_, at) => at + 1);

interface PlanFieldsProps {
  readonly typed: TypedPlan;
  readonly onChange: (typed: TypedPlan) => void;
}

export function PlanFields({ typed, onChange }: PlanFieldsProps) {
  const errors = useErrors();
  const change = (part: Partial<TypedPlan>) => onChange({ ...typed, ...part });
  return (
    <>
      <H2>{t("people.plan")}</H2>
      <TextArea
        id="children"
        label={t("people.plan.children")}
        hint={t("people.plan.children.hint")}
        rows={3}
        value={typed.children}
        onInput={(children) => change({ children })}
        error={errors.of("children")}
      />
      <RoleWarning people={typed.people} childrenTyped={typed.children} />
      {sidesOf(typed.people).map((side) => (
        <div class="p-months" key={side}>
          <Checkboxes
            id={`months-${side}`}
            legend={t("people.plan.months", { side: sideName(side) })}
            options={MONTHS.map((n) => ({ value: String(n), label: month(n) }))}
            values={(typed.months[side] ?? []).map(String)}
            onChange={(months) => change({ months: { ...typed.months, [side]: months.map(Number) } })}
            error={errors.of(`months-${side}`)}
          />
        </div>
      ))}
      <Radios
        id="photos"
        legend={t("people.plan.photos")}
        options={[
          { value: "yes", label: t("people.yes") },
          { value: "no", label: t("people.no") },
        ]}
        value={typed.photos ? "yes" : "no"}
        onChange={(value) => change({ photos: value === "yes" })}
      />
      <TextArea
        id="rules"
        label={t("people.plan.rules")}
        hint={t("people.plan.rules.hint")}
        value={typed.rules}
        onInput={(rules) => change({ rules })}
      />
      <Input
        id="next-review"
        type="date"
        label={t("people.plan.next")}
        hint={t("people.plan.next.hint")}
        width={10}
        value={typed.nextReview}
        onInput={(nextReview) => change({ nextReview })}
        error={errors.of("next-review")}
      />
      <H2>{t("people.notes")}</H2>
      <TextArea
        id="protected"
        label={t("people.notes.protected")}
        hint={t("people.notes.protected.hint")}
        value={typed.protectedTerms}
        onInput={(protectedTerms) => change({ protectedTerms })}
      />
      <TextArea
        id="history"
        label={t("people.notes.history")}
        hint={t("people.notes.history.hint")}
        value={typed.history}
        onInput={(history) => change({ history })}
      />
    </>
  );
}
