/** One letter in the list: who it is from, its day, and where it is. */

import type { Draft, Reading } from "../../../acts/drafts.ts";
import type { Letterbox } from "../../../acts/letterbox.ts";
import type { Letter } from "../../../acts/letters.ts";
import { Link } from "../../../parts/button.tsx";
import { Tag } from "../../../parts/text.tsx";
import { dayShort, t, when } from "../../../words.ts";
import { signsAs } from "../names.ts";
import { isNew } from "./home_card.ts";
import { isKept, readingOf } from "./placed.ts";
import { ReceivedTag, SentTag } from "./state_tag.tsx";

interface LetterItemProps {
  readonly letter: Letter;
  readonly box: Letterbox;
  readonly readings: readonly Reading[];
  readonly today: string;
}

export function LetterItem({ letter, box, readings, today }: LetterItemProps) {
  const reading = readingOf(readings, letter.letter);
  if (letter.direction === "sent") {
    return (
      <li>
        <Link to={`/sent/${letter.letter}`}>
          {t("letters.item.sent", { day: dayShort(letter.submitted_at) })}
        </Link>{" "}
        <SentTag letter={letter} />
      </li>
    );
  }
  // Choice before content, until it was opened.
  const comesFirst = isNew(letter, [reading], today) || isKept(reading, today);
  const names = signsAs(box, letter.author);
  return (
    <li>
      <Link to={`/letters/${letter.letter}${comesFirst ? "/before" : ""}`}>
        <span dir="auto">
          {t("letters.item.received", { names, day: dayShort(letter.released_at ?? letter.submitted_at) })}
        </span>
      </Link>{" "}
      <ReceivedTag letter={letter} reading={reading} today={today} />
    </li>
  );
}

export function DraftItem({ draft }: { readonly draft: Draft }) {
  return (
    <li>
      <Link to={`/write/${draft.letter}`}>{t("letters.item.draft", { when: when(draft.savedAt) })}</Link>{" "}
      <Tag>{t("letters.state.draft")}</Tag>
    </li>
  );
}
