/** One custodian at the screen: six words, a printed sheet, and two of the words typed back. */

import { useState } from "preact/hooks";
import { Button } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { bothLanguages } from "../../staff/people/bilingual.ts";
import { useErrors } from "../../staff/people/errors.tsx";
import { useHeading } from "../../staff/people/focus.ts";
import { wordsIn } from "../joining/compare.ts";
import { WordList } from "../joining/show_words.tsx";

interface CustodianProps {
  readonly which: "first" | "second";
  readonly words: readonly string[];
  readonly agency: string;
  readonly onChecked: () => void;
}

export function Custodian({ which, words, agency, onChecked }: CustodianProps) {
  const [isHidden, setIsHidden] = useState(false);
  useHeading();
  return isHidden ? (
    <TypeBack words={words} onShow={() => setIsHidden(false)} onChecked={onChecked} />
  ) : (
    <>
      <div class="no-print">
        <P>{t(which === "first" ? "people.setup.first.text" : "people.setup.second.text")}</P>
        <P>{t("people.setup.custodian.text")}</P>
      </div>
      <Sheet which={which} words={words} agency={agency} />
      <div class="govuk-button-group">
        <Button onClick={() => setIsHidden(true)}>{t("people.setup.custodian.done")}</Button>
        <Button kind="secondary" onClick={() => print()}>
          {t("people.print")}
        </Button>
      </div>
    </>
  );
}

function Sheet({ which, words, agency }: Pick<CustodianProps, "which" | "words" | "agency">) {
  const languages = useLoad(bothLanguages, []);
  return (
    <section class="p-sheet">
      <Load of={languages}>
        {(spoken) => (
          <>
            {spoken.map(({ lang, say }) => (
              <div lang={lang === "cy" ? "cy" : "en-GB"} key={lang}>
                <h2 class="govuk-heading-m">
                  {say(which === "first" ? "people.setup.sheet.first" : "people.setup.sheet.second", { agency })}
                </h2>
                <p class="govuk-body">{say("people.setup.sheet.text")}</p>
              </div>
            ))}
            <WordList words={words} />
          </>
        )}
      </Load>
    </section>
  );
}

/** Two of the six, chosen anew each time the words are hidden. */
function twoOf(words: readonly string[]): [number, number] {
  const places = words.map((_, at) => at);
  const [random = 0, other = 0] = crypto.getRandomValues(new Uint32Array(2));
  const [first = 0] = places.splice(random % places.length, 1);
  const second = places[other % places.length] ?? 0;
  return first < second ? [first, second] : [second, first];
}

interface TypeBackProps {
  readonly words: readonly string[];
  readonly onShow: () => void;
  readonly onChecked: () => void;
}

function TypeBack({ words, onShow, onChecked }: TypeBackProps) {
  const [asked] = useState(() => twoOf(words));
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const errors = useErrors();
  useHeading();
  const check = () => {
    const bad = asked.filter((at) => wordsIn(typed[at] ?? "").join("") !== words[at]);
    const isRight = errors.show(
      bad.map((at) => ({ field: `word-${at}`, message: t("people.words.wrong", { n: at + 1 }) })),
    );
    if (isRight) onChecked();
  };
  return (
    <Form onSubmit={check}>
      <P>{t("people.setup.back.text")}</P>
      {asked.map((at) => (
        <Input
          id={`word-${at}`}
          label={t("people.setup.back", { n: at + 1 })}
          value={typed[at] ?? ""}
          onInput={(value) => setTyped({ ...typed, [at]: value })}
          error={errors.of(`word-${at}`)}
          width={20}
          key={at}
        />
      ))}
      <div class="govuk-button-group">
        <Button type="submit">{t("people.continue")}</Button>
        <Button kind="secondary" onClick={onShow}>
          {t("people.words.again")}
        </Button>
      </div>
    </Form>
  );
}
