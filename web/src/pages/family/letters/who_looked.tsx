/** F28: every opening of somebody's letters by staff: who, in which role, when and why. */

import { today } from "../../../acts/clock.ts";
import { allOpenings, listLetters, type OpeningOfLetter } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import { Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, P } from "../../../parts/text.tsx";
import { month, t, when } from "../../../words.ts";
import { staffed } from "../names.ts";
import { lookedAt } from "./looked_words.ts";

interface Looks {
  readonly openings: readonly OpeningOfLetter[];
  /** Letters that this person sent. */
  readonly mine: ReadonlySet<string>;
}

export function WhoLooked() {
  const keys = useKeys();
  const load = useLoad(look, [keys]);
  return (
    <Screen title={t("letters.looked.title")} back="/letters">
      <P>{t("letters.looked.text")}</P>
      <Load of={load}>{(looks) => <Months looks={looks} />}</Load>
    </Screen>
  );
}

async function look(): Promise<Looks> {
  const [openings, letters] = await Promise.all([allOpenings(), listLetters()]);
  const sent = letters.filter(({ direction }) => direction === "sent");
  return { openings, mine: new Set(sent.map(({ letter }) => letter)) };
}

function Months({ looks: { openings, mine } }: { readonly looks: Looks }) {
  const months = [...new Set(openings.map(({ at }) => at.slice(0, 7)))];
  const isQuiet = !months.includes(today().slice(0, 7));
  return (
    <>
      {isQuiet ? <P>{t("letters.looked.none")}</P> : null}
      {months.map((each) => (
        <section key={each}>
          <H2>{`${month(Number(each.slice(5, 7)))} ${each.slice(0, 4)}`}</H2>
          <ul class="p-list">
            {openings
              .filter(({ at }) => at.startsWith(each))
              .map((opening) => (
                <OneLook opening={opening} isMine={mine.has(opening.letter)} key={opening.opening} />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function OneLook({ opening, isMine }: { readonly opening: OpeningOfLetter; readonly isMine: boolean }) {
  const { at, role, name, why, letter } = opening;
  return (
    <li>
      <time class="govuk-body-s" dateTime={at}>
        {when(at)}
      </time>
      <P>{lookedAt(why, staffed(role, name), isMine)}</P>
      <Link to={isMine ? `/sent/${letter}` : `/letters/${letter}/before`}>{t("letters.looked.which")}</Link>
    </li>
  );
}
