/** C3: a letter, what is known beside it, and the decision. */

import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Remarked, SealedDecision } from "../../../acts/checking.ts";
import { textOf } from "../../../acts/sealing.ts";
import { Screen, type FieldError } from "../../../parts/screen.tsx";
import { H2, Inset, Status, Warning } from "../../../parts/text.tsx";
import { Problem } from "../../../parts/load.tsx";
import { t } from "../../../words.ts";
import { Bar, DELIVER, type Opens } from "./bar.tsx";
import { Checklist } from "./checklist.tsx";
import { ColleaguesLines } from "./colleagues_lines.tsx";
import { DueTag } from "./due_tag.tsx";
import { Facts } from "./facts.tsx";
import { FlagList } from "./flag_list.tsx";
import { TICKS, type Step } from "./keymap.ts";
import { languageOf } from "../../../screening/language.ts";
import { LetterText, markId } from "./letter_text.tsx";
import { LostClaim } from "./lost_claim.tsx";
import { marksIn } from "./marks.ts";
import { OpenPanel } from "./open_panel.tsx";
import { Photos } from "./photos.tsx";
import { protectedTerms, type Ready } from "./ready.ts";
import { FITS_PLAN, isReason } from "./reasons.ts";
import { Second } from "./second.tsx";
import { useClaim } from "./use_claim.ts";
import { useDecision, useGivingBack, type GivenBack } from "./use_decision.ts";
import { keptKeymap, useSingleKeys, type Steps } from "./use_keys.ts";
import { useOnline } from "./use_online.ts";
import { END, photoName, useSeen } from "./use_seen.ts";
import { LETTER, useSelection } from "./use_selection.ts";
import { useWork } from "./use_work.ts";

export interface LetterDeskProps {
  readonly ready: Ready;
  readonly title: string;
  readonly back: string;
  readonly sealed: (sealed: SealedDecision) => void;
  readonly givenBack: (how: GivenBack) => void;
  /** Takes the last decision back; null when there is none to be had. */
  readonly undo: (() => void) | null;
  /** All that is claimed at this desk. */
  readonly claimed: () => readonly string[];
  /** Claims and opens this letter again. */
  readonly again: () => void;
  /** Leaves a letter that was lost to a colleague. */
  readonly goOn?: () => void;
  /** Above and below the letter: the outbox, and where else to go. */
  readonly above?: ComponentChildren;
  readonly below?: ComponentChildren;
}

export function LetterDesk(props: LetterDeskProps) {
  const { ready, title, back, sealed, givenBack, undo, claimed, again } = props;
  const { desk, waiting } = ready;
  const keymap = useMemo(keptKeymap, []);
  const isOnline = useOnline();
  const at = useWork(desk);
  const seen = useSeen(desk.statement);
  const selected = useSelection(desk.statement);
  const lost = useClaim(desk.letter, claimed);
  const deciding = useDecision(ready, sealed);
  const givingBack = useGivingBack(ready, givenBack);
  const [open, setOpen] = useState<Opens | null>(null);
  const [photosOpen, setPhotosOpen] = useState(false);
  const [current, setCurrent] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [isDisagreeing, setDisagreeing] = useState(false);

  const marks = useMemo(() => marksIn(desk.text, protectedTerms(ready)), [ready]);
  const texts = useMemo(
    () => desk.parts.filter(({ type }) => type === "text/plain").map((part) => textOf([part])),
    [desk],
  );
  const photos = useMemo(() => desk.parts.filter(({ type }) => type !== "text/plain"), [desk]);
  const isRead = seen.names.has(END) && photos.every((_, index) => seen.names.has(photoName(index)));
  const first = desk.decided[desk.decided.length - 1];
  const isSecond = first !== undefined;
  const isTicked = at.work.ticks.every(Boolean);
  const isPaused = !isOnline || lost !== null;

  const jump = (index: number) => {
    const mark = marks[index];
    if (mark === undefined) return;
    setCurrent(index);
    setSaid(t("desk.flag.nth", { n: index + 1, total: marks.length, why: mark.why }));
    const element = document.getElementById(markId(index));
    element?.scrollIntoView({ block: "center" });
    element?.focus({ preventScroll: true });
  };
  const nextFlag = () => jump(current === null ? 0 : (current + 1) % Math.max(marks.length, 1));
  const tick = (point: number) => {
    const ticks = at.work.ticks.map((is, nth) => (nth === point ? !is : is));
    at.change({ ticks });
    const step = TICKS[point];
    // A key ticks a box that has not the focus: nothing else would tell a screen reader.
    if (step !== undefined) {
      setSaid(t(ticks[point] ? "desk.ticked" : "desk.unticked", { point: t(`desk.point.${step}`) }));
    }
  };
  const allClear = () => {
    if (isRead) at.change({ ticks: at.work.ticks.map(() => true) });
    setSaid(t(isRead ? "desk.allClear.done" : "desk.allClear.hint"));
  };
  const close = () => {
    setErrors([]);
    setOpen(null);
  };

  const deliver = () => {
    const { isFinal, readers } = desk.next("deliver");
    const note = at.work.note.trim();
    // Only the step that gives the letter to its readers can carry a note to them.
    const notes: Remarked[] = isFinal
      ? readers.map((to) => ({ kind: "note", to, text: note }))
      : [{ kind: "team", to: null, text: t("desk.note.forColleague", { note }) }];
    deciding.decide({ outcome: "deliver", reason: FITS_PLAN, remarks: note === "" ? [] : notes });
  };
  const agree = () => {
    if (first === undefined) return;
    if (first.outcome === "deliver") {
      if (isTicked) deliver();
      else setSaid(t("desk.tickFirst"));
      return;
    }
    const told = ready.told.find(({ statement }) => statement === first.statement)?.reason ?? "";
    const reason = isReason(told) ? told : "other";
    deciding.decide({ outcome: first.outcome, reason, remarks: [] });
  };
  const readyToDeliver = () => {
    document.getElementById(DELIVER)?.focus();
    setSaid(isTicked ? t("desk.pressEnter") : t("desk.tickFirst"));
  };

  const mayDecide = !isSecond || isDisagreeing;
  const hasDeliver = mayDecide && first?.outcome !== "deliver" && desk.authorMayWrite;
  const opens: Opens[] = [
    "note",
    ...(mayDecide ? (["return"] as const) : []),
    "ask",
    ...(mayDecide && first?.outcome !== "keep" ? (["keep"] as const) : []),
    "skip",
    "help",
  ];
  const steps: Steps = {
    ...(marks.length > 0 ? { flag: nextFlag } : {}),
    ...(photos.length > 0 ? { photos: () => setPhotosOpen(true) } : {}),
    ...Object.fromEntries(TICKS.map((step, point) => [step, () => tick(point)])),
    allClear,
    ...(hasDeliver ? { deliver: readyToDeliver } : {}),
    ...Object.fromEntries(opens.map((step): [Step, () => void] => [step, () => setOpen(step)])),
    ...(undo === null ? {} : { undo }),
  };
  useSingleKeys(keymap, open === null ? steps : {});

  return (
    <Screen title={title} wide back={back} errors={errors}>
      <div class="p-desk__line">
        <DueTag on={waiting.due_on} />
        {props.above}
      </div>
      {lost === null ? null : <LostClaim lost={lost} again={again} goOn={props.goOn} />}
      <div class="p-desk">
        <article class="p-desk__letter" id={LETTER} aria-label={t("desk.letter")}>
          <LetterText texts={texts} lang={languageOf(desk.text) ?? ""} marks={marks} current={current} />
          <Photos
            photos={photos}
            areOpen={photosOpen}
            open={() => setPhotosOpen(true)}
            watch={seen.watch}
            keymap={keymap}
          />
          <p class="govuk-hint" data-seen={END} ref={seen.watch}>
            {t("desk.end")}
          </p>
        </article>
        <div class="p-desk__side">
          {open === null ? (
            <>
              {desk.authorMayWrite ? null : <Warning>{t("desk.mayNotWrite")}</Warning>}
              {desk.hasMoved ? <Warning>{t("desk.hasMoved")}</Warning> : null}
              {desk.waitsForKeys ? <Warning>{t("desk.waitsForKeys")}</Warning> : null}
              {isSecond ? (
                <Second
                  ready={ready}
                  agree={agree}
                  disagree={() => setDisagreeing(true)}
                  isDisagreeing={isDisagreeing}
                  busy={deciding.busy}
                  isPaused={isPaused}
                  isRead={isRead}
                  canAgree={first.outcome !== "deliver" || desk.authorMayWrite}
                />
              ) : null}
              <ColleaguesLines desk={desk} />
              <FlagList marks={marks} text={desk.text} jump={jump} next={nextFlag} keymap={keymap} />
              <Checklist
                ticks={at.work.ticks}
                tick={tick}
                allClear={allClear}
                isRead={isRead}
                keymap={keymap}
              />
              {at.work.note.trim() === "" ? null : (
                <>
                  <H2>{t("desk.note")}</H2>
                  <Inset>{at.work.note}</Inset>
                </>
              )}
              {at.work.question.trim() === "" ? null : (
                <>
                  <H2>{t("desk.ask.yours")}</H2>
                  <Inset>{at.work.question}</Inset>
                </>
              )}
              <Facts ready={ready} />
            </>
          ) : (
            <OpenPanel
              which={open}
              ready={ready}
              at={at}
              marks={marks}
              current={current}
              selected={selected}
              keymap={keymap}
              close={close}
              deciding={deciding}
              givingBack={givingBack}
              isPaused={isPaused}
              setErrors={setErrors}
            />
          )}
        </div>
      </div>
      {open === null ? <Problem of={deciding.problem} /> : null}
      <Status text={said} />
      {open === null ? (
        <Bar
          keymap={keymap}
          deliver={deliver}
          open={setOpen}
          busy={deciding.busy}
          waitsFor={isTicked ? "" : t("desk.tickFirst")}
          isPaused={isPaused}
          steps={opens}
          hasDeliver={hasDeliver}
        />
      ) : null}
      {props.below}
    </Screen>
  );
}
