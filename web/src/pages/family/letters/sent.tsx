/** F25: what was decided about a letter, by whom and why, what can be done, and the way so far. */

import { useState } from "preact/hooks";
import { type Decision, decisions, type Opening, openings } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, P, Status } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { dayLong, dayShort, type Key, t } from "../../../words.ts";
import { others, useAgencyName } from "../names.ts";
import { askedForLook } from "./asked.ts";
import { DecisionCard } from "./decision_card.tsx";
import { type Placed, placed } from "./placed.ts";
import { StartAgain } from "./start_again.tsx";
import { SentTag } from "./state_tag.tsx";
import { TakeBack } from "./take_back.tsx";
import { Timeline } from "./timeline.tsx";

/** What is said of a letter that rests with its writer. */
const RESTS: Readonly<Record<string, Key>> = {
  withdrawn: "letters.sent.back",
  send_again: "letters.sent.late",
};

interface Way {
  readonly at: Placed;
  readonly decisions: readonly Decision[];
  readonly openings: readonly Opening[];
  /** When another look was asked for. */
  readonly asked: string | null;
}

export function Sent({ params }: PageProps) {
  const id = params["id"] ?? "";
  const keys = useKeys();
  const [said, setSaid] = useState("");
  const load = useLoad(() => look(keys, id), [keys, id]);
  const changed = (words: string) => {
    setSaid(words);
    load.again();
  };
  return (
    <Screen title={t("letters.sent.title")} back="/letters">
      <Load of={load}>{(way) => <Whole way={way} changed={changed} />}</Load>
      <Status text={said} />
    </Screen>
  );
}

async function look(keys: Keys, id: string): Promise<Way> {
  const [at, decided, opened] = await Promise.all([placed(keys, id, "sent"), decisions(id), openings(id)]);
  return { at, decisions: decided, openings: opened, asked: await askedForLook(at.letter) };
}

function Whole({ way, changed }: { readonly way: Way; readonly changed: (said: string) => void }) {
  const { at } = way;
  const { letter, box } = at;
  const agency = useAgencyName();
  const final = way.decisions.find(({ statement }) => statement === letter.decided?.statement);
  return (
    <>
      <div dir="auto">
        <P>
          {t("letters.sent.to", { names: others(box) })} <SentTag letter={letter} />
        </P>
      </div>
      {letter.decided ? (
        <DecisionCard letter={letter} name={final?.name ?? null} />
      ) : (
        <NoDecision at={at} agency={agency} />
      )}
      {way.asked === null ? null : <P>{t("letters.look.asked", { day: dayShort(way.asked) })}</P>}
      <Timeline letter={letter} decisions={way.decisions} openings={way.openings} />
      {letter.can_withdraw ? <TakeBack at={at} done={changed} /> : null}
      {letter.state in RESTS ? <StartAgain at={at} done={changed} /> : null}
      <P>
        <Link to={`/letters/${letter.letter}`}>{t("letters.sent.read")}</Link>
      </P>
    </>
  );
}

function NoDecision({ at: { letter }, agency }: { readonly at: Placed; readonly agency: string }) {
  const rests = RESTS[letter.state];
  if (rests) return <P>{t(rests)}</P>;
  const { due_on: due } = letter;
  return (
    <>
      <H2>{t("letters.sent.with", { agency })}</H2>
      <P>{due ? t("letters.sent.due", { day: dayLong(due) }) : t("letters.sent.soon")}</P>
    </>
  );
}
