/** A button for one of a checker's steps: each key has one. */

import { Button } from "../../../parts/button.tsx";
import { t } from "../../../words.ts";
import { KeyHint, keyOf } from "./key_hint.tsx";
import type { Keymap, Step } from "./keymap.ts";

interface StepButtonProps {
  readonly step: Step;
  readonly keymap: Keymap;
  readonly onClick: () => void;
  readonly label?: string;
  readonly id?: string;
  readonly kind?: "primary" | "secondary" | "warning";
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly describedBy?: string;
}

export function StepButton(props: StepButtonProps) {
  const { step, keymap, label, kind = "secondary", ...rest } = props;
  return (
    <Button {...rest} kind={kind} {...keyOf(keymap, step)}>
      {label ?? t(`desk.step.${step}`)}
      <KeyHint keymap={keymap} step={step} />
    </Button>
  );
}
