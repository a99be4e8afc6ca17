/** F15: who it is from and what to expect, before any of it is seen; then four ways, none of them first. */

import { useState } from "preact/hooks";
import { CannotOpen, letterMeta, type LetterMeta, type Opened, readLetter } from "../../../acts/letters.ts";
import { useApp, useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Button } from "../../../parts/button.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, Inset, P, type Row, SummaryList } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { dayYear, plural, t } from "../../../words.ts";
import { signsAs } from "../names.ts";
import { Photo } from "./photo.tsx";
import { orUnopened, type Placed, placed } from "./placed.ts";
import { Support } from "./support.tsx";
import { Unopened } from "./unopened.tsx";

interface Known {
  readonly at: Placed;
  readonly meta: LetterMeta | CannotOpen;
}

export function Before({ params }: PageProps) {
  const id = params["id"] ?? "";
  const keys = useKeys();
  const load = useLoad(() => look(keys, id), [keys, id]);
  return (
    <Screen title={t("letters.before.title")} back="/home">
      <Load of={load}>
        {({ at, meta }) =>
          meta instanceof CannotOpen ? <Unopened of={meta} at={at} /> : <Choices at={at} meta={meta} />
        }
      </Load>
    </Screen>
  );
}

async function look(keys: Keys, id: string): Promise<Known> {
  const at = await placed(keys, id, "received");
  return { at, meta: await orUnopened(() => letterMeta(keys, at.box, id)) };
}

/** Words somebody reads in a minute, unhurried. */
const PACE = 180;

function Choices({ at, meta }: { readonly at: Placed; readonly meta: LetterMeta }) {
  const { go } = useApp();
  const keys = useKeys();
  const { letter, box } = at;
  const [isAccompanied, setIsAccompanied] = useState(false);
  const [opened, setOpened] = useState<Opened | null>(null);
  const photoFirst = useAction(async () => setOpened(await readLetter(keys, box, letter.letter)));
  const path = `/letters/${letter.letter}`;
  const minutes = plural("letters.before.minutes", Math.max(1, Math.round(meta.words / PACE)));
  const photos = plural("letters.before.photos", meta.photos);
  const rows: Row[] = [
    { key: t("letters.before.from"), value: <span dir="auto">{signsAs(box, letter.author)}</span> },
    { key: t("letters.before.date"), value: dayYear(letter.released_at ?? letter.submitted_at) },
    { key: t("letters.before.length"), value: meta.photos === 0 ? minutes : `${minutes} ${photos}` },
  ];
  return (
    <>
      <SummaryList rows={rows} />
      {meta.note === null ? null : (
        <Inset>
          <P>
            <strong>{t("letters.before.note")}</strong> <span dir="auto">{meta.note}</span>
          </P>
        </Inset>
      )}
      <div class="p-choices">
        <Button kind="secondary" onClick={() => go(path)}>
          {t("letters.before.now")}
        </Button>
        {meta.photos === 0 ? null : (
          <Button kind="secondary" onClick={photoFirst.run} busy={photoFirst.busy}>
            {t("letters.before.photo")}
          </Button>
        )}
        <Button kind="secondary" onClick={() => go(`${path}/later`)}>
          {t("letters.before.later")}
        </Button>
        <Button kind="secondary" onClick={() => setIsAccompanied(true)}>
          {t("letters.before.with")}
        </Button>
      </div>
      <Problem of={photoFirst.problem} again={photoFirst.run} />
      {opened?.parts
        .filter(({ type }) => type !== "text/plain")
        .map((photo, index) => (
          <Photo photo={photo} nth={index + 1} isShown key={index} />
        ))}
      <div aria-live="polite">
        {isAccompanied ? (
          <Inset>
            <P>{t("letters.before.with.text")}</P>
          </Inset>
        ) : null}
      </div>
      <H2>{t("letters.support")}</H2>
      <Support />
    </>
  );
}
