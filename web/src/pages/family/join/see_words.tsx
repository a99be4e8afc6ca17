/** Four big words to be written down: for a new letterbox, and when somebody changes them. */

import { useState } from "preact/hooks";
import { useApp } from "../../../app.tsx";
import { Button, ButtonLink } from "../../../parts/button.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { cardFor, newCard } from "./card.ts";

interface Props {
  readonly account: string;
  /** Where they are practised. */
  readonly next: string;
}

export function SeeWords({ account, next }: Props) {
  const first = useLoad(() => cardFor(account), [account]);
  return <Load of={first}>{(words) => <Words first={words} account={account} next={next} />}</Load>;
}

function Words({ first, account, next }: Props & { readonly first: readonly string[] }) {
  const { lang } = useApp();
  const [words, setWords] = useState(first);
  const renew = useAction(async () => setWords(await newCard(account)));
  // The words are English ones, whatever the page speaks.
  const language = lang === "en" ? undefined : "en";
  return (
    <>
      <div class="no-print">
        <P>{t("join.words.text")}</P>
        <ol class="p-words" lang={language} aria-live="polite">
          {words.map((word) => (
            <li key={word}>{word}</li>
          ))}
        </ol>
        <Problem of={renew.problem} />
        <ButtonLink to={next}>{t("join.words.done")}</ButtonLink>
        <div class="govuk-button-group">
          <Button kind="secondary" onClick={print}>
            {t("join.words.print")}
          </Button>
          <Button kind="secondary" onClick={renew.run} busy={renew.busy}>
            {t("join.words.new")}
          </Button>
        </div>
      </div>
      <div class="p-wallet print-only" aria-hidden="true">
        <ol lang={language}>
          {words.map((word) => (
            <li key={word}>{word}</li>
          ))}
        </ol>
      </div>
    </>
  );
}

/** A browser prints the title too; a card does not say what it is for. */
function print(): void {
  const { title } = document;
  document.title = "1 2 3 4";
  addEventListener("afterprint", () => (document.title = title), { once: true });
  globalThis.print();
}
