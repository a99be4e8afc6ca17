/** The six words of a member of staff, big, to be written onto a card. */

import { useApp } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useHeading } from "../../staff/people/focus.ts";

interface ShowWordsProps {
  readonly intro: string;
  readonly words: readonly string[];
  readonly onWritten: () => void;
  readonly onOthers: () => void;
}

export function ShowWords({ intro, words, onWritten, onOthers }: ShowWordsProps) {
  useHeading();
  return (
    <>
      <div class="no-print">
        <P>{intro}</P>
        <P>{t("people.words.text")}</P>
      </div>
      <WordList words={words} />
      <div class="govuk-button-group">
        <Button onClick={onWritten}>{t("people.words.written")}</Button>
        <Button kind="secondary" onClick={() => print()}>
          {t("people.print")}
        </Button>
        <Button kind="secondary" onClick={onOthers}>
          {t("people.words.others")}
        </Button>
      </div>
    </>
  );
}

export function WordList({ words }: { readonly words: readonly string[] }) {
  const { lang } = useApp();
  // The words are English ones, whatever the page speaks.
  return (
    <ol class="p-words" lang={lang === "en" ? undefined : "en"}>
      {words.map((word, at) => (
        <li key={`${at} ${word}`}>{word}</li>
      ))}
    </ol>
  );
}
