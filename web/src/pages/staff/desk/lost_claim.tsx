/** Somebody else has the letter now, or nobody: the claim lapsed. */

import { Button } from "../../../parts/button.tsx";
import { t } from "../../../words.ts";
import type { Lost } from "./use_claim.ts";

interface LostClaimProps {
  readonly lost: Lost;
  /** Claims it again. */
  readonly again: () => void;
  /** Goes on to the next letter; absent where there is none. */
  readonly goOn?: (() => void) | undefined;
}

export function LostClaim({ lost: { holder, name }, again, goOn }: LostClaimProps) {
  return (
    <div class="p-problem" role="alert">
      <p class="govuk-body">
        {holder === null ? t("desk.lost.nobody") : t("desk.lost", { name: name ?? t("desk.colleague") })}
      </p>
      {holder === null ? (
        <Button kind="secondary" onClick={again}>
          {t("desk.lost.again")}
        </Button>
      ) : goOn === undefined ? null : (
        <Button kind="secondary" onClick={goOn}>
          {t("desk.nextLetter")}
        </Button>
      )}
    </div>
  );
}
