/** What a writer may want to look at again. They can leave all of it. */

import { H2 } from "../../../parts/text.tsx";
import type { Flag, WriterRule } from "../../../screening/rule.ts";
import { languageOf } from "../../../screening/language.ts";
import { t } from "../../../words.ts";
import { useAgencyName } from "../names.ts";

interface FlagsProps {
  readonly text: string;
  readonly flags: readonly Flag<WriterRule>[];
}

export function Flags({ text, flags }: FlagsProps) {
  const agency = useAgencyName();
  const lang = languageOf(text);
  if (flags.length === 0) return null;
  return (
    <section>
      <H2>{t("write.flags")}</H2>
      <ul class="p-list">
        {flags.map(({ rule, start, end }) => (
          <li class="govuk-body" key={`${start} ${rule}`}>
            <mark class="p-flag" dir="auto" lang={lang}>
              {text.slice(start, end)}
            </mark>
            <br />
            {t(`write.flag.${rule}`)} {t("write.flag.leave", { agency })}
          </li>
        ))}
      </ul>
    </section>
  );
}
