/** The realm for the operator, and the wait until the worker has verified the agency. */

import { useCallback } from "preact/hooks";
import { pickUpCertificates } from "../../../acts/joining.ts";
import type { Agency } from "../../../acts/session.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { P, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useLooking } from "../../staff/people/until.ts";

export function PasteRealm({ agency }: { readonly agency: Agency }) {
  const keys = useKeys();
  const { refreshSession, go } = useApp();
  const look = useCallback(async () => {
    const now = await refreshSession();
    if (now === null || now.certificates.length === 0) return;
    await pickUpCertificates(keys);
    go("/admin", { replace: true });
  }, [keys]);
  useLooking(look, true, 3);
  return (
    <>
      <P>{t("people.setup.realm.text")}</P>
      <p class="p-digits p-code p-hex">{agency.realm}</p>
      <P>{t("people.setup.realm.where")}</P>
      <pre class="p-code p-scroll" tabIndex={0}>
        {`[[moderation.agency]]\nagency = "${agency.agency}"\nrealm = "${agency.realm}"\n\n`}
        {`[[notification.agency]]\nagency = "${agency.agency}"\nrealm = "${agency.realm}"\n`}
      </pre>
      <P>{t("people.setup.realm.check")}</P>
      <Status text={t("people.setup.realm.waiting")} />
    </>
  );
}
