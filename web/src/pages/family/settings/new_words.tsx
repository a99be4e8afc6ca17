/** “Change my words”: new ones are seen, practised, and then take the place of the old. */

import { useState } from "preact/hooks";
import { changeWords } from "../../../acts/opening.ts";
import { useKeys } from "../../../app.tsx";
import { ButtonLink } from "../../../parts/button.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P, Panel } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { dropCard } from "../join/card.ts";
import { Practise } from "../join/practise.tsx";
import { SeeWords } from "../join/see_words.tsx";

export function NewWords() {
  const { account } = useKeys();
  return (
    <Screen title={t("join.words.title")} back="/settings" isPrinted={false}>
      <div class="no-print">
        <P>{t("settings.words.text")}</P>
      </div>
      <SeeWords account={account} next="/settings/words/try" />
    </Screen>
  );
}

export function TryNewWords() {
  const keys = useKeys();
  const [isDone, setIsDone] = useState(false);
  if (isDone) return <Changed />;
  const use = async (words: readonly string[]) => {
    await changeWords(keys, words);
    setIsDone(true);
    dropCard();
  };
  return <Practise account={keys.account} show="/settings/words" use={use} />;
}

function Changed() {
  return (
    <Screen title={t("settings.words.title")}>
      <Panel title={t("settings.words.done")} />
      <P>{t("settings.words.old")}</P>
      <ButtonLink to="/home">{t("common.home")}</ButtonLink>
    </Screen>
  );
}
