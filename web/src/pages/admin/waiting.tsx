/** Between enrolling and being certified: eight digits for a colleague's call. Looks again by itself. */

import { useCallback, useEffect, useState } from "preact/hooks";
import { addPasskey, canUsePasskey, waysToOpen } from "../../acts/opening.ts";
import { PasskeyRefused } from "../../acts/errors.ts";
import { pickUpCertificates, waiting } from "../../acts/joining.ts";
import { useApp, useKeys } from "../../app.tsx";
import { Button, Link } from "../../parts/button.tsx";
import { Load, useAction, useLoad } from "../../parts/load.tsx";
import { Screen } from "../../parts/screen.tsx";
import { H2, Inset, P, Status } from "../../parts/text.tsx";
import { rich, t } from "../../words.ts";
import { Trouble } from "../staff/people/trouble.tsx";
import { useLooking } from "../staff/people/until.ts";

export function Waiting() {
  const keys = useKeys();
  const { session, refreshSession, go } = useApp();
  const enrolled = useLoad(() => waiting(keys), []);
  const look = useCallback(async () => {
    await pickUpCertificates(keys);
    const now = await refreshSession();
    const [first] = now?.certificates ?? [];
    if (first === undefined) return;
    go(first.roles.includes("administrator") ? "/admin" : "/desk", { replace: true });
  }, [keys]);
  useEffect(() => {
    look().catch(() => undefined);
  }, []);
  useLooking(look, session?.certificates.length === 0);
  return (
    <Screen title={t("people.waiting")}>
      <Load of={enrolled}>
        {([first]) =>
          first === undefined ? (
            <P>{rich("people.waiting.none", { a: (text) => <Link to="/join">{text}</Link> })}</P>
          ) : (
            <>
              <P>{t("people.waiting.text")}</P>
              <p class="p-digits">{`${first.digits.slice(0, 4)} ${first.digits.slice(4)}`}</p>
              <P>{t("people.waiting.never")}</P>
              <Status text={t("people.waiting.looking")} />
            </>
          )
        }
      </Load>
      <OfferPasskey />
    </Screen>
  );
}

/** Staff's usual way in; the words are the backup. */
function OfferPasskey() {
  const keys = useKeys();
  const [isAdded, setIsAdded] = useState(false);
  const offer = useLoad(async () => (await canUsePasskey()) && !(await waysToOpen()).passkey, []);
  const add = useAction(async () => {
    await addPasskey(keys);
    setIsAdded(true);
  });
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
