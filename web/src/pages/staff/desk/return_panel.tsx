/** C4: back to the writer, who alone can change their words. */

import { useState } from "preact/hooks";
import type { Remarked } from "../../../acts/checking.ts";
import { Button } from "../../../parts/button.tsx";
import { Form, Radios } from "../../../parts/form.tsx";
import { Problem, type Action } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { Inset } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { commentText, quotable } from "./comment_text.ts";
import { OwnWords } from "./own_words.tsx";
import { Panel } from "./panel.tsx";
import { commentId, PassageFields } from "./passage_fields.tsx";
import { Preview } from "./preview.tsx";
import type { Mark } from "./pieces.ts";
import { protectedTerms, type Ready } from "./ready.ts";
import { CHANGE_REASONS, choices as reasonChoices, type Reason } from "./reasons.ts";
import type { Passage } from "./work.ts";
import type { AtWork } from "./use_work.ts";

const EMPTY: Passage = { passage: "", comment: "", suggestion: "" };

interface ReturnPanelProps {
  readonly ready: Ready;
  readonly at: AtWork;
  readonly marks: readonly Mark[];
  /** The mark that was jumped to, and what was selected last: what the first comment is likely about. */
  readonly current: number | null;
  readonly selected: string;
  readonly close: () => void;
  readonly decide: (reason: Reason, remarks: readonly Remarked[]) => void;
  readonly deciding: Action;
  readonly isPaused: boolean;
  readonly setErrors: (errors: readonly FieldError[]) => void;
}

export function ReturnPanel(props: ReturnPanelProps) {
  const { ready, at, marks, current, selected, close, decide, deciding, isPaused, setErrors } = props;
  const { desk } = ready;
  const [wrong, setWrong] = useState<readonly FieldError[]>([]);
  const marked = marks.map((mark) => quotable(desk.text.slice(mark.start, mark.end)));
  const first = selected || marked[current ?? 0] || "";
  const passages = at.work.passages.length > 0 ? at.work.passages : [{ ...EMPTY, passage: first }];
  const choices = [selected, ...marked, ...paragraphs(desk.text)];
  const reason = at.work.changeReason;
  const errorOf = (field: string) => wrong.find((each) => each.field === field)?.message;

  const put = (changed: readonly Passage[]) => at.change({ passages: changed });
  const submit = () => {
    const found: FieldError[] = passages.flatMap(({ comment }, index) =>
      comment.trim() === "" ? [{ field: commentId(index), message: t("desk.comment.missing") }] : [],
    );
    if (reason === null) found.push({ field: "change-reason", message: t("desk.reason.missing") });
    setWrong(found);
    setErrors(found);
    if (found.length > 0 || reason === null) return;
    const remarks = passages.map((it): Remarked => ({ kind: "comment", to: desk.author, text: commentText(it) }));
    decide(reason, remarks);
  };
  const mine = passages.map(({ comment, suggestion }) => `${comment}\n${suggestion}`).join("\n\n");
  return (
    <Panel title={t("desk.return.title")} close={close}>
      <Inset>{t("desk.feelings")}</Inset>
      <Form onSubmit={submit}>
        {passages.map((passage, index) => (
          <PassageFields
            key={index}
            index={index}
            value={passage}
            choices={choices}
            error={errorOf(commentId(index))}
            change={(changed) => put(passages.map((it, nth) => (nth === index ? { ...it, ...changed } : it)))}
            remove={passages.length === 1 ? undefined : () => put(passages.filter((_, nth) => nth !== index))}
          />
        ))}
        <Button kind="secondary" onClick={() => put([...passages, { ...EMPTY, passage: selected }])}>
          {t("desk.comment.another")}
        </Button>
        <Radios
          id="change-reason"
          legend={t("desk.reason")}
          error={errorOf("change-reason")}
          options={reasonChoices(CHANGE_REASONS)}
          value={CHANGE_REASONS.find((each) => each === reason) ?? null}
          onChange={(changeReason) => at.change({ changeReason })}
        />
        <OwnWords words={mine} protectedTerms={protectedTerms(ready)} />
        <Preview reason={reason} passages={passages} />
        <Problem of={deciding.problem} />
        <Button type="submit" busy={deciding.busy} disabled={isPaused}>
          {t("desk.return.send")}
        </Button>
      </Form>
    </Panel>
  );
}

function paragraphs(text: string): string[] {
  return text
    .split(/\n+/)
    .map(quotable)
    .filter((paragraph) => paragraph !== "");
}
