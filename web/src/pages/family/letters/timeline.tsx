/** What happened to a letter, in the order in which it did. */

import type { Decision, Letter, Opening } from "../../../acts/letters.ts";
import { H2 } from "../../../parts/text.tsx";
import { dayLong, t, when } from "../../../words.ts";
import { staffed } from "../names.ts";
import { outcomeOf } from "./decision_card.tsx";
import { lookedAt } from "./looked_words.ts";
import { reasonWords } from "./reasons.ts";

interface TimelineProps {
  readonly letter: Letter;
  readonly decisions: readonly Decision[];
  readonly openings: readonly Opening[];
}

interface Step {
  readonly at: string;
  readonly words: string;
}

export function Timeline(props: TimelineProps) {
  const { decided, due_on: due, state } = props.letter;
  const isOpen = state === "with_agency" || state === "being_checked";
  return (
    <>
      <H2>{t("letters.time")}</H2>
      <ol class="p-timeline">
        {stepsOf(props).map(({ at, words }) => (
          <li key={`${at} ${words}`}>
            <time dateTime={at}>{when(at)}</time>
            {words}
          </li>
        ))}
        {isOpen && due ? (
          <li>{t(decided ? "letters.time.due.again" : "letters.time.due", { day: dayLong(due) })}</li>
        ) : null}
      </ol>
    </>
  );
}

/** Only what this revision went through: earlier ones were settled with it. */
export function stepsOf({ letter, decisions, openings }: TimelineProps): Step[] {
  const steps: Step[] = [
    { at: letter.submitted_at, words: t(letter.rev > 1 ? "letters.time.sent.again" : "letters.time.sent") },
    ...openings.map(({ at, role, name, why }) => ({ at, words: lookedAt(why, staffed(role, name), true) })),
    ...decisions
      .filter(({ verdict }) => verdict === "counted" || verdict === "final")
      .map((decision) => ({ at: decision.at, words: decidedWords(decision) })),
  ];
  if (letter.released_at) {
    steps.push({ at: letter.released_at, words: t("letters.time.passed") });
  }
  const { receipt } = letter;
  if (receipt) {
    steps.push({
      at: receipt.at,
      words: t("letters.time.receipt", { phrase: t(`letters.receipt.${receipt.phrase}`) }),
    });
  }
  return steps.sort((a, b) => (a.at < b.at ? -1 : 1));
}

function decidedWords({ outcome, role, name, reason, verdict }: Decision): string {
  const who = staffed(role, name);
  const key = verdict === "final" ? "letters.time.decided" : "letters.time.agreed";
  const words = t(`${key}.${outcomeOf(outcome)}`, { who });
  return outcome === "deliver"
    ? words
    : `${words} ${t("letters.decision.why", { reason: reasonWords(reason) })}`;
}
