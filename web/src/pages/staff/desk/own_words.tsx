/** What staff send to families is looked at like a letter: most leaks of addresses were theirs. */

import { t } from "../../../words.ts";
import { marksIn } from "./marks.ts";

interface OwnWordsProps {
  readonly words: string;
  readonly protectedTerms: readonly string[];
}

export function OwnWords({ words, protectedTerms }: OwnWordsProps) {
  const marks = marksIn(words, protectedTerms);
  return (
    <div role="status">
      {marks.length === 0 ? null : (
        <div class="govuk-inset-text">
          <p class="govuk-body">{t("desk.ownWords")}</p>
          <ul class="govuk-list govuk-list--bullet">
            {marks.map((mark) => (
              <li key={mark.start}>
                <q>{words.slice(mark.start, mark.end)}</q> {mark.why}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
