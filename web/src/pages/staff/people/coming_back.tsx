/** Everybody who has lost their words: who asked, whose new keys are on their way, what waits for a second person. */

import type { ComponentChildren } from "preact";
import { type ToGiveBack, toGiveBack } from "../../../acts/giving_back.ts";
import { personOf } from "../../../acts/plan.ts";
import { wordsRequests } from "../../../acts/staffing.ts";
import type * as Api from "../../../api_types.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, P, Tag } from "../../../parts/text.tsx";
import { dayShort, type Key, t } from "../../../words.ts";
import { followed } from "./following.ts";
import { type OpenedOrNot, useOpenedArrangements } from "./opening.ts";
import { knownPlaces, type KnownPlace, type Renewal, renewalOf, type Wait, waitOf } from "./renewal.ts";

/** What was begun, stopped or certified longer ago is on the person's own page alone. */
const RECENT_DAYS = 90;

interface Asking extends Api.MemberPlace {
  readonly at: string;
}

interface OnTheWay extends Api.MemberPlace {
  readonly renewal: Renewal;
}

interface Everybody {
  readonly asked: readonly Asking[];
  readonly way: readonly OnTheWay[];
  /** Certified anew not long ago; whether they are online is in their arrangements. */
  readonly renewed: readonly KnownPlace[];
  readonly give: readonly ToGiveBack[];
}

const TAGS: Readonly<Partial<Record<Renewal["at"], Key>>> = {
  made: "people.stage.made",
  "run-out": "people.stage.run-out",
  joined: "people.stage.joined",
  verifying: "people.stage.verifying",
  first: "people.back.first",
  counting: "people.back.counting",
  objected: "people.back.objected",
};

export function ComingBack() {
  const { agency } = useApp();
  const load = useLoad(() => everybodyBack(waitOf(agency)), []);
  return (
    <Screen title={t("people.back")} back="/desk">
      <P>{t("people.back.text")}</P>
      <Load of={load}>{(found) => <Listed found={found} />}</Load>
    </Screen>
  );
}

async function everybodyBack(wait: Wait): Promise<Everybody> {
  const [requests, invites, give] = await Promise.all([wordsRequests(), followed(), toGiveBack()]);
  const now = new Date();
  const isRecent = (at: string) => now.getTime() - Date.parse(at) < RECENT_DAYS * 86_400_000;
  const places = knownPlaces(invites);
  const way = places.flatMap((place) => {
    const renewal = renewalOf(place, invites, wait, now);
    return renewal.at === "none" || !isRecent(renewal.invite.made_at) ? [] : [{ ...place, renewal }];
  });
  const isOnTheWay = (place: Api.MemberPlace) => way.some(({ membership }) => membership === place.membership);
  const asked = requests.flatMap(({ memberships, asked_at: at }) => memberships.map((place) => ({ ...place, at })));
  const renewed = places.filter(({ renewedAt }) => renewedAt !== null && isRecent(renewedAt));
  return { asked: asked.filter((place) => !isOnTheWay(place)), way, renewed, give };
}

function Listed({ found: { asked, way, renewed, give } }: { readonly found: Everybody }) {
  const keys = useKeys();
  const ids = [...new Set([...asked, ...way, ...give, ...renewed].map(({ arrangement }) => arrangement))];
  const opened = useOpenedArrangements(keys, ids);
  const offline = renewed.filter((place) => isOffline(place, opened));
  const person = (place: Api.MemberPlace, page: "new-key" | "letters") => (
    <Link to={`/desk/people/${place.membership}/${page}`}>{nameOf(place, opened)}</Link>
  );
  if (asked.length + way.length + give.length + offline.length === 0) return <P>{t("people.back.none")}</P>;
  return (
    <>
      <Some title={t("people.give")} of={give}>
        {(each) => (
          <>
            {person(each, "letters")} {t("people.back.give", { n: each.letters, day: dayShort(each.since) })}
          </>
        )}
      </Some>
      <Some title={t("people.back.asked")} of={asked}>
        {(each) => (
          <>
            {person(each, "new-key")} {t("people.back.since", { day: dayShort(each.at) })}
          </>
        )}
      </Some>
      <Some title={t("people.back.way")} of={way}>
        {(each) => {
          const key = TAGS[each.renewal.at];
          return (
            <>
              {person(each, "new-key")} {key === undefined ? null : <Tag tone="purple">{t(key)}</Tag>}
            </>
          );
        }}
      </Some>
      <Some title={t("people.stage.certified")} of={offline}>
        {(each) => person(each, "new-key")}
      </Some>
    </>
  );
}

/** Whether the governing version still names the keys that were lost. */
function isOffline(place: KnownPlace, opened: ReadonlyMap<string, OpenedOrNot>): boolean {
  const members = opened.get(place.arrangement)?.standing.members ?? [];
  const named = members.find(({ membership }) => membership === place.membership)?.certificate;
  return place.certificate !== "" && named !== undefined && named !== place.certificate;
}

interface SomeProps<T> {
  readonly title: string;
  readonly of: readonly T[];
  readonly children: (each: T) => ComponentChildren;
}

function Some<T extends Api.MemberPlace>({ title, of, children }: SomeProps<T>) {
  if (of.length === 0) return null;
  return (
    <>
      <H2>{title}</H2>
      <ul class="p-list">
        {of.map((each) => (
          <li key={each.membership}>
            <p class="govuk-body">{children(each)}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Names are in the sealed plans. */
function nameOf({ arrangement, membership }: Api.MemberPlace, opened: ReadonlyMap<string, OpenedOrNot>): string {
  const plan = opened.get(arrangement)?.plan;
  return (plan === undefined ? undefined : personOf(plan, membership)?.name) ?? t("people.person.unknown");
}
