/** A content note: what the letter talks about, told to its readers before they read. */

import { Button } from "../../../parts/button.tsx";
import { Form, TextArea } from "../../../parts/form.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { OwnWords } from "./own_words.tsx";
import { Panel } from "./panel.tsx";
import type { AtWork } from "./use_work.ts";

interface NotePanelProps {
  readonly at: AtWork;
  readonly protectedTerms: readonly string[];
  /** Delivering is the last step: only then can a note go with it. */
  readonly isLast: boolean;
  readonly close: () => void;
}

export function NotePanel({ at, protectedTerms, isLast, close }: NotePanelProps) {
  return (
    <Panel title={t("desk.step.note")} close={close} closing={t("desk.close")}>
      <Form onSubmit={close}>
        <TextArea
          id="content-note"
          label={t("desk.note.label")}
          hint={t("desk.note.hint")}
          rows={2}
          value={at.work.note}
          onInput={(note) => at.change({ note })}
        />
        <OwnWords words={at.work.note} protectedTerms={protectedTerms} />
        {isLast ? null : <P>{t("desk.note.first")}</P>}
        <Button type="submit">{t("desk.note.save")}</Button>
      </Form>
    </Panel>
  );
}
