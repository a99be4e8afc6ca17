/** What went wrong with people and keys, and what to do about it. */

import type { ComponentChildren } from "preact";
import { Missing, Untrusted, WrongDigits } from "../../../acts/errors.ts";
import { ApiProblem } from "../../../api.ts";
import { Link } from "../../../parts/button.tsx";
import { Problem } from "../../../parts/load.tsx";
import { P } from "../../../parts/text.tsx";
import { rich, t } from "../../../words.ts";
import { NotYet, Refused } from "./until.ts";

interface TroubleProps {
  readonly of: unknown;
  readonly again?: () => void;
}

/** Knows more of these pages' errors than `Problem`, and leaves it the others. */
export function Trouble({ of: error, again }: TroubleProps) {
  const explained = explain(error);
  if (explained === null) return again === undefined ? <Problem of={error} /> : <Problem of={error} again={again} />;
  return (
    <div class="p-problem" role="alert">
      {explained}
    </div>
  );
}

function explain(error: unknown): ComponentChildren | null {
  if (error instanceof WrongDigits) return <WrongNumbers />;
  if (error instanceof NotYet) return <P>{t("people.trouble.notYet")}</P>;
  if (error instanceof Refused) return <P>{t("people.trouble.refused", { reason: error.reason ?? "–" })}</P>;
  if (error instanceof Untrusted) return <P>{t("people.trouble.untrusted", { code: error.code })}</P>;
  if (error instanceof Missing) {
    const link = { a: (text: string) => <Link to="/team/key">{text}</Link> };
    return <P>{rich("people.trouble.missing", link)}</P>;
  }
  if (error instanceof ApiProblem && error.status === 409) return <P>{t("people.trouble.changed")}</P>;
  // The server words what it refuses for the person who asked.
  if (error instanceof ApiProblem && error.status === 422) return <P>{error.detail}</P>;
  if (error instanceof ApiProblem && error.status === 403) return <P>{t("people.trouble.notYours")}</P>;
  return null;
}

/** Wrong digits: who is on the line may be somebody else. */
function WrongNumbers() {
  return (
    <>
      <p class="govuk-body">
        <strong>{t("people.certify.wrong")}</strong>
      </p>
      <ol class="govuk-list govuk-list--number">
        <li>{t("people.certify.wrong.1")}</li>
        <li>{t("people.certify.wrong.2")}</li>
        <li>{t("people.certify.wrong.3")}</li>
      </ol>
      <P>{t("people.certify.wrong.still")}</P>
    </>
  );
}
