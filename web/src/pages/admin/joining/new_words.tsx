/** For staff who have neither passkey nor words: new ones by a colleague's code, or those begun before. */

import { useState } from "preact/hooks";
import { type Invitation, renew } from "../../../acts/joining.ts";
import { useApp } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { useAction } from "../../../parts/load.tsx";
import { Details, Inset, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { Trouble } from "../../staff/people/trouble.tsx";

/** Without an invitation it goes on with what was begun. */
export function NewWords({ invitation }: { readonly invitation?: Invitation }) {
  const { refreshSession } = useApp();
  const [isNone, setIsNone] = useState(false);
  const goOn = useAction(async () => {
    if (await renew(invitation)) await refreshSession();
    else setIsNone(true);
  });
  return (
    <Details summary={t("people.lost")}>
      <P>{t(invitation === undefined ? "people.lost.ask" : "people.lost.text")}</P>
      {isNone ? <Inset>{t("people.lost.none")}</Inset> : null}
      <Trouble of={goOn.problem} again={goOn.run} />
      <Button kind="secondary" onClick={goOn.run} busy={goOn.busy}>
        {t(invitation === undefined ? "people.lost.on" : "people.lost.make")}
      </Button>
    </Details>
  );
}
