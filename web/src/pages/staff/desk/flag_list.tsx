/** "3 things to look at": what this browser found in the letter, to be jumped to. */

import { H2, P } from "../../../parts/text.tsx";
import { plural, t } from "../../../words.ts";
import type { Keymap } from "./keymap.ts";
import type { Mark } from "./pieces.ts";
import { StepButton } from "./step_button.tsx";

interface FlagListProps {
  readonly marks: readonly Mark[];
  readonly text: string;
  readonly jump: (index: number) => void;
  readonly next: () => void;
  readonly keymap: Keymap;
}

export function FlagList({ marks, text, jump, next, keymap }: FlagListProps) {
  if (marks.length === 0) {
    return (
      <>
        <H2>{t("desk.flags.none")}</H2>
        <P>{t("desk.flags.hint")}</P>
      </>
    );
  }
  return (
    <>
      <H2>{plural("desk.flags", marks.length)}</H2>
      <ol class="govuk-list govuk-list--number">
        {marks.map((mark, index) => (
          <li key={index}>
            <button class="p-link" type="button" onClick={() => jump(index)}>
              <q dir="auto">{text.slice(mark.start, mark.end)}</q>
            </button>
            <br />
            {mark.why}
          </li>
        ))}
      </ol>
      <StepButton step="flag" keymap={keymap} onClick={next} />
      <P>{t("desk.flags.hint")}</P>
    </>
  );
}
