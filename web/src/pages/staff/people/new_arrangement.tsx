/** A new arrangement: the people on each side, what is agreed, and how many check. */

import { useState } from "preact/hooks";
import { arrangements, makeArrangement } from "../../../acts/arranging.ts";
import { type Colleague, me, type Team, teams } from "../../../acts/staffing.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Form, Radios } from "../../../parts/form.tsx";
import { Load, useAction, useLoad } from "../../../parts/load.tsx";
import { H2, P, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { today, yearsLater } from "./days.ts";
import { FormScreen, useErrors } from "./errors.tsx";
import { PersonFields } from "./person_fields.tsx";
import { mistakes, notesOf, placesFor, planOf, somebody, type TypedPerson, type TypedPlan } from "./plan_form.ts";
import { PlanFields } from "./plan_fields.tsx";
import { Select } from "./select.tsx";
import { Trouble } from "./trouble.tsx";
import { until } from "./until.ts";

export function NewArrangement() {
  const keys = useKeys();
  const known = useLoad(async () => {
    const [self, all] = await Promise.all([me(keys), teams()]);
    return { self, own: all.filter(({ team }) => self?.teams.includes(team)) };
  }, []);
  return (
    <FormScreen title={t("people.new")} back="/desk/arrangements">
      <Load of={known}>
        {({ self, own }) =>
          self === null || own.length === 0 ? (
            <P>{t("people.team.none")}</P>
          ) : (
            <NewForm self={self} own={own} />
          )
        }
      </Load>
    </FormScreen>
  );
}

interface NewFormProps {
  readonly self: Colleague;
  readonly own: readonly Team[];
}

function NewForm({ self, own }: NewFormProps) {
  const errors = useErrors();
  const keys = useKeys();
  const { go } = useApp();
  const [team, setTeam] = useState(own[0]?.team ?? "");
  const [reviewers, setReviewers] = useState<"1" | "2">("1");
  const [isSaving, setIsSaving] = useState(false);
  const [typed, setTyped] = useState<TypedPlan>(() => ({
    people: [somebody("a", "adoptive-parent"), somebody("b", "birth-parent")],
    children: "",
    months: {},
    photos: false,
    rules: "",
    nextReview: yearsLater(today(), 1),
    protectedTerms: "",
    history: "",
  }));
  const isLead = self.roles.includes("lead");
  const save = useAction(async () => {
    const wrong = mistakes(typed);
    if (reviewers === "2" && !isLead) wrong.push({ field: "reviewers", message: t("people.reviewers.error") });
    if (!errors.show(wrong)) return;
    setIsSaving(true);
    try {
      const places = placesFor(typed.people);
      const plan = planOf(typed, places, today());
      const id = await makeArrangement(keys, team, Number(reviewers), places, plan, notesOf(typed));
      await until(async () => (await arrangements()).some(({ arrangement }) => arrangement === id));
      go(`/desk/arrangements/${id}`, { replace: true });
    } finally {
      setIsSaving(false);
    }
  });
  const setPeople = (people: readonly TypedPerson[]) => setTyped({ ...typed, people });
  return (
    <Form onSubmit={save.run}>
      {own.length === 1 ? null : (
        <Select
          id="team"
          label={t("people.team")}
          options={own.map((each) => ({ value: each.team, label: each.name }))}
          value={team}
          onChange={setTeam}
        />
      )}
      <H2>{t("people.people")}</H2>
      <P>{t("people.people.paper")}</P>
      {typed.people.map((person, at) => (
        <PersonFields
          at={at}
          person={person}
          isNew
          onChange={(changed) => setPeople(typed.people.map((each, n) => (n === at ? changed : each)))}
          onRemove={typed.people.length > 2 ? () => setPeople(typed.people.filter((_, n) => n !== at)) : undefined}
          key={at}
        />
      ))}
      <Button kind="secondary" onClick={() => setPeople([...typed.people, somebody("a", "adoptive-parent")])}>
        {t("people.person.add")}
      </Button>
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
      <Status text={isSaving ? t("people.saving") : ""} />
      <Button type="submit" busy={save.busy}>
        {t("people.new.save")}
      </Button>
    </Form>
  );
}
