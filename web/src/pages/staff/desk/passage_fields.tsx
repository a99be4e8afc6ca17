/** One passage of a letter and what its writer is told about it. */

import { Button } from "../../../parts/button.tsx";
import { TextArea } from "../../../parts/form.tsx";
import { t } from "../../../words.ts";
import type { Passage } from "./work.ts";

interface PassageFieldsProps {
  readonly index: number;
  readonly value: Passage;
  /** Passages to choose from: what was selected, what was marked, each paragraph. */
  readonly choices: readonly string[];
  readonly error?: string | undefined;
  readonly change: (changed: Partial<Passage>) => void;
  /** Absent for the only one. */
  readonly remove?: (() => void) | undefined;
}

export function PassageFields({ index, value, choices, error, change, remove }: PassageFieldsProps) {
  const select = `passage-${index}`;
  const offered = [...new Set([value.passage, ...choices])].filter((choice) => choice !== "");
  return (
    <fieldset class="govuk-fieldset">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">
        {t("desk.comment.nth", { n: index + 1 })}
      </legend>
      <div class="govuk-form-group">
        <label class="govuk-label" for={select}>
          {t("desk.comment.passage")}
        </label>
        <div class="govuk-hint" id={`${select}-hint`}>
          {t("desk.comment.passage.hint")}
        </div>
        <select
          class="govuk-select p-desk__select"
          id={select}
          aria-describedby={`${select}-hint`}
          value={value.passage}
          onChange={(event) => change({ passage: event.currentTarget.value })}
        >
          <option value="">{t("desk.comment.whole")}</option>
          {offered.map((choice) => (
            <option value={choice} key={choice}>
              {choice}
            </option>
          ))}
        </select>
      </div>
      <TextArea
        id={commentId(index)}
        label={t("desk.comment")}
        hint={t("desk.return.hint")}
        error={error}
        rows={3}
        value={value.comment}
        onInput={(comment) => change({ comment })}
      />
      <TextArea
        id={`suggestion-${index}`}
        label={t("desk.suggestion")}
        rows={2}
        value={value.suggestion}
        onInput={(suggestion) => change({ suggestion })}
      />
      {remove === undefined ? null : (
        <Button kind="secondary" onClick={remove}>
          {t("desk.comment.remove", { n: index + 1 })}
        </Button>
      )}
    </fieldset>
  );
}

export const commentId = (index: number): string => `comment-${index}`;
