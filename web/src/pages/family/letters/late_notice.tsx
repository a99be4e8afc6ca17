/** A letter that was planned and has not come: said unasked, and when we say more. */

import { useApp } from "../../../app.tsx";
import { Inset } from "../../../parts/text.tsx";
import { dayShort, t } from "../../../words.ts";
import { others } from "../names.ts";
import type { Late } from "./home_card.ts";

export function LateNotice({ of: { box, by }, isNamed }: { readonly of: Late; readonly isNamed: boolean }) {
  const { phone } = useApp();
  return (
    <Inset>
      {isNamed ? (
        <p class="govuk-body" dir="auto">
          {t("letters.from", { names: others(box) })}
        </p>
      ) : null}
      <p class="govuk-body">
        {by !== null
          ? t("letters.late", { day: dayShort(by) })
          : phone === ""
            ? t("letters.late.still")
            : t("letters.late.call", { phone })}
      </p>
    </Inset>
  );
}
