/** C8: one arrangement: who is in it and how far they have come, the plan, the review, the history. */

import { useState } from "preact/hooks";
import { openArrangement, type OpenedArrangement } from "../../../acts/arranging.ts";
import { type Move, moves } from "../../../acts/moving.ts";
import { type Colleague, me, type Team, teams } from "../../../acts/staffing.ts";
import type * as Api from "../../../api_types.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Load } from "../../../parts/load.tsx";
import { H2, Inset } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { dayYear, t } from "../../../words.ts";
import { ChangePlan } from "./change_plan.tsx";
import { FormScreen } from "./errors.tsx";
import { useSteadyLoad } from "./focus.ts";
import { followed } from "./following.ts";
import { GiveAway } from "./give_away.tsx";
import { Members } from "./members.tsx";
import { History, PlanSummary } from "./plan_summary.tsx";
import { Review } from "./review.tsx";
import { SiblingWarnings } from "./sibling_warnings.tsx";

interface Known {
  readonly opened: OpenedArrangement;
  readonly invites: readonly Api.Invite[];
  readonly self: Colleague | null;
  readonly teams: readonly Team[];
  /** While it is offered to another team. */
  readonly move: Move | null;
}

type Mode = "view" | "change" | "review" | "move";

export function Arrangement({ params }: PageProps) {
  const keys = useKeys();
  const id = params["id"] ?? "";
  const [mode, setMode] = useState<Mode>("view");
  const known = useSteadyLoad<Known>(async () => {
    const [opened, invites, self, all, offers] = await Promise.all([
      openArrangement(keys, id),
      followed(),
      me(keys),
      teams(),
      moves(),
    ]);
    const move = offers.find(({ arrangement }) => arrangement === id) ?? null;
    return { opened, invites: invites.filter(({ arrangement }) => arrangement === id), self, teams: all, move };
  }, [id]);
  const saved = () => {
    setMode("view");
    known.again();
  };
  const title = {
    view: t("people.arrangement"),
    change: t("people.change"),
    review: t("people.review"),
    move: t("people.move"),
  }[mode];
  return (
    // By its mode: another form begins with its heading, and without the mistakes of the last.
    <FormScreen title={title} back="/desk/arrangements" wide={mode === "view"} key={mode}>
      <Load of={known}>
        {(found) => {
          const { opened, self } = found;
          const isLead = self?.roles.includes("lead") ?? false;
          const form = { opened, onSaved: saved, onCancel: () => setMode("view") };
          if (mode === "review") return <Review {...form} />;
          if (mode === "change") return <ChangePlan {...form} isLead={isLead} />;
          if (mode === "move") return <GiveAway {...form} teams={found.teams} />;
          return <View known={found} isLead={isLead} again={known.again} show={setMode} />;
        }}
      </Load>
    </FormScreen>
  );
}

interface ViewProps {
  readonly known: Known;
  readonly isLead: boolean;
  readonly again: () => void;
  readonly show: (mode: Mode) => void;
}

function View({ known: { opened, invites, teams: all, move }, isLead, again, show }: ViewProps) {
  const { plan, notes, standing } = opened;
  const to = all.find(({ team }) => team === move?.to)?.name ?? "";
  return (
    <>
      {move === null ? null : (
        <Inset>{t("people.move.offered", { team: to, day: dayYear(move.offered_at) })}</Inset>
      )}
      <SiblingWarnings opened={opened} />
      <H2>{t("people.people")}</H2>
      <Members opened={opened} invites={invites} again={again} />
      <H2>{t("people.plan")}</H2>
      <PlanSummary plan={plan} notes={notes} reviewers={standing.reviewers} />
      <div class="govuk-button-group">
        <Button onClick={() => show("review")}>{t("people.review.record")}</Button>
        <Button kind="secondary" onClick={() => show("change")}>
          {t("people.change")}
        </Button>
        {isLead && all.length > 1 ? (
          <Button kind="secondary" onClick={() => show("move")}>
            {t("people.move")}
          </Button>
        ) : null}
      </div>
      <H2>{t("people.notes.history")}</H2>
      <History of={notes} />
    </>
  );
}
