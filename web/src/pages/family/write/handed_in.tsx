/** F24: it is with the agency, and by when they look at it. */

import { useEffect, useState } from "preact/hooks";
import { findLetter, type Letter } from "../../../acts/letters.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { ButtonLink, Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P, Panel, Status } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { dayLong, t } from "../../../words.ts";
import { type Placed, placed } from "../letters/placed.ts";
import { TakeBack } from "../letters/take_back.tsx";
import { useAgencyName } from "../names.ts";

/** The day is set within moments: looked for again this often, and this many times. */
const AGAIN = 3_000;
const TIMES = 20;

export function HandedIn({ params }: PageProps) {
  const id = params["id"] ?? "";
  const keys = useKeys();
  const [said, setSaid] = useState("");
  const load = useLoad(() => placed(keys, id, "sent"), [keys, id]);
  const done = (words: string) => {
    setSaid(words);
    load.again();
  };
  return (
    <Screen title={t("write.sent.title")}>
      <Load of={load}>{(at) => <Waiting at={at} done={done} />}</Load>
      <Status text={said} />
    </Screen>
  );
}

function Waiting({ at, done }: { readonly at: Placed; readonly done: (said: string) => void }) {
  const agency = useAgencyName();
  const { go } = useApp();
  const letter = useDue(at.letter);
  const { due_on: due, state } = letter;
  // Taken back: its own page says what can be done with it now.
  useEffect(() => {
    if (state === "withdrawn") go(`/sent/${letter.letter}`, { replace: true });
  }, [state]);
  if (state === "withdrawn") return null;
  return (
    <>
      <Panel title={t("write.sent.with", { agency })}>
        {due ? t("write.sent.by", { day: dayLong(due) }) : t("write.sent.soon")}
      </Panel>
      <P>{t("write.sent.either")}</P>
      <ButtonLink to="/home">{t("letters.goHome")}</ButtonLink>
      {letter.can_withdraw ? <TakeBack at={{ ...at, letter }} done={done} /> : null}
      <P>
        <Link to={`/sent/${letter.letter}`}>{t("write.sent.see")}</Link>
      </P>
    </>
  );
}

/** The letter, looked at again until it has its day. */
function useDue(first: Letter): Letter {
  const [letter, setLetter] = useState(first);
  const [tries, setTries] = useState(0);
  useEffect(() => setLetter(first), [first]);
  useEffect(() => {
    const { due_on: due, state } = letter;
    if (due || state !== "with_agency" || tries >= TIMES) return undefined;
    const timer = setTimeout(() => {
      findLetter(letter.letter)
        .then(setLetter, () => undefined)
        .finally(() => setTries((n) => n + 1));
    }, AGAIN);
    return () => clearTimeout(timer);
  }, [letter, tries]);
  return letter;
}
