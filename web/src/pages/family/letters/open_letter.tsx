/** An open letter, and what its reader can do with it. */

import type { Opened } from "../../../acts/letters.ts";
import { Button, Link } from "../../../parts/button.tsx";
import { Details, P } from "../../../parts/text.tsx";
import { text as textOf } from "../../../seal/bytes.ts";
import { dayYear, t } from "../../../words.ts";
import { signsAs } from "../names.ts";
import { LetterText } from "./letter_text.tsx";
import { Photo } from "./photo.tsx";
import { mayWrite, type Placed } from "./placed.ts";
import { WriteBack } from "./write_back.tsx";

interface OpenLetterProps {
  readonly at: Placed;
  readonly opened: Opened;
  readonly stop: () => void;
}

export function OpenLetter({ at, opened, stop }: OpenLetterProps) {
  const { letter, box } = at;
  const isMine = letter.direction === "sent";
  const day = dayYear(letter.released_at ?? letter.submitted_at);
  const photos = opened.parts.filter(({ type }) => type !== "text/plain");
  return (
    <>
      {isMine ? null : (
        <div class="p-stop no-print">
          <Button kind="secondary" onClick={stop}>
            {t("letters.read.stop")}
          </Button>
        </div>
      )}
      <div class="no-print" dir="auto">
        <P>
          {isMine
            ? t("letters.read.mine", { day })
            : t("letters.read.from", { names: signsAs(box, letter.author), day })}
        </P>
      </div>
      <p class="print-only">{day}</p>
      {opened.parts.map((part, index) =>
        part.type === "text/plain" ? (
          <LetterText text={textOf(part.bytes)} key={index} />
        ) : (
          <Photo photo={part} nth={photos.indexOf(part) + 1} key={index} />
        ),
      )}
      {isMine ? null : <Answers at={at} />}
      <div class="no-print">
        <Details summary={t("letters.read.print")}>
          <P>{t("letters.read.print.text")}</P>
          <Button kind="secondary" onClick={() => print()}>
            {t("letters.read.print.go")}
          </Button>
        </Details>
      </div>
    </>
  );
}

function Answers({ at }: { readonly at: Placed }) {
  const path = `/letters/${at.letter.letter}`;
  return (
    <div class="no-print">
      {mayWrite(at.box) ? <WriteBack box={at.box} /> : null}
      <ul class="p-list">
        <li>
          <Link to={`${path}/got-it`}>{t("letters.read.gotIt")}</Link>
        </li>
        <li>
          <Link to={`${path}/later`}>{t("letters.before.later")}</Link>
        </li>
        <li>
          <Link to={`${path}/worry`}>{t("letters.read.worry")}</Link>
        </li>
      </ul>
    </div>
  );
}
