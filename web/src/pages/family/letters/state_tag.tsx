/** Where a letter is, in one of the words that families and staff share. Never whether it was read. */

import type { Reading } from "../../../acts/drafts.ts";
import type { Letter } from "../../../acts/letters.ts";
import { Tag, type Tone } from "../../../parts/text.tsx";
import { type Key, t } from "../../../words.ts";
import { useAgencyName } from "../names.ts";
import { isNew } from "./home_card.ts";
import { isKept } from "./placed.ts";

const SENT: Readonly<Record<string, readonly [Key, Tone]>> = {
  with_agency: ["letters.state.with", "grey"],
  being_checked: ["letters.state.checked", "blue"],
  needs_change: ["letters.state.change", "yellow"],
  passing_on: ["letters.state.passing", "green"],
  passed_on: ["letters.state.passed", "green"],
  kept: ["letters.state.kept", "grey"],
  withdrawn: ["letters.state.back", "grey"],
  send_again: ["letters.state.draft", "yellow"],
};

export function SentTag({ letter }: { readonly letter: Letter }) {
  const agency = useAgencyName();
  const [key, tone] = SENT[letter.state] ?? ["letters.state.with", "grey"];
  return <Tag tone={tone}>{t(key, { agency })}</Tag>;
}

interface ReceivedTagProps {
  readonly letter: Letter;
  readonly reading: Reading;
  readonly today: string;
}

/** Nothing beside a letter that was opened: it is simply theirs. */
export function ReceivedTag({ letter, reading, today }: ReceivedTagProps) {
  if (isKept(reading, today)) return <Tag tone="purple">{t("letters.state.later")}</Tag>;
  return isNew(letter, [reading], today) ? <Tag tone="blue">{t("letters.state.waiting")}</Tag> : null;
}
