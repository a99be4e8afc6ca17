/** What is a member of staff's own: words, passkey, this computer, signing out everywhere. */

import { useState } from "preact/hooks";
import { useApp } from "../../app.tsx";
import { Button, Link } from "../../parts/button.tsx";
import { useAction } from "../../parts/load.tsx";
import { Screen } from "../../parts/screen.tsx";
import { H2, P } from "../../parts/text.tsx";
import { t } from "../../words.ts";
import { Trouble } from "../staff/people/trouble.tsx";
import { OfferPasskey } from "./joining/offer_passkey.tsx";
import { RemovePasskeys } from "./settings/remove_passkeys.tsx";
import { ThisDevice } from "./settings/this_device.tsx";

export function Settings() {
  const { signOut } = useApp();
  const leave = useAction(() => signOut(true));
  const [removed, setRemoved] = useState(0);
  return (
    <Screen title={t("common.settings")}>
      <H2>{t("people.newWords.own")}</H2>
      <P>{t("people.newWords.when")}</P>
      <P>
        <Link to="/settings/words">{t("people.newWords")}</Link>
      </P>
      <OfferPasskey key={removed} />
      <RemovePasskeys onRemoved={() => setRemoved(removed + 1)} />
      <ThisDevice />
      <H2>{t("people.everywhere")}</H2>
      <P>{t("people.everywhere.text")}</P>
      <Trouble of={leave.problem} again={leave.run} />
      <Button kind="warning" onClick={leave.run} busy={leave.busy}>
        {t("people.everywhere")}
      </Button>
    </Screen>
  );
}
