/** `/desk/review`: letters one after the other; the path stays while they change. */

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { queue, type SealedDecision } from "../../../acts/checking.ts";
import { useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Button, ButtonLink } from "../../../parts/button.tsx";
import { Load, useLoad, Waiting, type Loading } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { Inset } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { CannotCheck } from "./cannot_check.tsx";
import { colleagues } from "./colleagues.ts";
import { LetterDesk } from "./letter_desk.tsx";
import { outbox } from "./outbox.ts";
import { OutboxLine } from "./outbox_line.tsx";
import type { Ready } from "./ready.ts";
import { doneBy, said } from "./said.ts";
import { serve } from "./serve.ts";
import { sitDown, sittingOf, type Done, type Sitting } from "./sitting.ts";
import { useChanges } from "./store_hook.ts";
import { useOutboxOnLeaving } from "./use_leaving.ts";
import { keptKeymap, useSingleKeys } from "./use_keys.ts";
import { letGo } from "./use_work.ts";
import { dropStaleWork } from "./work.ts";

/** A break is offered after this many letters. */
const BREAK = 10;
/** Milliseconds in which a letter that was opened ahead is shown. */
const AT_ONCE = 400;

export function Review() {
  const keys = useKeys();
  const sitting = useLoad(() => begin(keys), [keys]);
  if (sitting.state === "here") return <InTurn sitting={sitting.data} />;
  return (
    <Screen title={t("desk.review")} back="/desk">
      <Load of={sitting}>{() => null}</Load>
    </Screen>
  );
}

/** Goes on with the sitting that was left, if letters remain in it. */
async function begin(keys: Keys): Promise<Sitting> {
  const left = sittingOf(keys);
  if (left !== null && left.current !== null) return left;
  const [waiting, { me }] = await Promise.all([queue(), colleagues(keys)]);
  // What cannot be thrown away now is thrown away next time.
  dropStaleWork(keys, waiting).catch(() => undefined);
  return sitDown(keys, serve(waiting, me?.staff ?? ""));
}

function InTurn({ sitting }: { readonly sitting: Sitting }) {
  const keys = useKeys();
  useChanges(sitting);
  useChanges(outbox);
  useOutboxOnLeaving();
  useEffect(() => () => void sitting.leave(), [sitting]);
  const [turn, setTurn] = useState(0);
  const shown = sitting.current?.letter ?? null;
  const ready = useLoad(() => sitting.open(), [sitting, shown, turn]);

  const title = t("desk.letter.of", { n: sitting.number, total: sitting.total });
  const undo = () => {
    const taken = outbox.takeBack();
    if (taken !== null) sitting.back(taken.letter);
  };
  const again = () => {
    if (shown !== null) sitting.again(shown);
    setTurn((n) => n + 1);
  };
  const decided = (sealed: SealedDecision, statement: string) => {
    outbox.hold(sealed, (wasSent) => {
      if (!wasSent) sitting.undo(sealed.letter);
      else letGo(keys, sealed.letter, statement);
    });
    sitting.next(doneBy(sealed));
  };
  const passed = (how: Done) => {
    again();
    sitting.next(how);
  };
  const canUndo = outbox.held === null ? undefined : undo;
  useSingleKeys(useMemo(keptKeymap, []), shown === null && canUndo !== undefined ? { undo: canUndo } : {});
  const above = (
    <>
      <OutboxLine undo={canUndo} />
      <Break done={sitting.number - 1} />
    </>
  );
  const below = (
    <ButtonLink to="/desk/done" secondary>
      {t("desk.finish")}
    </ButtonLink>
  );
  return (
    <>
      <div class="govuk-visually-hidden" role="status">
        {shown === null ? "" : `${said(sitting.said)} ${title}.`.trim()}
      </div>
      <Turn ready={ready} shown={shown} title={title} above={above}>
        {(data) => (
          <LetterDesk
            key={`${data.desk.statement} ${turn}`}
            ready={data}
            title={title}
            back="/desk"
            sealed={(sealed) => decided(sealed, data.desk.statement)}
            givenBack={passed}
            undo={canUndo ?? null}
            claimed={() => sitting.claimed()}
            again={again}
            goOn={() => sitting.lose()}
            above={above}
            below={below}
          />
        )}
      </Turn>
      {ready.state === "failed" ? (
        <Screen title={title} back="/desk" key={`failed ${shown}`}>
          {above}
          <CannotCheck problem={ready.error} team={sitting.current?.team ?? null} again={again} />
          <Button onClick={() => passed("skipped")}>{t("desk.nextLetter")}</Button>
          {below}
        </Screen>
      ) : null}
    </>
  );
}

interface TurnProps {
  readonly ready: Loading<Ready | null>;
  readonly shown: string | null;
  readonly title: string;
  readonly above: ComponentChildren;
  readonly children: (ready: Ready) => ComponentChildren;
}

/** The letter whose turn it is; the last decision can be taken back even when no letter is left. */
function Turn({ ready, shown, title, above, children }: TurnProps) {
  if (ready.state === "failed") return null;
  const data = ready.state === "here" ? ready.data : null;
  if (data !== null && data.waiting.letter === shown) return <>{children(data)}</>;
  if (shown === null) {
    return (
      <Screen title={t("desk.last")} back="/desk">
        {above}
        <ButtonLink to="/desk/done">{t("desk.finish")}</ButtonLink>
      </Screen>
    );
  }
  return <Soon title={title} />;
}

/** A letter opened ahead is there at once: its page is not announced twice. */
function Soon({ title }: { readonly title: string }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), AT_ONCE);
    return () => clearTimeout(timer);
  }, []);
  if (!isLate) return <main class="govuk-main-wrapper" id="main" />;
  return (
    <Screen title={title} back="/desk">
      <Waiting text={t("common.opening")} />
    </Screen>
  );
}

function Break({ done }: { readonly done: number }) {
  if (done === 0 || done % BREAK !== 0) return null;
  return <Inset>{t("desk.break", { n: done })}</Inset>;
}
