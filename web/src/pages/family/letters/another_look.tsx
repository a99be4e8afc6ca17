/** F27: asking a manager to look again. It costs nothing and needs no reason. */

import { useState } from "preact/hooks";
import { today } from "../../../acts/clock.ts";
import { tellTeam } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import { Button, ButtonLink, Link } from "../../../parts/button.tsx";
import { Form, TextArea } from "../../../parts/form.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { Inset, P } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { dayShort, rich, t } from "../../../words.ts";
import { usePolicy } from "../names.ts";
import { addWorkingDays, turnaround } from "../working_days.ts";
import { askedForLook } from "./asked.ts";
import { type Placed, placed } from "./placed.ts";

export function AnotherLook({ params }: PageProps) {
  const id = params["id"] ?? "";
  const keys = useKeys();
  const policy = usePolicy();
  const day = dayShort(addWorkingDays(today(), turnaround(policy), policy));
  const load = useLoad(async () => {
    const at = await placed(keys, id, "sent");
    return { at, asked: await askedForLook(at.letter) };
  }, [keys, id]);
  const [isDone, setIsDone] = useState(false);
  if (isDone) {
    return (
      <Screen title={t("letters.look.done")} key="done">
        <P>{t("letters.look.exact", { day })}</P>
        <ButtonLink to="/home">{t("letters.goHome")}</ButtonLink>
      </Screen>
    );
  }
  return (
    <Screen title={t("letters.look.title")} back={`/sent/${id}`}>
      <Load of={load}>
        {({ at, asked }) =>
          asked !== null ? (
            <P>{t("letters.look.asked", { day: dayShort(asked) })}</P>
          ) : !at.letter.decided ? (
            <P>{t("letters.look.none")}</P>
          ) : (
            <>
              <Inset>{t("letters.look.exact", { day })}</Inset>
              <Asking at={at} about={at.letter.decided.statement} done={() => setIsDone(true)} />
            </>
          )
        }
      </Load>
      <P>{rich("letters.look.outside", { a: (text) => <Link to="/help">{text}</Link> })}</P>
    </Screen>
  );
}

interface AskingProps {
  readonly at: Placed;
  /** The decision. */
  readonly about: string;
  readonly done: () => void;
}

function Asking({ at: { box }, about, done }: AskingProps) {
  const keys = useKeys();
  const [text, setText] = useState("");
  const ask = useAction(async () => {
    await tellTeam(keys, box, "look", about, text.trim());
    done();
  });
  return (
    <Form onSubmit={ask.run}>
      <TextArea
        id="look"
        label={t("letters.look.label")}
        hint={t("letters.look.hint")}
        value={text}
        onInput={setText}
        rows={4}
      />
      <Problem of={ask.problem} again={ask.run} />
      <Button type="submit" busy={ask.busy}>
        {t("letters.look.ask")}
      </Button>
    </Form>
  );
}
