/** F20: who it is to, and how to begin. */

import { useState } from "preact/hooks";
import { type Draft, listDrafts } from "../../../acts/drafts.ts";
import { type Letterbox, letterboxes } from "../../../acts/letterbox.ts";
import { listLetters } from "../../../acts/letters.ts";
import { useApp, useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Button, Link } from "../../../parts/button.tsx";
import { Form, Radios } from "../../../parts/form.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { type FieldError, Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { t, when } from "../../../words.ts";
import { listed, others } from "../names.ts";
import { mayWrite, unsent } from "../letters/placed.ts";
import { WITH_IDEAS } from "./ideas.tsx";
import { draftsIn, start } from "./starting.ts";

interface Known {
  readonly boxes: readonly Letterbox[];
  readonly drafts: readonly Draft[];
}

export function Start() {
  const keys = useKeys();
  const load = useLoad(() => look(keys), [keys]);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  return (
    <Screen title={t("write.start.title")} back="/home" errors={errors}>
      <Load of={load}>{(known) => <Begin known={known} errors={errors} refuse={setErrors} />}</Load>
    </Screen>
  );
}

async function look(keys: Keys): Promise<Known> {
  const [boxes, letters, drafts] = await Promise.all([letterboxes(keys), listLetters(), listDrafts(keys)]);
  return { boxes: boxes.filter(mayWrite), drafts: unsent(drafts, letters) };
}

interface BeginProps {
  readonly known: Known;
  readonly errors: readonly FieldError[];
  readonly refuse: (errors: readonly FieldError[]) => void;
}

function Begin({ known: { boxes, drafts }, errors, refuse }: BeginProps) {
  const keys = useKeys();
  const { go, phone } = useApp();
  const [to, setTo] = useState<string | null>(boxes.length === 1 ? (boxes[0]?.membership ?? null) : null);
  const [how, setHow] = useState<"blank" | "ideas">("blank");
  const begin = useAction(async () => {
    const box = boxes.find(({ membership }) => membership === to);
    refuse(box === undefined ? [{ field: "to", message: t("write.start.missing") }] : []);
    if (box !== undefined) go(`/write/${await start(keys, box)}${how === "ideas" ? WITH_IDEAS : ""}`);
  });
  if (boxes.length === 0) {
    return <P>{phone === "" ? t("write.start.none") : t("write.start.none.call", { phone })}</P>;
  }
  return (
    <>
      {boxes.map((box) =>
        draftsIn(drafts, box).map((draft) => (
          <div class="p-card" key={draft.letter}>
            <div dir="auto">
              <P>{t("write.start.begun", { names: others(box), when: when(draft.savedAt) })}</P>
            </div>
            <P>
              <Link to={`/write/${draft.letter}`}>{t("write.start.go")}</Link>
            </P>
          </div>
        )),
      )}
      <Form onSubmit={begin.run}>
        {boxes.length === 1 ? (
          <div dir="auto">
            <P>{t("write.to", { names: boxes.map(others).join("") })}</P>
          </div>
        ) : (
          <Radios
            id="to"
            legend={t("write.start.to")}
            error={errors[0]?.message}
            options={boxes.map((box) => option(box))}
            value={to}
            onChange={setTo}
          />
        )}
        <Radios
          id="how"
          legend={t("write.start.how")}
          options={[
            { value: "blank", label: t("write.start.blank") },
            { value: "ideas", label: t("write.start.ideas") },
          ]}
          value={how}
          onChange={setHow}
        />
        <P>{t("write.start.text")}</P>
        <Problem of={begin.problem} again={begin.run} />
        <Button type="submit" busy={begin.busy}>
          {t("write.start.start")}
        </Button>
      </Form>
    </>
  );
}

function option(box: Letterbox) {
  const { children } = box.plan;
  const about = children.length === 0 ? {} : { hint: t("write.start.about", { names: listed(children) }) };
  return { value: box.membership, label: others(box), ...about };
}
