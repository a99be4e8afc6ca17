/** F6: what locking means, in two sentences, and the four words. */

import { useEffect, useState } from "preact/hooks";
import { renew } from "../../../acts/joining.ts";
import { useApp } from "../../../app.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { find, heldCode } from "./held.ts";
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

/**
 * Words are made for an account that has no keys yet, once there is a code, and beside one whose keys
 * were lost if the code is for its place; others go on or back.
 */
export function useElsewhere(): string | null {
  const { session, go, refreshSession } = useApp();
  const code = heldCode();
  const [isTried, setTried] = useState(false);
  const hasKeys = session?.new === false;
  const mayRenew = hasKeys && session.restricted && code !== null && !isTried;
  const next = hasKeys ? "/join/add" : code === null ? "/join" : null;
  useEffect(() => {
    if (mayRenew) {
      // Without an answer they are led on to their own words, as everybody who has some.
      const renewed = find(code).then(renew).then((moved) => (moved ? refreshSession() : null));
      const done = () => setTried(true);
      void renewed.then(done, done);
    } else if (next !== null) go(next, { replace: true });
  }, [mayRenew, next]);
  return next;
}
