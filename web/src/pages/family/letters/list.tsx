/** F14: every letter, both ways, each letterbox separately, by year. */

import { today } from "../../../acts/clock.ts";
import { type Draft, listDrafts, type Reading, readings } from "../../../acts/drafts.ts";
import { type Letterbox, letterboxes } from "../../../acts/letterbox.ts";
import { type Letter, listLetters } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { ButtonLink, Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { listed, others } from "../names.ts";
import { DraftItem, LetterItem } from "./list_item.tsx";
import { unsent } from "./placed.ts";

interface All {
  readonly boxes: readonly Letterbox[];
  readonly letters: readonly Letter[];
  readonly drafts: readonly Draft[];
  readonly readings: readonly Reading[];
  readonly today: string;
}

export function Letters() {
  const keys = useKeys();
  const load = useLoad(() => look(keys), [keys]);
  return (
    <Screen title={t("letters.title")} back="/home">
      <Load of={load}>
        {(all) => (
          <>
            {all.boxes.map((box) => (
              <OneBox box={box} all={all} key={box.membership} />
            ))}
            {all.boxes.length === 0 ? (
              <P>{t("letters.none")}</P>
            ) : (
              <ButtonLink to="/write">{t("letters.write")}</ButtonLink>
            )}
            <P>
              <Link to="/who-looked">{t("letters.looked.title")}</Link>
            </P>
          </>
        )}
      </Load>
    </Screen>
  );
}

async function look(keys: Keys): Promise<All> {
  const [boxes, letters, drafts, kept] = await Promise.all([
    letterboxes(keys),
    listLetters(),
    listDrafts(keys),
    readings(keys),
  ]);
  return { boxes, letters, drafts: unsent(drafts, letters), readings: kept, today: today() };
}

function OneBox({ box, all }: { readonly box: Letterbox; readonly all: All }) {
  const letters = all.letters.filter(({ arrangement }) => arrangement === box.arrangement);
  const back = letters.filter(({ state }) => state === "needs_change");
  const drafts = all.drafts.filter(
    ({ arrangement, letter }) =>
      arrangement === box.arrangement && !back.some((each) => each.letter === letter),
  );
  const years = [...new Set(letters.map(yearOf))].sort().reverse();
  return (
    <section>
      <H2>
        <span dir="auto">{others(box)}</span>
      </H2>
      {box.plan.children.length === 0 ? null : (
        <P>{t("letters.about", { names: listed(box.plan.children) })}</P>
      )}
      {letters.length + drafts.length === 0 ? <P>{t("letters.none")}</P> : null}
      {drafts.length === 0 ? null : (
        <ul class="p-list">
          {drafts.map((draft) => (
            <DraftItem draft={draft} key={draft.letter} />
          ))}
        </ul>
      )}
      {years.map((year) => (
        <div key={year}>
          <h3 class="govuk-heading-s">{year}</h3>
          <ul class="p-list">
            {letters
              .filter((letter) => yearOf(letter) === year)
              .map((letter) => (
                <LetterItem
                  letter={letter}
                  box={box}
                  readings={all.readings}
                  today={all.today}
                  key={letter.letter}
                />
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** When it came or was sent. */
function dateOf(letter: Letter): string {
  return letter.direction === "received" ? (letter.released_at ?? letter.submitted_at) : letter.submitted_at;
}

function yearOf(letter: Letter): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", year: "numeric" }).format(
    new Date(dateOf(letter)),
  );
}
