/** A decision on somebody's letter: what, who, when, why, and what they can do. No closed doors. */

import type { Letter } from "../../../acts/letters.ts";
import { ButtonLink, Link } from "../../../parts/button.tsx";
import { P } from "../../../parts/text.tsx";
import { dayShort, rich, t } from "../../../words.ts";
import { staffed } from "../names.ts";
import { reasonWords } from "./reasons.ts";

interface DecisionCardProps {
  readonly letter: Letter;
  /** First name of whoever decided, as families see it. */
  readonly name: string | null;
  /** On the page of changes themselves there is nothing to lead to. */
  readonly isPlain?: boolean;
}

export function DecisionCard({ letter, name, isPlain = false }: DecisionCardProps) {
  const { decided } = letter;
  if (!decided) return null;
  const outcome = letter.state === "passing_on" ? "passing" : outcomeOf(decided.outcome);
  // While somebody looks again there is nothing to do but wait.
  const isOver = letter.state === "with_agency" || letter.state === "being_checked";
  const look = (text: string) => <Link to={`/sent/${letter.letter}/another-look`}>{text}</Link>;
  const change = (text: string) => <Link to={`/sent/${letter.letter}/changes`}>{text}</Link>;
  return (
    <section class="p-card" aria-label={t("letters.decision")}>
      <P>
        <strong>{t(`letters.decision.${outcome}`)}</strong>{" "}
        {t("letters.decision.by", { who: staffed(decided.role, name, "by"), day: dayShort(decided.at) })}
      </P>
      <P>{t("letters.decision.why", { reason: reasonWords(decided.reason) })}</P>
      {isPlain || isOver ? null : <P>{rich(`letters.decision.${outcome}.can`, { a: look, b: change })}</P>}
      {isPlain || isOver || outcome !== "change" ? null : (
        <ButtonLink to={`/sent/${letter.letter}/changes`}>{t("letters.decision.see")}</ButtonLink>
      )}
    </section>
  );
}

export function outcomeOf(outcome: string): "deliver" | "change" | "keep" {
  return outcome === "change" || outcome === "keep" ? outcome : "deliver";
}
