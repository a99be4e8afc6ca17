/** Things to write about, for whoever would like some. */

import { useState } from "preact/hooks";
import { Details } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";

const IDEAS = ["year", "question", "day", "now", "remember", "thanks"] as const;

/** In the address of a page that was begun with ideas. */
export const WITH_IDEAS = "?ideas";

export function Ideas() {
  const [isOpen] = useState(() => location.search === WITH_IDEAS);
  return (
    <Details summary={t("write.ideas")} open={isOpen}>
      <ul class="govuk-list govuk-list--bullet">
        {IDEAS.map((idea) => (
          <li key={idea}>{t(`write.idea.${idea}`)}</li>
        ))}
      </ul>
    </Details>
  );
}
