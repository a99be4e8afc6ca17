/** F5: why there are two steps, and on to signing in. */

import { useEffect } from "preact/hooks";
import { signInPath } from "../../../acts/session.ts";
import { useApp } from "../../../app.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { Inset, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { heldCode, survivesSignIn } from "./held.ts";

export function Account() {
  const { session, go } = useApp();
  const next = heldCode() === null ? "/join" : session === null ? null : "/join/words";
  useEffect(() => {
    if (next !== null) go(next, { replace: true });
  }, [next]);
  const isKept = survivesSignIn();
  return (
    <Screen title={t("join.account.title")} back="/join">
      <P>{t("join.account.text")}</P>
      <ol class="govuk-list govuk-list--number">
        <li>{t("join.account.go")}</li>
        <li>{t("join.account.words")}</li>
      </ol>
      {isKept ? null : <Inset>{t("join.account.lost")}</Inset>}
      <a class="govuk-button" href={signInPath(isKept ? "/join/words" : "/join")}>
        {t("join.account.go")}
      </a>
    </Screen>
  );
}
