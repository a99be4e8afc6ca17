/** What the writer will see of a decision, before it is made. */

import { dayShort, t } from "../../../words.ts";
import { useSelf } from "./use_self.ts";
import { commentText } from "./comment_text.ts";
import { todayInLondon } from "./due.ts";
import type { Reason } from "./reasons.ts";
import { staffRole } from "./roles.ts";
import type { Passage } from "./work.ts";

interface PreviewProps {
  readonly reason: Reason | null;
  readonly passages: readonly Passage[];
}

export function Preview({ reason, passages }: PreviewProps) {
  const self = useSelf();
  const day = dayShort(todayInLondon());
  const name = self?.name ?? "";
  const by = name === "" ? t("desk.preview.by.unnamed", { role: staffRole(self), day }) : "";
  return (
    <section aria-labelledby="preview-title">
      <h3 class="govuk-heading-s" id="preview-title">
        {t("desk.preview")}
      </h3>
      <div class="p-card">
        <p class="govuk-body">
          <strong>{t("desk.preview.change")}</strong>{" "}
          {by || t("desk.preview.by", { name, role: staffRole(self), day })}{" "}
          {reason === null ? "" : t("desk.preview.why", { reason: t(`desk.reason.${reason}`) })}
        </p>
        {passages.map((passage, index) => (
          <p class="govuk-body p-desk__comment" key={index}>
            {commentText(passage)}
          </p>
        ))}
      </div>
    </section>
  );
}
