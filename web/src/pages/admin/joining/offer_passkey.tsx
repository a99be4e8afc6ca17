/** A passkey is staff's usual way in; the words are the backup. */

import { useState } from "preact/hooks";
import { PasskeyRefused } from "../../../acts/errors.ts";
import { addPasskey, canUsePasskey, waysToOpen } from "../../../acts/opening.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { useAction, useLoad } from "../../../parts/load.tsx";
import { H2, Inset, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useFocusKept } from "../../staff/people/focus.ts";
import { Trouble } from "../../staff/people/trouble.tsx";

/** Nothing where there is one already, or where this computer cannot have one. */
export function OfferPasskey() {
  const keys = useKeys();
  const [isAdded, setIsAdded] = useState(false);
  const offer = useLoad(async () => (await canUsePasskey()) && !(await waysToOpen()).passkey, []);
  const add = useAction(async () => {
    await addPasskey(keys);
    setIsAdded(true);
  });
  useFocusKept(isAdded);
  if (offer.state !== "here" || !offer.data) return null;
  if (isAdded) return <Inset>{t("people.passkey.added")}</Inset>;
  return (
    <>
      <H2>{t("people.passkey")}</H2>
      <P>{t("people.passkey.text")}</P>
      {add.problem instanceof PasskeyRefused ? (
        <Inset>{t("people.passkey.refused")}</Inset>
      ) : (
        <Trouble of={add.problem} />
      )}
      <Button onClick={add.run} busy={add.busy}>
        {t("people.passkey.add")}
      </Button>
    </>
  );
}
