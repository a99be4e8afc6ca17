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
  const [phrase, setPhrase] = useState<Phrase | null>(null);
  const [isMissed, setIsMissed] = useState(false);
  const [isDone, setIsDone] = useState(false);
  const error = isMissed && phrase === null ? t("letters.gotIt.missing") : undefined;
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
    <Screen
      title={t("letters.gotIt.title")}
      back={`/letters/${id}`}
      errors={error === undefined ? [] : [{ field: "phrase", message: error }]}
    >
      <Load of={load}>
        {(at) => (
          <Phrases
            at={at}
            phrase={phrase}
            error={error}
            choose={setPhrase}
            missed={() => setIsMissed(true)}
            done={() => setIsDone(true)}
          />
        )}
      </Load>
    </Screen>
  );
}

interface PhrasesProps {
  readonly at: Placed;
  readonly phrase: Phrase | null;
  readonly error: string | undefined;
  readonly choose: (phrase: Phrase) => void;
  readonly missed: () => void;
  readonly done: () => void;
}

function Phrases({ at: { letter, box }, phrase, error, choose, missed, done }: PhrasesProps) {
  const keys = useKeys();
  const send = useAction(async () => {
    if (phrase === null) return missed();
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
        error={error}
        options={[
          { value: "thanks", label: t("letters.receipt.thanks") },
          { value: "will-write", label: t("letters.receipt.will-write") },
        ]}
        value={phrase}
        onChange={choose}
      />
      <Problem of={send.problem} again={send.run} />
      <Button type="submit" busy={send.busy}>
        {t("letters.send")}
      </Button>
    </Form>
  );
}
