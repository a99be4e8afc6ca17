/** F23: the letter as its reader will see it, what its writer may want to look at, and sending it. */

import { ApiProblem } from "../../../api.ts";
import { deleteDraft, type Draft, listDrafts } from "../../../acts/drafts.ts";
import { Missing } from "../../../acts/errors.ts";
import { type Letterbox, letterboxes } from "../../../acts/letterbox.ts";
import { handIn } from "../../../acts/writing.ts";
import { useApp, useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Button, Link } from "../../../parts/button.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, type Row, P, SummaryList } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { flagsForWriter } from "../../../screening/writer.ts";
import { t } from "../../../words.ts";
import { LetterText } from "../letters/letter_text.tsx";
import { boxOf } from "../letters/placed.ts";
import { others, signsAs } from "../names.ts";
import { ByWhen } from "./by_when.tsx";
import { Flags } from "./flags.tsx";

interface Ready {
  readonly draft: Draft;
  readonly box: Letterbox;
}

export function Check({ params }: PageProps) {
  const id = params["id"] ?? "";
  const keys = useKeys();
  const load = useLoad(() => look(keys, id), [keys, id]);
  return (
    <Screen title={t("write.check.title")} back={`/write/${id}`}>
      <Load of={load}>{(ready) => <Whole ready={ready} />}</Load>
    </Screen>
  );
}

async function look(keys: Keys, id: string): Promise<Ready> {
  const [drafts, boxes] = await Promise.all([listDrafts(keys), letterboxes(keys)]);
  const draft = drafts.find(({ letter }) => letter === id);
  if (draft === undefined) throw new ApiProblem(404, "not-found", "", {});
  const box = boxOf(boxes, draft.arrangement);
  if (box === undefined) throw new Missing("the letterbox");
  return { draft, box };
}

function Whole({ ready: { draft, box } }: { readonly ready: Ready }) {
  const keys = useKeys();
  const { go } = useApp();
  const path = `/write/${draft.letter}`;
  const send = useAction(async () => {
    await handIn(keys, box, draft);
    // A draft that could not be taken away now is left out of sight: its letter was sent.
    await deleteDraft(draft.letter).catch(() => undefined);
    go(`${path}/sent`, { replace: true });
  });
  const flags = flagsForWriter(draft.text);
  const isEmpty = draft.text.trim() === "";
  const rows: Row[] = [
    { key: t("write.check.to"), value: <span dir="auto">{others(box)}</span> },
    { key: t("write.check.from"), value: <span dir="auto">{signsAs(box, box.membership)}</span> },
  ];
  return (
    <>
      <SummaryList rows={rows} />
      <H2>{t("write.check.seen")}</H2>
      {isEmpty ? <P>{t("write.empty")}</P> : <LetterText text={draft.text} marks={flags} />}
      <P>
        <Link to={path}>{t("write.check.change")}</Link>
      </P>
      <Flags text={draft.text} flags={flags} />
      <H2>{t("write.check.who")}</H2>
      <ByWhen />
      <Problem of={send.problem} again={send.run} />
      {isEmpty ? null : (
        <Button onClick={send.run} busy={send.busy}>
          {t("write.check.send")}
        </Button>
      )}
    </>
  );
}
