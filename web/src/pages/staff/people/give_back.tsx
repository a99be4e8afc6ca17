/** Letters given back to somebody with new keys: one person says which and why, another agrees. */

import { useState } from "preact/hooks";
import { agreeToGiveBack, type LostLetter, lostLetters, proposeGivingBack } from "../../../acts/giving_back.ts";
import { me, type Reason } from "../../../acts/staffing.ts";
import { useKeys } from "../../../app.tsx";
import { Button, Link } from "../../../parts/button.tsx";
import { Checkboxes, Form, Radios } from "../../../parts/form.tsx";
import { Load, useAction } from "../../../parts/load.tsx";
import { H2, P, Status } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { dayShort, dayYear, t } from "../../../words.ts";
import { FormScreen, useErrors } from "./errors.tsx";
import { useFocusKept, useSteadyLoad } from "./focus.ts";
import { type Known, personKnown } from "./person.ts";
import { Trouble } from "./trouble.tsx";
import { useLooking, verified } from "./until.ts";

interface Shown extends Pick<Known, "name" | "self"> {
  readonly membership: string;
  /** False once another team has the arrangement: this one knows nobody's name any more. */
  readonly isOurs: boolean;
  readonly lost: readonly LostLetter[];
}

export function GiveBack({ params }: PageProps) {
  const keys = useKeys();
  const id = params["id"] ?? "";
  const known = useSteadyLoad<Shown>(async () => {
    const [person, lost] = await Promise.all([personKnown(keys, id), lostLetters(id)]);
    const name = person?.name ?? t("people.person.unknown");
    return { name, self: person?.self ?? (await me(keys)), membership: id, isOurs: person !== null, lost };
  }, [id]);
  return (
    <FormScreen title={t("people.give")} back="/desk/people">
      <Load of={known}>
        {(shown) => <Letters shown={shown} again={known.again} />}
      </Load>
    </FormScreen>
  );
}

interface LettersProps {
  readonly shown: Shown;
  readonly again: () => void;
}

function Letters({ shown, again }: LettersProps) {
  const { name, self, lost, membership, isOurs } = shown;
  const waiting = lost.filter(({ first, agreed }) => first && !agreed);
  const mine = waiting.filter(({ first }) => first?.staff === self?.staff);
  const others = waiting.filter((each) => !mine.includes(each) && self?.teams.includes(each.team));
  const elsewhere = lost.filter(({ team, agreed: is }) => !is && !self?.teams.includes(team));
  const agreed = lost.filter((each) => each.agreed);
  const open = lost.filter(({ first }) => !first);
  // A colleague may agree, or the worker get to it, while the page is looked at.
  useLooking(async () => {
    const fresh = await lostLetters(membership);
    if (stateOf(fresh) !== stateOf(lost)) again();
  }, mine.length + agreed.length > 0);
  useFocusKept(lost.length);
  return (
    <>
      <P>{t("people.give.text", { name })}</P>
      {lost.length === 0 ? <P>{t("people.give.none")}</P> : null}
      {agreed.length === 0 ? null : <P>{t("people.give.verifying", { n: agreed.length })}</P>}
      {others.length === 0 ? null : <Agree shown={shown} letters={others} again={again} key={ids(others)} />}
      {mine.length === 0 ? null : <P>{t("people.give.mine", { n: mine.length })}</P>}
      {elsewhere.length === 0 ? null : <P>{t("people.give.elsewhere", { n: elsewhere.length })}</P>}
      {open.length === 0 ? null : <Propose shown={shown} letters={open} again={again} key={ids(open)} />}
      {isOurs ? (
        <P>
          <Link to={`/desk/people/${membership}/new-key`}>{t("people.again.to", { name })}</Link>
        </P>
      ) : null}
    </>
  );
}

const ids = (letters: readonly LostLetter[]): string => letters.map(({ letter }) => letter).join(" ");
const stateOf = (letters: readonly LostLetter[]): string =>
  letters.map(({ letter, agreed, first }) => `${letter} ${agreed} ${first?.statement ?? ""}`).join(" ");

type SomeProps = LettersProps & { readonly letters: readonly LostLetter[] };

/** The first of two: which letters, all of them unless some are unticked, and why. */
function Propose({ shown: { membership }, letters, again }: SomeProps) {
  const keys = useKeys();
  const [why, setWhy] = useState<Reason>("lost");
  const { chosen, choice, one, run, done } = useEach("which", letters, again, (letter) =>
    proposeGivingBack(keys, letter, membership, why),
  );
  return (
    <Form onSubmit={run}>
      {choice}
      <Radios<Reason>
        id="why"
        legend={t("people.staff.why")}
        options={[
          { value: "lost", label: t("people.staff.why.lost") },
          { value: "compromised", label: t("people.staff.why.compromised") },
        ]}
        value={why}
        onChange={setWhy}
      />
      {one}
      <Button type="submit" busy={done !== null}>
        {t("people.give.ask", { n: chosen })}
      </Button>
    </Form>
  );
}

/** The second of two, whose browser opens each letter's key and seals it to the new certificate. */
function Agree({ shown: { membership, name }, letters, again }: SomeProps) {
  const keys = useKeys();
  const [first] = letters;
  const { chosen, choice, one, run, done } = useEach("agree", letters, again, (letter) =>
    agreeToGiveBack(keys, letter, membership),
  );
  return (
    <Form onSubmit={run}>
      <H2>{t("people.give.second")}</H2>
      <P>
        {t("people.give.asked", {
          by: first?.first?.name ?? t("people.person.unknown"),
          day: dayShort(first?.first?.at ?? ""),
          name,
        })}
      </P>
      {choice}
      {one}
      <Button type="submit" busy={done !== null}>
        {t("people.give.agree", { n: chosen })}
      </Button>
    </Form>
  );
}

/** One statement after another, each waited for, so that whatever was done before a failure is done. */
function useEach(
  field: string,
  letters: readonly LostLetter[],
  again: () => void,
  sign: (letter: LostLetter) => Promise<string>,
) {
  const [chosen, setChosen] = useState<readonly string[]>(letters.map(({ letter }) => letter));
  const [done, setDone] = useState<number | null>(null);
  const errors = useErrors();
  const wanted = letters.filter(({ letter }) => chosen.includes(letter));
  const all = useAction(async () => {
    const none = { field, message: t("people.give.which.error") };
    if (!errors.show(wanted.length === 0 ? [none] : [])) return;
    try {
      for (const [at, letter] of wanted.entries()) {
        setDone(at + 1);
        await verified(await sign(letter));
      }
      again();
    } finally {
      setDone(null);
    }
  });
  const choice = (
    <Checkboxes
      id={field}
      legend={t("people.give.which")}
      options={letters.map((each) => ({ value: each.letter, label: labelOf(each) }))}
      values={chosen}
      onChange={setChosen}
      error={errors.of(field)}
    />
  );
  const one = (
    <>
      <Trouble of={all.problem} again={all.run} />
      <Status text={done === null ? "" : t("people.give.busy", { n: done, all: wanted.length })} />
    </>
  );
  return { chosen: wanted.length, choice, one, run: all.run, done };
}

function labelOf({ direction, decided_at: day }: LostLetter): string {
  return t(direction === "received" ? "people.give.received" : "people.give.sent", { day: dayYear(day) });
}
