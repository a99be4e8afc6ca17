/** F19: who reads this and what must be acted on, before the box; then the box. */

import { useState } from "preact/hooks";
import { tellTeam } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import { Button, ButtonLink } from "../../../parts/button.tsx";
import { Form, TextArea } from "../../../parts/form.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, Inset, P, Warning } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { t } from "../../../words.ts";
import { useAgencyName } from "../names.ts";
import { type Placed, placed } from "./placed.ts";
import { Support } from "./support.tsx";

export function Worry({ params }: PageProps) {
  const id = params["id"] ?? "";
  const keys = useKeys();
  const load = useLoad(() => placed(keys, id, "received"), [keys, id]);
  const [text, setText] = useState("");
  const [isMissed, setIsMissed] = useState(false);
  const [isDone, setIsDone] = useState(false);
  const error = isMissed && text.trim() === "" ? t("letters.worry.missing") : undefined;
  if (isDone) {
    return (
      <Screen title={t("letters.worry.done")} key="done">
        <P>{t("letters.worry.done.text")}</P>
        <Support />
        <ButtonLink to="/home">{t("letters.goHome")}</ButtonLink>
      </Screen>
    );
  }
  return (
    <Screen
      title={t("letters.worry.title")}
      back={`/letters/${id}`}
      errors={error === undefined ? [] : [{ field: "worry", message: error }]}
    >
      <Load of={load}>
        {(at) => (
          <>
            <WhoReads />
            <Telling
              at={at}
              text={text}
              error={error}
              type={setText}
              missed={() => setIsMissed(true)}
              done={() => setIsDone(true)}
            />
          </>
        )}
      </Load>
    </Screen>
  );
}

function WhoReads() {
  const agency = useAgencyName();
  return (
    <>
      <H2>{t("letters.worry.who")}</H2>
      <P>{t("letters.worry.who.text", { agency })}</P>
      <Inset>{t("letters.worry.exact")}</Inset>
      <P>{t("letters.worry.act")}</P>
      <ul class="govuk-list govuk-list--bullet">
        <li>{t("letters.worry.act.hurt")}</li>
        <li>{t("letters.worry.act.child")}</li>
        <li>{t("letters.worry.act.self")}</li>
      </ul>
      <Warning>{t("letters.worry.now")}</Warning>
    </>
  );
}

interface TellingProps {
  readonly at: Placed;
  readonly text: string;
  readonly error: string | undefined;
  readonly type: (text: string) => void;
  readonly missed: () => void;
  readonly done: () => void;
}

function Telling({ at: { letter, box }, text, error, type, missed, done }: TellingProps) {
  const keys = useKeys();
  const tell = useAction(async () => {
    if (text.trim() === "") return missed();
    await tellTeam(keys, box, "worry", letter.statement, text);
    done();
  });
  return (
    <Form onSubmit={tell.run}>
      <TextArea
        id="worry"
        label={t("letters.worry.label")}
        hint={t("letters.worry.hint")}
        error={error}
        value={text}
        onInput={type}
        rows={6}
      />
      <Problem of={tell.problem} again={tell.run} />
      <Button type="submit" busy={tell.busy}>
        {t("letters.worry.tell")}
      </Button>
    </Form>
  );
}
