/** C8: one arrangement: who is in it and how far they have come, the plan, the review, the history. */

import { useState } from "preact/hooks";
import { openArrangement, type OpenedArrangement } from "../../../acts/arranging.ts";
import { type Colleague, me } from "../../../acts/staffing.ts";
import type * as Api from "../../../api_types.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Load } from "../../../parts/load.tsx";
import { H2, P } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { t } from "../../../words.ts";
import { ChangePlan } from "./change_plan.tsx";
import { FormScreen } from "./errors.tsx";
import { useSteadyLoad } from "./focus.ts";
import { followed } from "./following.ts";
import { Members } from "./members.tsx";
import { PlanSummary } from "./plan_summary.tsx";
import { Review } from "./review.tsx";
import { SiblingWarnings } from "./sibling_warnings.tsx";

interface Known {
  readonly opened: OpenedArrangement;
  readonly invites: readonly Api.Invite[];
  readonly self: Colleague | null;
}

type Mode = "view" | "change" | "review";

export function Arrangement({ params }: PageProps) {
  const keys = useKeys();
  const id = params["id"] ?? "";
  const [mode, setMode] = useState<Mode>("view");
  const known = useSteadyLoad<Known>(async () => {
    const [opened, invites, self] = await Promise.all([openArrangement(keys, id), followed(), me(keys)]);
    return { opened, invites: invites.filter(({ arrangement }) => arrangement === id), self };
  }, [id]);
  const saved = () => {
    setMode("view");
    known.again();
  };
  const title = { view: t("people.arrangement"), change: t("people.change"), review: t("people.review") }[mode];
  return (
    // By its mode: another form begins with its heading, and without the mistakes of the last.
    <FormScreen title={title} back="/desk/arrangements" wide={mode === "view"} key={mode}>
      <Load of={known}>
        {({ opened, invites, self }) => {
          const form = { opened, onSaved: saved, onCancel: () => setMode("view") };
          if (mode === "review") return <Review {...form} />;
          if (mode === "change") return <ChangePlan {...form} isLead={self?.roles.includes("lead") ?? false} />;
          return <View opened={opened} invites={invites} again={known.again} show={setMode} />;
        }}
      </Load>
    </FormScreen>
  );
}

interface ViewProps {
  readonly opened: OpenedArrangement;
  readonly invites: readonly Api.Invite[];
  readonly again: () => void;
  readonly show: (mode: Mode) => void;
}

function View({ opened, invites, again, show }: ViewProps) {
  return (
    <>
      <SiblingWarnings opened={opened} />
      <H2>{t("people.people")}</H2>
      <Members opened={opened} invites={invites} again={again} />
      <H2>{t("people.plan")}</H2>
      <PlanSummary opened={opened} />
      <div class="govuk-button-group">
        <Button onClick={() => show("review")}>{t("people.review.record")}</Button>
        <Button kind="secondary" onClick={() => show("change")}>
          {t("people.change")}
        </Button>
      </div>
      <H2>{t("people.notes.history")}</H2>
      {opened.notes.history === "" ? (
        <P>{t("people.notes.history.none")}</P>
      ) : (
        <p class="govuk-body p-lines">{opened.notes.history}</p>
      )}
    </>
  );
}
