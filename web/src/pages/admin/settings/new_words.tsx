/** “Change my words”: six new ones are seen, practised, and then take the place of the old. */

import { useState } from "preact/hooks";
import { changeWords } from "../../../acts/opening.ts";
import { useKeys } from "../../../app.tsx";
import { Link } from "../../../parts/button.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P, Panel } from "../../../parts/text.tsx";
import { rich, t } from "../../../words.ts";
import { FormScreen } from "../../staff/people/errors.tsx";
import { CardWords } from "../joining/card_words.tsx";

export function NewWords() {
  const keys = useKeys();
  const [isDone, setIsDone] = useState(false);
  if (isDone) return <Changed />;
  const use = async (words: readonly string[]) => {
    await changeWords(keys, words);
    setIsDone(true);
  };
  return (
    <FormScreen title={t("people.newWords")} back="/settings" isPrinted={false}>
      <CardWords intro={t("people.newWords.text")} use={use} />
    </FormScreen>
  );
}

function Changed() {
  return (
    <Screen title={t("people.newWords.title")} back="/settings">
      <Panel title={t("people.newWords.done")} />
      <P>{t("people.newWords.old")}</P>
      <P>{rich("people.newWords.seen", { a: (text) => <Link to="/settings">{text}</Link> })}</P>
    </Screen>
  );
}
