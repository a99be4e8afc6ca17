/** F26: what staff asked for, beside the letter as it was sent. Only its writer changes it. */

import { CannotOpen, type Opened, readLetter } from "../../../acts/letters.ts";
import { useApp, useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Button, Link } from "../../../parts/button.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, P } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { t } from "../../../words.ts";
import { startChange } from "../write/starting.ts";
import { readComment } from "./comments.ts";
import { DecisionCard } from "./decision_card.tsx";
import { LetterText } from "./letter_text.tsx";
import { orUnopened, type Placed, placed } from "./placed.ts";
import { Unopened } from "./unopened.tsx";

interface Known {
  readonly at: Placed;
  readonly opened: Opened | CannotOpen;
}

export function Changes({ params }: PageProps) {
  const id = params["id"] ?? "";
  const keys = useKeys();
  const load = useLoad(() => look(keys, id), [keys, id]);
  return (
    <Screen title={t("letters.changes.title")} back={`/sent/${id}`} wide>
      <Load of={load}>
        {({ at, opened }) =>
          opened instanceof CannotOpen ? <Unopened of={opened} at={at} /> : <Asked at={at} opened={opened} />
        }
      </Load>
    </Screen>
  );
}

async function look(keys: Keys, id: string): Promise<Known> {
  const at = await placed(keys, id, "sent");
  return { at, opened: await orUnopened(() => readLetter(keys, at.box, id)) };
}

function Asked({ at, opened }: { readonly at: Placed; readonly opened: Opened }) {
  const { letter } = at;
  const decision = opened.decisions.find(({ statement }) => statement === letter.decided?.statement);
  const comments = opened.remarks
    .filter(({ kind }) => kind === "comment")
    .map(({ text }) => readComment(text, opened.text));
  const marks = comments.flatMap(({ span }) => (span === null ? [] : [span]));
  return (
    <>
      <DecisionCard letter={letter} name={decision?.name ?? null} isPlain />
      <div class="p-beside">
        <section>
          <H2>{t("letters.changes.asked")}</H2>
          {comments.length === 0 ? <P>{t("letters.changes.none")}</P> : null}
          {comments.map(({ passage, text }, index) => (
            <div class="p-card" dir="auto" key={index}>
              {passage === "" ? null : (
                <P>
                  <mark class="p-flag">{passage}</mark>
                </P>
              )}
              <p class="govuk-body p-lines">{text}</p>
            </div>
          ))}
        </section>
        <section>
          <H2>{t("letters.changes.original")}</H2>
          <LetterText text={opened.text} marks={marks} />
        </section>
      </div>
      <P>{t("letters.changes.only")}</P>
      {letter.state === "needs_change" ? (
        <>
          <Change at={at} text={opened.text} />
          <P>
            <Link to={`/sent/${letter.letter}/another-look`}>{t("letters.look.title")}</Link>
          </P>
        </>
      ) : null}
    </>
  );
}

function Change({ at: { letter, box }, text }: { readonly at: Placed; readonly text: string }) {
  const keys = useKeys();
  const { go } = useApp();
  const change = useAction(async () => {
    await startChange(
      keys,
      box,
      { letter: letter.letter, rev: letter.rev, statement: letter.statement },
      text,
    );
    go(`/write/${letter.letter}`);
  });
  return (
    <>
      <Button onClick={change.run} busy={change.busy}>
        {t("letters.changes.change")}
      </Button>
      <Problem of={change.problem} again={change.run} />
    </>
  );
}
