/** Somebody else has the letter now, or nobody: the claim lapsed. */

import { Button } from "../../../parts/button.tsx";
import { t } from "../../../words.ts";
import type { Lost } from "./use_claim.ts";

export function LostClaim({ lost, again }: { readonly lost: Lost; readonly again: () => void }) {
  return (
    <div class="p-problem" role="alert">
      <p class="govuk-body">
        {lost.holder !== null
          ? t("desk.lost", { name: lost.name ?? t("desk.colleague") })
          : t("desk.lost.nobody")}
      </p>
      {lost.holder !== null ? null : (
        <Button kind="secondary" onClick={again}>
          {t("desk.lost.again")}
        </Button>
      )}
    </div>
  );
}
