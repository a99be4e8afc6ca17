/** What colleagues wrote beside earlier decisions on this letter. */

import { useKeys } from "../../../app.tsx";
import type { OnDesk } from "../../../acts/checking.ts";
import { useLoad } from "../../../parts/load.tsx";
import { H2 } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { colleagues, nameOf } from "./colleagues.ts";

export function ColleaguesLines({ desk }: { readonly desk: OnDesk }) {
  const keys = useKeys();
  const they = useLoad(() => colleagues(keys), [keys]);
  if (desk.lines.length === 0) return null;
  const all = they.state === "here" ? they.data.all : [];
  return (
    <>
      <H2>{t("desk.lines")}</H2>
      <ul class="p-list">
        {desk.lines.map(({ kind, staff, text }, index) => (
          <li key={index}>
            <strong>{t(`desk.line.${kind}`, { name: nameOf(all, staff) ?? t("desk.colleague") })}</strong>
            <p class="govuk-body p-desk__comment" dir="auto">
              {text}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
