/** The box to write in, with ideas, a quiet count, and where it is saved. */

import { useEffect, useRef, useState } from "preact/hooks";
import { deleteDraft, type Draft } from "../../../acts/drafts.ts";
import type { Letterbox } from "../../../acts/letterbox.ts";
import { countWords } from "../../../acts/letters.ts";
import { personOf } from "../../../acts/plan.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Form, TextArea } from "../../../parts/form.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { Details, P } from "../../../parts/text.tsx";
import { plainText } from "../../../seal/letter.ts";
import { plural, t } from "../../../words.ts";
import { others } from "../names.ts";
import { AlsoWrote } from "./also_wrote.tsx";
import { Ideas } from "./ideas.tsx";
import { SaveStatus } from "./save_status.tsx";
import { useSaving } from "./use_saving.ts";

interface EditorProps {
  readonly draft: Draft;
  /** Null while there is no network to ask who it is to. */
  readonly box: Letterbox | null;
  readonly refuse: (errors: readonly FieldError[]) => void;
}

const BOX = "letter";
/** Characters; more would not fit a draft. */
const LONGEST = 200_000;

export function Editor({ draft, box, refuse }: EditorProps) {
  const keys = useKeys();
  const { go } = useApp();
  const saving = useSaving(keys, draft);
  const [isWrong, setIsWrong] = useState(false);
  const { text } = saving;
  const error = isWrong ? mistakeIn(text) : undefined;
  useEffect(() => putCursor(draft.cursor ?? draft.text.length), [draft]);
  // Once the question about the other phone is answered, writing goes on.
  const isAsked = saving.theirs !== undefined;
  const wasAsked = useRef(false);
  useEffect(() => {
    if (wasAsked.current && !isAsked) document.getElementById(BOX)?.focus();
    wasAsked.current = isAsked;
  }, [isAsked]);
  // What was put right is no error any more.
  useEffect(() => {
    if (error === undefined) refuse([]);
  }, [error]);

  const typed = (written: string): void => {
    const at = cursorNow();
    const plain = plainText(written);
    // Nothing is taken from what is only being composed; what cannot be seen goes without a word.
    if (plain.length >= written.normalize("NFC").length) return saving.write(written, at);
    const kept = plainText(written.slice(0, at)).length;
    saving.write(plain, kept);
    requestAnimationFrame(() => putCursor(kept));
  };

  const check = useAction(async () => {
    const wrong = mistakeIn(text);
    setIsWrong(wrong !== undefined);
    refuse(wrong === undefined ? [] : [{ field: BOX, message: wrong }]);
    if (wrong === undefined && (await saving.flush())) go(`/write/${draft.letter}/check`);
  });
  const away = useAction(async () => {
    await deleteDraft(draft.letter);
    go("/home", { replace: true });
  });

  if (saving.theirs !== undefined) {
    return <AlsoWrote mine={text} theirs={saving.theirs} settle={saving.settle} />;
  }
  const me = box === null ? undefined : personOf(box.plan, box.membership);
  return (
    <Form onSubmit={check.run}>
      <div dir="auto">
        {box === null ? null : <P>{t("write.to", { names: others(box) })}</P>}
        {me === undefined ? null : <P>{t("write.signs", { name: me.signs })}</P>}
      </div>
      <Ideas />
      <TextArea
        id={BOX}
        label={t("write.label")}
        error={error}
        value={text}
        onInput={typed}
        rows={rowsFor(text)}
      />
      <p class="govuk-body-s p-status">{text === "" ? "" : plural("write.length", countWords(text))}</p>
      <SaveStatus saved={saving.saved} />
      {saving.saved?.where === "failed" ? (
        <Problem of={saving.problem} again={() => void saving.flush()} />
      ) : null}
      <Problem of={check.problem} again={check.run} />
      <Button type="submit" busy={check.busy}>
        {t("write.check")}
      </Button>
      <Details summary={t("write.away")}>
        <P>{t("write.away.text")}</P>
        <Problem of={away.problem} again={away.run} />
        <Button kind="warning" onClick={away.run} busy={away.busy}>
          {t("write.away.go")}
        </Button>
      </Details>
    </Form>
  );
}

function mistakeIn(text: string): string | undefined {
  if (text.trim() === "") return t("write.empty");
  return text.length > LONGEST ? t("write.long") : undefined;
}

function rowsFor(text: string): number {
  const lines = text.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / 40), 0);
  return Math.min(28, Math.max(12, lines + 2));
}

function cursorNow(): number {
  const box = document.getElementById(BOX);
  return box instanceof HTMLTextAreaElement ? box.selectionStart : 0;
}

function putCursor(at: number): void {
  const box = document.getElementById(BOX);
  if (box instanceof HTMLTextAreaElement) box.setSelectionRange(at, at);
}
