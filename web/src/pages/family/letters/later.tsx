/** F17: keeping a letter for later. Only this person ever knows. */

import { useState } from "preact/hooks";
import { today } from "../../../acts/clock.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Button, ButtonLink } from "../../../parts/button.tsx";
import { Form, Radios } from "../../../parts/form.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { dayLong, t } from "../../../words.ts";
import { useAgencyName } from "../names.ts";
import { addDays } from "../working_days.ts";
import { note, placed } from "./placed.ts";

type Choice = "week" | "month" | "ask" | "agency";

export function Later({ params }: PageProps) {
  const id = params["id"] ?? "";
  const keys = useKeys();
  const load = useLoad(() => placed(keys, id, "received"), [keys, id]);
  const [choice, setChoice] = useState<Choice | null>(null);
  const [isMissed, setIsMissed] = useState(false);
  const [until, setUntil] = useState<string | null>(null);
  const keep = useAction(async () => {
    if (choice === null) return setIsMissed(true);
    const day = untilOf(choice, today());
    await note(keys, id, { until: day });
    setUntil(day);
  });
  const agency = useAgencyName();
  const error = isMissed && choice === null ? t("letters.later.missing") : undefined;
  if (until !== null) return <Kept until={until} />;
  const options = [
    { value: "week", label: t("letters.later.week") },
    { value: "month", label: t("letters.later.month") },
    { value: "ask", label: t("letters.later.ask") },
    { value: "agency", label: t("letters.later.agency", { agency }) },
  ] as const;
  return (
    <Screen
      title={t("letters.later.title")}
      back={`/letters/${id}/before`}
      errors={error === undefined ? [] : [{ field: "later", message: error }]}
    >
      <Load of={load}>
        {() => (
          <Form onSubmit={keep.run}>
            <Radios
              id="later"
              legend={t("letters.later.legend")}
              hint={t("letters.later.hint")}
              error={error}
              options={options}
              value={choice}
              onChange={setChoice}
            />
            <Problem of={keep.problem} again={keep.run} />
            <Button type="submit" busy={keep.busy}>
              {t("letters.before.later")}
            </Button>
          </Form>
        )}
      </Load>
    </Screen>
  );
}

function untilOf(choice: Choice, from: string): string {
  if (choice === "week") return addDays(from, 7);
  return choice === "month" ? addDays(from, 30) : choice;
}

function Kept({ until }: { readonly until: string }) {
  const { path } = useApp();
  const isDay = until.length === 10;
  return (
    <Screen title={t("letters.later.done")} key={`${path} kept`}>
      <P>{isDay ? t("letters.later.done.day", { day: dayLong(until) }) : t("letters.later.done.ask")}</P>
      <ButtonLink to="/home">{t("letters.goHome")}</ButtonLink>
    </Screen>
  );
}
