/** Changing what is agreed: names, months, rules, notes, who may write and get letters. */

import { useState } from "preact/hooks";
import { changePlan, openArrangement } from "../../../acts/arranging.ts";
import { personOf } from "../../../acts/plan.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Checkboxes, Form, Radios } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { H2, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "./errors.tsx";
import { PersonFields } from "./person_fields.tsx";
import { mistakes, notesOf, placesFor, planOf, somebody, typedOf } from "./plan_form.ts";
import { PlanFields } from "./plan_fields.tsx";
import type { ChangeFormProps } from "./review.tsx";
import { Trouble } from "./trouble.tsx";
import { until } from "./until.ts";

type Right = "read" | "write";

export function ChangePlan(props: ChangeFormProps & { readonly isLead: boolean }) {
  const { opened, onSaved, onCancel, isLead } = props;
  const keys = useKeys();
  const { plan, notes, standing } = opened;
  const errors = useErrors();
  const [typed, setTyped] = useState(() => typedOf(plan, notes));
  const [reviewers, setReviewers] = useState(standing.reviewers > 1 ? "2" : "1");
  const [rights, setRights] = useState<Readonly<Record<string, readonly Right[]>>>(() =>
    Object.fromEntries(
      standing.members.map(({ membership, read, write }) => [
        membership,
        [...(read ? ["read" as const] : []), ...(write ? ["write" as const] : [])],
      ]),
    ),
  );
  const save = useAction(async () => {
    const wrong = mistakes(typed);
    const needsLead = reviewers === "2" || standing.reviewers > 1;
    if (needsLead && !isLead) wrong.push({ field: "reviewers", message: t("people.reviewers.error") });
    if (!errors.show(wrong)) return;
    const places = placesFor(typed.people.slice(plan.people.length));
    await changePlan(keys, standing, {
      plan: planOf(typed, [...plan.people, ...places], plan.reviewed_on),
      places,
      notes: notesOf(typed, notes),
      reviewers: Number(reviewers),
      rights: Object.fromEntries(
        Object.entries(rights).map(([membership, held]) => [
          membership,
          { read: held.includes("read"), write: held.includes("write") },
        ]),
      ),
    });
    await until(async () => (await openArrangement(keys, standing.arrangement)).standing.n > standing.n);
    onSaved();
  });
  return (
    <Form onSubmit={save.run}>
      <H2>{t("people.people")}</H2>
      {typed.people.map((person, at) => (
        <PersonFields
          at={at}
          person={person}
          isNew={at >= plan.people.length}
          onChange={(changed) =>
            setTyped({ ...typed, people: typed.people.map((each, n) => (n === at ? changed : each)) })
          }
          onRemove={
            at < plan.people.length
              ? undefined
              : () => setTyped({ ...typed, people: typed.people.filter((_, n) => n !== at) })
          }
          key={at}
        />
      ))}
      <Button
        kind="secondary"
        onClick={() => setTyped({ ...typed, people: [...typed.people, somebody("a", "adoptive-parent")] })}
      >
        {t("people.person.add")}
      </Button>
      {standing.members.map(({ membership }) => (
        <Checkboxes<Right>
          id={`rights-${membership}`}
          legend={t("people.rights", { name: personOf(plan, membership)?.name ?? "" })}
          options={[
            { value: "write", label: t("people.rights.write") },
            { value: "read", label: t("people.rights.read") },
          ]}
          values={rights[membership] ?? []}
          onChange={(held) => setRights({ ...rights, [membership]: held })}
          key={membership}
        />
      ))}
      <PlanFields typed={typed} onChange={setTyped} />
      <Radios
        id="reviewers"
        legend={t("people.reviewers")}
        hint={t("people.reviewers.hint")}
        options={[
          { value: "1", label: t("people.reviewers.1") },
          { value: "2", label: t("people.reviewers.2") },
        ]}
        value={reviewers}
        onChange={setReviewers}
        error={errors.of("reviewers")}
      />
      <Trouble of={save.problem} again={save.run} />
      <Status text={save.busy ? t("people.saving") : ""} />
      <div class="govuk-button-group">
        <Button type="submit" busy={save.busy}>
          {t("people.save")}
        </Button>
        <Button kind="secondary" onClick={onCancel}>
          {t("people.cancel")}
        </Button>
      </div>
    </Form>
  );
}
