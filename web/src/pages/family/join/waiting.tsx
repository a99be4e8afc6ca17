/** F8b: between enrolling and being certified. It looks again by itself and never times out. */

import { useEffect, useState } from "preact/hooks";
import { setContact } from "../../../acts/contacts.ts";
import { forgetMessages, keptMessages } from "../../../acts/drafts.ts";
import { pickUpCertificates, waiting } from "../../../acts/joining.ts";
import { type Letterbox, letterboxes } from "../../../acts/letterbox.ts";
import { useApp, useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Button, Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { t, when } from "../../../words.ts";
import { setJoining } from "./held.ts";

const AGAIN = 10_000;

interface Now {
  /** To be read out, for each place that waits to be certified. */
  readonly digits: readonly string[];
  /** When new keys count that have been read out to two workers. */
  readonly from: string | null | undefined;
  readonly hasLetterbox: boolean;
  /** Certified; the plan does not hold the place yet. */
  readonly isCertified: boolean;
}

export function Waiting() {
  const keys = useKeys();
  const first = useLoad(() => look(keys), [keys]);
  return (
    <Screen title={t("join.waiting.title")}>
      <Load of={first}>{(now) => <Watch first={now} keys={keys} />}</Load>
    </Screen>
  );
}

async function look(keys: Keys): Promise<Now> {
  await pickUpCertificates(keys);
  const [enrolled, boxes] = await Promise.all([waiting(keys), letterboxes(keys)]);
  if (enrolled.length === 0) await useChoice(keys, boxes);
  return {
    digits: enrolled.flatMap(({ digits, from }) => (from ? [] : digits)),
    from: enrolled.find(({ from }) => from)?.from,
    hasLetterbox: boxes.length > 0,
    isCertified: keys.memberships.some(({ certificate }) => certificate !== ""),
  };
}

/** What was chosen at F8 becomes each letterbox's contact point. */
async function useChoice(keys: Keys, boxes: readonly Letterbox[]): Promise<void> {
  const choice = boxes.length === 0 ? null : await keptMessages(keys);
  if (choice === null) return;
  for (const box of boxes) await setContact(keys, box, choice);
  await forgetMessages(keys);
}

function Watch({ first, keys }: { readonly first: Now; readonly keys: Keys }) {
  const { go, phone, signOut, refreshSession } = useApp();
  const [now, setNow] = useState(first);
  // A look that fails says nothing: the next one is soon, and the frame tells of the connection.
  useWhileSeen(() => void look(keys).then(setNow, () => undefined));
  const { digits, from } = now;
  const isDone = !digits[0] && !from;
  useEffect(() => {
    if (!isDone) return;
    if (now.hasLetterbox) {
      setJoining(true);
      void refreshSession().finally(() => go("/plan", { replace: true }));
    } else if (!now.isCertified) go("/join", { replace: true });
  }, [now]);
  if (isDone && !now.isCertified) return null;
  const then = from ? t("join.waiting.from", { when: when(from) }) : t("join.waiting.plan");
  const says = digits[0] ? t("join.waiting.ring") : then;
  return (
    <>
      <P>{says}</P>
      {digits.map((each) => (
        <p class="p-digits" key={each}>
          <span aria-hidden="true">
            {each.slice(0, 4)} {each.slice(4)}
          </span>
          <span class="govuk-visually-hidden">{[...each].join(" ")}</span>
        </p>
      ))}
      {phone === "" ? null : <P>{t("join.waiting.phone", { phone })}</P>}
      {digits[0] ? (
        <>
          <P>{t("join.waiting.never")}</P>
          <P>{t("join.waiting.later")}</P>
        </>
      ) : null}
      <Button onClick={() => void signOut()}>{t("join.waiting.done")}</Button>
      {now.hasLetterbox ? (
        <P>
          <Link to="/home">{t("common.home")}</Link>
        </P>
      ) : null}
    </>
  );
}

/** Runs every ten seconds while the page is on screen, and whenever it comes back to it. */
function useWhileSeen(run: () => void): void {
  useEffect(() => {
    const ifSeen = () => {
      if (document.visibilityState === "visible") run();
    };
    const timer = setInterval(ifSeen, AGAIN);
    addEventListener("focus", ifSeen);
    return () => {
      clearInterval(timer);
      removeEventListener("focus", ifSeen);
    };
  }, []);
}
