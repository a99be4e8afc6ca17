/** The decision, always in sight below the letter. */

import { t } from "../../../words.ts";
import type { Keymap, Step } from "./keymap.ts";
import { StepButton } from "./step_button.tsx";

export const DELIVER = "deliver";

/** Steps that open beside the letter. */
export type Opens = "note" | "return" | "ask" | "keep" | "skip" | "help";

interface BarProps {
  readonly keymap: Keymap;
  readonly deliver: () => void;
  readonly open: (step: Opens) => void;
  readonly busy: boolean;
  /** What stands in the way of delivering, in words; empty for nothing. */
  readonly waitsFor: string;
  readonly isPaused: boolean;
  /** Others than first checks leave out what does not go with them. */
  readonly steps: readonly Opens[];
  readonly hasDeliver: boolean;
}

export function Bar(props: BarProps) {
  const { keymap, deliver, open, busy, waitsFor, isPaused, steps, hasDeliver } = props;
  const step = (name: Step & Opens) => (
    <StepButton step={name} keymap={keymap} onClick={() => open(name)} key={name} disabled={busy} />
  );
  return (
    <div class="p-bar no-print" role="group" aria-label={t("desk.bar")}>
      {hasDeliver ? (
        <StepButton
          step="deliver"
          id={DELIVER}
          kind="primary"
          keymap={keymap}
          onClick={deliver}
          busy={busy}
          disabled={isPaused || waitsFor !== ""}
          describedBy="waits-for"
        />
      ) : null}
      {steps.map(step)}
      <span class="govuk-hint p-bar__hint" id="waits-for">
        {isPaused ? t("common.offline.staff") : waitsFor}
      </span>
    </div>
  );
}
