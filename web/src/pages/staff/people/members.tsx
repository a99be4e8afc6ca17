/** The people of an arrangement and how far each has come, from paper to online; what is next for each. */

import { bringOnline, certifyMember, openArrangement, type OpenedArrangement } from "../../../acts/arranging.ts";
import { personOf } from "../../../acts/plan.ts";
import type { Place } from "../../../acts/standing.ts";
import type * as Api from "../../../api_types.ts";
import { useKeys } from "../../../app.tsx";
import { Button, Link } from "../../../parts/button.tsx";
import { useAction } from "../../../parts/load.tsx";
import { P, Status, Tag, type Tone } from "../../../parts/text.tsx";
import { dayShort, t, type Key } from "../../../words.ts";
import { Certify } from "./certify.tsx";
import { followed, type Stage, stageOf } from "./following.ts";
import { roleName, sideName } from "./roles.ts";
import { Trouble } from "./trouble.tsx";
import { until, useLooking, verified } from "./until.ts";

interface MembersProps {
  readonly opened: OpenedArrangement;
  readonly invites: readonly Api.Invite[];
  readonly again: () => void;
}

const TAGS: Readonly<Record<Stage["at"], { readonly key: Key; readonly tone: Tone }>> = {
  online: { key: "people.stage.online", tone: "green" },
  stopped: { key: "people.stage.stopped", tone: "red" },
  paper: { key: "people.stage.paper", tone: "grey" },
  made: { key: "people.stage.made", tone: "blue" },
  unopened: { key: "people.stage.made", tone: "yellow" },
  "run-out": { key: "people.stage.run-out", tone: "yellow" },
  joined: { key: "people.stage.joined", tone: "purple" },
  verifying: { key: "people.stage.verifying", tone: "blue" },
  certified: { key: "people.stage.certified", tone: "purple" },
};

export function Members({ opened, invites, again }: MembersProps) {
  const { standing } = opened;
  const now = new Date();
  const stages = standing.members.map((place) => ({ place, stage: stageOf(place, invites, now) }));
  const certified = stages.flatMap(({ place, stage }) =>
    stage.at === "certified" ? [[place.membership, stage.certificate] as const] : [],
  );
  // Somebody may join, or the worker may get to a certificate, while the page is looked at.
  const shown = stages.map(({ stage }) => stage.at).join(" ");
  useLooking(async () => {
    const fresh = await followed();
    const next = standing.members.map((place) => stageOf(place, fresh, new Date()).at).join(" ");
    if (next !== shown) again();
  }, stages.some(({ stage }) => !["online", "stopped", "paper", "certified"].includes(stage.at)));
  return (
    <>
      <ul class="p-list p-people">
        {stages.map(({ place, stage }) => (
          <Member opened={opened} place={place} stage={stage} again={again} key={place.membership} />
        ))}
      </ul>
      {certified.length === 0 ? null : <BringOnline opened={opened} certified={certified} again={again} />}
    </>
  );
}

interface MemberProps {
  readonly opened: OpenedArrangement;
  readonly place: Place;
  readonly stage: Stage;
  readonly again: () => void;
}

function Member({ opened, place, stage, again }: MemberProps) {
  const keys = useKeys();
  const person = personOf(opened.plan, place.membership);
  const phone = opened.cards.get(place.membership)?.phone ?? "";
  const name = person?.name ?? t("people.person.unknown");
  const { key, tone } = TAGS[stage.at];
  const invite = `/desk/arrangements/${opened.standing.arrangement}/invite/${place.membership}`;
  const certify = async (locator: string, digits: string) => {
    await verified(await certifyMember(keys, opened.standing, locator, digits));
    again();
  };
  return (
    <li>
      <p class="govuk-body">
        <strong>{name}</strong> ({sideName(place.side)}, {roleName(person?.role ?? "")}){" "}
        <Tag tone={tone}>{t(key)}</Tag>
        {place.read && place.write ? null : <> <Tag tone="yellow">{t("people.rights.less")}</Tag></>}
      </p>
      {stage.at === "online" || stage.at === "stopped" ? (
        <P>
          <Link to={`/desk/people/${place.membership}/new-key`}>{t("people.again.to", { name })}</Link>
        </P>
      ) : null}
      {stage.at === "paper" ? (
        <P>
          <Link to={invite}>{t("people.invite", { name })}</Link>
        </P>
      ) : null}
      {stage.at === "made" || stage.at === "unopened" || stage.at === "run-out" ? (
        <P>
          {stage.at === "made" ? t("people.stage.until", { day: dayShort(stage.invite.expires_at) }) : null}
          {stage.at === "unopened" ? t("people.invites.unopened") : null}{" "}
          <Link to={`/desk/invites/${stage.invite.invite}`}>{t("people.invites.one")}</Link>{" "}
          <Link to={invite}>{t("people.invite.again")}</Link>
        </P>
      ) : null}
      {stage.at === "verifying" ? <P>{t("people.stage.verifying.text")}</P> : null}
      {stage.at === "joined" ? (
        <Certify
          id={place.membership}
          name={name}
          phone={phone}
          onDigits={(digits) => certify(stage.invite.invite, digits)}
        />
      ) : null}
    </li>
  );
}

interface BringOnlineProps {
  readonly opened: OpenedArrangement;
  readonly certified: readonly (readonly [string, string])[];
  readonly again: () => void;
}

/** The last step: the next version names their certificates, and the plan is sealed to everybody. */
export function BringOnline({ opened, certified, again }: BringOnlineProps) {
  const keys = useKeys();
  const { standing, plan, notes } = opened;
  const names = certified.map(([membership]) => personOf(plan, membership)?.name ?? "").join(", ");
  const bring = useAction(async () => {
    await bringOnline(keys, standing, Object.fromEntries(certified), { plan, notes });
    await until(async () => (await openArrangement(keys, standing.arrangement)).standing.n > standing.n);
    again();
  });
  return (
    <div class="p-card">
      <P>{t("people.online.text", { names })}</P>
      <Trouble of={bring.problem} again={bring.run} />
      <Status text={bring.busy ? t("people.online.busy") : ""} />
      <Button onClick={bring.run} busy={bring.busy}>
        {t("people.online")}
      </Button>
    </div>
  );
}
