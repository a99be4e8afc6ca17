/** An arrangement that another team offers: what is agreed in it, and taking it over. */

import { moves, type Offer, openOffer, take } from "../../../acts/moving.ts";
import { personOf } from "../../../acts/plan.ts";
import { everybody, teams } from "../../../acts/staffing.ts";
import { ApiProblem } from "../../../api.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Load, useAction, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, P, Status, SummaryList, Tag, Warning } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { dayYear, t } from "../../../words.ts";
import { nameOf } from "./colleagues.ts";
import { History, PlanSummary } from "./plan_summary.tsx";
import { roleName, sideName } from "./roles.ts";
import { Trouble } from "./trouble.tsx";
import { verified } from "./until.ts";

interface Known {
  readonly offer: Offer;
  readonly from: string;
  readonly by: string;
  readonly day: string;
}

export function TakeOver({ params }: PageProps) {
  const keys = useKeys();
  const statement = params["id"] ?? "";
  const known = useLoad<Known | null>(async () => {
    const [open, all, staff] = await Promise.all([moves(), teams(), everybody(keys)]);
    const move = open.find((each) => each.statement === statement);
    if (move === undefined) return null;
    const offer = await openOffer(keys, statement);
    const by = staff.find((each) => each.staff === offer.staff);
    const from = all.find(({ team }) => team === move.from)?.name ?? "";
    return { offer, from, by: by === undefined ? t("people.person.unknown") : nameOf(by), day: dayYear(move.offered_at) };
  }, [statement]);
  return (
    <Screen title={t("people.take")} back="/team" wide>
      <Load of={known}>
        {(found) => (found === null ? <P>{t("people.take.gone")}</P> : <Offered known={found} />)}
      </Load>
    </Screen>
  );
}

/** By what is signed, whomever the plan names: nobody is taken over unseen. */
function rowOf({ plan, notes }: Offer, { membership, side, read, write }: Offer["version"]["members"][number]) {
  const person = personOf(plan, membership);
  const said = [sideName(side), roleName(person?.role ?? ""), notes.cards?.[membership]?.phone ?? ""];
  const rights = read && write ? null : <Tag tone="yellow">{t("people.rights.less")}</Tag>;
  const value = (
    <>
      {said.filter((each) => each !== "").join(", ")} {rights}
    </>
  );
  return { key: person?.name ?? t("people.person.unknown"), value };
}

function Offered({ known: { offer, from, by, day } }: { readonly known: Known }) {
  const keys = useKeys();
  const { go } = useApp();
  const { plan, notes, version } = offer;
  const taking = useAction(async () => {
    await verified(await take(keys, offer));
    go(`/desk/arrangements/${version.arrangement}`);
  });
  const isHeldUp = taking.problem instanceof ApiProblem && taking.problem.code === "move-held-up";
  return (
    <>
      <P>{t("people.take.by", { name: by, team: from, day })}</P>
      <P>{t("people.take.text")}</P>
      <H2>{t("people.people")}</H2>
      <SummaryList rows={version.members.map((member) => rowOf(offer, member))} />
      <H2>{t("people.plan")}</H2>
      <PlanSummary plan={plan} notes={notes} reviewers={version.reviewers} />
      <H2>{t("people.notes.history")}</H2>
      <History of={notes} />
      {isHeldUp ? (
        <div role="alert">
          <Warning>{t("people.take.heldUp", { team: from })}</Warning>
        </div>
      ) : (
        <Trouble of={taking.problem} again={taking.run} />
      )}
      <Status text={taking.busy ? t("people.saving") : ""} />
      <Button onClick={taking.run} busy={taking.busy}>
        {t("people.take.now")}
      </Button>
    </>
  );
}
