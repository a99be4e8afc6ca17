/** The step that is open beside the letter. */

import type { FieldError } from "../../../parts/screen.tsx";
import { AskPanel } from "./ask_panel.tsx";
import type { Opens } from "./bar.tsx";
import { HelpPanel } from "./help_panel.tsx";
import { KeepPanel } from "./keep_panel.tsx";
import type { Keymap } from "./keymap.ts";
import { NotePanel } from "./note_panel.tsx";
import type { Mark } from "./pieces.ts";
import { protectedTerms, type Ready } from "./ready.ts";
import { ReturnPanel } from "./return_panel.tsx";
import { SkipPanel } from "./skip_panel.tsx";
import type { Deciding, GivingBack } from "./use_decision.ts";
import type { AtWork } from "./use_work.ts";

interface OpenPanelProps {
  readonly which: Opens;
  readonly ready: Ready;
  readonly at: AtWork;
  readonly marks: readonly Mark[];
  readonly current: number | null;
  readonly selected: string;
  readonly keymap: Keymap;
  readonly close: () => void;
  readonly deciding: Deciding;
  readonly givingBack: GivingBack;
  readonly isPaused: boolean;
  readonly setErrors: (errors: readonly FieldError[]) => void;
}

export function OpenPanel(props: OpenPanelProps) {
  const { which, ready, at, close, deciding, givingBack, isPaused, setErrors } = props;
  const shared = { at, close, setErrors };
  switch (which) {
    case "return":
      return (
        <ReturnPanel
          {...shared}
          ready={ready}
          marks={props.marks}
          current={props.current}
          selected={props.selected}
          decide={(reason, remarks) => deciding.decide({ outcome: "change", reason, remarks })}
          deciding={deciding}
          isPaused={isPaused}
        />
      );
    case "keep":
      return (
        <KeepPanel
          {...shared}
          decide={(reason, remarks) => deciding.decide({ outcome: "keep", reason, remarks })}
          deciding={deciding}
          isPaused={isPaused}
        />
      );
    case "ask":
      return (
        <AskPanel
          {...shared}
          ready={ready}
          giveBack={() => givingBack.giveBack("asked")}
          givingBack={givingBack}
        />
      );
    case "skip":
      return (
        <SkipPanel {...shared} giveBack={() => givingBack.giveBack("skipped")} givingBack={givingBack} />
      );
    case "note": {
      const { isFinal: isLast } = ready.desk.next("deliver");
      return <NotePanel at={at} protectedTerms={protectedTerms(ready)} isLast={isLast} close={close} />;
    }
    case "help":
      return <HelpPanel keymap={props.keymap} close={close} />;
  }
}
