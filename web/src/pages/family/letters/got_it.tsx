/** F18: "I have it", in one of two phrases that nobody needs to check. */

import { useState } from "preact/hooks";
import { ApiProblem } from "../../../api.ts";
import { type Receipt, sendReceipt } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import { Button, Link } from "../../../parts/button.tsx";
import { Form, Radios } from "../../../parts/form.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { t } from "../../../words.ts";
import { mayWrite, type Placed, placed } from "./placed.ts";
import { WriteBack } from "./write_back.tsx";

type Phrase = Receipt["phrase"];

export function GotIt({ params }: PageProps) {
  const id = params["id"] ?? "";
  const keys = useKeys();
  const load = useLoad(() => placed(keys, id, "received"), [keys, id]);
  const [isDone, setIsDone] = useState(false);
  if (isDone) {
    return (
      <Screen title={t("letters.gotIt.done")} key="done">
        <P>{t("letters.gotIt.done.text")}</P>
        {load.state === "here" && mayWrite(load.data.box) ? <WriteBack box={load.data.box} /> : null}
        <P>
          <Link to="/home">{t("letters.goHome")}</Link>
        </P>
      </Screen>
    );
  }
  return (
    <Screen title={t("letters.gotIt.title")} back={`/letters/${id}`}>
      <Load of={load}>{(at) => <Phrases at={at} done={() => setIsDone(true)} />}</Load>
    </Screen>
  );
}

interface PhrasesProps {
  readonly at: Placed;
  readonly done: () => void;
}

function Phrases({ at: { letter, box }, done }: PhrasesProps) {
  const keys = useKeys();
  // The first is chosen already: whoever has just read a letter needs two taps, not three.
  const [phrase, setPhrase] = useState<Phrase>("thanks");
  const send = useAction(async () => {
    try {
      await sendReceipt(keys, box, letter, phrase);
    } catch (problem) {
      // It was sent before, or its answer was lost: they have been told.
      if (!(problem instanceof ApiProblem && problem.status === 409)) throw problem;
    }
    done();
  });
  return (
    <Form onSubmit={send.run}>
      <Radios
        id="phrase"
        legend={t("letters.gotIt.legend")}
        hint={t("letters.gotIt.hint")}
        options={[
          { value: "thanks", label: t("letters.receipt.thanks") },
          { value: "will-write", label: t("letters.receipt.will-write") },
        ]}
        value={phrase}
        onChange={setPhrase}
      />
      <Problem of={send.problem} again={send.run} />
      <Button type="submit" busy={send.busy}>
        {t("letters.send")}
      </Button>
    </Form>
  );
}
