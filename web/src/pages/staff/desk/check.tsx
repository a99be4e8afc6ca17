/** C3 for one letter, from the queue or for a second decision. */

import { useMemo, useState } from "preact/hooks";
import { queue, type SealedDecision, type WaitingLetter } from "../../../acts/checking.ts";
import { useKeys } from "../../../app.tsx";
import { ButtonLink } from "../../../parts/button.tsx";
import { Waiting, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { t } from "../../../words.ts";
import { CannotCheck } from "./cannot_check.tsx";
import { LetterDesk } from "./letter_desk.tsx";
import { outbox } from "./outbox.ts";
import { OutboxLine } from "./outbox_line.tsx";
import { prepare } from "./ready.ts";
import { doneBy, said } from "./said.ts";
import type { Said } from "./sitting.ts";
import { useChanges } from "./store_hook.ts";
import { useOutboxOnLeaving } from "./use_leaving.ts";
import { keptKeymap, useSingleKeys } from "./use_keys.ts";
import { letGo } from "./use_work.ts";

const QUEUE = "/desk/queue";

export function Check({ params }: PageProps) {
  const keys = useKeys();
  const letter = params["id"] ?? "";
  useChanges(outbox);
  useOutboxOnLeaving();
  const [done, setDone] = useState<Said>(null);
  const [turn, setTurn] = useState(0);
  const waiting = useLoad(() => find(letter), [letter, turn]);
  const found = waiting.state === "here" ? waiting.data : null;
  const ready = useLoad(async () => (found === null ? null : prepare(keys, found)), [found]);

  const undo = () => {
    if (outbox.takeBack() !== null) setDone("undone");
  };
  const isHeld = outbox.held?.sealed.letter === letter;
  const above = <OutboxLine undo={isHeld ? undo : undefined} />;
  const decided = (sealed: SealedDecision, statement: string) => {
    outbox.hold(sealed, (wasSent) => {
      if (wasSent) letGo(keys, letter, statement);
    });
    setDone(doneBy(sealed));
  };
  const again = () => setTurn((n) => n + 1);

  const isDone = done !== null && done !== "undone";
  useSingleKeys(useMemo(keptKeymap, []), isDone && isHeld ? { undo } : {});

  if (isDone) {
    return (
      <Screen title={said(done)} back={QUEUE} key="done">
        {above}
        <ButtonLink to={QUEUE}>{t("desk.queue")}</ButtonLink>
      </Screen>
    );
  }
  if (waiting.state === "here" && found === null) {
    return (
      <Screen title={t("desk.letter")} back={QUEUE} key="gone">
        {above}
        <P>{t("desk.notOpen")}</P>
      </Screen>
    );
  }
  if (ready.state === "here" && ready.data !== null) {
    const { data } = ready;
    return (
      <>
        <div class="govuk-visually-hidden" role="status">
          {said(done)}
        </div>
        <LetterDesk
          key={`${data.desk.statement} ${turn}`}
          ready={data}
          title={t("desk.letter")}
          back={QUEUE}
          sealed={(sealed) => decided(sealed, data.desk.statement)}
          givenBack={setDone}
          undo={null}
          claimed={() => []}
          again={again}
          above={above}
        />
      </>
    );
  }
  const problem = waiting.state === "failed" ? waiting.error : ready.state === "failed" ? ready.error : null;
  return (
    <Screen title={t("desk.letter")} back={QUEUE} key="opening">
      {above}
      {problem === null ? (
        <Waiting text={t("common.opening")} />
      ) : (
        <CannotCheck problem={problem} team={found?.team ?? null} again={again} />
      )}
    </Screen>
  );
}

async function find(letter: string): Promise<WaitingLetter | null> {
  return (await queue()).find((it) => it.letter === letter) ?? null;
}
