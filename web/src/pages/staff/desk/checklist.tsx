/** The seven points that every letter is looked at for. */

import { t } from "../../../words.ts";
import { KeyHint, keyOf } from "./key_hint.tsx";
import { TICKS, type Keymap } from "./keymap.ts";
import { StepButton } from "./step_button.tsx";

interface ChecklistProps {
  readonly ticks: readonly boolean[];
  readonly tick: (point: number) => void;
  readonly allClear: () => void;
  /** The end of the letter and every photo were on screen. */
  readonly isRead: boolean;
  readonly keymap: Keymap;
}

export function Checklist({ ticks, tick, allClear, isRead, keymap }: ChecklistProps) {
  return (
    <div class="govuk-form-group">
      <fieldset class="govuk-fieldset">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{t("desk.checklist")}</legend>
        <div class="govuk-checkboxes govuk-checkboxes--small">
          {TICKS.map((step, point) => (
            <div class="govuk-checkboxes__item" key={step}>
              <input
                class="govuk-checkboxes__input"
                id={step}
                type="checkbox"
                checked={ticks[point] ?? false}
                aria-keyshortcuts={keyOf(keymap, step).keys}
                onChange={() => tick(point)}
              />
              <label class="govuk-label govuk-checkboxes__label" for={step}>
                {t(`desk.point.${step}`)}
                <KeyHint keymap={keymap} step={step} />
              </label>
            </div>
          ))}
        </div>
      </fieldset>
      <p class="govuk-hint" id="all-clear-hint">
        {isRead ? "" : t("desk.allClear.hint")}
      </p>
      <StepButton
        step="allClear"
        keymap={keymap}
        onClick={allClear}
        disabled={!isRead}
        describedBy="all-clear-hint"
      />
    </div>
  );
}
