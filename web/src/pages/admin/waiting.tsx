/** Between enrolling and being certified: eight digits for a colleague's call. Looks again by itself. */

import { useCallback, useEffect } from "preact/hooks";
import { pickUpCertificates, waiting } from "../../acts/joining.ts";
import { useApp, useKeys } from "../../app.tsx";
import { Link } from "../../parts/button.tsx";
import { Load, useLoad } from "../../parts/load.tsx";
import { Screen } from "../../parts/screen.tsx";
import { P, Status } from "../../parts/text.tsx";
import { rich, t } from "../../words.ts";
import { useLooking } from "../staff/people/until.ts";
import { OfferPasskey } from "./joining/offer_passkey.tsx";

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
