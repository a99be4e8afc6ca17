/** F6: what locking means, in two sentences, and the four words. */

import { useEffect } from "preact/hooks";
import { useApp } from "../../../app.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { heldCode } from "./held.ts";
import { SeeWords } from "./see_words.tsx";

export function Words() {
  const next = useElsewhere();
  const { session } = useApp();
  if (next !== null || session === null) return null;
  return (
    <Screen title={t("join.words.title")} isPrinted={false}>
      <div class="no-print">
        <P>{t("join.private")}</P>
      </div>
      <SeeWords account={session.account} next="/join/try" />
    </Screen>
  );
}

/** Words are made for an account that has no keys yet, once there is a code; others go on or back. */
export function useElsewhere(): string | null {
  const { session, go } = useApp();
  const next = session?.new === false ? "/join/add" : heldCode() === null ? "/join" : null;
  useEffect(() => {
    if (next !== null) go(next, { replace: true });
  }, [next]);
  return next;
}
