/** Unlock for staff: passkey first, six words as the backup, this device without a word. */

import { useApp } from "../../app.tsx";
import type { Keys } from "../../keys.ts";
import { Inset, P } from "../../parts/text.tsx";
import { keptCode } from "../../store.ts";
import { t } from "../../words.ts";
import { FormScreen } from "../staff/people/errors.tsx";
import { NewWords } from "./joining/new_words.tsx";
import { OpenKeys } from "./joining/open_words.tsx";

export function Unlock() {
  const { session, agency, notice, opened, refreshSession, go } = useApp();
  const onKeys = async (keys: Keys) => {
    await opened(keys);
    const now = await refreshSession();
    // Somebody without a certificate is still on the way in: the desk has nothing for them.
    if (now?.certificates.length !== 0) return;
    if (agency === null) go("/admin/setup", { replace: true });
    else go(keptCode() === null ? "/join/waiting" : "/join", { replace: true });
  };
  return (
    <FormScreen title={t("people.unlock")}>
      {notice === "locked" ? <Inset>{t("people.unlock.locked")}</Inset> : null}
      {session === null ? (
        <P>{t("common.signedOut")}</P>
      ) : (
        <div key={session.account}>
          <OpenKeys session={session} onKeys={onKeys} />
          <NewWords />
        </div>
      )}
    </FormScreen>
  );
}
